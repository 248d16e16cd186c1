"""`tm-lakehouse generate`: synthetic course files to try the lakehouse with."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_lakehouse.generator.delivery import CourseOrder

app = typer.Typer(add_completion=False)

_MOST_ROUNDS = 5_000_000
_EXAMPLE = "Give a number for all courses, or one each: --rounds erinhills=300,indiancreek=100."


@app.command()
def generate(
    out: Annotated[Path, typer.Argument(help="Folder for the files: new or empty.")],
    courses: Annotated[
        list[str] | None,
        typer.Option(help="Course ids, by comma or repeated; synthetic-001 makes one up. Default: the five pilots."),
    ] = None,
    rounds: Annotated[
        list[str] | None, typer.Option(help="Rounds a course: 300, or erinhills=300. Default: as many as it had.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same bytes.")] = 0,
    file_format: Annotated[
        Literal["csv", "json", "jsonl"], typer.Option("--format", help="All formats of a seed hold the same rounds.")
    ] = "csv",
    gz: Annotated[bool, typer.Option("--gz", help="Compress the files.")] = False,
    defects: Annotated[bool, typer.Option(help="Plant defects, told in truth.json.")] = True,
    year: Annotated[int, typer.Option(min=1990, max=2100, help="Year in which the seasons begin.")] = 2024,
    force: Annotated[bool, typer.Option("--force", help="Write into a folder that holds files.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would be generated, and write nothing.")
    ] = False,
) -> None:
    """Write synthetic course files, and beside them in truth.json what Silver must make of them."""
    orders = _orders(_split(courses), _split(rounds))
    from tm_lakehouse.cli.output import print_rows
    from tm_lakehouse.cli.progress import stage
    from tm_lakehouse.generator.delivery import Options, check_folder, generate_folder

    if dry_run:
        check_folder(out, is_forced=force)
        print_rows(("course", "rounds"), [(order.profile.course_id, order.rounds) for order in orders], "courses")
        return
    options = Options(seed=seed, file_format=file_format, is_gzip=gz, with_defects=defects, year=year)
    with stage(f"Generating {len(orders)} course{'s' if len(orders) > 1 else ''} into {out}") as progress:
        try:
            written = generate_folder(out, orders, options, is_forced=force, progress=progress.update)
        except OSError as error:
            raise LakehouseError(f"{out} can't be written: {error}.", "Check the folder and the free space.") from None
    rows = [(str(file.path), file.course_id, file.records, file.size) for file in written]
    print_rows(("file", "course", "records", "bytes"), rows, "files")


def _split(values: Sequence[str] | None) -> list[str]:
    parts = (part.strip() for value in values or () for part in value.split(","))
    return [part for part in parts if part]


def _orders(courses: Sequence[str], rounds: Sequence[str]) -> "list[CourseOrder]":
    from tm_lakehouse.generator.delivery import CourseOrder
    from tm_lakehouse.generator.profiles import PILOT_COURSES, find_profile

    profiles = [find_profile(course) for course in dict.fromkeys(courses or PILOT_COURSES)]
    for_all, by_course = _counts(rounds)
    unknown = by_course.keys() - {profile.course_id for profile in profiles}
    if unknown:
        raise LakehouseError(f"--rounds names {min(unknown)!r}, which is not generated.", _EXAMPLE)
    return [CourseOrder(profile, by_course.get(profile.course_id, for_all or profile.rounds)) for profile in profiles]


def _counts(rounds: Sequence[str]) -> tuple[int | None, dict[str, int]]:
    for_all: int | None = None
    by_course: dict[str, int] = {}
    for part in rounds:
        course, separator, number = part.rpartition("=")
        count = int(number) if number.isascii() and number.isdigit() else 0
        if not 1 <= count <= _MOST_ROUNDS:
            raise LakehouseError(f"--rounds {part} is no number from 1 to {_MOST_ROUNDS:,}.", _EXAMPLE)
        if separator:
            by_course[course] = count
        else:
            for_all = count
    return for_all, by_course
