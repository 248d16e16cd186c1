"""Queries through the Athena API, in the workgroup whose result location and limits Terraform enforces."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tm_lakehouse.cost.prices import billed_bytes
from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from mypy_boto3_athena.type_defs import QueryExecutionTypeDef, ResultSetTypeDef, RowTypeDef

CATALOG = "AwsDataCatalog"
FIRST_POLL_SECONDS = 0.05
LAST_POLL_SECONDS = 1.0
POLL_GROWTH = 1.5
FINAL_STATES = ("SUCCEEDED", "FAILED", "CANCELLED")


class QueryFailedError(LakehouseError):
    """Athena ended a query as FAILED or CANCELLED; the reason is Athena's own text."""

    def __init__(self, reason: str, query_id: str, state: str) -> None:
        super().__init__(reason, f"Correct the statement (query {query_id}, {state}) and run it again.")
        self.query_id = query_id
        self.state = state


@dataclass(frozen=True)
class QueryResult:
    """One finished query. Values are Athena's texts, `None` for NULL; `rows` leaves the header out."""

    columns: list[str]
    types: list[str]
    rows: list[list[str | None]]
    bytes_scanned: int
    engine_ms: int
    query_id: str
    bytes_billed: int = 0

    def records(self) -> list[dict[str, str | None]]:
        """The rows by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Athena:
    """A workgroup, and the database that unqualified names mean."""

    def __init__(self, workgroup: str, database: str | None = None) -> None:
        import boto3

        self.workgroup = workgroup
        self.database = database
        self._client = boto3.client("athena")

    def query(self, sql: str, database: str | None = None) -> QueryResult:
        """Run one statement to its end and fetch all of its rows.

        Raises:
            QueryFailedError: Athena answered FAILED or CANCELLED.
        """
        query_id = self._start(sql, database or self.database)
        execution = self._wait(query_id)
        status = execution["Status"]
        if status["State"] != "SUCCEEDED":
            raise QueryFailedError(_reason(execution), query_id, status["State"])
        return self._result(execution)

    def _start(self, sql: str, database: str | None) -> str:
        context = {"Catalog": CATALOG} | ({"Database": database} if database else {})
        started = self._client.start_query_execution(
            QueryString=sql,
            QueryExecutionContext=context,  # type: ignore[arg-type]
            WorkGroup=self.workgroup,
        )
        return started["QueryExecutionId"]

    def _wait(self, query_id: str) -> "QueryExecutionTypeDef":
        """Poll with growing pauses; an interrupt cancels the query, which would otherwise go on costing."""
        pause = FIRST_POLL_SECONDS
        try:
            while True:
                execution = self._client.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
                if execution["Status"]["State"] in FINAL_STATES:
                    return execution
                time.sleep(pause)
                pause = min(pause * POLL_GROWTH, LAST_POLL_SECONDS)
        except KeyboardInterrupt:
            self._client.stop_query_execution(QueryExecutionId=query_id)
            raise

    def _result(self, execution: "QueryExecutionTypeDef") -> QueryResult:
        query_id = execution["QueryExecutionId"]
        statistics = execution.get("Statistics", {})
        pages = list(self._pages(query_id))
        columns, types = _header(pages)
        rows = [_values(row, len(columns)) for page in pages for row in page.get("Rows", [])]
        # Only the rows of a SELECT begin with the column names; those of SHOW, DESCRIBE and DDL don't.
        if execution.get("StatementType") == "DML" and rows and rows[0] == columns:
            del rows[0]
        return QueryResult(
            columns=columns,
            types=types,
            rows=rows,
            bytes_scanned=statistics.get("DataScannedInBytes", 0),
            engine_ms=statistics.get("EngineExecutionTimeInMillis", 0),
            query_id=query_id,
            bytes_billed=_billed(execution),
        )

    def _pages(self, query_id: str) -> Iterator["ResultSetTypeDef"]:
        for page in self._client.get_paginator("get_query_results").paginate(QueryExecutionId=query_id):
            yield page["ResultSet"]


def _billed(execution: "QueryExecutionTypeDef") -> int:
    statistics = execution.get("Statistics", {})
    is_reused = statistics.get("ResultReuseInformation", {}).get("ReusedPreviousResult", False)
    kind, scanned = execution.get("StatementType", "DML"), statistics.get("DataScannedInBytes", 0)
    return billed_bytes(kind, execution["Status"]["State"], scanned, is_reused=is_reused)


def _header(pages: list["ResultSetTypeDef"]) -> tuple[list[str], list[str]]:
    info = pages[0].get("ResultSetMetadata", {}).get("ColumnInfo", []) if pages else []
    return [column["Name"] for column in info], [column["Type"] for column in info]


def _values(row: "RowTypeDef", width: int) -> list[str | None]:
    values: list[str | None] = [cell.get("VarCharValue") for cell in row.get("Data", [])]
    return values + [None] * (width - len(values))


def _reason(execution: "QueryExecutionTypeDef") -> str:
    status = execution["Status"]
    text = status.get("StateChangeReason") or status.get("AthenaError", {}).get("ErrorMessage")
    return f"Athena: {text or 'the query was ' + status['State'].lower() + ' without a reason.'}"
