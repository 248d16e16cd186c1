"""What the Airflow of a lakehouse did, and when, as its API tells."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import boto3

ENDED = ("success", "failed")
POLL_SECONDS = 1.0


@dataclass(frozen=True)
class Journey:
    """A delivery's way from its landing until readers saw it, in seconds: until the pipeline began, and until the end.

    `between_seconds`: the part of the pipeline's run in which no task was going on.
    """

    until_run_seconds: float
    until_gold_seconds: float
    run_seconds: float
    between_seconds: float


@dataclass(frozen=True)
class Conducted:
    """The environment of a deployed lakehouse."""

    environment: str
    mwaa: Any

    @classmethod
    def of(cls, names: Mapping[str, str]) -> "Conducted":
        """By what Terraform named it."""
        return cls(names["TM_AIRFLOW_ENVIRONMENT"], boto3.client("mwaa"))

    def dags(self) -> set[str]:
        """The DAGs that Airflow knows."""
        return {each["dag_id"] for each in self._api("GET", "/dags", limit=100)["dags"]}

    def settle(self, landed: datetime) -> None:
        """Wait until a run of the pipeline has brought what landed then, and nothing follows it."""
        while not any(_is_after(run, landed) and run["state"] in ENDED for run in self._runs("course_pipeline")):
            time.sleep(POLL_SECONDS)
        while any(run["state"] not in ENDED for dag in ("reconcile", "course_pipeline") for run in self._runs(dag)):
            time.sleep(POLL_SECONDS)

    def journey(self, landed: datetime) -> Journey:
        """That of the delivery that landed then.

        Raises:
            SystemExit: no run of the pipeline brought it to Gold.
        """
        later = [run for run in self._runs("course_pipeline") if _is_after(run, landed)]
        brought = [run for run in later if run["state"] == "success" and self._published(run)]
        if not brought:
            raise SystemExit(f"no run of course_pipeline after {landed} published anything: {later}")
        run = brought[-1]
        tasks = self._tasks(run)
        began, ended = _time(run["start_date"]), _time(run["end_date"])
        return Journey(
            (began - landed).total_seconds(),
            (_time(self._published(run)["end_date"]) - landed).total_seconds(),
            (ended - began).total_seconds(),
            (ended - began).total_seconds() - _covered_seconds(tasks),
        )

    @contextmanager
    def paused(self, dag: str) -> Iterator[None]:
        """A DAG starts nothing meanwhile."""
        self._api("PATCH", f"/dags/{dag}", {"is_paused": True})
        try:
            yield
        finally:
            self._api("PATCH", f"/dags/{dag}", {"is_paused": False})

    def _runs(self, dag: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._api("GET", f"/dags/{dag}/dagRuns", order_by="-run_after")["dag_runs"]
        return found

    def _tasks(self, run: Mapping[str, Any]) -> list[dict[str, Any]]:
        path = f"/dags/{run['dag_id']}/dagRuns/{run['dag_run_id']}/taskInstances"
        return [task for task in self._api("GET", path)["task_instances"] if task["state"] == "success"]

    def _published(self, run: Mapping[str, Any]) -> dict[str, Any]:
        return next((task for task in self._tasks(run) if task["task_id"] == "publish_gold"), {})

    def _api(self, method: str, path: str, body: Mapping[str, Any] | None = None, **query: object) -> dict[str, Any]:
        given: dict[str, Any] = {"Body": dict(body)} if body else {}
        given |= {"QueryParameters": query} if query else {}
        answer = self.mwaa.invoke_rest_api(Name=self.environment, Method=method, Path=path, **given)
        found: dict[str, Any] = answer["RestApiResponse"]
        return found


def _covered_seconds(tasks: Sequence[Mapping[str, Any]]) -> float:
    """How long at least one of them was going on."""
    covered, until = 0.0, None
    for began, ended in sorted((_time(task["start_date"]), _time(task["end_date"])) for task in tasks):
        first = began if until is None else max(began, until)
        covered += max(0.0, (ended - first).total_seconds())
        until = ended if until is None else max(until, ended)
    return covered


def _is_after(run: Mapping[str, Any], moment: datetime) -> bool:
    return run["start_date"] is not None and _time(run["start_date"]) > moment


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
