"""What the geometry job makes of its arguments."""

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "python" / "jobs" / "spark" / "course_geometry.py"


@pytest.fixture(scope="module")
def job():
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("course_geometry", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("given", "courses"),
    [
        ([], []),
        (["--course-ids", ""], []),
        (["--course-ids", "erinhills"], ["erinhills"]),
        (["--course_ids", "pinehurst4, erinhills,pinehurst4,"], ["erinhills", "pinehurst4"]),
    ],
)
def test_courses_are_a_list_and_none_means_all(job, given, courses):
    assert job.parse_arguments(["--JOB_NAME", "geometry", *given, "--TM_DB_SILVER", "silver"]) == (
        courses,
        {"TM_DB_SILVER": "silver"},
    )
