"""Steps that are statements of Trino, and the checks before them."""

from collections.abc import Callable
from typing import Any

from tm_localstack.athena.errors import StatementFailedError, refusal
from tm_localstack.athena.results import ResultColumn, Row, TableResult, TextResult, row_formatter
from tm_localstack.athena.steps.context import StepContext
from tm_localstack.athena.translation import plan
from tm_localstack.athena.translation.iceberg import check_type
from tm_localstack.athena.translation.types import read_trino_type
from tm_localstack.athena.trino_engine import TrinoRun


def run_sql(context: StepContext, step: plan.TrinoSql) -> None:
    """Run a statement; its rows become the result where it gives any."""
    run = context.start(step)
    if step.gives_rows and context.table:
        _fill_table(context, run, context.table)
    else:
        _fill_text(context, run, step.gives_rows)


def check_iceberg_columns(context: StepContext, step: plan.CheckIcebergColumns) -> None:
    """Let Trino name the columns of the query, without reading a row, and refuse what Athena refuses."""
    run = context.start(plan.TrinoSql(f"SELECT * FROM (\n{step.query}\n) LIMIT 0", parameters=step.parameters))
    context.consume(run, lambda _: None)
    for column in run.columns:
        check_type(column["name"], read_trino_type(column["type"]))


def check_empty_location(context: StepContext, step: plan.CheckEmptyLocation) -> None:
    """Refuse to write where objects already are, as Athena does for files that it would mix with."""
    if not context.s3.is_empty(step.location):
        reason = f"HIVE_PATH_ALREADY_EXISTS: Target directory already exists: {step.location}"
        raise StatementFailedError(refusal(reason))


def note_files(context: StepContext, step: plan.NoteFiles) -> None:
    context.execution.written_to = step.location


def _fill_table(context: StepContext, run: TrinoRun, table: TableResult) -> None:
    format_row: Callable[[list[Any]], Row] | None = None

    def take(rows: list[list[Any]]) -> None:
        nonlocal format_row
        if format_row is None and run.columns:
            table.begin([ResultColumn.of_trino(column) for column in run.columns])
            format_row = row_formatter(run.columns)
        if format_row and rows:
            table.append(map(format_row, rows))

    context.consume(run, take)
    context.execution.result = table


def _fill_text(context: StepContext, run: TrinoRun, gives_rows: bool) -> None:
    lines: list[Row] = []

    def take(rows: list[list[Any]]) -> None:
        if gives_rows:
            lines.extend([line] for row in rows for line in str(row[0]).splitlines())

    context.consume(run, take)
    columns = [ResultColumn.of_trino(column) for column in run.columns]
    # A plan's text begins with the name of its column: dbt-athena's tests read it so from Athena.
    header: list[Row] = [[columns[0].name]] if gives_rows and columns else []
    context.execution.result = TextResult(columns, header + lines)
    if run.update_count is not None:
        context.execution.update_count = run.update_count
