"""The package's own files, and what they may not say."""

import pytest

from tm_lakehouse.topology.curated import check_nines, check_profiles, course_profiles, curated_nines
from tm_lakehouse.topology.inference import Nine

PILOT_COURSES = {"americanfalls", "bradshawfarmgc", "erinhills", "indiancreek", "pinehurst4"}
FRONT = Nine("c", 1, "Front Nine", 1, 1, 27, "curated")


def test_every_pilot_course_has_a_profile_with_its_time_zone():
    zones = {profile.course_id: profile.time_zone for profile in course_profiles()}
    assert zones.keys() >= PILOT_COURSES
    assert zones["erinhills"] == "America/Chicago"


def test_curated_nines_belong_to_known_courses():
    known = {profile.course_id for profile in course_profiles()}
    assert {nine.facility_id for nine in curated_nines()} <= known


@pytest.mark.parametrize(
    "difference",
    [
        {"section_start": 28, "section_end": 54},
        {"nine_number": 2},
        {"nine_number": 2, "section_start": 27, "section_end": 54},
        {"nine_number": 2, "section_start": 54, "section_end": 28},
        {"nine_number": 2, "section_start": 0, "section_end": 0},
    ],
    ids=["same nine", "same range", "one shared section", "reversed", "below the first section"],
)
def test_contradicting_nines_are_refused(difference):
    with pytest.raises(ValueError, match="c"):
        check_nines([FRONT, FRONT._replace(**difference)])


def test_neighbours_and_other_facilities_are_no_overlap():
    check_nines(
        [FRONT, FRONT._replace(nine_number=2, section_start=28, section_end=54), FRONT._replace(facility_id="d")]
    )


def test_unknown_time_zone_and_repeated_course_are_refused():
    profile = course_profiles()[0]
    with pytest.raises(ValueError, match="Mars/Base"):
        check_profiles([profile._replace(time_zone="Mars/Base")])
    with pytest.raises(ValueError, match="listed twice"):
        check_profiles([profile, profile])
