"""Reads what a run of the Silver job was asked for, what it told, and what is landed of it."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from tm_lakehouse.cost.job_runs import job_run_of
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.landing_to_silver.landed import landed_objects, source_fingerprint
from tm_lakehouse.landing_to_silver.landed_object import LandedObject
from tm_lakehouse.landing_to_silver.object_store import CONNECTIONS, ObjectStore
from tm_lakehouse.landing_to_silver.prefixes import Prefix, requested_prefixes
from tm_lakehouse.landing_to_silver.run_records import failures_of_run, summaries_of_run
from tm_lakehouse.run_report.facts import GlueRun, LandedFiles, SilverRun
from tm_lakehouse.settings import Settings

REMEMBERED = timedelta(days=90)
_ACTIVE = ("STARTING", "RUNNING", "STOPPING", "WAITING")
_FORBIDDEN = ("403", "AccessDenied", "Forbidden")


def glue_run_of(told: Mapping[str, Any]) -> GlueRun:
    """A run as the API tells it."""
    run = job_run_of(told)
    has_ended = run.state not in _ACTIVE
    return GlueRun(
        run_id=run.run_id,
        state=run.state,
        started_at=run.started_at.astimezone(UTC),
        finished_at=told["CompletedOn"].astimezone(UTC) if has_ended and told.get("CompletedOn") else None,
        seconds=run.seconds,
        dpu=run.dpu,
        prefixes=_asked_for(told.get("Arguments", {})),
        message=told.get("ErrorMessage"),
        glue_version=told.get("GlueVersion"),
    )


def read_glue_run(job: str, run_id: str) -> GlueRun:
    """One run."""
    import boto3

    return glue_run_of(boto3.client("glue").get_job_run(JobName=job, RunId=run_id)["JobRun"])


def read_glue_runs(job: str, now: datetime) -> list[GlueRun]:
    """The runs that Glue remembers, and that have ended."""
    import boto3

    found = []
    for page in boto3.client("glue").get_paginator("get_job_runs").paginate(JobName=job):
        found += [glue_run_of(run) for run in page["JobRuns"] if run["StartedOn"] >= now - REMEMBERED]
    return [run for run in found if run.state not in _ACTIVE]


def read_silver_runs(store: ObjectStore, settings: Settings, runs: Iterable[GlueRun]) -> tuple[SilverRun, ...]:
    """What each run told of its deliveries."""
    return tuple(_read(store, settings.bucket_observability, run) for run in runs)


def read_landed(
    store: ObjectStore, settings: Settings, prefixes: Iterable[Prefix], *, may_read_files: bool
) -> dict[Prefix, LandedFiles]:
    """What is landed of some deliveries, several at a time. How many records, only files tell, not their listing."""
    wanted = sorted(set(prefixes))
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        listed = list(pool.map(lambda each: landed_objects(store, settings.bucket_landing, each), wanted))
        files = [each for objects in listed for each in objects]
        records = _records_by_uri(files, pool) if may_read_files else {}
    return {prefix: _landed(objects, records) for prefix, objects in zip(wanted, listed, strict=True)}


def _read(store: ObjectStore, bucket: str, run: GlueRun) -> SilverRun:
    summaries = summaries_of_run(store, bucket, run.prefixes, run.run_id)
    failures = failures_of_run(store, bucket, run.prefixes, run.run_id)
    return SilverRun(run, tuple(summaries), tuple(failures))


def _landed(objects: list[LandedObject], records: Mapping[str, int | None]) -> LandedFiles:
    counted = [records.get(each.uri) for each in objects]
    told = [each for each in counted if each is not None]
    total = sum(told) if len(told) == len(counted) else None
    return LandedFiles(len(objects), sum(each.size for each in objects), source_fingerprint(objects), total)


def _records_by_uri(objects: list[LandedObject], pool: ThreadPoolExecutor) -> dict[str, int | None]:
    """Records of each file, as they were counted when it was landed; nothing for who may not read files."""
    import boto3

    s3 = boto3.client("s3")

    def count(landed: LandedObject) -> int | None:
        bucket, _, key = landed.uri.removeprefix("s3://").partition("/")
        rows = s3.head_object(Bucket=bucket, Key=key)["Metadata"].get("rows", "")
        return int(rows) if rows.isdigit() else None

    try:
        return dict(zip((each.uri for each in objects), pool.map(count, objects), strict=True))
    except ClientError as error:
        if error.response["Error"]["Code"] in _FORBIDDEN:
            return {}
        raise


def _asked_for(arguments: Mapping[str, str]) -> tuple[Prefix, ...]:
    names = ("--course-id", "--ingest-date", "--bronze-prefix", "--bronze-prefixes")
    try:
        return tuple(requested_prefixes(*(arguments.get(name) for name in names)))
    except LakehouseError:
        # The run failed for it, or was started by hand with other arguments.
        return ()
