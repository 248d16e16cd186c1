"""`tm-lakehouse land`: from the source to the landing bucket."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_lakehouse.settings import Settings
    from tm_lakehouse.source_to_landing.landing import Landed, Target

app = typer.Typer()

_DATE_EXAMPLE = "Write it as 2024-01-15."


@dataclass(frozen=True)
class _Sources:
    """Files to land, and where they come from, if not from these files themselves."""

    files: list[Path]
    origin: str | None = None


@app.command()
def land(
    paths: Annotated[list[Path] | None, typer.Argument(help="Course files, or folders of them.")] = None,
    course_id: Annotated[str | None, typer.Option(help="The course; default: what each file's name tells.")] = None,
    ingest_date: Annotated[str | None, typer.Option(help="YYYY-MM-DD; default: today in UTC.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a landed file that has other bytes.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and tell; write nothing.")] = False,
    from_api: Annotated[bool, typer.Option("--from-api", help="Fetch the rounds from the source's API.")] = False,
    start_date: Annotated[str | None, typer.Option(help="First day of the rounds to fetch.")] = None,
    end_date: Annotated[str | None, typer.Option(help="Last day of the rounds to fetch.")] = None,
) -> None:
    """Check course files and land them, unchanged. Each file stands alone: a rejected one stops no other."""
    day = _day("--ingest-date", ingest_date) if ingest_date is not None else datetime.now(UTC).date()
    period = (_day("--start-date", start_date), _day("--end-date", end_date)) if from_api else None
    from tm_lakehouse.source_to_landing.landing import course_files

    files = course_files(paths or [])
    target.activate()
    from tm_lakehouse.settings import Settings

    settings = Settings.from_environment()
    period = period or _default_period(settings, paths, start_date, end_date)
    where = _target(settings, day, may_replace=replace, is_dry_run=dry_run)
    with _fetched(settings, course_id, period) if period else nullcontext(_Sources(files)) as sources:
        results = _land(sources, where, course_id)
    _print(results)
    if dry_run:
        typer.echo("dry run: nothing was written", err=True)
    _fail_on_rejected(results)


def _day(option: str, value: str | None) -> date:
    if value is None:
        raise LakehouseError(f"{option} is missing.", _DATE_EXAMPLE)
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:
        raise LakehouseError(f"{option} {value!r} is no date.", _DATE_EXAMPLE)
    return day


def _default_period(
    settings: "Settings", paths: Sequence[Path] | None, start_date: str | None, end_date: str | None
) -> tuple[date, date] | None:
    """Where the deployment's source is the API, `land` without a path asks it."""
    if paths:
        return None
    if settings.data_source == "api":
        return _day("--start-date", start_date), _day("--end-date", end_date)
    raise LakehouseError("No file to land.", "Name files or folders, or fetch them with --from-api.")


@contextmanager
def _fetched(settings: "Settings", course_id: str | None, period: tuple[date, date]) -> "Iterator[_Sources]":
    import boto3

    from tm_lakehouse.cli.progress import stage
    from tm_lakehouse.source_to_landing.api import api_from, fetch_file, source_of

    if not course_id:
        raise LakehouseError("--course-id is missing.", "Name the course whose rounds to fetch.")
    if period[0] > period[1]:
        raise LakehouseError("--end-date lies before --start-date.", "Swap them.")
    api = api_from(settings, boto3.client("secretsmanager"))
    with TemporaryDirectory() as folder:
        with stage(f"Fetching {course_id}, {period[0]} to {period[1]}"):
            file = fetch_file(api, Path(folder), course_id, *period)
        yield _Sources([file], source_of(settings, course_id, *period))


def _target(settings: "Settings", ingest_date: date, *, may_replace: bool, is_dry_run: bool) -> "Target":
    from tm_lakehouse.source_to_landing.landing import Target

    return Target(
        landing_bucket=settings.bucket_landing,
        observability_bucket=settings.bucket_observability,
        ingest_date=ingest_date,
        is_strict=settings.strict_course_match,
        may_replace=may_replace,
        is_dry_run=is_dry_run,
    )


def _land(sources: _Sources, where: "Target", course_id: str | None) -> "list[Landed]":
    import boto3

    from tm_lakehouse.cli.progress import stage
    from tm_lakehouse.source_to_landing.landing import land_files
    from tm_lakehouse.source_to_landing.object_store import S3ObjectStore

    store = S3ObjectStore(boto3.client("s3"))
    count = f"{len(sources.files)} file{'s' if len(sources.files) > 1 else ''}"
    with stage(f"{'Checking' if where.is_dry_run else 'Landing'} {count} for {where.ingest_date}") as progress:
        return land_files(
            store, sources.files, where, course_id=course_id, source=sources.origin, progress=progress.update
        )


def _print(results: "Sequence[Landed]") -> None:
    from tm_lakehouse.cli.report import print_rows

    print_rows(
        ("file", "course", "rows", "bytes", "status"),
        [(Path(one.source).name, one.course_id, one.rows, one.bytes, one.status) for one in results],
    )
    for one in results:
        if one.warning:
            typer.echo(f"warning: {one.source}: {one.warning}", err=True)


def _fail_on_rejected(results: "Sequence[Landed]") -> None:
    rejected = [one for one in results if one.status == "rejected"]
    if not rejected:
        return
    if len(results) == 1:
        raise LakehouseError(
            f"{rejected[0].source} is rejected: {rejected[0].reason}.", "Correct it and land it again."
        )
    for one in rejected:
        typer.echo(f"rejected: {one.source}: {one.reason}", err=True)
    raise LakehouseError(
        f"{len(rejected)} of {len(results)} files are rejected.",
        "Correct and land them again; the others need nothing more.",
    )
