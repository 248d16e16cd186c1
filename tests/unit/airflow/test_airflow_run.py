"""What the command line makes of a run in Airflow."""

import json
from datetime import UTC, datetime

import boto3
import pytest
from botocore.stub import Stubber

from tm_lakehouse import airflow_run
from tm_lakehouse.airflow_run import PIPELINE, AirflowEnvironment, TaskState, log_lines, new_run_id

MOST_CHARACTERS = 64
END = datetime(2025, 9, 1, 12, 0, 0, tzinfo=UTC)
ENDED = TaskState("report", "success", 1, END, END)
EARLY, LATE = ({"timestamp": int(END.timestamp() * 1000) + late, "message": f"{late}"} for late in (-5000, 10))


@pytest.fixture
def environment(monkeypatch):
    """An environment without AWS, that polls at once."""
    monkeypatch.setattr(airflow_run, "POLL_SECONDS", 0.0)
    keys = {"region_name": "us-east-1", "aws_access_key_id": "x", "aws_secret_access_key": "x"}
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", boto3.Session(**keys))
    return AirflowEnvironment("env")


@pytest.fixture
def logs(environment):
    """The answers of CloudWatch, in their order."""
    with Stubber(environment._logs) as stub:
        yield stub


def test_the_paths_of_a_run_are_as_short_as_mwaa_describes_them():
    path = f"/dags/{PIPELINE}/dagRuns/{new_run_id('2025-09-01')}/taskInstances"

    assert len(path) <= MOST_CHARACTERS


def test_two_runs_of_a_date_have_different_names():
    assert len({new_run_id("2025-09-01") for _ in range(20)}) == 20


@pytest.mark.parametrize(
    ("message", "lines"),
    [
        ("plain", ["plain"]),
        ("7", ["7"]),
        (json.dumps({"event": "done", "level": "info"}), ["done"]),
        (
            json.dumps({"event": "Task failed", "error_detail": [{"exc_type": "KeyError", "exc_value": "'TM_X'"}]}),
            ["Task failed", "KeyError: 'TM_X'"],
        ),
    ],
)
def test_an_event_says_its_text_and_its_error(message, lines):
    assert log_lines(message) == lines


@pytest.mark.parametrize(("state", "has_ended"), [(None, False), ("running", False), ("failed", True)])
def test_a_task_that_has_not_begun_has_not_ended(state, has_ended):
    assert TaskState("report", state, 1).has_ended is has_ended


def test_a_log_is_waited_for_until_its_last_part_is_there(environment, logs):
    logs.add_client_error("get_log_events", "ResourceNotFoundException")
    for events in ([], [EARLY], [EARLY, LATE]):
        logs.add_response("get_log_events", {"events": events})

    assert environment.last_lines("r1", ENDED) == ["-5000", "10"]
    logs.assert_no_pending_responses()


def test_a_log_whose_last_part_does_not_come_is_told_as_it_is(environment, logs, monkeypatch):
    monkeypatch.setattr(airflow_run, "LOG_SECONDS", 0.0)
    logs.add_response("get_log_events", {"events": [EARLY]})

    assert environment.last_lines("r1", ENDED) == ["-5000"]
