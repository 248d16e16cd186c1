"""Which course a file belongs to."""

import pytest

from tm_lakehouse.generator.profiles import PILOT_COURSES
from tm_lakehouse.source_to_landing.course_check import course_id_of, doubt_about


@pytest.mark.parametrize(
    ("name", "course_id"),
    [
        ("bradshawfarmgc.rounds_0601_0715.csv", "bradshawfarmgc"),
        ("indiancreek.rounds.json.gz", "indiancreek"),
        ("erinhills.csv", "erinhills"),
        ("erinhills.2024.rounds.csv", "erinhills.2024"),
        ("erinhills", "erinhills"),
        (".rounds.csv", ""),
    ],
)
def test_course_id_from_a_file_name(name, course_id):
    assert course_id_of(name) == course_id


@pytest.mark.parametrize(
    ("course", "course_id"),
    [
        ("erinhills", "erinhills"),
        ("Erin Hills", "erinhills"),
        ("The Erin Hills Golf Course", "erinhills"),
        ("ERIN-HILLS", "erinhills"),
        ("Bradshaw Farm Golf Club", "bradshawfarmgc"),
        ("Bradshaw Farm", "bradshawfarmgc"),
        ("Bradshaw", "bradshawfarmgc"),
        ("Indian Creek Country Club", "indiancreek"),
        ("Indian Creek Miami", "indiancreek"),
        ("Fox & Hound", "foxandhound"),
        ("Pinewood Farm", "pinewoodgc"),
    ],
)
def test_course_is_accepted(course, course_id):
    assert doubt_about(course, course_id) is None


@pytest.mark.parametrize(
    ("course", "course_id"),
    [
        ("Erin Hills", "indiancreek"),
        ("Golf Club", "erinhills"),
        ("&", "erinhills"),
        ("Erin Hills", "golf"),
        ("Erin Hills", "gc"),
        ("Pinehurst No. 4", "pinehurst4"),
    ],
)
def test_course_is_doubted(course, course_id):
    doubt = doubt_about(course, course_id)
    assert doubt is not None
    assert course in doubt
    assert course_id in doubt


def test_a_file_without_course_is_doubted():
    assert doubt_about(None, "erinhills") == "it names no course"


@pytest.mark.parametrize("profile", PILOT_COURSES.values(), ids=lambda profile: profile.course_id)
def test_generated_courses_are_accepted(profile):
    assert doubt_about(profile.course_name, profile.course_id) is None
