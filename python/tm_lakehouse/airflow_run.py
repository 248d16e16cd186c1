"""Start a run of a DAG through MWAA's API and watch it, on AWS and on the laptop alike."""

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_logs.type_defs import OutputLogEventTypeDef

PIPELINE = "course_pipeline"
FINAL_STATES = ("success", "failed")
ENDED_TASK_STATES = ("success", "failed", "skipped", "upstream_failed", "removed")
LINES_TOLD = 8
# How long a log is waited for whose task has ended, and how much earlier than the task its last line may be.
LOG_SECONDS = 30.0
SILENT_SECONDS = 2.0
POLL_SECONDS = 1.0
NOT_FOUND = 404


@dataclass(frozen=True)
class TaskState:
    """One task of a run: its state (None: not begun), which attempt it is, and when that began and ended."""

    name: str
    state: str | None
    attempt: int
    began: datetime | None = None
    ended: datetime | None = None

    @property
    def seconds(self) -> float | None:
        """How long its last attempt took. Airflow 3.0's own `duration` does not tell: it is twice that, or negative."""
        return (self.ended - self.began).total_seconds() if self.began and self.ended else None

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED_TASK_STATES


@dataclass(frozen=True)
class RunState:
    """One run of the pipeline; `began_at` is None while it waits."""

    run_id: str
    state: str
    began_at: str | None


@dataclass(frozen=True)
class Pool:
    """How many tasks of a kind Airflow lets go on at once. Tasks that name a pool wait for ever where there is none."""

    name: str
    slots: int
    description: str


class NotAnsweringError(LakehouseError):
    """Airflow is not to be had at the moment: its environment is being changed, or its web server is busy."""


class _RefusedError(LakehouseError):
    """Airflow's API took a request for wrong."""

    def __init__(self, response: Mapping[str, Any]) -> None:
        detail = json.dumps(response.get("RestApiResponse", {}))
        super().__init__(f"Airflow refused: {detail}", "Check the parameters, and that the DAG is there.")
        self.status: int | None = response.get("RestApiStatusCode")


class AirflowEnvironment:
    """One MWAA environment, with the credentials of the process."""

    def __init__(self, name: str) -> None:
        import boto3

        self.name = name
        self._mwaa: Any = boto3.client("mwaa")
        self._logs: CloudWatchLogsClient = boto3.client("logs")

    def status(self) -> str:
        """AVAILABLE, or what MWAA is doing to it.

        Raises:
            LakehouseError: there is no such environment.
        """
        return str(self._call(self._mwaa.get_environment)["Environment"]["Status"])

    def login_address(self) -> str:
        """An address that signs in; good for a minute.

        Raises:
            LakehouseError: there is no such environment, or it is not available.
        """
        given = self._call(self._mwaa.create_web_login_token)
        return f"{self.address()}/aws_mwaa/aws-console-sso?login=true#{given['WebToken']}"

    def address(self) -> str:
        """Where its pages are."""
        host = str(self._call(self._mwaa.get_environment)["Environment"]["WebserverUrl"])
        # A host with a port is no address of AWS's, whose web servers all speak TLS.
        return f"{'http' if ':' in host else 'https'}://{host}"

    def start(self, conf: Mapping[str, Any], run_id: str) -> None:
        """Start a run of the pipeline with these parameters."""
        body = {"dag_run_id": run_id, "logical_date": None, "conf": dict(conf)}
        self._api("POST", f"/dags/{PIPELINE}/dagRuns", body)

    def newest_run(self) -> RunState | None:
        """The run of the pipeline that was asked for last."""
        path, query = f"/dags/{PIPELINE}/dagRuns", {"order_by": "-run_after", "limit": 1}
        answer = self._call(self._mwaa.invoke_rest_api, Method="GET", Path=path, QueryParameters=query)
        runs = answer["RestApiResponse"]["dag_runs"]
        return RunState(runs[0]["dag_run_id"], runs[0]["state"], runs[0]["start_date"]) if runs else None

    def state(self, run_id: str) -> str:
        """State of a run: queued, running, success or failed."""
        return str(self._api("GET", f"/dags/{PIPELINE}/dagRuns/{run_id}")["state"])

    def tasks(self, run_id: str) -> list[TaskState]:
        """The tasks of a run."""
        found = self._api("GET", f"/dags/{PIPELINE}/dagRuns/{run_id}/taskInstances")["task_instances"]
        return [_task_state(each) for each in found]

    def last_lines(self, run_id: str, task: TaskState) -> list[str]:
        """The last lines of the log of a task that has ended; CloudWatch gets its last part only after that end."""
        stream = f"dag_id={PIPELINE}/run_id={run_id}/task_id={task.name}/attempt={task.attempt}.log"
        deadline = time.monotonic() + LOG_SECONDS
        while not _is_whole(events := self._events(stream), task) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        return [line for event in events for line in log_lines(event["message"])][-LINES_TOLD:]

    def _events(self, stream: str) -> "list[OutputLogEventTypeDef]":
        try:
            return self._logs.get_log_events(logGroupName=f"airflow-{self.name}-Task", logStreamName=stream)["events"]
        except self._logs.exceptions.ResourceNotFoundException:
            return []

    def keep_pool(self, pool: Pool) -> None:
        """Make a pool, or bring it to the size and description given."""
        body = {
            "name": pool.name,
            "slots": pool.slots,
            "description": pool.description,
            # Tasks that wait in a triggerer hold their slot: what they wait for goes on.
            "include_deferred": True,
        }
        try:
            self._call(self._mwaa.invoke_rest_api, Method="PATCH", Path=f"/pools/{pool.name}", Body=body)
        except _RefusedError as refused:
            if refused.status != NOT_FOUND:
                raise
            self._api("POST", "/pools", body)

    def _api(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        given = {"Body": dict(body)} if body is not None else {}
        answer = self._call(self._mwaa.invoke_rest_api, Method=method, Path=path, **given)
        result: dict[str, Any] = answer["RestApiResponse"]
        return result

    def _call(self, operation: Any, **request: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = operation(Name=self.name, **request)
        except (
            self._mwaa.exceptions.ResourceNotFoundException,
            self._mwaa.exceptions.RestApiServerException,
        ) as error:
            raise NotAnsweringError(
                f"Airflow is not to be had: {error}", "`aws mwaa get-environment` tells its status."
            ) from None
        except self._mwaa.exceptions.RestApiClientException as error:
            raise _RefusedError(error.response) from None
        return answer


def _task_state(instance: Mapping[str, Any]) -> TaskState:
    began, ended = (
        datetime.fromisoformat(instance[name]) if instance[name] else None for name in ("start_date", "end_date")
    )
    return TaskState(instance["task_id"], instance["state"], instance["try_number"], began, ended)


def _is_whole(events: "Sequence[OutputLogEventTypeDef]", task: TaskState) -> bool:
    """Whether a log's last part is there, by the time of its last event (in milliseconds)."""
    if not events:
        return False
    return task.ended is None or events[-1]["timestamp"] / 1000 >= task.ended.timestamp() - SILENT_SECONDS


def new_run_id(ingest_date: str | None) -> str:
    """Short: MWAA's API describes paths of at most 64 characters, and the run's name is in them."""
    return f"{ingest_date.replace('-', '') if ingest_date else 'pending'}-{secrets.token_hex(3)}"


def log_lines(message: str) -> list[str]:
    """What one event of a task's log says: its text, and the error it carries."""
    try:
        event = json.loads(message)
    except ValueError:
        return [message]
    if not isinstance(event, dict):
        return [message]
    errors = [f"{each.get('exc_type')}: {each.get('exc_value')}" for each in event.get("error_detail") or []]
    return [str(event.get("event", message)), *errors]
