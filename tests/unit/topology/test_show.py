"""What `topology show` tells of the courses."""

import pytest

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.topology.curated import CourseProfile
from tm_lakehouse.topology.inference import CourseClass, Evidence, Nine, PlacedFixes
from tm_lakehouse.topology.show import assemble, choose

TIME = "2024-01-15 10:00:00.000000"
CURATED = Nine("falls", 1, "Course", 1, 1, 24, "curated")
INFERRED = Nine("hills", 1, "Course", 1, 1, 4, "inferred")
PROFILE = CourseProfile("falls", "The Falls", "9-hole", "low", 11, 2, "America/Boise", "")
PLACED = {"hills": [PlacedFixes(section, section, 30) for section in range(1, 5)] + [PlacedFixes(5, 9, 24)]}


@pytest.fixture
def courses():
    return assemble(["falls", "hills"], [(CURATED, TIME), (INFERRED, TIME)], [PROFILE], PLACED, 25)


def test_each_course_has_what_is_known_of_it(courses):
    falls, hills = courses
    assert (falls.nines, falls.evidence, falls.profile) == ([(CURATED, TIME)], None, PROFILE)
    assert (hills.nines, hills.profile) == ([(INFERRED, TIME)], None)
    assert hills.evidence == Evidence(placed_fixes=144, max_hole=4, max_section=4, course_class=CourseClass.ONE_NINE)


def test_records_nest_nines_evidence_and_profile(courses):
    falls, hills = (course.as_record() for course in courses)
    assert falls == {
        "course_id": "falls",
        "nines": [
            {"unit_id": 1, "unit_name": "Course", "nine_number": 1, "section_start": 1, "section_end": 24,
             "source": "curated", "updated_at": TIME}
        ],
        "evidence": None,
        "profile": {
            "course_name": "The Falls", "course_type": "9-hole", "volume_profile": "low", "peak_season_start_month": 11,
            "peak_season_end_month": 2, "time_zone": "America/Boise", "notes": "",
        },
    }  # fmt: skip
    assert hills["profile"] is None
    assert hills["evidence"] == {"placed_fixes": 144, "max_hole": 4, "max_section": 4, "course_class": "9-hole"}


@pytest.mark.parametrize(("wanted", "shown"), [([], ["a", "b", "c"]), (["c", "a", "c"], ["a", "c"])])
def test_courses_are_shown_once_and_in_order(wanted, shown):
    assert choose({"c", "a", "b"}, wanted) == shown


@pytest.mark.parametrize(
    ("known", "wanted", "told"),
    [(set(), [], "neither nines nor course profiles"), (set("abcdef"), ["a", "x", "y"], "is known of x, y")],
)
def test_nothing_there_is_told_with_the_next_step(known, wanted, told):
    with pytest.raises(LakehouseError, match=told) as caught:
        choose(known, wanted)
    assert "tm-lakehouse topology refresh" in caught.value.next_step
