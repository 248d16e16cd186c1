"""`tm-lakehouse backfill`: bring a history to Silver in runs of a good size."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.deliveries import Courses, From, To, selection_of
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tm_lakehouse.cli.progress import Stage
    from tm_lakehouse.landing_to_silver.landed import Selection
    from tm_lakehouse.landing_to_silver.prefixes import Prefix
    from tm_lakehouse.settings import Settings
    from tm_lakehouse.silver_runs.choice import Chosen
    from tm_lakehouse.silver_runs.launch import Backfill, RunOutcome

app = typer.Typer(add_completion=False)
_GIB = 1 << 30


@app.command()
def backfill(
    course_id: Courses = None,
    first: From = None,
    last: To = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also what Silver holds already, as after a new rule.")
    ] = False,
    run_gib: Annotated[float, typer.Option(min=0.001, help="Most bytes of files in a run, in GiB.")] = 2,
    run_deliveries: Annotated[int, typer.Option(min=1, max=1000, help="Most deliveries in a run.")] = 500,
    parallel: Annotated[int, typer.Option(min=1, max=20, help="Runs at a time.")] = 1,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the runs; start nothing.")] = False,
) -> None:
    """Bring everything that is landed and not yet in Silver there, in several Glue runs, oldest dates first.

    What has been done is left out, so that after an interruption the same command goes on where it was. A delivery
    that fails stops no other. Exit 1 unless all succeeded.

    Example:

      tm-lakehouse backfill --from 2019-01-01 --to 2019-12-31 --dry-run
    """
    selection = selection_of(course_id, None, first, last)
    target.activate()
    from tm_lakehouse.settings import Settings
    from tm_lakehouse.silver_runs.plan import split_into_runs

    settings = Settings.from_environment()
    chosen = _chosen(settings, selection, is_again=again)
    sizes = {prefix: about.size for prefix, about in chosen.items()}
    runs = split_into_runs(sizes, round(run_gib * _GIB), run_deliveries)
    if not runs:
        typer.echo("nothing is pending", err=True)
        return
    if dry_run:
        _print_runs(runs, sizes)
        typer.echo("dry run: nothing was started", err=True)
        return
    _run(settings, runs, sizes, parallel)


def _chosen(settings: Settings, selection: Selection, *, is_again: bool) -> Mapping[Prefix, Chosen]:
    from tm_lakehouse.cli.progress import stage
    from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
    from tm_lakehouse.silver_runs.choice import selected, still_pending

    with stage("looking for deliveries"):
        return (selected if is_again else still_pending)(S3ObjectStore(), settings, selection)


def _print_runs(runs: Sequence[Sequence[Prefix]], sizes: Mapping[Prefix, int]) -> None:
    from tm_lakehouse.cli.output import print_rows

    rows = [
        (number, str(run[0].ingest_date), str(run[-1].ingest_date), len(run), sum(sizes[each] for each in run))
        for number, run in enumerate(runs, start=1)
    ]
    print_rows(("run", "from", "to", "deliveries", "bytes"), rows, "runs")


def _run(settings: Settings, runs: Sequence[Sequence[Prefix]], sizes: Mapping[Prefix, int], parallel: int) -> None:
    from tm_lakehouse.cli.progress import stage
    from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
    from tm_lakehouse.silver_runs.launch import Backfill

    work = Backfill(S3ObjectStore(), settings, runs, parallel)
    outcomes: list[RunOutcome] = []
    with stage(f"backfill, {len(sizes):,} deliveries in {len(runs)} runs") as progress:
        try:
            _collect(work, outcomes, progress, sizes, len(runs))
        except KeyboardInterrupt:
            raise _interrupted(work) from None
    _report(outcomes, len(sizes))


def _collect(
    work: Backfill, outcomes: list[RunOutcome], progress: Stage, sizes: Mapping[Prefix, int], runs: int
) -> None:
    began = time.monotonic()
    total = sum(sizes.values())

    def told() -> str:
        done = sum(sizes[prefix] for outcome in outcomes for prefix in outcome.prefixes)
        left = (time.monotonic() - began) * (total - done) / done if 0 < done < total else None
        deliveries = sum(len(outcome.prefixes) for outcome in outcomes)
        return f"{len(outcomes)} of {runs} runs, {deliveries:,} deliveries{_left(left)}"

    for outcome in work.outcomes(lambda _: progress.update(told())):
        outcomes.append(outcome)
        progress.update(told())


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes = round(seconds / 60)
    shown = f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{max(minutes, 1)} min"
    return f", about {shown} left"


def _interrupted(work: Backfill) -> LakehouseError:
    going_on = ", ".join(run.run_id for run in work.active) or "none"
    return LakehouseError(
        f"Interrupted; no further run starts. Runs that go on: {going_on}.",
        "Run the same command again when they have ended: what is done is left out.",
        exit_code=130,
    )


def _report(outcomes: Sequence[RunOutcome], asked: int) -> None:
    from tm_lakehouse.cli.silver import print_failures, unknown_columns_told

    summaries = [summary for outcome in outcomes for summary in outcome.summaries]
    rows = sum(summary.rows_written for summary in summaries)
    hours = sum(outcome.finished.dpu_seconds for outcome in outcomes) / 3600
    print_failures(failure for outcome in outcomes for failure in outcome.failures)
    typer.echo(f"{len(summaries):,} of {asked:,} deliveries done, {rows:,} rows, {hours:.2f} DPU hours", err=True)
    if warning := unknown_columns_told(summaries):
        typer.echo(warning, err=True)
    broken = [outcome.finished for outcome in outcomes if not outcome.has_told]
    if broken:
        raise LakehouseError(
            f"Run {broken[0].run_id} ended as {broken[0].state}: {broken[0].message or 'no message'}",
            "Correct the cause and run the same command again: what is done is left out.",
        )
    if len(summaries) < asked:
        raise LakehouseError(
            f"{asked - len(summaries):,} of {asked:,} deliveries are not in Silver.",
            "Land corrected files with `tm-lakehouse land --replace`, then run the same command again.",
        )
