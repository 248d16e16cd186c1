"""However a Glue run ends, the task that waits for it ends as it should, in a triggerer as in a worker."""

import json
from pathlib import Path

import plain_airflow
import pytest
from airflow_dags import DAGS

NAMES = (
    "bucket_landing", "bucket_source", "bucket_serve", "bucket_quarantine", "bucket_observability", "glue_job_silver",
    "iceberg_warehouse_silver", "iceberg_warehouse_gold", "athena_workgroup", "athena_results",
)  # fmt: skip
SETTINGS = {f"TM_{name.upper()}": name for name in NAMES}
PROBE = Path(plain_airflow.__file__).parent / "glue_outcomes_probe.py"
WHERE = ("deferred", "in_worker")
MESSAGES = {
    **{
        end: f"it ended as {end.upper()}: message of {end.upper()} (its last lines: first line | last line)"
        for end in ("failed", "stopped", "timeout", "error", "expired")
    },
    "left_out": "nothing is told of course_id=erinhills/ingest_date=2024-01-15/",
    "disappeared": "Glue does not know the run",
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """State and message of each task, by the end of its run and where it waited."""
    folder = tmp_path_factory.mktemp("outcomes")
    airflow = plain_airflow.PlainAirflow(folder, DAGS, {**SETTINGS, "AWS_DEFAULT_REGION": "us-east-1"})
    airflow.install()
    airflow.script(PROBE, str(DAGS), str(folder / "found.json"))
    return json.loads((folder / "found.json").read_text())


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("end", ["succeeded", "throttled"])
def test_a_run_that_succeeded_is_a_success(outcomes, end, where):
    assert outcomes["states"][f"{end}-{where}"] == "success"


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("end", MESSAGES)
def test_any_other_end_fails_the_task_with_its_reason(outcomes, end, where):
    assert outcomes["states"][f"{end}-{where}"] == "failed"
    assert MESSAGES[end] in outcomes["told"][f"{end}-{where}"]
