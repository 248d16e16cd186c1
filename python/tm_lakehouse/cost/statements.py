"""The statements that a workgroup has run, and which dbt run and node each was for."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tm_lakehouse.cost.prices import billed_bytes
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from mypy_boto3_athena import AthenaClient

# dbt's macro `query_comment` makes it; dbt-athena writes it as a line before each statement.
_COMMENT = re.compile(r"\s*-- /\* (\{.*\}) \*/\n")

# A run's times are those of the machine that ran dbt, a statement's are Athena's.
CLOCKS_APART = timedelta(minutes=10)


@dataclass(frozen=True)
class Statement:
    """One statement that has ended. `invocation_id` and `node` are dbt's; None where no dbt sent it."""

    query_id: str
    submitted_at: datetime
    kind: str
    state: str
    bytes_scanned: int
    engine_ms: int
    is_reused: bool
    sql: str
    invocation_id: str | None = None
    node: str | None = None

    @property
    def bytes_billed(self) -> int:
        """Bytes that Athena bills for it."""
        return billed_bytes(self.kind, self.state, self.bytes_scanned, is_reused=self.is_reused)


def statement_of(execution: Mapping[str, Any]) -> Statement:
    """A query execution as the API tells it."""
    told = _told_by_dbt(execution["Query"])
    statistics = execution.get("Statistics", {})
    return Statement(
        query_id=execution["QueryExecutionId"],
        submitted_at=execution["Status"]["SubmissionDateTime"],
        kind=execution.get("StatementType", "DML"),
        state=execution["Status"]["State"],
        bytes_scanned=statistics.get("DataScannedInBytes", 0),
        engine_ms=statistics.get("EngineExecutionTimeInMillis", 0),
        is_reused=statistics.get("ResultReuseInformation", {}).get("ReusedPreviousResult", False),
        sql=(_COMMENT.sub("", execution["Query"], count=1) if told else execution["Query"]).strip(),
        invocation_id=told.get("invocation_id"),
        node=told.get("node_id"),
    )


def read_statement(query_id: str) -> Statement:
    """One statement.

    Raises:
        LakehouseError: Athena knows none of this id.
    """
    import boto3

    client = boto3.client("athena")
    try:
        return statement_of(client.get_query_execution(QueryExecutionId=query_id)["QueryExecution"])
    except client.exceptions.InvalidRequestException as error:
        raise LakehouseError(
            f"There is no query {query_id!r}: {error.response['Error']['Message']}",
            "`tm-lakehouse cost --by statement` lists their ids; Athena forgets them after 45 days.",
        ) from None


def read_statements(workgroup: str, since: datetime, until: datetime | None = None) -> list[Statement]:
    """What was submitted to a workgroup from a moment on, newest first. Athena forgets it after 45 days.

    Raises:
        LakehouseError: Athena doesn't tell of a statement that it lists, so that sums would be too low.
    """
    import boto3

    client = boto3.client("athena")
    found: list[Statement] = []
    for page in _pages(client, workgroup):
        found += (each for each in page if since <= each.submitted_at and (until is None or each.submitted_at < until))
        # Pages go back in time; one that begins before the period is the last to hold anything of it.
        if page and all(each.submitted_at < since for each in page):
            break
    return found


def read_dbt_statements(
    workgroup: str, invocation_ids: Collection[str], started_at: datetime, finished_at: datetime | None = None
) -> list[Statement]:
    """What a run of dbt submitted between these times, newest first; raises as `read_statements` does."""
    until = finished_at + CLOCKS_APART if finished_at else None
    found = read_statements(workgroup, started_at - CLOCKS_APART, until)
    return [each for each in found if each.invocation_id in invocation_ids]


def _pages(client: "AthenaClient", workgroup: str) -> Iterator[list[Statement]]:
    for listed in client.get_paginator("list_query_executions").paginate(WorkGroup=workgroup):
        ids = listed["QueryExecutionIds"]
        if ids:
            answer = client.batch_get_query_execution(QueryExecutionIds=ids)
            if untold := answer.get("UnprocessedQueryExecutionIds", []):
                raise LakehouseError(
                    f"Athena doesn't tell of {len(untold)} statements: {untold[0].get('ErrorMessage', 'no reason')}",
                    "Run it again; if it stays so, give a shorter period.",
                )
            yield [statement_of(each) for each in answer["QueryExecutions"]]


def _told_by_dbt(query: str) -> dict[str, str]:
    match = _COMMENT.match(query)
    if match is None:
        return {}
    try:
        told = json.loads(match.group(1))
    except ValueError:
        return {}
    return {name: str(told[name]) for name in ("invocation_id", "node_id") if told.get(name) is not None}
