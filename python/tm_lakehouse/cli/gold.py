"""`tm-lakehouse gold`: dbt from Silver to Gold, its artifacts kept, shown to readers when its tests hold."""

import textwrap
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.output import document, tell
from tm_lakehouse.cli.progress import stage
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_lakehouse.gold_publication.gold import Gold
    from tm_lakehouse.settings import Settings
    from tm_lakehouse.silver_to_gold.artifacts import NodeResult, RunSummary
    from tm_lakehouse.silver_to_gold.dbt_runner import Dbt

app = typer.Typer(add_completion=False)
# Long enough for a refusal, which names the caller, the action and the resource.
REASON_LENGTH = 1000


@app.command()
def gold(
    select: Annotated[list[str] | None, typer.Option("--select", help="dbt's selection; may be repeated.")] = None,
    full_refresh: Annotated[bool, typer.Option("--full-refresh", help="Rebuild incremental models whole.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List the models that would be built; run nothing.")
    ] = False,
    run_id: Annotated[
        str | None, typer.Option(help="Name of the run in its artifacts' keys; made up by default.")
    ] = None,
    no_publish: Annotated[
        bool, typer.Option("--no-publish", help="Build and test only; `publish` shows it to readers later.")
    ] = False,
    no_report: Annotated[bool, typer.Option("--no-report", help="Keep no report of the run.")] = False,
) -> None:
    """Build and test the Gold tables with dbt on Athena, then publish them all together.

    Exit code 1 if a model or an error-severity test fails: readers then keep what they have. A run with --select builds
    and tests, and publishes nothing. A report of every other run is kept, of one that failed too: see `report`.
    """
    target.activate()
    from tm_lakehouse.cli.publication import finish_interrupted
    from tm_lakehouse.cli.run_report import reported
    from tm_lakehouse.gold_publication.gold import Gold
    from tm_lakehouse.settings import Settings
    from tm_lakehouse.silver_to_gold.dbt_runner import find_dbt
    from tm_lakehouse.silver_to_gold.gold_run import build_gold
    from tm_lakehouse.silver_to_gold.publish import artifacts_prefix
    from tm_lakehouse.silver_to_gold.run_id import new_run_id

    settings = Settings.from_environment()
    run = run_id or new_run_id()
    dbt = find_dbt(target.project_root(), run)
    if dry_run:
        _list(dbt, select or [])
        return
    published = Gold.of(settings)
    finish_interrupted(published)
    with stage("dbt build") as progress:
        summary = build_gold(
            dbt,
            settings,
            run,
            select or [],
            full_refresh=full_refresh,
            on_node=lambda node: progress.update(str(node)),
        )
    if summary.succeeded and not summary.nodes:
        raise _nothing_selected(select or [])
    _print(summary)
    typer.echo(f"artifacts: s3://{settings.bucket_observability}/{artifacts_prefix(run)}", err=True)
    with reported(settings, run) if not (select or no_report) else nullcontext():
        _conclude(settings, published, summary, dbt, is_whole=not select, is_shown=not no_publish)


def _conclude(
    settings: "Settings", published: "Gold", summary: "RunSummary", dbt: "Dbt", *, is_whole: bool, is_shown: bool
) -> None:
    """Publish what held.

    Raises:
        LakehouseError: a model or a test failed.
    """
    from tm_lakehouse.cli.publication import show_run
    from tm_lakehouse.gold_publication.gate import what_readers_see, with_tested
    from tm_lakehouse.silver_to_gold.publish import upload_summary

    if not summary.succeeded:
        raise LakehouseError(f"{_reason(summary)}; {what_readers_see(published)}", _next_step(summary, dbt))
    run = summary.run_id
    summary = with_tested(published, summary, is_whole=is_whole)
    upload_summary(settings.bucket_observability, run, summary.as_dict())
    if summary.tested_snapshots and is_shown:
        show_run(settings, published, run)
        return
    why = "a selection is never published" if not is_whole else f"`tm-lakehouse publish {run}` shows it to readers"
    typer.echo(f"not published: {why}; {what_readers_see(published)}", err=True)


def _list(dbt: "Dbt", select: list[str]) -> None:
    from tm_lakehouse.silver_to_gold.dbt_runner import Selection

    outcome = dbt.list_models(Selection(models=select))
    if outcome.exit_code:
        raise LakehouseError(f"dbt: {outcome.reason or ' '.join(outcome.lines[-1:])}", f"Read {dbt.log}.")
    if not outcome.lines:
        raise _nothing_selected(select)
    tell("\n".join(outcome.lines), models=outcome.lines)


def _nothing_selected(select: list[str]) -> LakehouseError:
    return LakehouseError(
        f"No model matches {' '.join(select)!r}.", "`tm-lakehouse gold --dry-run` lists the models that there are."
    )


def _print(summary: "RunSummary") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("model", "status")
    for heading in ("seconds", "rows", "bytes scanned", "bytes billed"):
        table.add_column(heading, justify="right")
    for node in summary.nodes:
        if node.kind == "model":
            numbers = (node.rows_affected, node.bytes_scanned, node.bytes_billed)
            table.add_row(node.name, node.status, f"{node.seconds:.1f}", *map(_cell, numbers))
    if document.is_wanted:
        document.add(summary.as_dict())
    else:
        Console(highlight=False).print(table)
    tests = ", ".join(f"{count} {status}" for status, count in summary.tests.items()) or "none"
    typer.echo(f"tests: {tests}; {summary.elapsed_seconds:.1f} s", err=True)
    typer.echo(
        f"{summary.statements} statements scanned {summary.bytes_scanned:,} bytes; Athena bills "
        f"{summary.bytes_billed:,} bytes, {summary.dollars:.4f} dollars",
        err=True,
    )
    for node in summary.nodes:
        if node.kind == "test" and node.status not in ("pass", "skipped"):
            typer.echo(f"{node.status}: {_describe(node)}", err=True)
    for source in summary.freshness:
        typer.echo(str(source), err=True)


def _cell(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _reason(summary: "RunSummary") -> str:
    failed = summary.failed()
    if not failed:
        return f"dbt: {_one_line(summary.reason or 'it ended without a result')}"
    return f"dbt: {len(failed)} of {len(summary.nodes)} models and tests failed; the first: {_describe(failed[0])}"


def _next_step(summary: "RunSummary", dbt: "Dbt") -> str:
    if any("TABLE_NOT_FOUND" in (node.message or "") for node in summary.failed()):
        return "Run `tm-lakehouse silver` and `tm-lakehouse topology refresh` first: they make the tables dbt reads."
    return f"Read {dbt.log}, correct the cause and run it again."


def _describe(node: "NodeResult") -> str:
    return f"{node.name}: {_one_line(node.message or node.status)}"


def _one_line(text: str) -> str:
    return textwrap.shorten(text, REASON_LENGTH, placeholder=" ...")
