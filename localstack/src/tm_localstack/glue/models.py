"""State of the Glue service: job definitions, their runs, triggers."""

import secrets
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from localstack.services.stores import AccountRegionBundle, BaseStore, LocalAttribute

from tm_localstack.glue import job_arguments

ACTIVE_STATES = frozenset({"STARTING", "RUNNING", "STOPPING"})
DPU_OF_WORKER = {
    "Standard": 1.0,
    "G.025X": 0.25,
    "G.1X": 1.0,
    "G.2X": 2.0,
    "G.4X": 4.0,
    "G.8X": 8.0,
    "G.12X": 12.0,
    "G.16X": 16.0,
    "R.1X": 1.0,
    "R.2X": 2.0,
    "R.4X": 4.0,
    "R.8X": 8.0,
}
LOG_GROUP_PREFIX = "/aws-glue/jobs"

Definition = dict[str, Any]


def new_run_id() -> str:
    return f"jr_{secrets.token_hex(32)}"


@dataclass(eq=False)
class JobRun:
    """One attempt to run a job. `definition` is the job as it was when the run was asked for."""

    job_name: str
    definition: Definition
    request: dict[str, Any]
    account_id: str
    region: str
    id: str = field(default_factory=new_run_id)
    attempt: int = 0
    previous_run_id: str | None = None
    trigger_name: str | None = None
    state: str = "STARTING"
    error: str | None = None
    started_on: datetime = field(default_factory=lambda: datetime.now(UTC))
    modified_on: datetime = field(default_factory=lambda: datetime.now(UTC))
    completed_on: datetime | None = None
    launched_on: datetime | None = None
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_STATES

    @property
    def timeout_minutes(self) -> int:
        return int(self._setting("Timeout"))

    @property
    def dpus(self) -> float:
        """Capacity in data processing units."""
        if "NumberOfWorkers" in self.request or "WorkerType" in self.request:
            return DPU_OF_WORKER[self._setting("WorkerType")] * int(self._setting("NumberOfWorkers"))
        return float(self._setting("MaxCapacity"))

    def arguments(self) -> dict[str, str]:
        """The job's arguments with the run's."""
        return job_arguments.merge(
            self.definition.get("DefaultArguments", {}),
            self.request.get("Arguments", {}),
            self.definition.get("NonOverridableArguments", {}),
        )

    def move(self, state: str, error: str | None = None) -> bool:
        """Enter a state; False, and nothing changes, when the run had already ended or a stop was asked for."""
        with self.lock:
            if not self.is_active or (state == "RUNNING" and self.state == "STOPPING"):
                return False
            now = datetime.now(UTC)
            self.state, self.error, self.modified_on = state, error, now
            if state == "RUNNING":
                self.launched_on = now
            elif not self.is_active:
                self.completed_on = now
            return True

    def execution_seconds(self) -> int:
        """Seconds in which the run used its workers; provisioning does not count."""
        if self.launched_on is None:
            return 0
        return int(((self.completed_on or datetime.now(UTC)) - self.launched_on).total_seconds())

    def describe(self) -> dict[str, Any]:
        """The run as GetJobRun tells it."""
        known = {
            "Id": self.id,
            "Attempt": self.attempt,
            "PreviousRunId": self.previous_run_id,
            "TriggerName": self.trigger_name,
            "JobName": self.job_name,
            "JobMode": self.definition.get("JobMode"),
            "StartedOn": self.started_on,
            "LastModifiedOn": self.modified_on,
            "CompletedOn": self.completed_on,
            "JobRunState": self.state,
            "Arguments": self.request.get("Arguments", {}),
            "ErrorMessage": self.error,
            "PredecessorRuns": [],
            "ExecutionTime": self.execution_seconds(),
            "Timeout": self.timeout_minutes,
            "AllocatedCapacity": int(self.dpus),
            "MaxCapacity": self.dpus,
            "WorkerType": self._setting("WorkerType"),
            "NumberOfWorkers": self._setting("NumberOfWorkers"),
            "SecurityConfiguration": self._setting("SecurityConfiguration"),
            "LogGroupName": LOG_GROUP_PREFIX,
            "GlueVersion": self.definition["GlueVersion"],
            "DPUSeconds": self.dpus * self.execution_seconds() if self.completed_on else None,
            "ExecutionClass": self._setting("ExecutionClass"),
        }
        return {name: value for name, value in known.items() if value is not None}

    def next_attempt(self) -> "JobRun":
        """The run that Glue starts by itself when this one failed."""
        first = self.id.split("_attempt_")[0]
        return JobRun(
            job_name=self.job_name,
            definition=self.definition,
            request=self.request,
            account_id=self.account_id,
            region=self.region,
            id=f"{first}_attempt_{self.attempt + 1}",
            attempt=self.attempt + 1,
            previous_run_id=self.id,
            trigger_name=self.trigger_name,
        )

    def _setting(self, name: str) -> Any:
        return self.request.get(name, self.definition.get(name))


@dataclass(eq=False)
class Trigger:
    """A trigger as defined, its state, and which conditions the runs since its last start have met."""

    definition: Definition
    state: str
    met_conditions: set[int] = field(default_factory=set)
    next_start: datetime | None = None

    def describe(self) -> dict[str, Any]:
        """The trigger as GetTrigger tells it."""
        return {**self.definition, "State": self.state}

    def starts(self, job_name: str) -> bool:
        return any(action.get("JobName") == job_name for action in self.definition["Actions"])

    def note_end(self, job_name: str, state: str) -> bool:
        """Take note of how a watched run ended; True when the predicate is met, which then begins anew."""
        predicate = self.definition.get("Predicate") or {}
        conditions = predicate.get("Conditions", [])
        for number, condition in enumerate(conditions):
            if condition["JobName"] == job_name:
                met = condition["State"] == state
                (self.met_conditions.add if met else self.met_conditions.discard)(number)
        enough = 1 if predicate.get("Logical") == "ANY" else len(conditions)
        if not conditions or len(self.met_conditions) < enough:
            return False
        self.met_conditions.clear()
        return True


class GlueStore(BaseStore):
    """Jobs, runs (by job, then id, oldest first) and triggers of one account and region."""

    jobs: dict[str, Definition] = LocalAttribute(default=dict)
    runs: dict[str, dict[str, JobRun]] = LocalAttribute(default=dict)
    triggers: dict[str, Trigger] = LocalAttribute(default=dict)


glue_stores: AccountRegionBundle = AccountRegionBundle("glue", GlueStore)
