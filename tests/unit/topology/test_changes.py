"""Which rows a refresh writes, and which it leaves alone."""

from tm_lakehouse.topology.changes import changes, nine_key, wanted_nines
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
