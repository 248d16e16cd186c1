"""Section 3: the Glue jobs, their variables and how they are packaged."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from tm_lakehouse.doctor.deployment import Deployment
from tm_lakehouse.doctor.verdict import Line, Verdict, failed, none_of, passed, told, warned

_APPLY = "Run `make apply`: Terraform makes it so again."
# The Iceberg that each version of Glue brings: AWS, "Using the Iceberg framework in AWS Glue".
ICEBERG = {"4.0": "1.0.0", "5.0": "1.7.1", "5.1": "1.10.0", "6.0": "1.11.0"}
TESTED = ("5.1", "6.0")


def _jobs(deployment: Deployment) -> list[dict[str, Any]]:
    glue = deployment.client("glue")
    return [glue.get_job(JobName=name)["Job"] for name in deployment.jobs]


def _exist(deployment: Deployment) -> Verdict:
    names = [name for page in deployment.client("glue").get_paginator("get_jobs").paginate() for name in _names(page)]
    missing = [f"there is no job {name}" for name in deployment.jobs if name not in names]
    return none_of(missing, ", ".join(deployment.jobs), _APPLY)


def _names(page: dict[str, Any]) -> list[str]:
    return [job["Name"] for job in page["Jobs"]]


def _iceberg(deployment: Deployment) -> Verdict:
    jobs = _jobs(deployment)
    offenders = [
        f"{job['Name']} is given no Iceberg (--datalake-formats)"
        for job in jobs
        if "iceberg" not in job["DefaultArguments"].get("--datalake-formats", "").split(",")
    ]
    offenders += [f"Glue {each['GlueVersion']} has no Iceberg" for each in jobs if each["GlueVersion"] not in ICEBERG]
    if offenders:
        return failed(told(offenders), _APPLY)
    versions = sorted({job["GlueVersion"] for job in jobs})
    evidence = ", ".join(f"Glue {each} with Iceberg {ICEBERG[each]}" for each in versions)
    if untested := [each for each in versions if each not in TESTED]:
        return warned(evidence, f"Choose one of {', '.join(TESTED)}: nobody tried {', '.join(untested)}.")
    return passed(evidence)


def _packaging(deployment: Deployment) -> Verdict:
    jobs = _jobs(deployment)
    missing = [uri for uri in sorted({uri for job in jobs for uri in _code(job)}) if not _is_there(deployment, uri)]
    patterns = sorted({_pattern(job) for job in jobs})
    if len(patterns) > 1 or "neither" in patterns:
        return failed(f"packaged as {' and '.join(patterns)}", "Set packaging to zip or script, then `make apply`.")
    return none_of([f"{uri} is missing" for uri in missing], f"{patterns[0]}: {len(jobs)} jobs", _APPLY)


def _code(job: dict[str, Any]) -> Iterator[str]:
    yield job["Command"]["ScriptLocation"]
    for argument in ("--extra-py-files", "--additional-python-modules", "--extra-jars"):
        yield from (uri for uri in job["DefaultArguments"].get(argument, "").split(",") if uri.startswith("s3://"))


def _pattern(job: dict[str, Any]) -> str:
    """A: one script, its package installed as a wheel; B: the package as a zip."""
    if "--extra-py-files" in job["DefaultArguments"]:
        return "pattern B (zip of the package)"
    if "_with_package" in job["DefaultArguments"].get("--additional-python-modules", ""):
        return "pattern A (script and wheel)"
    return "neither"


def _is_there(deployment: Deployment, uri: str) -> bool:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    try:
        deployment.client("s3").head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchKey", "NoSuchBucket"):
            return False
        raise
    return True


def _variables(deployment: Deployment) -> Verdict:
    """The job must see what this process sees: both are told by the same Terraform output."""
    (job,) = (each for each in _jobs(deployment) if each["Name"] == deployment.settings.glue_job_silver)
    given = {name.removeprefix("--"): value for name, value in job["DefaultArguments"].items() if name[2:5] == "TM_"}
    differing = [
        f"{name} is {value} to the job and {deployment.environment.get(name, 'nothing')} here"
        for name, value in sorted(given.items())
        if deployment.environment.get(name) != value
    ]
    return none_of(differing, f"{len(given)} TM_ variables", _APPLY)


def _limits(deployment: Deployment) -> Verdict:
    jobs = _jobs(deployment)
    endless = [f"{job['Name']} may run {job['Timeout']} minutes" for job in jobs if job["Timeout"] > 24 * 60]
    silver = next(job for job in jobs if job["Name"] == deployment.settings.glue_job_silver)
    at_once = silver["ExecutionProperty"]["MaxConcurrentRuns"]
    if at_once < 2:
        endless.append(f"{silver['Name']} may run once at a time: a re-run waits for the day's")
    evidence = f"time-outs {sorted({job['Timeout'] for job in jobs})} minutes, {at_once} Silver runs at once"
    return warned(told(endless), "Set silver_job in terraform.tfvars.") if endless else passed(evidence)


LINES = (
    Line("jobs.exist", "The Glue jobs are there", _exist),
    Line("jobs.iceberg", "Their Glue version brings the Iceberg that was tested", _iceberg),
    Line("jobs.packaging", "Their code is in the bucket, packaged one way", _packaging),
    Line("jobs.variables", "The job is told the names of this deployment", _variables),
    Line("jobs.limits", "No run is endless, and two can go on at once", _limits),
)
