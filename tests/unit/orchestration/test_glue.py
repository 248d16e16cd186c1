"""Whatever a Glue run ends in: only success is one, and everything else says why and where to read on."""

import pytest

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.glue_run import ACTIVE_STATES, FinishedRun
from tm_lakehouse.orchestration import glue

ENDS = ("FAILED", "STOPPED", "TIMEOUT", "ERROR", "EXPIRED")


class EndedRun:
    """Stands for a run that has ended, and prints twelve lines before."""

    state = "SUCCEEDED"
    message = None

    def __init__(self, job, run_id):
        self.run_id = run_id

    def follow(self, on_line):
        for number in range(12):
            on_line(f"line {number}")
        return FinishedRun(self.run_id, self.state, self.message, 1, 2.0)


@pytest.fixture
def ended(monkeypatch):
    def end(state, message):
        monkeypatch.setattr(EndedRun, "state", state)
        monkeypatch.setattr(EndedRun, "message", message)

    monkeypatch.setattr(glue, "GlueRun", EndedRun)
    return end


def test_success_is_given_and_every_line_told(ended):
    ended("SUCCEEDED", None)
    lines = []

    assert glue.finished_run("upkeep", "jr_1", lines.append).run_id == "jr_1"
    assert lines == [f"line {number}" for number in range(12)]


@pytest.mark.parametrize("state", ENDS)
def test_any_other_end_fails_with_glues_message_the_last_lines_and_where_to_read_on(ended, state):
    ended(state, "no memory")

    with pytest.raises(LakehouseError) as raised:
        glue.finished_run("upkeep", "jr_1", lambda _: None)
    said = str(raised.value)
    assert said.startswith(f"The run jr_1 of upkeep is not sound: it ended as {state}: no memory")
    assert "line 11" in said
    assert "line 1 " not in said
    assert "/aws-glue/jobs/error" in said


def test_no_end_is_taken_for_a_run_that_goes_on():
    assert not set(ACTIVE_STATES) & {*ENDS, "SUCCEEDED"}
