"""`tm-lakehouse silver`: run landing to Silver on Glue and follow it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.deliveries import Courses, From, IngestDate, To, print_chosen, selection_of
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tm_lakehouse.landing_to_silver.landed import Selection
    from tm_lakehouse.landing_to_silver.prefixes import Prefix
    from tm_lakehouse.landing_to_silver.run_records import Failure
    from tm_lakehouse.run_summary import RunSummary
    from tm_lakehouse.settings import Settings
    from tm_lakehouse.silver_runs.choice import Chosen
    from tm_lakehouse.silver_runs.launch import RunOutcome

app = typer.Typer(add_completion=False)
SHOWN = (
    "records_read", "rounds_written", "rows_written", "empty_slots", "duplicates", "superseded", "quarantined_slots",
)  # fmt: skip


@app.command()
def silver(
    course_id: Courses = None,
    ingest_date: IngestDate = None,
    first: From = None,
    last: To = None,
    pending: Annotated[
        bool, typer.Option("--pending", help="Of these, or of all: what is landed and not yet in Silver.")
    ] = False,
    prefix: Annotated[
        list[str] | None,
        typer.Option(help="course_id=<course>/ingest_date=<date>; repeat it for several in one commit."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be read; start nothing.")] = False,
) -> None:
    """Bring landed files to Silver: one Glue run, one commit. Exit 1 unless every delivery succeeded.

    Examples:

      tm-lakehouse silver --course-id erinhills --ingest-date 2024-09-02

      tm-lakehouse silver --ingest-date 2024-09-02    (all courses landed that day)

      tm-lakehouse silver --pending    (whatever is landed and not yet in Silver)
    """
    selection = selection_of(course_id, ingest_date, first, last)
    prefixes = _named(prefix or (), selection, is_pending=pending)
    target.activate()
    from tm_lakehouse.settings import Settings

    settings = Settings.from_environment()
    chosen = _chosen(settings, selection, prefixes, is_pending=pending)
    if not chosen:
        typer.echo("nothing is pending", err=True)
        return
    if dry_run:
        print_chosen(chosen)
        typer.echo("dry run: nothing was started", err=True)
        return
    run_and_report(settings, list(chosen))


def _named(prefixes: Sequence[str], selection: Selection, *, is_pending: bool) -> list[Prefix]:
    """The deliveries that are named one by one; empty where they are to be found by listing."""
    from tm_lakehouse.landing_to_silver.prefixes import Prefix, requested_prefixes

    if prefixes:
        if is_pending or selection.courses or selection.first or selection.last:
            raise LakehouseError("--prefix names deliveries already.", "Leave the other options out.")
        return requested_prefixes(None, None, None, ",".join(prefixes))
    if not is_pending and not selection.first and not selection.last:
        raise LakehouseError(
            "No delivery is named.", "Give --ingest-date, --from and --to, --pending, or --prefix; see --help."
        )
    if selection.only_day and not is_pending:
        return [Prefix(course, selection.only_day) for course in sorted(selection.courses)]
    return []


def _chosen(
    settings: Settings, selection: Selection, prefixes: list[Prefix], *, is_pending: bool
) -> Mapping[Prefix, Chosen]:
    from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
    from tm_lakehouse.silver_runs import choice
    from tm_lakehouse.silver_runs.plan import MOST_DELIVERIES

    store = S3ObjectStore()
    if prefixes:
        chosen = choice.named(store, settings, prefixes)
    elif is_pending:
        chosen = choice.still_pending(store, settings, selection)
    else:
        chosen = choice.selected(store, settings, selection)
    if len(chosen) > MOST_DELIVERIES:
        raise LakehouseError(
            f"{len(chosen):,} deliveries are too many for one run, which takes {MOST_DELIVERIES:,}.",
            "Run `tm-lakehouse backfill` with the same options: it makes several runs of them.",
        )
    return chosen


def run_and_report(settings: Settings, prefixes: Sequence[Prefix]) -> RunOutcome:
    """Run some deliveries and print what became of each.

    Raises:
        LakehouseError: the run did not succeed.
    """
    from tm_lakehouse.cli.following import follow
    from tm_lakehouse.cli.progress import stage
    from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
    from tm_lakehouse.silver_runs.launch import outcome_of, start_run

    run = start_run(settings, prefixes)
    typer.echo(f"run {run.run_id} of {run.job}", err=True)
    with stage(f"landing to Silver, {len(prefixes)} deliver{'ies' if len(prefixes) > 1 else 'y'}") as progress:
        finished = follow(run, progress.update)
    outcome = outcome_of(S3ObjectStore(), settings, prefixes, finished)
    print_summaries(outcome.summaries)
    print_failures(outcome.failures)
    typer.echo(f"{finished.state} in {finished.execution_seconds} s, {finished.dpu_seconds:.0f} DPU seconds", err=True)
    if finished.state != "SUCCEEDED":
        raise LakehouseError(
            f"The run ended as {finished.state}: {finished.message or 'no message'}", _next_step(outcome)
        )
    return outcome


def print_summaries(summaries: Iterable[RunSummary]) -> None:
    """One line per delivery that is in Silver, and a warning for what their files hold and no table takes."""
    from tm_lakehouse.cli.output import print_rows

    told = list(summaries)
    rows = [(each.course_id, each.ingest_date, *(getattr(each, name) for name in SHOWN)) for each in told]
    if rows:
        print_rows(("course", "ingest date", *(name.replace("_", " ") for name in SHOWN)), rows, "deliveries")
    if warning := unknown_columns_told(told):
        typer.echo(warning, err=True)


def unknown_columns_told(summaries: Iterable[RunSummary]) -> str:
    """One line that names the source's columns which no table takes, and how many files have each; else nothing."""
    files = sum((Counter(each.unknown_columns) for each in summaries), Counter[str]())
    if not files:
        return ""
    named = ", ".join(f"{name} ({count:,} file{'' if count == 1 else 's'})" for name, count in sorted(files.items()))
    return f'warning: no table takes these columns of the source: {named}; see "Add a column to Silver" in docs/data.md'


def print_failures(failures: Iterable[Failure]) -> None:
    """One line per delivery that was left out, with its cause."""
    from tm_lakehouse.cli.output import print_rows

    rows = [(each.course_id, each.ingest_date, each.reason) for each in failures]
    if rows:
        print_rows(("course", "ingest date", "left out because"), rows, "left_out")


def _next_step(outcome: RunOutcome) -> str:
    from tm_lakehouse.glue_run import ERROR_LOG

    if outcome.failures:
        return (
            "Land corrected files with `tm-lakehouse land --replace`, then run `tm-lakehouse silver --pending`; "
            "the other deliveries are done."
        )
    log = f"Its log is {ERROR_LOG}, stream {outcome.finished.run_id}."
    return f"{log} Correct the cause and run it again: it is repeatable."
