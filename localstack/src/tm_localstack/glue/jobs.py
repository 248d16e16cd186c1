"""Job definitions: kept as they were given, with Glue's defaults."""

import secrets
from datetime import UTC, datetime
from typing import Any

from localstack.aws.api import CommonServiceException, RequestContext, handler

from tm_localstack.glue import errors, tags
from tm_localstack.glue.catalog import Request, Response
from tm_localstack.glue.models import DPU_OF_WORKER, Definition, GlueStore, glue_stores
from tm_localstack.glue.pages import TokenError, page
from tm_localstack.glue.spark_runtime import GLUE_VERSIONS

RUNNABLE_COMMAND = "glueetl"
DEFAULT_TIMEOUT_MINUTES = 480
DEFAULT_CAPACITY = {"WorkerType": "G.1X", "NumberOfWorkers": 10}
NOT_SHOWN = ("JobId",)


def store_of(context: RequestContext) -> GlueStore:
    """Our Glue state of the caller's account and region."""
    store: GlueStore = glue_stores[context.account_id][context.region]
    return store


def paged(items: list[Any], request: Request, result: str) -> Response:
    """One page of a list; InvalidInputException for a token that no page gave."""
    try:
        return page(items, request, result)
    except TokenError as error:
        raise errors.invalid_input(str(error)) from error


class JobOperations:
    """Create, get, list, update and delete."""

    @handler("CreateJob", expand=False)
    def create_job(self, context: RequestContext, request: Request) -> Response:
        jobs, name = store_of(context).jobs, request["Name"]
        if name in jobs:
            raise errors.already_exists(f"Job with name: {name} already exists")
        jobs[name] = _completed({key: value for key, value in request.items() if key != "Tags"}, datetime.now(UTC))
        tags.keep(context, tags.arn_of(context, "job", name), request.get("Tags"))
        return {"Name": name}

    @handler("UpdateJob", expand=False)
    def update_job(self, context: RequestContext, request: Request) -> Response:
        """Replace a job's definition: what the update doesn't say goes back to its default."""
        old = self.job(context, request["JobName"])
        new = {"Name": old["Name"], "JobId": old["JobId"], **request["JobUpdate"]}
        store_of(context).jobs[old["Name"]] = _completed(new, old["CreatedOn"])
        return {"JobName": old["Name"]}

    @handler("GetJob", expand=False)
    def get_job(self, context: RequestContext, request: Request) -> Response:
        return {"Job": _shown(self.job(context, request["JobName"]))}

    @handler("GetJobs", expand=False)
    def get_jobs(self, context: RequestContext, request: Request) -> Response:
        return paged([_shown(job) for job in list(store_of(context).jobs.values())], request, "Jobs")

    @handler("ListJobs", expand=False)
    def list_jobs(self, context: RequestContext, request: Request) -> Response:
        wanted = request.get("Tags")
        names = [
            name
            for name in list(store_of(context).jobs)
            if tags.match(context, tags.arn_of(context, "job", name), wanted)
        ]
        return paged(names, request, "JobNames")

    @handler("BatchGetJobs", expand=False)
    def batch_get_jobs(self, context: RequestContext, request: Request) -> Response:
        jobs, names = store_of(context).jobs, request["JobNames"]
        found = [_shown(jobs[name]) for name in names if name in jobs]
        return {"Jobs": found, "JobsNotFound": [name for name in names if name not in jobs]}

    @handler("DeleteJob", expand=False)
    def delete_job(self, context: RequestContext, request: Request) -> Response:
        """Forget a job and its runs; as on AWS no error where there is none."""
        store, name = store_of(context), request["JobName"]
        store.jobs.pop(name, None)
        store.runs.pop(name, None)
        tags.forget(context, tags.arn_of(context, "job", name))
        return {"JobName": name}

    @handler("GetJobBookmark", expand=False)
    def get_job_bookmark(self, context: RequestContext, request: Request) -> Response:
        """No job has a bookmark: runs with bookmarks are refused."""
        raise self._no_bookmark(context, request)

    @handler("ResetJobBookmark", expand=False)
    def reset_job_bookmark(self, context: RequestContext, request: Request) -> Response:
        raise self._no_bookmark(context, request)

    def job(self, context: RequestContext, name: str) -> Definition:
        """A job's definition; EntityNotFoundException without one."""
        job = store_of(context).jobs.get(name)
        if job is None:
            raise errors.entity_not_found(f"Entity {name} not found")
        return job

    def _no_bookmark(self, context: RequestContext, request: Request) -> CommonServiceException:
        self.job(context, request["JobName"])
        return errors.entity_not_found(f"Continuation for job {request['JobName']} not found.")


def _completed(given: Definition, created_on: datetime) -> Definition:
    """A definition with Glue's defaults.

    Raises:
        CommonServiceException: it is not one of a job that Glue, or the local runtime, could run.
    """
    command = given.get("Command") or {}
    if not given.get("Role") or not command.get("ScriptLocation"):
        raise errors.invalid_input("A job needs a Role and a Command with a ScriptLocation.")
    if command.get("Name", RUNNABLE_COMMAND) != RUNNABLE_COMMAND:
        raise errors.not_local(f"jobs with command {command['Name']}, only {RUNNABLE_COMMAND}")
    version = given.get("GlueVersion", GLUE_VERSIONS[-1])
    if version not in GLUE_VERSIONS:
        raise errors.not_local(f"Glue version {version}, only {' and '.join(GLUE_VERSIONS)}")
    defaults = {
        "JobId": f"j_{secrets.token_hex(32)}",
        "ExecutionProperty": {"MaxConcurrentRuns": 1},
        "MaxRetries": 0,
        "Timeout": DEFAULT_TIMEOUT_MINUTES,
        "GlueVersion": version,
    }
    named = {"Command": {"Name": RUNNABLE_COMMAND, "PythonVersion": "3", **command}}
    times = {"CreatedOn": created_on, "LastModifiedOn": datetime.now(UTC)}
    return {**defaults, **given, **named, **_capacity(given), **times}


def _capacity(given: Definition) -> Definition:
    sized = ("MaxCapacity", "WorkerType", "NumberOfWorkers")
    if "MaxCapacity" in given and ("WorkerType" in given or "NumberOfWorkers" in given):
        raise errors.invalid_input("Please do not set Max Capacity if using Worker Type and Number of Workers.")
    if "MaxCapacity" in given:
        return {"AllocatedCapacity": int(given["MaxCapacity"])}
    workers = {**DEFAULT_CAPACITY, **{name: given[name] for name in sized if name in given}}
    if workers["WorkerType"] not in DPU_OF_WORKER:
        raise errors.invalid_input(f"WorkerType {workers['WorkerType']} is not one of {', '.join(DPU_OF_WORKER)}.")
    dpus = DPU_OF_WORKER[workers["WorkerType"]] * workers["NumberOfWorkers"]
    return {**workers, "MaxCapacity": dpus, "AllocatedCapacity": int(dpus)}


def _shown(job: Definition) -> Response:
    return {name: value for name, value in job.items() if name not in NOT_SHOWN}
