"""`tm-lakehouse topology`: the dimension tables of Silver, brought up to date and shown."""

from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.deliveries import Courses
from tm_lakehouse.cli.progress import stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tm_lakehouse.topology.refresh import Refresh
    from tm_lakehouse.topology.show import Course

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def topology() -> None:
    """Which nines a facility has, and what is known of each course."""


@app.command()
def refresh(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; write nothing.")] = False,
) -> None:
    """Write curated and inferred nines and the course profiles into Silver's dimension tables.

    Silver rows keep the nine and loop they were derived with: re-run the dates of a course whose nines changed.
    """
    target.activate()
    from tm_lakehouse.settings import Settings
    from tm_lakehouse.topology.refresh import refresh as run

    settings = Settings.from_environment()
    with stage("topology refresh"):
        result = run(settings, dry_run=dry_run)
    _print(result)
    typer.echo(_summary(result, dry_run=dry_run), err=True)


@app.command()
def show(
    course_id: Courses = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per course and line.")] = False,
) -> None:
    """Each course's nines with their sections and source, what inferred ones rest on, and its profile.

    Example: tm-lakehouse topology show --course-id americanfalls
    """
    import json

    target.activate()
    from tm_lakehouse.settings import Settings
    from tm_lakehouse.topology.show import show as find

    courses = find(Settings.from_environment(), course_id or [])
    if as_json:
        for course in courses:
            typer.echo(json.dumps(course.as_record(), ensure_ascii=False))
        return
    _print_nines(courses)
    _print_evidence(courses)
    _print_profiles(courses)


def _print_nines(courses: "Sequence[Course]") -> None:
    from tm_lakehouse.cli.output import print_rows

    rows = [
        (nine.facility_id, nine.nine_number, nine.unit_name, f"{nine.section_start}-{nine.section_end}", nine.source,
         updated_at)
        for course in courses
        for nine, updated_at in course.nines
    ]  # fmt: skip
    print_rows(("course", "nine", "name", "sections", "source", "updated at (UTC)"), rows)


def _print_evidence(courses: "Sequence[Course]") -> None:
    from tm_lakehouse.cli.output import print_rows

    rows = [
        (course.course_id, str(course.evidence.course_class or "unknown"), course.evidence.placed_fixes,
         course.evidence.max_hole, course.evidence.max_section)
        for course in courses
        if course.evidence
    ]  # fmt: skip
    if rows:
        typer.echo("\nInferred from Silver's fixes as they are now:")
        print_rows(("course", "class", "placed fixes", "max hole", "max section"), rows)


def _print_profiles(courses: "Sequence[Course]") -> None:
    from tm_lakehouse.cli.output import print_rows

    rows = [
        (course.course_id, profile.course_name, profile.course_type, profile.volume_profile,
         _season(profile.peak_season_start_month, profile.peak_season_end_month), profile.time_zone)
        for course in courses
        if (profile := course.profile)
    ]  # fmt: skip
    if rows:
        typer.echo("\nCourse profiles:")
        print_rows(("course", "name", "type", "volume", "peak months", "time zone"), rows)
    without = [course.course_id for course in courses if course.profile is None]
    if without:
        typer.echo(f"\nWithout a profile, so in UTC: {', '.join(without)}", err=True)


def _season(start: int | None, end: int | None) -> str:
    return f"{start}-{end}" if start and end else ""


def _print(result: "Refresh") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("facility", "nine", "name", "sections", "source", "change")
    changed = set(result.nine_changes.upserts)
    for nine in result.nines:
        table.add_row(
            nine.facility_id,
            str(nine.nine_number),
            nine.unit_name,
            f"{nine.section_start}-{nine.section_end}",
            nine.source,
            "written" if nine in changed else "",
        )
    for nine in result.nine_changes.deletes:
        sections = f"{nine.section_start}-{nine.section_end}"
        table.add_row(nine.facility_id, str(nine.nine_number), nine.unit_name, sections, nine.source, "removed")
    Console(highlight=False).print(table)


def _summary(result: "Refresh", *, dry_run: bool) -> str:
    counts = ", ".join(
        f"{len(found.upserts)} {what} written, {len(found.deletes)} removed"
        for what, found in (("nines", result.nine_changes), ("course profiles", result.profile_changes))
    )
    source = "" if result.has_silver else " Silver holds no fixes yet: curated nines and course profiles only."
    return f"{'Dry run, nothing is written. Would be: ' if dry_run else ''}{counts}.{source}"
