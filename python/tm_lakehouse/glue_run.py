"""Start a Glue job run and follow it to its end."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tm_lakehouse.errors import LakehouseError

if TYPE_CHECKING:
    from mypy_boto3_glue.type_defs import JobRunTypeDef
    from mypy_boto3_logs import CloudWatchLogsClient

ACTIVE_STATES = ("STARTING", "RUNNING", "STOPPING", "WAITING")
OUTPUT_LOG = "/aws-glue/jobs/output"
ERROR_LOG = "/aws-glue/jobs/error"
POLL_SECONDS = 1.0


class TooManyRunsError(LakehouseError):
    """As many runs of a job are active as it allows."""


@dataclass(frozen=True)
class FinishedRun:
    """How a run ended. `dpu_seconds` is what AWS bills."""

    run_id: str
    state: str
    message: str | None
    execution_seconds: int
    dpu_seconds: float


class GlueRun:
    """One run of a job."""

    def __init__(self, job: str, run_id: str) -> None:
        import boto3

        self.job = job
        self.run_id = run_id
        self._glue = boto3.client("glue")
        self._logs: CloudWatchLogsClient = boto3.client("logs")
        self._lines = self._new_lines()

    @classmethod
    def start(cls, job: str, arguments: Mapping[str, str]) -> "GlueRun":
        """Start a run.

        Raises:
            LakehouseError: there is no such job.
            TooManyRunsError: no further run of it may be active.
        """
        import boto3

        glue = boto3.client("glue")
        try:
            return cls(job, glue.start_job_run(JobName=job, Arguments=dict(arguments))["JobRunId"])
        except glue.exceptions.EntityNotFoundException:
            raise LakehouseError(f"There is no Glue job {job}.", "Make it with `make apply`.") from None
        except glue.exceptions.ConcurrentRunsExceededException:
            raise TooManyRunsError(
                f"Too many runs of {job} are active.", "Wait for one to end, or raise max_concurrent_runs."
            ) from None

    def follow(self, on_line: Callable[[str], None]) -> FinishedRun:
        """Wait for the end, giving each new line of the run's output as it comes."""
        while (finished := self.poll(on_line)) is None:
            time.sleep(POLL_SECONDS)
        return finished

    def poll(self, on_line: Callable[[str], None]) -> FinishedRun | None:
        """Give the lines that the run's output has gained; how it ended, once it has.

        Raises:
            LakehouseError: there is no such run any more.
        """
        try:
            run = self._glue.get_job_run(JobName=self.job, RunId=self.run_id)["JobRun"]
        except self._glue.exceptions.EntityNotFoundException:
            raise LakehouseError(
                f"Glue does not know the run {self.run_id} of {self.job} any more.",
                "The job was removed or made anew, or the run is over 90 days old. Run it again: it is repeatable.",
            ) from None
        for line in next(self._lines):
            on_line(line)
        return None if run["JobRunState"] in ACTIVE_STATES else _finished(self.run_id, run)

    def _new_lines(self) -> Iterator[list[str]]:
        """Each step gives what the output log has gained since the last one."""
        token: dict[str, str] = {}
        while True:
            try:
                page = self._logs.get_log_events(
                    logGroupName=OUTPUT_LOG,
                    logStreamName=self.run_id,
                    startFromHead=True,
                    **token,  # type: ignore[arg-type]
                )
            except self._logs.exceptions.ResourceNotFoundException:
                yield []
                continue
            token = {"nextToken": page["nextForwardToken"]}
            yield [event["message"].rstrip() for event in page["events"]]


def is_active(job: str, run_id: str) -> bool:
    """Whether a run has not ended yet."""
    import boto3

    return boto3.client("glue").get_job_run(JobName=job, RunId=run_id)["JobRun"]["JobRunState"] in ACTIVE_STATES


def _finished(run_id: str, run: "JobRunTypeDef") -> FinishedRun:
    return FinishedRun(
        run_id=run_id,
        state=run["JobRunState"],
        message=run.get("ErrorMessage"),
        execution_seconds=run.get("ExecutionTime", 0),
        dpu_seconds=run.get("DPUSeconds", 0.0),
    )
