"""Gives the result of an earlier run of the same query again, where the request allows it."""

from collections.abc import Iterable
from datetime import timedelta

from tm_localstack.athena.execution import Execution, QueryRequest
from tm_localstack.athena.models import now
from tm_localstack.athena.s3_locations import S3Locations


def reusable(executions: Iterable[Execution], request: QueryRequest, s3: S3Locations) -> Execution | None:
    """The last run whose stored result answers the request, or None."""
    if request.reuse_minutes is None or not request.statement.gives_table:
        return None
    oldest = now() - timedelta(minutes=request.reuse_minutes)
    fitting = [
        earlier
        for earlier in executions
        if earlier.state == "SUCCEEDED"
        and earlier.reused is None
        and earlier.completed
        and earlier.completed >= oldest
        and _question(earlier.request) == _question(request)
    ]
    last = max(fitting, key=lambda earlier: earlier.completed or oldest, default=None)
    return last if last and s3.has_object(last.output_location) else None


def _question(request: QueryRequest) -> tuple[object, ...]:
    return (
        request.statement.sql,
        request.parameters,
        request.workgroup,
        request.catalog,
        request.database,
        request.result_configuration,
    )
