"""`tm-lakehouse parity`: whether Spark and Athena read the same."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tm_lakehouse.cli import target
from tm_lakehouse.cli.output import document, print_rows
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from tm_lakehouse.glue_run import FinishedRun
    from tm_lakehouse.parity.checksums import Table
    from tm_lakehouse.parity.comparison import Comparison
    from tm_lakehouse.parity.records import Records
    from tm_lakehouse.settings import Settings

app = typer.Typer(add_completion=False)
EPILOG = """Examples: `tm-lakehouse parity` (all tables of Silver and Gold), `tm-lakehouse parity gold.fact_rounds`,
`tm-lakehouse --env prod parity --json`."""
COURSES_SHOWN = 5


@app.command(epilog=EPILOG)
def parity(
    table: Annotated[
        list[str] | None, typer.Argument(help="database.table; all Iceberg tables of Silver and Gold by default.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would be compared; start nothing.")] = False,
) -> None:
    """Read the same snapshots by Spark (a Glue run) and through Athena, and compare every column's checksum.

    Nothing is changed but the check's own records. Both engines read the tables whole. Exit code 1 where they differ:
    the columns and courses are named.
    """
    target.activate()
    from tm_lakehouse.settings import Settings

    settings = Settings.from_environment()
    if not settings.glue_job_parity:
        raise LakehouseError("TM_GLUE_JOB_PARITY is not set.", "Run `make apply`; Terraform makes the job.")
    tables = _tables(settings, table or ())
    if dry_run:
        # Not as numbers: a snapshot's id is a name.
        rows = [(each.full_name, str(each.snapshot_id), len(each.columns)) for each in tables]
        print_rows(("table", "snapshot id", "columns"), rows, "tables")
        return
    comparisons = _check(settings, tables)
    document.add({"tables": [asdict(each) for each in comparisons]})
    if not document.is_wanted:
        _print(comparisons)
    if different := [each.table for each in comparisons if not each.is_equal]:
        raise LakehouseError(
            f"Spark and Athena differ in {len(different)} of {len(comparisons)} tables, first in {different[0]}.",
            "Look at the named columns in both engines: a type that one of them reads otherwise, or a file it misses.",
        )
    typer.echo(f"all {len(comparisons)} tables are equal", err=True)


def _tables(settings: "Settings", asked: Sequence[str]) -> "list[Table]":
    import boto3

    from tm_lakehouse.parity.check import catalog_of, tables_to_compare

    return tables_to_compare(catalog_of(boto3.client("glue")), settings, asked)


def _check(settings: "Settings", tables: "list[Table]") -> "list[Comparison]":
    from tm_lakehouse.athena import Athena
    from tm_lakehouse.cli.progress import stage
    from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
    from tm_lakehouse.parity.check import compare_all
    from tm_lakehouse.parity.records import Records
    from tm_lakehouse.silver_to_gold.run_id import new_run_id

    check_id = new_run_id()
    records = Records(S3ObjectStore(), settings.bucket_observability, check_id)
    records.put_request(tables)
    run = _read_by_spark(settings, records, check_id)
    with stage(f"Athena reads {len(tables)} tables") as progress:
        athena = Athena(settings.athena_workgroup)
        comparisons = compare_all(tables, records.answer(), athena, progress.update)
    records.put_report(run.run_id, comparisons)
    typer.echo(f"report: {records.location}report.json", err=True)
    return comparisons


def _read_by_spark(settings: "Settings", records: "Records", check_id: str) -> "FinishedRun":
    from tm_lakehouse.cli.following import follow
    from tm_lakehouse.cli.progress import stage
    from tm_lakehouse.glue_run import ERROR_LOG, GlueRun

    run = GlueRun.start(settings.glue_job_parity, {"--check-id": check_id})
    typer.echo(f"run {run.run_id} of {run.job} for {records.location}", err=True)
    with stage("Spark reads the tables") as progress:
        finished = follow(run, progress.update)
    if finished.state != "SUCCEEDED":
        raise LakehouseError(
            f"The run ended as {finished.state}: {finished.message or 'no message'}",
            f"Its log is {ERROR_LOG}, stream {run.run_id}. Correct the cause and run it again.",
        )
    return finished


def _print(comparisons: "Sequence[Comparison]") -> None:
    print_rows(
        ("table", "rows (Spark)", "rows (Athena)", "columns", "differ in"),
        [
            (each.table, each.spark_rows, each.athena_rows, each.columns, _told(each) or "nothing")
            for each in comparisons
        ],
    )


def _told(comparison: "Comparison") -> str:
    """Columns with the courses in which they differ."""
    return "; ".join(
        each.column + (f" of {_few(each.courses)}" if any(each.courses) else "") for each in comparison.differences
    )


def _few(courses: Sequence[str]) -> str:
    more = len(courses) - COURSES_SHOWN
    return ", ".join(courses[:COURSES_SHOWN]) + (f" and {more} more" if more > 0 else "")
