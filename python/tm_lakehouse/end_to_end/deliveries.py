"""The course files of the end-to-end run: three courses of different shape and format, and a small worked example."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tm_lakehouse.generator.delivery import LATER_FOLDER, CourseOrder, Options, generate_folder, known_truth
from tm_lakehouse.generator.profiles import find_profile
from tm_lakehouse.validation.reconciliation import Prefix

FIRST_DATE = date(2024, 9, 2)
LATER_DATE = date(2024, 9, 9)
SEED = 7


@dataclass(frozen=True)
class CourseDelivery:
    """One generated course: 27 holes as CSV in two files, 18 as JSON, 18 with shotgun starts as gzipped CSV."""

    course_id: str
    options: Options
    rounds: int


COURSES = (
    CourseDelivery("bradshawfarmgc", Options(seed=SEED, file_format="csv"), 450),
    CourseDelivery("erinhills", Options(seed=SEED, file_format="json"), 300),
    CourseDelivery("indiancreek", Options(seed=SEED, file_format="csv", is_gzip=True), 300),
)


@dataclass(frozen=True)
class Delivered:
    """A folder of files to land under one ingest date."""

    folder: Path
    ingest_date: date
    records: int


def generate(folder: Path, courses: tuple[CourseDelivery, ...] = COURSES) -> list[Delivered]:
    """Write every course's files, and the later delivery of some of its rounds."""
    return [delivered for course in courses for delivered in _generate_course(folder / course.course_id, course)]


def _generate_course(folder: Path, course: CourseDelivery) -> Iterator[Delivered]:
    order = CourseOrder(find_profile(course.course_id), course.rounds)
    written = generate_folder(folder, [order], course.options, is_forced=True)
    for part, ingest_date in ((folder, FIRST_DATE), (folder / LATER_FOLDER, LATER_DATE)):
        yield Delivered(part, ingest_date, sum(file.records for file in written if file.path.parent == part))


def planted_truth(folder: Path, courses: tuple[CourseDelivery, ...] = COURSES) -> dict[Prefix, dict[str, Any]]:
    """What one run over both dates of each course must count, by course and ingest date."""
    truth: dict[Prefix, dict[str, Any]] = {}
    for course in courses:
        known = known_truth(folder / course.course_id)["courses"][course.course_id]
        later = known["redelivered"]
        truth[course.course_id, LATER_DATE.isoformat()] = later["summary"] | {
            name: later[name] for name in ("rounds_replaced", "rounds_not_replaced")
        }
        truth[course.course_id, FIRST_DATE.isoformat()] = _without_replaced(known["summary"], later)
    return truth


def _without_replaced(summary: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    """In one run over both dates, what the later one replaces isn't written at all: it counts as superseded."""
    moved = {"rows": later["rows_replaced"], "rounds": later["rounds_replaced"]}
    return dict(summary) | {
        "rows_written": summary["rows_written"] - moved["rows"],
        "superseded": summary["superseded"] + moved["rows"],
        "rounds_written": summary["rounds_written"] - moved["rounds"],
        "rounds_superseded": summary["rounds_superseded"] + moved["rounds"],
    }


def read_json(path: Path) -> Any:
    """A scenario's data."""
    return json.loads(path.read_text(encoding="utf-8"))
