"""`topology show` as people and programs read it."""

import json

import pytest

from tm_lakehouse.topology import show as module
from tm_lakehouse.topology.curated import CourseProfile
from tm_lakehouse.topology.inference import CourseClass, Evidence, Nine

TIME = "2024-01-15 10:00:00.000000"
COURSES = [
    module.Course("falls", [(Nine("falls", 1, "Course", 1, 1, 24, "curated"), TIME)], None,
                  CourseProfile("falls", "The Falls", "9-hole", "low", 11, 2, "America/Boise", "")),
    module.Course("hills", [(Nine("hills", 1, "Front Nine", 1, 1, 27, "inferred"), TIME)],
                  Evidence(12345, 18, 54, CourseClass.BY_HOLE), None),
]  # fmt: skip


@pytest.fixture
def show(command, lakehouse_variables, stopped_aws, monkeypatch):
    """Run the command on two courses; Athena is not asked."""
    asked = []

    def find(settings, course_ids):
        asked.append(course_ids)
        return COURSES

    monkeypatch.setattr(module, "show", find)

    def run(*arguments):
        done = command("topology", "show", *arguments, **lakehouse_variables)
        assert done.returncode == 0, done.stderr
        return done, asked

    return run


def test_nines_evidence_and_profiles_are_tables(show):
    done, asked = show()
    assert asked == [[]]
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert f"falls 1 Course 1-24 curated {TIME}" in lines
    assert f"hills 1 Front Nine 1-27 inferred {TIME}" in lines
    assert "hills 18-hole 12,345 18 54" in lines
    assert "falls The Falls 9-hole low 11-2 America/Boise" in lines
    assert "Without a profile, so in UTC: hills" in done.stderr


def test_json_is_one_object_a_line(show):
    done, asked = show("--json", "--course-id", "falls", "--course-id", "hills")
    assert asked == [["falls", "hills"]]
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert records == [course.as_record() for course in COURSES]
