"""`tm-lakehouse land`: course files to the landing bucket."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.landing import DryRun, IngestDate, Replace, ingest_day, landing_target
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_lakehouse.source_to_landing.landing import Landed, Target

app = typer.Typer(add_completion=False)


@app.command()
def land(
    paths: Annotated[list[Path] | None, typer.Argument(help="Course files, or folders of them.")] = None,
    course_id: Annotated[str | None, typer.Option(help="The course; default: what each file's name tells.")] = None,
    ingest_date: IngestDate = None,
    replace: Replace = False,
    dry_run: DryRun = False,
) -> None:
    """Check course files and land them, unchanged. Each file stands alone: a rejected one stops no other.

    Examples:

      tm-lakehouse land deliveries/2024-09-02 --ingest-date 2024-09-02

      tm-lakehouse land export.csv --course-id erinhills --dry-run
    """
    day = ingest_day(ingest_date)
    if not paths:
        raise LakehouseError("No file to land.", "Name files or folders, or fetch rounds with `tm-lakehouse ingest`.")
    from tm_lakehouse.source_to_landing.landing import course_files

    files = course_files(paths)
    target.activate()
    from tm_lakehouse.settings import Settings

    where = landing_target(Settings.from_environment(), day, may_replace=replace, is_dry_run=dry_run)
    results = _land(files, where, course_id)
    _print(results)
    if dry_run:
        typer.echo("dry run: nothing was written", err=True)
    _fail_on_rejected(results)


def _land(files: Sequence[Path], where: "Target", course_id: str | None) -> "list[Landed]":
    import boto3

    from tm_lakehouse.cli.progress import stage
    from tm_lakehouse.source_to_landing.landing import land_files
    from tm_lakehouse.source_to_landing.object_store import S3ObjectStore

    store = S3ObjectStore(boto3.client("s3"))
    count = f"{len(files)} file{'s' if len(files) > 1 else ''}"
    with stage(f"{'Checking' if where.is_dry_run else 'Landing'} {count} for {where.ingest_date}") as progress:
        return land_files(store, files, where, course_id=course_id, progress=progress.update)


def _print(results: "Sequence[Landed]") -> None:
    from tm_lakehouse.cli.output import print_rows

    print_rows(
        ("file", "course", "rows", "bytes", "status"),
        [(Path(one.source).name, one.course_id, one.rows, one.bytes, one.status) for one in results],
        "landed",
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
