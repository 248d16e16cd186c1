"""Whether Spark and Athena read the same, step by step: which snapshots, Spark's answer, Athena's beside it."""

from collections.abc import Callable, Sequence
from typing import Any

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.glue_run import GlueRun
from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
from tm_lakehouse.orchestration.glue import finished_run
from tm_lakehouse.parity.check import catalog_of, compare_all, tables_to_compare
from tm_lakehouse.parity.records import Records
from tm_lakehouse.settings import Settings


def request(settings: Settings, check_id: str, tables: Sequence[str] = ()) -> list[str]:
    """Note the current snapshots of the tables, all of Silver and Gold by default, as what both engines read."""
    import boto3

    chosen = tables_to_compare(catalog_of(boto3.client("glue")), settings, tables)
    _records(settings, check_id).put_request(chosen)
    return [each.full_name for each in chosen]


def read_by_spark(settings: Settings, check_id: str, on_line: Callable[[str], None]) -> str:
    """Let a Glue run read what was requested, and wait for its end; its id.

    Raises:
        LakehouseError: it did not succeed.
    """
    run = GlueRun.start(settings.glue_job_parity, {"--check-id": check_id})
    return finished_run(run.job, run.run_id, on_line).run_id


def compare(settings: Settings, check_id: str, run_id: str, on_line: Callable[[str], None]) -> dict[str, Any]:
    """Let Athena read the same, and keep the report.

    Raises:
        LakehouseError: they differ; tables and columns are named.
    """
    from tm_lakehouse.athena import Athena

    records = _records(settings, check_id)
    found = compare_all(records.request(), records.answer(), Athena(settings.athena_workgroup), on_line)
    records.put_report(run_id, found)
    if different := [each for each in found if not each.is_equal]:
        named = "; ".join(
            f"{each.table} in {', '.join(difference.column for difference in each.differences)}" for each in different
        )
        raise LakehouseError(f"Spark and Athena differ: {named}.", f"The report is {records.location}report.json.")
    return {"check_id": check_id, "tables": len(found), "rows": sum(each.athena_rows for each in found)}


def _records(settings: Settings, check_id: str) -> Records:
    return Records(S3ObjectStore(), settings.bucket_observability, check_id)
