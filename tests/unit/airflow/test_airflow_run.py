"""What the command line makes of a run in Airflow."""

import json

import pytest

from tm_lakehouse.airflow_run import PIPELINE, TaskState, log_lines, new_run_id

MOST_CHARACTERS = 64


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
    assert TaskState("report", state, 1, None).has_ended is has_ended
