"""An execution as Athena's API describes it."""

from datetime import UTC, datetime
from typing import Any

from tm_localstack.athena.execution import Execution
from tm_localstack.athena.models import ENGINE_VERSION


def query_execution(execution: Execution) -> dict[str, Any]:
    """The QueryExecution of an execution."""
    request = execution.request
    result_configuration = request.result_configuration | {"OutputLocation": execution.output_location}
    parameters = {"ExecutionParameters": list(request.parameters)} if request.parameters else {}
    return {
        "QueryExecutionId": execution.id,
        "Query": request.text,
        "StatementType": request.statement.type,
        "SubstatementType": request.statement.subtype,
        "ResultConfiguration": result_configuration,
        "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": _reuse_by_age(request.reuse_minutes)},
        "QueryExecutionContext": {"Database": request.database, "Catalog": request.catalog},
        "Status": _status(execution),
        "Statistics": _statistics(execution),
        "WorkGroup": request.workgroup,
        "EngineVersion": ENGINE_VERSION,
        **parameters,
    }


def runtime_statistics(execution: Execution) -> dict[str, Any]:
    """The QueryRuntimeStatistics of an execution."""
    used = execution.statistics
    rows = {
        "InputRows": used.input_rows,
        "InputBytes": used.scanned_bytes,
        "OutputRows": execution.update_count or used.output_rows,
        "OutputBytes": used.output_bytes,
    }
    return {"Timeline": _times(execution), "Rows": rows}


def _status(execution: Execution) -> dict[str, Any]:
    status: dict[str, Any] = {"State": execution.state, "SubmissionDateTime": execution.submitted}
    if execution.completed:
        status["CompletionDateTime"] = execution.completed
    if execution.reason:
        status["StateChangeReason"] = execution.reason
    if execution.failure:
        status["AthenaError"] = execution.failure.as_athena_error()
    return status


def _statistics(execution: Execution) -> dict[str, Any]:
    reuse = {"ResultReuseInformation": {"ReusedPreviousResult": execution.reused is not None}}
    manifest = {"DataManifestLocation": execution.manifest} if execution.manifest else {}
    return {**_times(execution), "DataScannedInBytes": execution.statistics.scanned_bytes, **manifest, **reuse}


def _reuse_by_age(minutes: int | None) -> dict[str, Any]:
    return {"Enabled": False} if minutes is None else {"Enabled": True, "MaxAgeInMinutes": minutes}


def _times(execution: Execution) -> dict[str, int]:
    end = execution.completed or datetime.now(UTC)
    used = execution.statistics
    # Clients take no time at all for a time that is not told.
    waited = max(_milliseconds(execution.submitted, execution.started or end), 1)
    worked = _milliseconds(execution.started, end) if execution.started else 0
    return {
        "TotalExecutionTimeInMillis": waited + worked,
        "QueryQueueTimeInMillis": waited + used.queued_ms,
        "EngineExecutionTimeInMillis": max(worked - execution.saving_ms - used.queued_ms, 0),
        "QueryPlanningTimeInMillis": used.planning_ms,
        "ServicePreProcessingTimeInMillis": 0,
        "ServiceProcessingTimeInMillis": execution.saving_ms,
    }


def _milliseconds(begin: datetime, end: datetime) -> int:
    return int((end - begin).total_seconds() * 1000)
