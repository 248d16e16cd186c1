"""Runs of jobs: start, tell, stop, retry."""

import threading

from localstack.aws.api import CommonServiceException, RequestContext, handler

from tm_localstack.config import local_config
from tm_localstack.glue import errors, job_arguments
from tm_localstack.glue.catalog import Request, Response
from tm_localstack.glue.job_arguments import ArgumentError
from tm_localstack.glue.job_runner import JobRunner
from tm_localstack.glue.jobs import JobOperations, paged, store_of
from tm_localstack.glue.models import DPU_OF_WORKER, Definition, GlueStore, JobRun, glue_stores


class JobRunOperations(JobOperations):
    """StartJobRun, GetJobRun(s), BatchStopJobRun."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = JobRunner(local_config, self.after_run)
        self._start_lock = threading.Lock()

    @handler("StartJobRun", expand=False)
    def start_job_run(self, context: RequestContext, request: Request) -> Response:
        """Start a run, or again one that failed where JobRunId names it."""
        job = self.job(context, request["JobName"])
        if previous := request.get("JobRunId"):
            request = {**self._run(context, job["Name"], previous).request, **request}
        run = JobRun(job["Name"], job, request, context.account_id, context.region, previous_run_id=previous)
        self.begin(store_of(context), run)
        return {"JobRunId": run.id}

    @handler("GetJobRun", expand=False)
    def get_job_run(self, context: RequestContext, request: Request) -> Response:
        return {"JobRun": self._run(context, request["JobName"], request["RunId"]).describe()}

    @handler("GetJobRuns", expand=False)
    def get_job_runs(self, context: RequestContext, request: Request) -> Response:
        """A job's runs, newest first."""
        self.job(context, request["JobName"])
        runs = list(store_of(context).runs.get(request["JobName"], {}).values())
        return paged([run.describe() for run in reversed(runs)], request, "JobRuns")

    @handler("BatchStopJobRun", expand=False)
    def batch_stop_job_run(self, context: RequestContext, request: Request) -> Response:
        stopped, failures = [], []
        for run_id in request["JobRunIds"]:
            entry = {"JobName": request["JobName"], "JobRunId": run_id}
            try:
                self._stop(context, request["JobName"], run_id)
            except CommonServiceException as error:
                failures.append({**entry, "ErrorDetail": {"ErrorCode": error.code, "ErrorMessage": error.message}})
            else:
                stopped.append(entry)
        return {"SuccessfulSubmissions": stopped, "Errors": failures}

    def begin(self, store: GlueStore, run: JobRun) -> None:
        """Start a run if its request is sound and its job has room for one more.

        Raises:
            CommonServiceException: InvalidInputException or ConcurrentRunsExceededException.
        """
        _check_request(run.definition, run.request)
        limit = run.definition["ExecutionProperty"].get("MaxConcurrentRuns", 1)
        with self._start_lock:
            runs = store.runs.setdefault(run.job_name, {})
            if sum(other.is_active for other in runs.values()) >= limit:
                raise errors.concurrent_runs_exceeded(run.job_name)
            runs[run.id] = run
        self.runner.start(run)

    def after_run(self, run: JobRun) -> None:
        """What follows the end of a run: a failed one is tried again."""
        if self.has_next_attempt(run):
            self.begin(glue_stores[run.account_id][run.region], run.next_attempt())

    def has_next_attempt(self, run: JobRun) -> bool:
        """Whether Glue tries again by itself."""
        return run.state == "FAILED" and run.attempt < int(run.definition["MaxRetries"])

    def _run(self, context: RequestContext, job_name: str, run_id: str) -> JobRun:
        self.job(context, job_name)
        run = store_of(context).runs.get(job_name, {}).get(run_id)
        if run is None:
            raise errors.entity_not_found(f"Job run {run_id} not found.")
        return run

    def _stop(self, context: RequestContext, job_name: str, run_id: str) -> None:
        run = self._run(context, job_name, run_id)
        with run.lock:
            if run.state not in ("STARTING", "RUNNING"):
                raise CommonServiceException(
                    "IllegalStateException", f"Job run {run_id} is in state {run.state}.", status_code=400
                )
            run.move("STOPPING")


def _check_request(definition: Definition, request: Request) -> None:
    try:
        job_arguments.check_shape({**definition.get("DefaultArguments", {}), **request.get("Arguments", {})})
    except ArgumentError as error:
        raise errors.invalid_input(str(error)) from error
    if "MaxCapacity" in request and ("WorkerType" in request or "NumberOfWorkers" in request):
        raise errors.invalid_input("Please do not set Max Capacity if using Worker Type and Number of Workers.")
    if request.get("WorkerType", "G.1X") not in DPU_OF_WORKER:
        raise errors.invalid_input(f"WorkerType {request['WorkerType']} is not one of {', '.join(DPU_OF_WORKER)}.")
    if request.get("Timeout", 1) < 1:
        raise errors.invalid_input("Timeout must be at least 1 minute.")
