"""`tm-lakehouse ingest`: rounds from the source's API to the landing bucket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.landing import DryRun, IngestDate, Replace, day_of, ingest_day, landing_target
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_lakehouse.settings import Settings
    from tm_lakehouse.source_to_landing.ingest import Outcome, Period
    from tm_lakehouse.source_to_landing.landing import Target

app = typer.Typer(add_completion=False)
_UNDONE = ("rejected", "failed")


@app.command()
def ingest(
    course_id: Annotated[list[str], typer.Option(help="A course; repeat it for several.")],
    start_date: Annotated[str, typer.Option(help="First day of the rounds, YYYY-MM-DD.")],
    end_date: Annotated[str, typer.Option(help="Last day of the rounds, YYYY-MM-DD.")],
    ingest_date: IngestDate = None,
    replace: Replace = False,
    dry_run: DryRun = False,
) -> None:
    """Fetch courses' rounds from the source's API and land them as JSON lines, one file a course.

    Each course stands alone: one that fails stops no other. Fetching the same again changes nothing; where the API
    has other rounds now, --replace takes them. A course without rounds in the period lands nothing and is no failure.

    Exit 0 when every course was landed, unchanged, replaced or empty; 1 when one was rejected or failed.

    Examples:

      tm-lakehouse ingest --course-id erinhills --start-date 2024-09-01 --end-date 2024-09-07

      tm-lakehouse ingest --course-id erinhills --course-id pinehurst4 --start-date 2024-09-01 --end-date 2024-09-07
    """
    from tm_lakehouse.source_to_landing.ingest import Period

    day = ingest_day(ingest_date)
    period = Period(day_of("--start-date", start_date), day_of("--end-date", end_date))
    if period.end < period.start:
        raise LakehouseError("--end-date lies before --start-date.", "Swap them.")
    target.activate()
    from tm_lakehouse.settings import Settings

    settings = Settings.from_environment()
    _check_enabled(settings)
    where = landing_target(settings, day, may_replace=replace, is_dry_run=dry_run)
    outcomes = _ingest(settings, list(dict.fromkeys(course_id)), period, where)
    _print(outcomes, period)
    if dry_run:
        typer.echo("dry run: nothing was written", err=True)
    _fail_on_undone(outcomes)


def _check_enabled(settings: Settings) -> None:
    if settings.data_source == "api":
        return
    environment = target.selected()
    raise LakehouseError(
        f"The source of {environment} is files, not an API (TM_DATA_SOURCE={settings.data_source}).",
        f"Set api in terraform/environments/{environment}/terraform.tfvars and run `make apply ENV={environment}`, "
        "or land files with `tm-lakehouse land`.",
    )


def _ingest(settings: Settings, courses: Sequence[str], period: Period, where: Target) -> list[Outcome]:
    import boto3

    from tm_lakehouse.cli.progress import stage
    from tm_lakehouse.source_to_landing.api_access import api_access
    from tm_lakehouse.source_to_landing.ingest import ingest
    from tm_lakehouse.source_to_landing.object_store import S3ObjectStore
    from tm_lakehouse.source_to_landing.rounds_api import RoundsApi

    access = api_access(settings, boto3.client("secretsmanager"))
    store = S3ObjectStore(boto3.client("s3"))
    count = f"{len(courses)} course{'s' if len(courses) > 1 else ''}"
    title = f"{'Checking' if where.is_dry_run else 'Ingesting'} {count}, {period.start} to {period.end}"
    with RoundsApi(access) as api, stage(title) as progress:
        return ingest(store, api, courses, period, where, progress.update)


def _print(outcomes: Sequence[Outcome], period: Period) -> None:
    from tm_lakehouse.cli.output import print_rows

    results = [outcome.landed for outcome in outcomes]
    print_rows(
        ("course", "rounds", "bytes", "status", "key"),
        [(one.course_id, one.rows, one.bytes, one.status, one.key) for one in results],
        "landed",
    )
    for one in results:
        if one.status == "empty":
            typer.echo(f"{one.course_id}: no rounds from {period.start} to {period.end}, nothing to land", err=True)
        if one.warning:
            typer.echo(f"warning: {one.course_id}: {one.warning}", err=True)


def _fail_on_undone(outcomes: Sequence[Outcome]) -> None:
    undone = [outcome for outcome in outcomes if outcome.landed.status in _UNDONE]
    if not undone:
        return
    if len(outcomes) == 1:
        landed, error = undone[0]
        raise error or LakehouseError(
            f"The rounds of {landed.course_id} are rejected: {landed.reason}.", "Correct it and run the command again."
        )
    for landed, error in undone:
        typer.echo(f"{landed.status}: {landed.course_id}: {landed.reason}", err=True)
        if error:
            typer.echo(f"  next: {error.next_step}", err=True)
    raise LakehouseError(
        f"{len(undone)} of {len(outcomes)} courses are not landed.",
        "Correct the causes and run the same command again; the others need nothing more.",
    )
