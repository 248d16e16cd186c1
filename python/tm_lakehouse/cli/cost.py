"""`tm-lakehouse cost`: what queries, dbt runs and Glue runs cost."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.output import document, print_rows
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_lakehouse.cost.job_runs import JobRun
    from tm_lakehouse.cost.report import Line
    from tm_lakehouse.cost.statements import Statement
    from tm_lakehouse.settings import Settings

app = typer.Typer(add_completion=False)
EPILOG = """Examples: `tm-lakehouse cost` (the last 7 days), `tm-lakehouse cost --since 2025-09-01 --by node`,
`tm-lakehouse cost --run 20250901T060000Z-1a2b3c4d --by node`, `tm-lakehouse cost --query QUERY_ID`."""
DEFAULT_DAYS = 7


@app.command(epilog=EPILOG)
def cost(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day, UTC; 7 days ago by default.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day, UTC; today by default.")
    ] = None,
    run: Annotated[str | None, typer.Option(help="Only the statements of this run of `gold`.")] = None,
    query: Annotated[str | None, typer.Option(help="Only the statement of this id.")] = None,
    by: Annotated[Literal["day", "run", "node", "statement"], typer.Option(help="What a line stands for.")] = "day",
) -> None:
    """Tell what Athena and Glue bill: bytes scanned and billed, DPU-hours, dollars.

    Athena remembers statements for 45 days, Glue runs for 90. Prices are those of TM_PRICE_ATHENA_TIB and
    TM_PRICE_GLUE_DPU_HOUR; storage and requests to S3 aren't in them.
    """
    if sum(map(bool, (query, run, since or until))) > 1:
        raise LakehouseError("--query, --run and a period exclude each other.", "Give one of them.")
    first, end = _period(since, until)
    target.activate()
    from tm_lakehouse.cost.report import athena_lines, glue_lines
    from tm_lakehouse.settings import Settings

    settings = Settings.from_environment()
    statements = _statements(settings, run, query, first, end)
    lines = athena_lines(statements, by, settings.price_athena_tib)
    if not (run or query):
        lines += glue_lines(_job_runs(settings, first, end), by, settings.price_glue_dpu_hour)
    document.add({"lines": [asdict(line) for line in lines], "dollars": sum(line.dollars for line in lines)})
    if not document.is_wanted:
        _print(lines)


def _period(since: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
    """From the first day's beginning to the last day's end."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    first = since.replace(tzinfo=UTC) if since else today - timedelta(days=DEFAULT_DAYS)
    end = (until.replace(tzinfo=UTC) if until else today) + timedelta(days=1)
    if end <= first:
        raise LakehouseError("The period ends before it begins.", "Give --until a day after that of --since.")
    return first, end


def _statements(
    settings: "Settings", run: str | None, query: str | None, first: datetime, end: datetime
) -> "list[Statement]":
    from tm_lakehouse.cost.statements import read_dbt_statements, read_statement, read_statements

    if query:
        return [read_statement(query)]
    if run is None:
        return read_statements(settings.athena_workgroup, first, end)
    from tm_lakehouse.silver_to_gold.publish import read_invocations

    sent = read_invocations(settings.bucket_observability, run)
    return read_dbt_statements(settings.athena_workgroup, sent.ids, sent.started_at, sent.finished_at)


def _job_runs(settings: "Settings", first: datetime, end: datetime) -> "list[JobRun]":
    from tm_lakehouse.cost.job_runs import read_job_runs

    names = ("silver", "maintenance", "parity", "geometry")
    jobs = filter(None, (getattr(settings, f"glue_job_{name}") for name in names))
    return [run for job in jobs for run in read_job_runs(job, first, end)]


def _print(lines: "list[Line]") -> None:
    if not lines:
        typer.echo("Nothing was run in this period.", err=True)
        return
    print_rows(
        ("service", "what", "runs", "bytes scanned", "bytes billed", "DPU-hours", "dollars"),
        [
            (
                line.service,
                line.group,
                line.count,
                line.bytes_scanned if line.service == "athena" else None,
                line.bytes_billed if line.service == "athena" else None,
                f"{line.dpu_hours:.3f}" if line.service == "glue" else None,
                f"{line.dollars:.4f}",
            )
            for line in lines
        ],
    )
    typer.echo(f"total: {sum(line.dollars for line in lines):.4f} dollars", err=True)
