"""A run of dbt layer by layer, each where its conductor has a worker: what the layers know of each other is kept in the
observability bucket.
"""

import json

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.settings import Settings
from tm_lakehouse.silver_to_gold.artifacts import NodeResult, RunSummary
from tm_lakehouse.silver_to_gold.dbt_runner import Dbt, OnNode, Selection, ignore_progress
from tm_lakehouse.silver_to_gold.gold_run import build_part, keep, statements_of
from tm_lakehouse.silver_to_gold.parts import Part, summary_of
from tm_lakehouse.silver_to_gold.publish import artifacts_prefix

# The selectors of the dbt project, in the order in which they are built.
LAYERS = ("inputs", "rounds", "summaries")


def run_layer(
    dbt: Dbt, settings: Settings, run_id: str, layer: str, *, on_node: OnNode = ignore_progress
) -> tuple[RunSummary, list[NodeResult]]:
    """Build and test one layer, after those before it: the summary of the run so far, and the layer's models in it.

    Artifacts are kept once the run has ended: with its last layer, or with one that failed.

    Raises:
        LakehouseError: a layer before it has not been built in this run, or failed.
    """
    earlier = [_read(settings, run_id, each) for each in LAYERS[: LAYERS.index(layer)]]
    built = [name for part in earlier for name in part.built]
    selection = Selection(selector=layer, built_before=built)
    with dbt.started() as started:
        part = build_part(started, selection, is_first=not earlier, on_node=on_node)
        _put(settings, run_id, layer, part)
        parts = [*earlier, part]
        if part.exit_code or layer == LAYERS[-1]:
            summary = keep(started, settings, run_id, parts)
        else:
            summary = summary_of(run_id, parts, statements_of(settings, parts), settings.price_athena_tib)
    return summary, [node for node in summary.nodes if node.kind == "model" and node.name not in built]


def _key(run_id: str, layer: str) -> str:
    return f"{artifacts_prefix(run_id)}layers/{layer}.json"


def _put(settings: Settings, run_id: str, layer: str, part: Part) -> None:
    import boto3

    body = json.dumps(part.as_dict(), ensure_ascii=False).encode()
    boto3.client("s3").put_object(
        Bucket=settings.bucket_observability, Key=_key(run_id, layer), Body=body, ContentType="application/json"
    )


def _read(settings: Settings, run_id: str, layer: str) -> Part:
    import boto3

    s3 = boto3.client("s3")
    try:
        body = s3.get_object(Bucket=settings.bucket_observability, Key=_key(run_id, layer))["Body"].read()
    except s3.exceptions.NoSuchKey:
        raise LakehouseError(
            f"Run {run_id} has not built the layer {layer}.", f"Build {', '.join(LAYERS)} in this order."
        ) from None
    part = Part.from_dict(json.loads(body))
    if part.exit_code:
        raise LakehouseError(f"Run {run_id} failed in the layer {layer}.", "Correct the cause and begin a new run.")
    return part
