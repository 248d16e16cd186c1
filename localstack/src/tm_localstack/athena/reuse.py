"""The result of an earlier query, given again instead of running the same query once more."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tm_localstack.athena.execution import Execution, QueryRequest
from tm_localstack.athena.s3_locations import S3Locations
from tm_localstack.athena.translation.lexer import Kind, tokenize
from tm_localstack.athena.translation.statement import Statement

DEFAULT_MINUTES = 60
MOST_MINUTES = 10_080
# A query with one of these has another result each time, so Athena runs it.
_CHANGING = frozenset(
    {
        "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "now", "rand", "random",
        "shuffle", "uuid",
    }
)  # fmt: skip


def earlier_result(request: QueryRequest, executions: Sequence[Execution], s3: S3Locations) -> Execution | None:
    """The newest of `executions` (oldest first) whose result answers `request`, if that allows one so old.

    The data of its tables may have changed since: Athena does not look either.
    """
    if request.reuse_minutes is None or not _is_reusable(request.statement):
        return None
    oldest = datetime.now(UTC) - timedelta(minutes=request.reuse_minutes)
    matching = (
        execution
        for execution in reversed(executions)
        if execution.state == "SUCCEEDED"
        and execution.reuses is None
        and execution.completed
        and execution.completed >= oldest
        and _identity(execution.request) == _identity(request)
    )
    return next((execution for execution in matching if s3.has(execution.output_location)), None)


def _is_reusable(statement: Statement) -> bool:
    words = {token.text.lower() for token in tokenize(statement.sql) if token.kind is Kind.WORD}
    return statement.subtype == "SELECT" and not words & _CHANGING


def _identity(request: QueryRequest) -> tuple[object, ...]:
    return (
        request.text,
        request.statement.sql,
        request.parameters,
        request.workgroup,
        request.catalog,
        request.database,
        request.result_configuration,
    )
