"""Trino's errors in Athena's categories."""

import pytest

from tm_localstack.athena.errors import engine_failure, refusal


@pytest.mark.parametrize(
    ("name", "kind", "category", "number", "retryable"),
    [
        ("TABLE_NOT_FOUND", "USER_ERROR", 2, 1006, False),
        ("SYNTAX_ERROR", "USER_ERROR", 2, 1006, False),
        ("DIVISION_BY_ZERO", "USER_ERROR", 2, 1001, False),
        ("ICEBERG_COMMIT_ERROR", "EXTERNAL", 1, 233, True),
        ("ICEBERG_TOO_MANY_OPEN_PARTITIONS", "USER_ERROR", 2, 233, False),
        ("HIVE_METASTORE_ERROR", "EXTERNAL", 1, 204, True),
        ("EXCEEDED_LOCAL_MEMORY_LIMIT", "INSUFFICIENT_RESOURCES", 1, 0, True),
        ("GENERIC_INTERNAL_ERROR", "INTERNAL_ERROR", 1, 200, True),
        ("GENERIC_USER_ERROR", "USER_ERROR", 2, 1000, False),
    ],
)
def test_an_error_of_the_engine_has_its_category_and_type(name, kind, category, number, retryable):
    failure = engine_failure(name, kind, "line 1:15: why")
    assert failure.reason == f"{name}: line 1:15: why"
    assert failure.as_athena_error() == {
        "ErrorCategory": category,
        "ErrorType": number,
        "Retryable": retryable,
        "ErrorMessage": failure.reason,
    }


@pytest.mark.parametrize(
    ("reason", "number"),
    [
        ("NOT_SUPPORTED: Timestamp precision (3)", 1008),
        ("SYNTAX_ERROR: line 1:1: mismatched input", 1006),
        ("FAILED: SemanticException Table not found", 1003),
        ("The Create Table As Select query failed because: it did", 1003),
    ],
)
def test_a_refusal_keeps_its_text(reason, number):
    failure = refusal(reason)
    assert (failure.reason, failure.category, failure.type) == (reason, 2, number)


def test_a_query_over_its_time_says_only_that():
    failure = engine_failure("EXCEEDED_TIME_LIMIT", "INSUFFICIENT_RESOURCES", "Query exceeded the maximum run time")
    assert (failure.reason, failure.category, failure.type, failure.retryable) == ("Query timeout", 1, 206, False)
