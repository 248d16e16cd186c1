"""How `run` follows a run of Airflow's that goes on while Airflow says nothing."""

import pytest

from tm_lakehouse.airflow_run import NotAnsweringError, TaskState
from tm_lakehouse.cli import airflow

DONE = [TaskState("report", "success", 1)]


class Changing:
    """An environment that answers with what `says` holds: the state of a run, or nothing."""

    def __init__(self, says, status="AVAILABLE"):
        self.says = iter(says)
        self._status = status

    def state(self, run_id):
        said = next(self.says)
        if said is None:
            raise NotAnsweringError("Airflow is not to be had: updating", "look")
        return said

    def tasks(self, run_id):
        return DONE

    def status(self):
        return self._status


class Noted(list):
    """A stage that keeps what it was told."""

    update = list.append


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(airflow, "POLL_SECONDS", 0.0)


def test_an_update_in_between_is_waited_for(monkeypatch):
    monkeypatch.setattr(airflow, "SILENCE_SECONDS", -1.0)
    progress = Noted()

    assert airflow._follow(Changing(["running", None, None, "success"], "UPDATING"), "r1", progress) == "success"
    assert "Airflow does not answer; its environment is UPDATING" in progress


def test_a_short_silence_is_waited_for():
    assert airflow._follow(Changing([None, "success"]), "r1", Noted()) == "success"


def test_a_long_silence_is_told(monkeypatch):
    monkeypatch.setattr(airflow, "SILENCE_SECONDS", -1.0)

    with pytest.raises(NotAnsweringError):
        airflow._follow(Changing(["running", None, "success"]), "r1", Noted())
