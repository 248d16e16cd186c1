"""What runs of the maintenance job have told: one report per table."""

import json
from typing import Any

from tm_lakehouse.landing_to_silver.object_store import ObjectStore


def reports_of_run(store: ObjectStore, bucket: str, run_id: str) -> list[dict[str, Any]]:
    """`TableUpkeep` of each table that a run has done, as JSON has it."""
    return [json.loads(store.get(each.uri)) for each in store.list(f"s3://{bucket}/maintenance/run_id={run_id}/")]
