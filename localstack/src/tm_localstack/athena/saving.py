"""Puts a query's result into S3, as the objects that Athena leaves there."""

import time

from tm_localstack.athena.errors import RESULT_WRITE_ERROR, USER, Failure, StatementFailedError
from tm_localstack.athena.execution import Execution
from tm_localstack.athena.result_metadata import metadata
from tm_localstack.athena.results import TableResult, TextResult
from tm_localstack.athena.s3_locations import S3Locations


def save(execution: Execution, s3: S3Locations) -> None:
    """Write result and metadata objects.

    Raises:
        StatementFailedError: S3 refused them.
    """
    began = time.monotonic()
    try:
        _save(execution, s3)
    except Exception as error:
        reason = f"Failed to write query results to {execution.output_location}: {error}"
        raise StatementFailedError(Failure(reason, USER, RESULT_WRITE_ERROR)) from error
    finally:
        execution.saving_ms = int((time.monotonic() - began) * 1000)


def _save(execution: Execution, s3: S3Locations) -> None:
    location, result = execution.output_location, execution.result
    if isinstance(result, TableResult):
        with result.path.open("rb") as file:
            s3.put(location, file, "text/csv")
    elif isinstance(result, TextResult) and location.endswith(".txt"):
        s3.put(location, result.text.encode(), "text/plain")
    if execution.written_to:
        execution.manifest = f"{location}-manifest.csv"
        files = s3.list(execution.written_to)
        s3.put(execution.manifest, "".join(f"{file}\n" for file in files).encode(), "text/csv")
    s3.put(f"{location}.metadata", metadata(execution.id, result.columns), "application/octet-stream")
