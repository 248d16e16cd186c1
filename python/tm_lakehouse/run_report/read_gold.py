"""Reads what builds of Gold left: their summaries, and what was published of them."""

import json
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any

from tm_lakehouse.gold_publication.journal import Journal
from tm_lakehouse.run_report.choice import ReadGold
from tm_lakehouse.run_report.facts import Publication
from tm_lakehouse.silver_to_gold.artifacts import NodeResult, RunSummary
from tm_lakehouse.silver_to_gold.freshness import SourceFreshness
from tm_lakehouse.silver_to_gold.publish import SUMMARY, artifacts_prefix

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_FOLDER = "dbt_artifacts/run_id="


def gold_run_ids(s3: "S3Client", bucket: str) -> list[str]:
    """Every run of Gold that left something."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="dbt_artifacts/", Delimiter="/")
    folders = (each["Prefix"] for page in pages for each in page.get("CommonPrefixes", []))
    return [folder.removeprefix(_FOLDER).rstrip("/") for folder in folders if folder.startswith(_FOLDER)]


def gold_reader(s3: "S3Client", bucket: str) -> ReadGold:
    """Gives a run's summary, each once; None where there is none."""

    @cache
    def read(run_id: str) -> RunSummary | None:
        try:
            body = s3.get_object(Bucket=bucket, Key=artifacts_prefix(run_id) + SUMMARY)["Body"].read()
        except s3.exceptions.NoSuchKey:
            return None
        return gold_summary_of(json.loads(body))

    return read


def gold_summary_of(kept: Mapping[str, Any]) -> RunSummary:
    """What `RunSummary.as_dict` gave; fields that this version doesn't know are dropped."""
    values = _known(RunSummary, kept)
    values["nodes"] = tuple(NodeResult(**_known(NodeResult, each)) for each in kept.get("nodes", ()))
    values["freshness"] = tuple(SourceFreshness(**_known(SourceFreshness, each)) for each in kept.get("freshness", ()))
    values["invocation_ids"] = tuple(kept.get("invocation_ids", ()))
    return RunSummary(**values)


def read_publication(s3: "S3Client", bucket: str, run_id: str) -> Publication | None:
    """What was published of a run last; None where readers never saw it."""
    records = [each for each in Journal(s3, bucket).read() if each.kind == "publication" and each.run_id == run_id]
    if not records:
        return None
    last = records[-1]
    rows = sum(table.rows or 0 for table in last.tables)
    return Publication(last.record_id, last.status, last.started_at, last.finished_at, len(last.tables), rows)


def _known(kind: type, kept: Mapping[str, Any]) -> dict[str, Any]:
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in kept.items() if name in names}
