"""`tm-lakehouse quarantine`: what Silver set aside, and running it again once its cause is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.deliveries import Courses, From, IngestDate, To, selection_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tm_lakehouse.landing_to_silver.landed import Selection
    from tm_lakehouse.landing_to_silver.prefixes import Prefix
    from tm_lakehouse.landing_to_silver.quarantined_record import QuarantinedRecord
    from tm_lakehouse.run_summary import RunSummary
    from tm_lakehouse.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False)

Reason = Annotated[str | None, typer.Option(help="Only lines with this reason.")]
AllRuns = Annotated[bool, typer.Option("--all-runs", help="Also earlier runs, not only each delivery's last.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]


@app.callback()
def quarantine() -> None:
    """Records and slots that landing to Silver set aside: list them, look at them, run them again."""


@app.command(name="list")
def list_(
    course_id: Courses = None,
    ingest_date: IngestDate = None,
    first: From = None,
    last: To = None,
    reason: Reason = None,
    all_runs: AllRuns = False,
    as_json: AsJson = False,
) -> None:
    """How many lines were set aside, by delivery and reason.

    Example: tm-lakehouse quarantine list --from 2024-09-01 --reason coordinates_out_of_bounds
    """
    import json

    from tm_lakehouse.cli.output import print_rows

    settings, summaries = _told(selection_of(course_id, ingest_date, first, last), all_runs=all_runs)
    del settings
    names = ("course_id", "ingest_date", "run_id", "reason", "lines")
    rows = [
        (each.course_id, each.ingest_date, each.run_id, found, lines)
        for each in summaries
        for found, lines in each.quarantine_reasons.items()
        if reason in (None, found)
    ]
    if as_json:
        for row in rows:
            typer.echo(json.dumps(dict(zip(names, row, strict=True))))
    elif rows:
        print_rows([name.replace("_", " ") for name in names], rows)
    typer.echo(f"{sum(row[-1] for row in rows):,} lines in {len({row[:3] for row in rows}):,} runs", err=True)


@app.command()
def show(
    course_id: Courses = None,
    ingest_date: IngestDate = None,
    first: From = None,
    last: To = None,
    reason: Reason = None,
    limit: Annotated[int, typer.Option(min=1, help="Most lines to show.")] = 20,
    all_runs: AllRuns = False,
    as_json: AsJson = False,
) -> None:
    """The lines themselves: reason, file, position, and the row as it was read.

    Example: tm-lakehouse quarantine show --course-id erinhills --ingest-date 2024-09-02 --limit 5
    """
    from itertools import islice

    from tm_lakehouse.cli.output import print_rows

    settings, summaries = _told(selection_of(course_id, ingest_date, first, last), all_runs=all_runs)
    lines = (line for line in _lines(settings, summaries) if reason in (None, line.reason))
    found = list(islice(lines, limit))
    if as_json:
        for line in found:
            typer.echo(line.to_json())
        return
    if not found:
        typer.echo("nothing is quarantined there", err=True)
        return
    rows = [
        (each.reason, each.course_id, each.ingest_date, each.source_file, each.record_position, each.location_index,
         each.row_json or each.raw_text or "")
        for each in found
    ]  # fmt: skip
    print_rows(("reason", "course", "ingest date", "file", "record", "location", "row"), rows)


@app.command()
def replay(
    course_id: Courses = None,
    ingest_date: IngestDate = None,
    first: From = None,
    last: To = None,
    reason: Reason = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be run; start nothing.")] = False,
) -> None:
    """Run every delivery again of which something is quarantined, after its file or a rule was mended.

    Running again gives the same rows, so that it can be repeated at will. Exit 1 unless the run succeeded.
    """
    from tm_lakehouse.cli.deliveries import print_chosen
    from tm_lakehouse.cli.silver import run_and_report
    from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
    from tm_lakehouse.silver_runs.choice import named
    from tm_lakehouse.silver_runs.pending import prefix_of

    settings, summaries = _told(selection_of(course_id, ingest_date, first, last), all_runs=False)
    before = {
        prefix_of(each): each
        for each in summaries
        if (reason in each.quarantine_reasons if reason else each.quarantine_reasons)
    }
    if not before:
        typer.echo("nothing is quarantined there", err=True)
        return
    chosen = named(S3ObjectStore(), settings, sorted(before))
    if dry_run:
        print_chosen(chosen)
        typer.echo("dry run: nothing was started", err=True)
        return
    outcome = run_and_report(settings, sorted(before))
    _print_change(before, {prefix_of(each): each for each in outcome.summaries})


def _told(selection: Selection, *, all_runs: bool) -> tuple[Settings, Sequence[RunSummary]]:
    """The deployment, and the summaries of the selected deliveries: of each one's last run, or of all runs."""
    target.activate()
    from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
    from tm_lakehouse.landing_to_silver.run_records import read_summaries
    from tm_lakehouse.settings import Settings
    from tm_lakehouse.silver_runs.pending import latest_summaries

    settings = Settings.from_environment()
    summaries = read_summaries(S3ObjectStore(), settings.bucket_observability, selection)
    return settings, summaries if all_runs else list(latest_summaries(summaries).values())


def _lines(settings: Settings, summaries: Iterable[RunSummary]) -> Iterable[QuarantinedRecord]:
    from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
    from tm_lakehouse.landing_to_silver.quarantined_record import QuarantinedRecord
    from tm_lakehouse.silver_runs.pending import prefix_of

    store = S3ObjectStore()
    for each in summaries:
        if each.quarantine_reasons:
            folder = f"s3://{settings.bucket_quarantine}/silver/{prefix_of(each).key}run_id={each.run_id}/"
            for part in store.list(folder):
                for line in store.get(part.uri).decode("utf-8").splitlines():
                    yield QuarantinedRecord.from_json(line)


def _print_change(before: Mapping[Prefix, RunSummary], after: Mapping[Prefix, RunSummary]) -> None:
    from tm_lakehouse.cli.output import print_rows

    rows: list[tuple[str, str, str, int, int]] = []
    for prefix, then in before.items():
        if now := after.get(prefix):
            course, date = prefix
            old, new = then.quarantine_reasons, now.quarantine_reasons
            rows += [(course, str(date), each, old.get(each, 0), new.get(each, 0)) for each in sorted(old | new)]
    print_rows(("course", "ingest date", "reason", "lines before", "lines now"), rows, "replayed")
