"""Generated courses as a folder of files, with the truth about them beside."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.files import write_whole
from tm_lakehouse.generator.course import DEFAULT_YEAR, Delivery, FileFormat, GeneratedCourse, generate_course
from tm_lakehouse.generator.profiles import CourseProfile

TRUTH_FILE = "truth.json"
LATER_FOLDER = "redelivered"


@dataclass(frozen=True)
class CourseOrder:
    """How many sound rounds of a course to generate."""

    profile: CourseProfile
    rounds: int


@dataclass(frozen=True)
class Options:
    """What holds for all courses of a folder."""

    seed: int = 0
    file_format: FileFormat = "csv"
    is_gzip: bool = False
    with_defects: bool = True
    year: int = DEFAULT_YEAR


@dataclass(frozen=True)
class WrittenFile:
    """One file of the folder."""

    path: Path
    course_id: str
    records: int
    size: int


def generate_folder(
    folder: Path,
    orders: Sequence[CourseOrder],
    options: Options,
    *,
    is_forced: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> list[WrittenFile]:
    """Write the courses' files, and `truth.json` when all of them are there.

    Rounds that are delivered again go to the subfolder `redelivered`, to be landed under a later ingest date.

    Raises:
        LakehouseError: `folder` is no folder, or holds something and `is_forced` isn't set.
    """
    check_folder(folder, is_forced=is_forced)
    _clear(folder)
    written: list[WrittenFile] = []
    truths: dict[str, dict[str, Any]] = {}
    for order in orders:
        progress(f"{order.profile.course_id}: {order.rounds:,} rounds")
        course = generate_course(
            order.profile,
            rounds=order.rounds,
            seed=options.seed,
            file_format=options.file_format,
            is_gzip=options.is_gzip,
            with_defects=options.with_defects,
            year=options.year,
        )
        written += _write_course(folder, course)
        truths[course.course_id] = _truth(course)
    write_whole(folder / TRUTH_FILE, _truth_json(options, orders, truths))
    return written


def check_folder(folder: Path, *, is_forced: bool) -> None:
    """Refuse a folder that holds something, unless forced.

    Raises:
        LakehouseError: it does, or is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise LakehouseError(f"{folder} is a file.", "Name a folder, new or empty.")
    if folder.is_dir() and any(folder.iterdir()) and not is_forced:
        raise LakehouseError(f"{folder} is not empty.", "Name another folder, or replace its files with --force.")


def known_truth(folder: Path) -> dict[str, Any]:
    """The content of a generated folder's `truth.json`.

    Raises:
        LakehouseError: the folder wasn't generated (to its end).
    """
    try:
        truth: dict[str, Any] = json.loads((folder / TRUTH_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise LakehouseError(
            f"{folder} holds no readable {TRUTH_FILE}.", f"Make it with `tm-lakehouse generate {folder}`."
        ) from None
    return truth


def _clear(folder: Path) -> None:
    """Take away what an earlier run left, and nothing else: its truth first, so that none outlives its files."""
    if not (folder / TRUTH_FILE).is_file():
        return
    courses = known_truth(folder).get("courses", {})
    (folder / TRUTH_FILE).unlink()
    for course in courses.values():
        for name in (*course["files"], *course.get("redelivered", {}).get("files", ())):
            (folder / name).unlink(missing_ok=True)


def _write_course(folder: Path, course: GeneratedCourse) -> Iterable[WrittenFile]:
    for subfolder, delivery in _deliveries(course):
        (folder / subfolder).mkdir(parents=True, exist_ok=True)
        for file in delivery.files:
            path = folder / subfolder / file.name
            write_whole(path, file.content)
            yield WrittenFile(path, course.course_id, file.records, len(file.content))


def _deliveries(course: GeneratedCourse) -> Iterable[tuple[str, Delivery]]:
    yield "", course.first
    if course.later:
        yield LATER_FOLDER, course.later


def _truth(course: GeneratedCourse) -> dict[str, Any]:
    truth = _delivery_truth("", course.first)
    if course.later and course.replaced:
        truth["redelivered"] = _delivery_truth(f"{LATER_FOLDER}/", course.later) | {
            "rounds_replaced": course.replaced.rounds_replaced,
            "rounds_not_replaced": course.replaced.rounds_not_replaced,
            "rows_replaced": course.replaced.rows_replaced,
        }
    return truth


def _delivery_truth(folder: str, delivery: Delivery) -> dict[str, Any]:
    return {
        "files": {folder + file.name: file.records for file in delivery.files},
        "summary": delivery.truth.summary(),
        "beyond_summary": delivery.truth.beyond_summary(),
    }


def _truth_json(options: Options, orders: Sequence[CourseOrder], truths: dict[str, dict[str, Any]]) -> bytes:
    content = {
        "seed": options.seed,
        "format": options.file_format,
        "gzip": options.is_gzip,
        "year": options.year,
        "sound_rounds": {order.profile.course_id: order.rounds for order in orders},
        "courses": truths,
    }
    return (json.dumps(content, indent=2) + "\n").encode()
