"""Whether anybody is writing to the tables now. Files of a writer are orphans until it commits."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import boto3

from tm_lakehouse.erasure.catalog_tables import IcebergTable
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.glue_run import ACTIVE_STATES
from tm_lakehouse.maintenance.optimizers import KINDS, find
from tm_lakehouse.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_athena import AthenaClient

_WRITES = re.compile(r"\b(insert|merge|update|delete|create|optimize|vacuum|unload)\b", re.IGNORECASE)
_NEWEST_QUERIES, _NEWEST_RUNS = 50, 200


def caller_and_time() -> tuple[str, dt.datetime]:
    """Who calls, and what time AWS has: the clock of this machine may differ from that of the objects."""
    answer = boto3.client("sts").get_caller_identity()
    return answer["Arn"], parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])


def check_nothing_writes(settings: Settings, tables: Iterable[IcebergTable]) -> None:
    """Find the project's own writers: jobs, queries of the workgroup, Glue's table optimizers.

    Raises:
        LakehouseError: one of them is active.
    """
    writers = [*_job_runs(settings), *_queries(settings.athena_workgroup), *_optimizers(tables)]
    if writers:
        raise LakehouseError(
            f"{writers[0]} is active: it may bring rows back, and its new files look like orphans.",
            "Wait until it ends, or stop it; then run the command again.",
        )


def _job_runs(settings: Settings) -> Iterator[str]:
    glue = boto3.client("glue")
    for job in (settings.glue_job_silver, settings.glue_job_geometry, settings.glue_job_maintenance):
        # The newest come first, and active ones are among them.
        runs = glue.get_job_runs(JobName=job, MaxResults=_NEWEST_RUNS)["JobRuns"] if job else []
        yield from (f"Run {run['Id']} of {job}" for run in runs if run["JobRunState"] in ACTIVE_STATES)


def _queries(workgroup: str) -> Iterator[str]:
    athena: AthenaClient = boto3.client("athena")
    ids = athena.list_query_executions(WorkGroup=workgroup, MaxResults=_NEWEST_QUERIES)["QueryExecutionIds"]
    if not ids:
        return
    for query in athena.batch_get_query_execution(QueryExecutionIds=ids)["QueryExecutions"]:
        if query["Status"]["State"] in ("QUEUED", "RUNNING") and _WRITES.search(query["Query"]):
            yield f"Query {query['QueryExecutionId']} of workgroup {workgroup}"


def _optimizers(tables: Iterable[IcebergTable]) -> Iterator[str]:
    glue = boto3.client("glue")
    for table in tables:
        for kind in KINDS:
            optimizer = find(glue, table.database, table.name, kind)
            if optimizer and optimizer.get("lastRun", {}).get("eventType") in ("starting", "in_progress"):
                yield f"The {kind} optimizer of {table.full_name}"
