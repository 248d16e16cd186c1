"""What every step of one execution works with."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from tm_localstack.athena.execution import SCAN_LIMIT_EXCEEDED, Execution, QueryCancelledError
from tm_localstack.athena.glue_tables import GlueTables
from tm_localstack.athena.models import PreparedStatements
from tm_localstack.athena.results import ResultColumn, Row, TableResult, TextResult
from tm_localstack.athena.s3_locations import S3Locations
from tm_localstack.athena.steps.rights import StatementRights, only_reads
from tm_localstack.athena.translation.plan import TrinoSql
from tm_localstack.athena.trino_engine import OnPlanned, TrinoEngine, TrinoRun, allow_any

TakeRows = Callable[[list[list[Any]]], None]


@dataclass(frozen=True)
class StepContext:
    """One execution and its tools.

    `table` takes the rows of a query, for statements that give a table. `rights` None: the caller may do all.
    """

    execution: Execution
    engine: TrinoEngine
    glue: GlueTables
    s3: S3Locations
    prepared: PreparedStatements
    table: TableResult | None
    rights: StatementRights | None = None

    def answer(self, columns: list[str], rows: list[Row]) -> None:
        """Make text lines the statement's result."""
        self.execution.result = TextResult([ResultColumn.of_text(name) for name in columns], rows)

    def rows_of(self, sql: str) -> list[list[Any]]:
        """The rows of a small query that is part of a step."""
        return self._rows_of(TrinoSql(sql))

    def execute(self, sql: str, session: tuple[tuple[str, str], ...] = ()) -> None:
        """Run a statement whose rows don't matter."""
        self.consume(self.start(TrinoSql(sql, session=session)), lambda _: None)

    def start(self, step: TrinoSql) -> TrinoRun:
        """Prepare a run of a statement in the query's database. One that only reads is judged while it runs.

        Raises:
            StatementFailedError: the caller may not do that.
        """
        rights = self.rights
        if rights is None:
            return self._start(step)
        if only_reads(step.sql):
            return self._start(step, lambda run: rights.check_read(run.tables_read()))
        rights.check(step, self.execution.request.database, self._rows_of)
        return self._start(step)

    def _rows_of(self, step: TrinoSql) -> list[list[Any]]:
        found: list[list[Any]] = []
        self.consume(self._start(step), found.extend)
        return found

    def _start(self, step: TrinoSql, on_planned: OnPlanned = allow_any) -> TrinoRun:
        database = self.execution.request.database
        return self.engine.start(step.sql, database, step.parameters, step.session, on_planned)

    def consume(self, run: TrinoRun, take: TakeRows) -> None:
        """Run a statement to its end and hand its rows on.

        Raises:
            StatementFailedError: it failed.
            QueryCancelledError: the query was cancelled, by its user or by the workgroup's scan limit.
        """
        self.execution.attach(run)
        try:
            with closing(run.pages()) as pages:
                for rows in pages:
                    self.execution.raise_if_cancelled()
                    self._watch_scan(run)
                    take(rows)
            self.execution.raise_if_cancelled()
        finally:
            self.execution.detach(run)

    def _watch_scan(self, run: TrinoRun) -> None:
        limit = self.execution.request.scan_limit
        if not limit or self.execution.statistics.scanned_bytes + run.statistics.scanned_bytes <= limit:
            return
        # A write that is committed can't be taken back, so it is not called cancelled.
        if run.is_over and self.execution.request.statement.writes:
            return
        run.cancel()
        raise QueryCancelledError(SCAN_LIMIT_EXCEEDED)
