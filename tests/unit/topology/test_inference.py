"""Which nines a course's fixes show."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tm_lakehouse.topology.curated import check_nines
from tm_lakehouse.topology.inference import (
    MAX_NINES,
    MIN_PLACED_FIXES,
    CourseClass,
    Evidence,
    PlacedFixes,
    evidence,
    infer_nines,
)

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


@pytest.mark.parametrize(("late", "early", "nines"), [(7, 3, 2), (7, 1, 2), (9, 3, 2), (6, 3, 1), (7, 4, 1), (6, 4, 1)])
def test_new_nine_starts_where_the_hole_falls_from_7_or_more_to_3_or_less(late, early, nines):
    holes = dict.fromkeys(range(1, 15), late) | dict.fromkeys(range(15, 29), early)
    assert len(infer_nines("c", course(holes), 25)) == nines


@pytest.mark.parametrize(
    ("last_hole", "last_section", "expected"),
    [
        (9, 27, "9-hole"),
        (9, 28, "18-hole loop"),
        (9, 54, "18-hole loop"),
        (9, 55, "27-hole"),
        (10, 27, "18-hole"),
        (10, 55, "18-hole"),
    ],
)
def test_class_is_told_by_the_highest_hole_then_by_the_last_section(last_hole, last_section, expected):
    placed = course({1: 1, 2: last_hole, last_section: 9})
    assert evidence(placed, 25) == Evidence(3 * ENOUGH, last_hole, last_section, CourseClass(expected))


def test_thin_sections_and_rare_holes_decide_nothing():
    rare = [PlacedFixes(28, 9, 24), PlacedFixes(5, 10, ENOUGH - 1)]
    assert evidence([*course(nine_holes(1)), *rare], 25).course_class == CourseClass.ONE_NINE
    assert ranges(infer_nines("c", [*course(nine_holes(1)), *rare], 25)) == {1: ("Course", 1, 27)}


def test_of_a_course_without_a_well_known_section_only_the_fixes_are_told():
    assert evidence(course(nine_holes(1), fixes=24), 25) == Evidence(27 * 24, None, None, None)


def test_a_thin_section_moves_no_boundary_of_a_loop():
    front, back = nine_holes(1, sections_per_hole=2), nine_holes(19, sections_per_hole=2)
    del front[18], back[19]
    placed = [*course(front | back), PlacedFixes(18, 9, 24), PlacedFixes(19, 1, 24)]
    assert ranges(infer_nines("c", placed, 25)) == {1: ("Front Nine", 1, 19), 2: ("Back Nine", 20, 36)}


@pytest.mark.parametrize("start_hole", [1, 2, 7, 12])
def test_shotgun_starts_change_no_range(start_hole):
    """All groups start at once on other holes: the sections that each enters first hold more fixes."""
    holes = nine_holes(1) | nine_holes(28, first_hole=10)
    placed = [PlacedFixes(section, hole, 400 if hole == start_hole else 60) for section, hole in holes.items()]
    assert ranges(infer_nines("c", placed, 25)) == {1: ("Front Nine", 1, 27), 2: ("Back Nine", 28, 54)}


def test_a_facility_whose_rounds_play_two_of_three_nines_has_three():
    """Of most rounds the third nine is empty, so its sections hold few fixes."""
    placed = [*course(nine_holes(1) | nine_holes(28), fixes=900), *course(nine_holes(55), fixes=25)]
    assert [nine.unit_name for nine in infer_nines("c", placed, 25)] == ["Front Nine", "Middle Nine", "Back Nine"]


COUNTS = st.lists(
    st.builds(PlacedFixes, st.integers(1, 90), st.integers(1, 30), st.sampled_from([1, 24, 25, 26, 100, 1000])),
    max_size=60,
)


@given(COUNTS)
def test_whatever_the_fixes_show_ranges_are_sound_and_never_overlap(placed):
    nines = infer_nines("c", placed, 25)
    check_nines(nines)
    assert len(nines) <= MAX_NINES
    fixes_in = Counter()
    for section, _, fixes in placed:
        fixes_in[section] += fixes
    known = [section for section, fixes in fixes_in.items() if fixes >= 25]
    assert all(nine.section_start in known for nine in nines)
    assert all(min(known) <= nine.section_start and nine.section_end <= max(known) for nine in nines)
    assert bool(nines) <= (fixes_in.total() >= MIN_PLACED_FIXES)
    assert nines == infer_nines("c", reversed(placed), 25)
