"""Figures and failures in words."""

import pandas as pd
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from tm_lakehouse.athena import QueryFailedError
from tm_lakehouse.dashboard import told
from tm_lakehouse.dashboard.lake import Answer


def answer(**difference):
    return Answer(**{"name": "a", "sql": "", "frame": pd.DataFrame(), "bytes_scanned": 1_500, "dollars": 0.00005,
                     "engine_ms": 700} | difference)  # fmt: skip


def test_costs_are_those_of_what_was_asked_now():
    assert told.cost([answer()]) == "1.5 kB scanned, 0.00005 dollars, 0.7 s"
    assert told.cost([answer(), answer(is_kept=True, engine_ms=9_000)]) == "3.0 kB scanned, 0.00005 dollars, 0.7 s"
    assert told.cost([answer(is_kept=True)]) == "1.5 kB scanned earlier, nothing billed now"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (None, "not known"),
        (0.4, "0 min"),
        (-12, "-12 min"),
        (252.4, "4 h 12 min"),
        (-61, "-1 h 01 min"),
        (59.6, "1 h 00 min"),
    ],
)
def test_minutes(minutes, text):
    assert told.minutes(minutes) == text


def client_error(code):
    return ClientError({"Error": {"Code": code, "Message": "not authorized"}}, "StartQueryExecution")


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (
            QueryFailedError("Athena: TABLE_NOT_FOUND: Table 'gold.dim_course' does not exist", "q", "FAILED"),
            "tm-lakehouse gold",
        ),
        (QueryFailedError("Athena: DIVISION_BY_ZERO", "q", "FAILED"), "query q"),
        (client_error("AccessDeniedException"), "athena-reader"),
        (NoCredentialsError(), "role or profile"),
        (EndpointConnectionError(endpoint_url="http://x"), "make up"),
    ],
)
def test_every_failure_has_a_reason_and_a_remedy(error, remedy):
    failure = told.failure(error)

    assert failure.reason
    assert remedy in failure.next_step
