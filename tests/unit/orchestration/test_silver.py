"""What is wrong with a Silver run, whatever way it ended."""

import datetime as dt
from dataclasses import replace

import pytest

from tm_lakehouse.glue_run import FinishedRun
from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.landing_to_silver.run_records import Failure
from tm_lakehouse.orchestration.silver import problems_of, told
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.silver_runs.launch import RunOutcome

DAY = dt.date(2025, 9, 1)
SUCCEEDED = FinishedRun("jr_1", "SUCCEEDED", None, 12, 24.0)
COUNTS = {
    "files_read": 1,
    "bytes_read": 10,
    "records_read": 2,
    "slots_read": 5,
    "rows_written": 3,
    "empty_slots": 1,
    "duplicates": 1,
    "superseded": 0,
    "quarantined_slots": 0,
    "rounds_written": 2,
    "rounds_superseded": 0,
    "rounds_duplicate": 0,
    "records_quarantined": 0,
    "rounds_replaced": 0,
    "rounds_not_replaced": 0,
    "files_written": 1,
    "bytes_written": 5,
}
SOUND = RunSummary("jr_1", "erinhills", DAY.isoformat(), "", "", "", **COUNTS)
OUTCOME = RunOutcome([Prefix("erinhills", DAY)], SUCCEEDED, [SOUND], [])


def test_a_sound_run_has_no_problem_and_tells_its_numbers():
    assert problems_of(OUTCOME) == []
    assert told(OUTCOME)["rows_written"] == 3
    assert (told(OUTCOME)["deliveries"], told(OUTCOME)["dpu_seconds"]) == (1, 24.0)


@pytest.mark.parametrize("state", ["FAILED", "STOPPED", "TIMEOUT", "ERROR", "EXPIRED"])
def test_any_end_but_success_is_told_with_glues_message_and_the_last_lines(state):
    ended = replace(OUTCOME, finished=replace(SUCCEEDED, state=state, message="no memory"))

    assert problems_of(ended, ["one", "two"]) == [f"it ended as {state}: no memory (its last lines: one | two)"]


def test_a_delivery_left_out_is_told_with_its_cause():
    failure = Failure("jr_1", "erinhills", DAY.isoformat(), "", "no file can be read")
    found = problems_of(replace(OUTCOME, summaries=[], failures=[failure]))

    assert found == ["erinhills 2025-09-01 was left out: no file can be read"]


def test_accounts_that_do_not_add_up_are_a_problem_of_a_run_that_succeeded():
    found = problems_of(replace(OUTCOME, summaries=[replace(SOUND, rows_written=2)]))

    assert found == ["erinhills 2025-09-01: 5 slots read, 4 accounted for"]


def test_a_delivery_that_nothing_is_told_of_is_a_problem():
    both = [Prefix("erinhills", DAY), Prefix("pinehurst4", DAY)]

    assert problems_of(replace(OUTCOME, prefixes=both)) == [
        "nothing is told of course_id=pinehurst4/ingest_date=2025-09-01/"
    ]
