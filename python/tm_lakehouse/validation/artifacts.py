"""What every run must leave in the observability bucket."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tm_lakehouse.settings import Settings
from tm_lakehouse.validation.checks import Check, empty
from tm_lakehouse.validation.reconciliation import Prefix

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DBT_ARTIFACTS = ("manifest.json", "run_results.json", "catalog.json", "index.html", "summary.json")


def check(settings: Settings, prefixes: Iterable[Prefix]) -> list[Check]:
    """Landing records, a summary for each prefix, and dbt's artifacts are where readers look for them."""
    import boto3

    keys = list(_keys(boto3.client("s3"), settings.bucket_observability))
    return [
        empty("landing records are kept", missing(keys, [("bronze/run_id=", ".json")])),
        empty(
            "every course and date has a run summary",
            missing(keys, [(f"silver/course_id={c}/ingest_date={d}/run_id=", "/summary.json") for c, d in prefixes]),
        ),
        empty("dbt's artifacts are kept", missing(keys, [("dbt_artifacts/run_id=", f"/{n}") for n in DBT_ARTIFACTS])),
    ]


def missing(keys: Iterable[str], wanted: Iterable[tuple[str, str]]) -> list[str]:
    """The wanted (start, end) pairs that no key has."""
    held = list(keys)
    return [f"{start}*{end}" for start, end in wanted if not any(_fits(key, start, end) for key in held)]


def _fits(key: str, start: str, end: str) -> bool:
    return key.startswith(start) and key.endswith(end)


def _keys(s3: "S3Client", bucket: str) -> Iterable[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for entry in page.get("Contents", []):
            yield entry["Key"]
