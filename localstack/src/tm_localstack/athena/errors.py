"""Trino's errors in Athena's words: category, type, whether a retry may help, and the reason of the state."""

from dataclasses import dataclass
from typing import Any

SYSTEM, USER, OTHER = 1, 2, 3

INTERNAL_ERROR = 200
METASTORE_ERROR = 204
QUERY_TIMEOUT = 206
ICEBERG_ERROR = 233
RESOURCES_EXHAUSTED = 0
RESULT_WRITE_ERROR = 401
USER_ERROR = 1000
DATA_ERROR = 1001
DDL_FAILED = 1003
SCHEMA_ERROR = 1004
SYNTAX_ERROR = 1006
QUERY_REJECTED = 1008

# Athena's types by the beginning of what Trino calls an error; the first that fits.
_TYPES = (
    ("ICEBERG_", ICEBERG_ERROR),
    ("HIVE_METASTORE_ERROR", METASTORE_ERROR),
    ("HIVE_", DATA_ERROR),
    ("SYNTAX_ERROR", SYNTAX_ERROR),
    ("TABLE_NOT_FOUND", SYNTAX_ERROR),
    ("COLUMN_NOT_FOUND", SYNTAX_ERROR),
    ("SCHEMA_NOT_FOUND", SYNTAX_ERROR),
    ("CATALOG_NOT_FOUND", SYNTAX_ERROR),
    ("FUNCTION_NOT_FOUND", SYNTAX_ERROR),
    ("TYPE_MISMATCH", SYNTAX_ERROR),
    ("EXCEEDED_TIME_LIMIT", QUERY_TIMEOUT),
    ("EXCEEDED_", RESOURCES_EXHAUSTED),
    ("NOT_SUPPORTED", QUERY_REJECTED),
    ("INVALID_TABLE_PROPERTY", QUERY_REJECTED),
    ("INVALID_", DATA_ERROR),
    ("DIVISION_BY_ZERO", DATA_ERROR),
    ("NUMERIC_VALUE_OUT_OF_RANGE", DATA_ERROR),
)
_CATEGORIES = {"USER_ERROR": USER, "INTERNAL_ERROR": SYSTEM, "INSUFFICIENT_RESOURCES": SYSTEM, "EXTERNAL": SYSTEM}
_RETRYABLE = {METASTORE_ERROR, RESOURCES_EXHAUSTED, INTERNAL_ERROR}
_CONFLICT = "ICEBERG_COMMIT_ERROR"


@dataclass(frozen=True)
class Failure:
    """Why an execution failed, as GetQueryExecution says it."""

    reason: str
    category: int
    type: int
    retryable: bool = False

    def as_athena_error(self) -> dict[str, Any]:
        return {
            "ErrorCategory": self.category,
            "ErrorType": self.type,
            "Retryable": self.retryable,
            "ErrorMessage": self.reason,
        }


class StatementFailedError(Exception):
    """A statement failed while it ran; `failure` says how."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


class EngineError(StatementFailedError):
    """Trino refused or failed a statement."""

    @classmethod
    def of(cls, name: str, error_type: str, message: str) -> "EngineError":
        """From Trino's error name, error type and message."""
        return cls(engine_failure(name, error_type, message))


class EngineUnavailableError(StatementFailedError):
    """Trino does not answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(Failure(reason, SYSTEM, INTERNAL_ERROR, retryable=True))


def engine_failure(name: str, error_type: str, message: str) -> Failure:
    """The failure that an error of Trino means."""
    athena_type = next((number for prefix, number in _TYPES if name.startswith(prefix)), None)
    category = _CATEGORIES.get(error_type, OTHER)
    if athena_type is None:
        athena_type = USER_ERROR if category == USER else INTERNAL_ERROR
    if athena_type == QUERY_TIMEOUT:
        return Failure("Query timeout", category, athena_type)
    retryable = name == _CONFLICT or athena_type in _RETRYABLE
    return Failure(f"{name}: {message}", category, athena_type, retryable)


def ddl_failure(reason: str) -> Failure:
    """A failure of the statements that only touch the catalog."""
    return Failure(reason, USER, DDL_FAILED)


def refusal(reason: str) -> Failure:
    """A statement that Athena does not accept. `reason` begins with the error's name, where it has one."""
    name, _, message = reason.partition(": ")
    if message and name.isupper() and name != "FAILED":
        return engine_failure(name, "USER_ERROR", message)
    return ddl_failure(reason)
