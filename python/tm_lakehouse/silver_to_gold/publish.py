"""A dbt run's artifacts to the observability bucket."""

import json
from pathlib import Path

from tm_lakehouse.silver_to_gold.artifacts import RunSummary

CONTENT_TYPES = {".json": "application/json", ".html": "text/html; charset=utf-8"}
# Name in the bucket -> name in dbt's target folder. dbt's plain index.html needs a server; the static page doesn't.
FILES = {
    "manifest.json": "manifest.json",
    "run_results.json": "run_results.json",
    "catalog.json": "catalog.json",
    "index.html": "static_index.html",
}


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
    present["summary.json"] = json.dumps(summary.as_dict(), ensure_ascii=False).encode() + b"\n"
    for name, body in present.items():
        s3.put_object(Bucket=bucket, Key=prefix + name, Body=body, ContentType=CONTENT_TYPES[Path(name).suffix])
    return list(present)
