"""Which rows a refresh writes, and which it leaves alone."""

from hypothesis import given
from hypothesis import strategies as st

from tm_lakehouse.topology.changes import changes, nine_key, wanted_nines
from tm_lakehouse.topology.curated import check_nines
from tm_lakehouse.topology.inference import Nine

CURATED = Nine("a", 1, "Course", 1, 1, 24, "curated")
INFERRED = Nine("b", 1, "Front Nine", 1, 1, 27, "inferred")
INFERRED_BACK = Nine("b", 2, "Back Nine", 2, 28, 54, "inferred")


def test_curated_row_stands_against_an_inferred_one_of_its_nine_or_its_sections():
    same_nine = CURATED._replace(section_start=25, section_end=30, source="inferred")
    same_sections = CURATED._replace(nine_number=2, section_start=24, section_end=30, source="inferred")
    beside = CURATED._replace(nine_number=3, section_start=31, section_end=40, source="inferred")
    assert wanted_nines([], [CURATED], [same_nine, same_sections, beside]) == [CURATED, beside]


def test_new_inference_of_a_course_replaces_all_of_its_earlier_rows():
    nine = INFERRED._replace(unit_name="Course", section_end=54)
    wanted = wanted_nines([INFERRED, INFERRED_BACK], [], [nine])
    found = changes([INFERRED, INFERRED_BACK], wanted, nine_key)
    assert (found.upserts, found.deletes) == ([nine], [INFERRED_BACK])


def test_course_that_silver_shows_no_more_keeps_its_nines():
    assert wanted_nines([INFERRED, INFERRED_BACK], [CURATED], []) == [CURATED, INFERRED, INFERRED_BACK]


def test_curated_row_that_left_the_file_is_removed():
    found = changes([CURATED], wanted_nines([CURATED], [], []), nine_key)
    assert (found.upserts, found.deletes) == ([], [CURATED])


def test_second_refresh_changes_nothing():
    wanted = wanted_nines([], [CURATED], [INFERRED, INFERRED_BACK])
    assert not changes(wanted, wanted_nines(wanted, [CURATED], [INFERRED, INFERRED_BACK]), nine_key)


@st.composite
def nines(draw, source):
    """Sound nines of two facilities, as each source gives them."""
    made = []
    for facility in draw(st.sets(st.sampled_from("ab"))):
        bounds = sorted(draw(st.sets(st.integers(1, 81), max_size=8)))
        numbers = draw(st.permutations(range(1, 5)))
        made += [
            Nine(facility, number, "Nine", number, start, end, source)
            for number, start, end in zip(numbers, bounds[::2], bounds[1::2], strict=False)
        ]
    return made


@given(nines("curated"), nines("inferred"), nines("inferred"))
def test_whatever_is_curated_stays_and_no_ranges_overlap(curated, inferred, remembered):
    wanted = wanted_nines([*remembered], curated, inferred)
    check_nines(wanted)
    assert [nine for nine in wanted if nine.source == "curated"] == sorted(curated, key=nine_key)
    shown = {nine.facility_id for nine in inferred}
    assert {nine for nine in wanted if nine.source == "inferred"} <= {
        *inferred, *(nine for nine in remembered if nine.facility_id not in shown),
    }  # fmt: skip
