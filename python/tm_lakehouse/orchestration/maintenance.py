"""Upkeep of the tables, step by step: which need it, one run for all, and whether it did what it should."""

from collections.abc import Callable, Sequence
from typing import Any

from tm_lakehouse.glue_run import GlueRun
from tm_lakehouse.landing_to_silver.object_store import ObjectStore
from tm_lakehouse.maintenance.choice import check_orphans_outlive_runs, kept_tables, without_optimizers
from tm_lakehouse.maintenance.optimizers import Retention
from tm_lakehouse.maintenance.reports import reports_of_run
from tm_lakehouse.orchestration.glue import finished_run
from tm_lakehouse.settings import Settings


def unkept_tables(settings: Settings) -> list[str]:
    """Tables, as database.table, that Glue's optimizers do not keep."""
    import boto3

    glue = boto3.client("glue")
    return [f"{database}.{name}" for database, name in without_optimizers(glue, kept_tables(glue, settings))]


def start(settings: Settings, tables: Sequence[str], retention: Retention) -> str:
    """Start one run over all of them; its id.

    Raises:
        LakehouseError: there is no such job, or orphan files would be taken from under a run.
    """
    import boto3

    orphans_hours = retention.orphans_days * 24
    check_orphans_outlive_runs(boto3.client("glue"), settings, orphans_hours)
    arguments = {
        "--tables": ",".join(tables),
        "--keep-snapshots-hours": str(retention.snapshots_days * 24),
        "--keep-orphans-hours": str(orphans_hours),
    }
    return GlueRun.start(settings.glue_job_maintenance, arguments).run_id


def finish(store: ObjectStore, settings: Settings, run_id: str, on_line: Callable[[str], None]) -> list[dict[str, Any]]:
    """Wait for a run's end, and tell what it did with each table.

    Raises:
        LakehouseError: it did not succeed.
    """
    finished_run(settings.glue_job_maintenance, run_id, on_line)
    return reports_of_run(store, settings.bucket_observability, run_id)
