"""A dbt run's artifacts to the observability bucket."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.silver_to_gold.artifacts import RunSummary

CONTENT_TYPES = {".json": "application/json", ".html": "text/html; charset=utf-8"}
# Name in the bucket -> name in dbt's target folder. dbt's plain index.html needs a server; the static page doesn't.
FILES = {
    "manifest.json": "manifest.json",
    "run_results.json": "run_results.json",
    "catalog.json": "catalog.json",
    "index.html": "static_index.html",
}


SUMMARY = "summary.json"


def artifacts_prefix(run_id: str) -> str:
    """Where a run's artifacts lie in the observability bucket."""
    return f"dbt_artifacts/run_id={run_id}/"


def upload(bucket: str, target: Path, summary: RunSummary) -> list[str]:
    """Put what the run has left, and its summary last: a summary says that the others are there. Returns the names."""
    import boto3

    s3 = boto3.client("s3")
    prefix = artifacts_prefix(summary.run_id)
    bodies = {name: target / source for name, source in FILES.items()}
    present = {name: path.read_bytes() for name, path in bodies.items() if path.is_file()}
    present[SUMMARY] = _body(summary.as_dict())
    for name, body in present.items():
        s3.put_object(Bucket=bucket, Key=prefix + name, Body=body, ContentType=CONTENT_TYPES[Path(name).suffix])
    return list(present)


def upload_summary(bucket: str, run_id: str, summary: Mapping[str, Any]) -> None:
    """Write a run's summary anew: what came of the run after its build."""
    import boto3

    key = artifacts_prefix(run_id) + SUMMARY
    boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=_body(summary), ContentType=CONTENT_TYPES[".json"])


@dataclass(frozen=True)
class Invocations:
    """When a run of dbt was, and what dbt called its invocations."""

    ids: tuple[str, ...]
    started_at: datetime
    finished_at: datetime


def read_invocations(bucket: str, run_id: str) -> Invocations:
    """What a run's summary tells.

    Raises:
        LakehouseError: there is no such run, or dbt ended before it ran anything.
    """
    import boto3

    s3, key = boto3.client("s3"), artifacts_prefix(run_id) + SUMMARY
    try:
        summary = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    except s3.exceptions.NoSuchKey:
        raise LakehouseError(
            f"There is no run {run_id!r} of Gold: s3://{bucket}/{key} isn't there.",
            f"List the runs by `aws s3 ls s3://{bucket}/dbt_artifacts/`.",
        ) from None
    if not summary.get("invocation_ids"):
        raise LakehouseError(f"Run {run_id} doesn't tell its statements.", "Give --since and --until instead of --run.")
    times = (datetime.fromisoformat(summary[name]) for name in ("started_at", "finished_at"))
    return Invocations(tuple(summary["invocation_ids"]), *times)


def _body(summary: Mapping[str, Any]) -> bytes:
    return json.dumps(summary, ensure_ascii=False).encode() + b"\n"
