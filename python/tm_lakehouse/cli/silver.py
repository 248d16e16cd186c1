"""`tm-lakehouse silver`: run landing to Silver on Glue and follow it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_lakehouse.glue_run import FinishedRun, GlueRun
    from tm_lakehouse.landing_to_silver.prefixes import Prefix
    from tm_lakehouse.run_summary import RunSummary
    from tm_lakehouse.settings import Settings

app = typer.Typer()
SHOWN = (
    "records_read", "rounds_written", "rows_written", "empty_slots", "duplicates", "superseded", "quarantined_slots",
)  # fmt: skip


@app.command()
def silver(
    course_id: Annotated[str | None, typer.Option(help="The course.")] = None,
    ingest_date: Annotated[str | None, typer.Option(help="The day it was landed under, YYYY-MM-DD.")] = None,
    prefix: Annotated[
        list[str] | None,
        typer.Option(help="course_id=<course>/ingest_date=<date>; repeat it for several in one commit."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be read; start nothing.")] = False,
) -> None:
    """Bring landed files to Silver: one Glue run, one commit. Exit 1 unless the run succeeded."""
    from tm_lakehouse.landing_to_silver.prefixes import requested_prefixes
    from tm_lakehouse.settings import Settings

    prefixes = requested_prefixes(course_id, ingest_date, None, ",".join(prefix or ()))
    target.activate()
    settings = Settings.from_environment()
    _print_landed(settings, prefixes, is_shown=dry_run)
    if dry_run:
        typer.echo("dry run: nothing was started", err=True)
        return
    _run(settings, prefixes)


def _print_landed(settings: Settings, prefixes: Sequence[Prefix], *, is_shown: bool) -> None:
    """Refuse a delivery of which nothing is landed; a run over it would fail after a minute."""
    from tm_lakehouse.cli.report import print_rows
    from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
    from tm_lakehouse.landing_to_silver.prefixes import landed_objects

    landed = {prefix: landed_objects(S3ObjectStore(), settings.bucket_landing, prefix) for prefix in prefixes}
    if missing := [prefix for prefix, objects in landed.items() if not objects]:
        course, date = missing[0]
        raise LakehouseError(
            f"Nothing is landed under {missing[0].key}.",
            f"Land it with `tm-lakehouse land FILE --course-id {course} --ingest-date {date}`, or check both names.",
        )
    if is_shown:
        rows = [(each.key, len(objects), sum(item.size for item in objects)) for each, objects in landed.items()]
        print_rows(("delivery", "files", "bytes"), rows)


def _run(settings: Settings, prefixes: Sequence[Prefix]) -> None:
    from tm_lakehouse.cli.progress import stage
    from tm_lakehouse.glue_run import ERROR_LOG, GlueRun

    asked = ",".join(prefix.key.rstrip("/") for prefix in prefixes)
    run = GlueRun.start(settings.glue_job_silver, {"--bronze-prefixes": asked})
    typer.echo(f"run {run.run_id} of {run.job}", err=True)
    with stage(f"landing to Silver, {len(prefixes)} deliver{'ies' if len(prefixes) > 1 else 'y'}") as progress:
        finished = _follow(run, progress.update)
    _print_summaries(settings, prefixes, run.run_id)
    typer.echo(f"{finished.state} in {finished.execution_seconds} s, {finished.dpu_seconds:.0f} DPU seconds", err=True)
    if finished.state != "SUCCEEDED":
        raise LakehouseError(
            f"The run ended as {finished.state}: {finished.message or 'no message'}",
            f"Its log is {ERROR_LOG}, stream {run.run_id}. Correct the cause and run it again: it is repeatable.",
        )


def _follow(run: GlueRun, on_line: Callable[[str], None]) -> FinishedRun:
    try:
        return run.follow(on_line)
    except KeyboardInterrupt:
        raise LakehouseError(
            f"Not following any more; run {run.run_id} goes on.",
            f"Stop it with `aws glue batch-stop-job-run --job-name {run.job} --job-run-ids {run.run_id}`.",
            exit_code=130,
        ) from None


def _print_summaries(settings: Settings, prefixes: Sequence[Prefix], run_id: str) -> None:
    from tm_lakehouse.cli.report import print_rows

    summaries = [summary for prefix in prefixes if (summary := _summary(settings, prefix, run_id))]
    rows = [(each.course_id, each.ingest_date, *(getattr(each, name) for name in SHOWN)) for each in summaries]
    if rows:
        print_rows(("course", "ingest date", *(name.replace("_", " ") for name in SHOWN)), rows)


def _summary(settings: Settings, prefix: Prefix, run_id: str) -> RunSummary | None:
    """The summary that the run wrote for a delivery; none where it failed."""
    from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
    from tm_lakehouse.run_summary import RunSummary

    store = S3ObjectStore()
    root = f"s3://{settings.bucket_observability}/silver/{prefix.key}run_id={run_id}/"
    texts = [store.get(each.uri).decode() for each in store.list(root)]
    return RunSummary.from_json(texts[0]) if texts else None
