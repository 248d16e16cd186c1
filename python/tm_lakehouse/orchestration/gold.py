"""Silver to Gold, step by step: built and tested by dbt, then shown to readers."""

from collections.abc import Callable, Mapping
from typing import Any

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.gold_publication.gate import publish_run, what_readers_see, with_tested
from tm_lakehouse.gold_publication.gold import Gold
from tm_lakehouse.gold_publication.move import resume
from tm_lakehouse.settings import Settings
from tm_lakehouse.silver_to_gold.artifacts import NodeResult
from tm_lakehouse.silver_to_gold.dbt_runner import Dbt
from tm_lakehouse.silver_to_gold.layers import LAYERS, run_layer
from tm_lakehouse.silver_to_gold.publish import upload_summary


def build_layer(
    settings: Settings, dbt: Dbt, run_id: str, layer: str, on_line: Callable[[str], None]
) -> dict[str, Any]:
    """Build and test one layer of Gold; after the last one, note which snapshots held. Readers see nothing of it yet.

    Counts and costs are those of the run so far, models those of the layer.

    Raises:
        LakehouseError: a model or a test failed; readers keep what they have.
    """
    published = Gold.of(settings)
    if layer == LAYERS[0]:
        resume(published)
    summary, models = run_layer(dbt, settings, run_id, layer, on_node=lambda node: on_line(str(node)))
    if not summary.succeeded:
        failed = [f"{node.name}: {node.message or node.status}" for node in summary.failed()]
        reason = "; ".join(failed) or summary.reason or "it ended without a result"
        raise LakehouseError(
            f"dbt: {reason}; {what_readers_see(published)}.", "Correct the cause and run it again: it is repeatable."
        )
    if layer == LAYERS[-1]:
        summary = with_tested(published, summary, is_whole=True)
        upload_summary(settings.bucket_observability, run_id, summary.as_dict())
    return {
        "run_id": run_id,
        "layer": layer,
        "models": [_told(node) for node in models],
        "tests": dict(summary.tests),
        "dollars": round(summary.dollars, 6),
        "seconds": round(summary.elapsed_seconds, 1),
        "freshness": [{"source": each.source, "status": each.status, "says": str(each)} for each in summary.freshness],
    }


def check_freshness(built: Mapping[str, Any]) -> list[str]:
    """What a build says of the age of each source.

    Raises:
        LakehouseError: a source is later than its declaration takes as an error, or its age can't be told.
    """
    if late := [each["says"] for each in built["freshness"] if each["status"] not in ("pass", "warn")]:
        raise LakehouseError("; ".join(late), "What Gold holds was tested and is published; its source is late.")
    return [each["says"] for each in built["freshness"]]


def _told(node: NodeResult) -> dict[str, Any]:
    return {
        "name": node.name,
        "status": node.status,
        "seconds": round(node.seconds, 1),
        "rows": node.rows_affected,
        "bytes_scanned": node.bytes_scanned,
    }


def publish(settings: Settings, run_id: str) -> dict[str, Any]:
    """Show readers what a run built and tested.

    Raises:
        LakehouseError: the run left nothing that may be published.
    """
    import boto3

    record = publish_run(Gold.of(settings), boto3.client("s3"), settings.bucket_observability, run_id)
    return {
        "publication": record.record_id,
        "tables": len(record.tables),
        "rows": sum(table.rows or 0 for table in record.tables),
    }
