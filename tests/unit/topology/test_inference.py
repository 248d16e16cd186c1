"""Which nines a course's fixes show."""

import pytest

from tm_lakehouse.topology.inference import PlacedFixes, infer_nines

ENOUGH = 50


def course(holes_by_section, fixes=ENOUGH):
    return [PlacedFixes(section, hole, fixes) for section, hole in holes_by_section.items()]


def nine_holes(first_section, first_hole=1, sections_per_hole=3):
    return {first_section + index: first_hole + index // sections_per_hole for index in range(9 * sections_per_hole)}


def ranges(nines):
    return {nine.nine_number: (nine.unit_name, nine.section_start, nine.section_end) for nine in nines}


def test_nine_hole_course_is_one_nine():
    nines = infer_nines("c", course(nine_holes(1)), 25)
    assert ranges(nines) == {1: ("Course", 1, 27)}
    assert nines[0].source == "inferred"


def test_eighteen_holes_split_by_hole_number_even_beyond_54_sections():
    front, back = nine_holes(1), nine_holes(28, first_hole=10)
    nines = infer_nines("c", course(front | back | {55: 18}), 25)
    assert ranges(nines) == {1: ("Front Nine", 1, 27), 2: ("Back Nine", 28, 55)}


def test_twenty_seven_holes_counted_on_are_three_nines():
    holes = nine_holes(1) | nine_holes(28, first_hole=10) | nine_holes(55, first_hole=19)
    assert ranges(infer_nines("c", course(holes), 25)) == {
        1: ("Front Nine", 1, 27),
        2: ("Middle Nine", 28, 54),
        3: ("Back Nine", 55, 81),
    }


def test_twenty_seven_hole_facility_splits_where_holes_restart():
    holes = nine_holes(1) | nine_holes(28) | nine_holes(55)
    assert ranges(infer_nines("c", course(holes), 25)) == {
        1: ("Front Nine", 1, 27),
        2: ("Middle Nine", 28, 54),
        3: ("Back Nine", 55, 81),
    }


def test_loop_of_two_nines_splits_where_holes_restart():
    holes = nine_holes(1, sections_per_hole=2) | nine_holes(19, sections_per_hole=2)
    assert ranges(infer_nines("c", course(holes), 25)) == {1: ("Front Nine", 1, 18), 2: ("Back Nine", 19, 36)}


def test_fall_that_is_not_from_the_last_to_the_first_holes_starts_no_nine():
    holes = nine_holes(1) | {28: 6, 29: 3, 30: 8, 31: 4}
    assert ranges(infer_nines("c", course(holes), 25)) == {1: ("Course", 1, 31)}


def test_fifth_nine_belongs_to_the_fourth():
    holes = {}
    for nine in range(5):
        holes |= nine_holes(1 + 27 * nine)
    assert ranges(infer_nines("c", course(holes), 25)) == {
        1: ("Nine 1", 1, 27),
        2: ("Nine 2", 28, 54),
        3: ("Nine 3", 55, 81),
        4: ("Nine 4", 82, 135),
    }


@pytest.mark.parametrize(("fixes", "section_end"), [(24, 27), (25, 28)])
def test_section_counts_from_25_fixes_on(fixes, section_end):
    placed = [*course(nine_holes(1)), PlacedFixes(28, 9, fixes)]
    assert infer_nines("c", placed, 25)[0].section_end == section_end


def test_most_frequent_hole_of_a_section_decides_and_the_lower_wins_a_tie():
    placed = [*course(nine_holes(1)), PlacedFixes(27, 10, ENOUGH - 1), PlacedFixes(26, 10, ENOUGH)]
    assert ranges(infer_nines("c", placed, 25)) == {1: ("Course", 1, 27)}


@pytest.mark.parametrize(("fixes", "nines"), [(24, 0), (25, 1)])
def test_course_counts_from_100_placed_fixes_on(fixes, nines):
    placed = [PlacedFixes(section, 1, 25) for section in (1, 2, 3)] + [PlacedFixes(4, 1, fixes)]
    assert len(infer_nines("c", placed, 25)) == nines


def test_thinly_spread_fixes_show_no_nine():
    assert infer_nines("c", course(nine_holes(1), fixes=24), 25) == []


def test_stray_section_does_not_make_nines_overlap():
    holes = nine_holes(1) | nine_holes(28, first_hole=10)
    placed = [*course(holes | {40: 99}), PlacedFixes(40, 3, ENOUGH + 1), PlacedFixes(5, 12, ENOUGH + 1)]
    assert ranges(infer_nines("c", placed, 25)) == {1: ("Front Nine", 1, 27), 2: ("Back Nine", 28, 54)}


def test_back_nine_alone_keeps_its_number():
    assert ranges(infer_nines("c", course(nine_holes(28, first_hole=10)), 25)) == {2: ("Back Nine", 28, 54)}


def test_impossible_holes_show_no_nine():
    assert infer_nines("c", course(dict.fromkeys(range(1, 10), 99)), 25) == []
