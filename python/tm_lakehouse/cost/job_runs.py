"""The runs of a Glue job, and what Glue bills for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tm_lakehouse.cost.prices import billed_dpu_hours


@dataclass(frozen=True)
class JobRun:
    """One run that Glue knows of. `dpu` is what it held while it ran."""

    job: str
    run_id: str
    started_at: datetime
    state: str
    seconds: float
    dpu: float

    @property
    def dpu_hours(self) -> float:
        """DPU-hours that Glue bills."""
        return billed_dpu_hours(self.seconds, self.dpu)


def job_run_of(run: Mapping[str, Any]) -> JobRun:
    """A run as the API tells it; jobs that scale tell the DPU-seconds that they used."""
    seconds = float(run.get("ExecutionTime", 0))
    used = run.get("DPUSeconds")
    dpu = used / seconds if used and seconds else float(run.get("MaxCapacity", 0))
    return JobRun(run["JobName"], run["Id"], run["StartedOn"], run["JobRunState"], seconds, dpu)


def read_job_runs(job: str, since: datetime, until: datetime | None = None) -> list[JobRun]:
    """The runs that began in a period, newest first. Glue forgets them after 90 days."""
    import boto3

    found: list[JobRun] = []
    for page in boto3.client("glue").get_paginator("get_job_runs").paginate(JobName=job):
        runs = [job_run_of(run) for run in page["JobRuns"]]
        found += (run for run in runs if since <= run.started_at and (until is None or run.started_at < until))
        if runs and all(run.started_at < since for run in runs):
            break
    return found
