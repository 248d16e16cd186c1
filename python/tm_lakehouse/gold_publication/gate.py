"""Which dbt run may be shown to readers, and showing it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.gold_publication.gold import Gold
from tm_lakehouse.gold_publication.plan import newest
from tm_lakehouse.gold_publication.publish import built_snapshots, publish
from tm_lakehouse.gold_publication.records import Record
from tm_lakehouse.silver_to_gold.artifacts import RunSummary
from tm_lakehouse.silver_to_gold.publish import SUMMARY, artifacts_prefix, upload_summary

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def with_tested(gold: Gold, summary: RunSummary, *, is_whole: bool) -> RunSummary:
    """The summary with the snapshots that passed; none, unless every model was built and every test ran and held.

    A selection's tests say nothing of the tables beside it, so that only a whole run can be published.
    """
    models = [node for node in summary.nodes if node.kind == "model"]
    if not (is_whole and summary.succeeded and models and all(node.status == "success" for node in models)):
        return summary
    return replace(summary, tested_snapshots=built_snapshots(gold, summary.relations(gold.build)))


def publish_run(gold: Gold, s3: "S3Client", bucket: str, run_id: str) -> Record:
    """Publish what a run's summary says was tested, and note the publication in the summary.

    Raises:
        LakehouseError: there is no such run, or it left nothing that may be published.
    """
    summary = _read(s3, bucket, run_id)
    tested: Mapping[str, int | None] = summary.get("tested_snapshots", {})
    if not tested:
        raise LakehouseError(
            f"Run {run_id} left nothing to publish: it failed, or built a selection.", "Run `tm-lakehouse gold`."
        )
    record = publish(gold, run_id, tested)
    upload_summary(bucket, run_id, summary | {"publication": record.record_id})
    return record


def what_readers_see(gold: Gold) -> str:
    """Which publication readers see, in words."""
    last = newest(gold.journal.read())
    if last is None:
        return "readers see nothing yet"
    shown = last.record_id if last.kind == "publication" else str(last.to)
    return f"readers keep publication {shown} of {last.finished_at or last.started_at}"


def _read(s3: "S3Client", bucket: str, run_id: str) -> dict[str, Any]:
    try:
        body = s3.get_object(Bucket=bucket, Key=artifacts_prefix(run_id) + SUMMARY)["Body"].read()
    except s3.exceptions.NoSuchKey:
        raise LakehouseError(
            f"There is no run {run_id}.", f"Look below s3://{bucket}/{artifacts_prefix('')} for the runs."
        ) from None
    summary: dict[str, Any] = json.loads(body)
    return summary
