"""Tells EventBridge and CloudWatch how a run ended, as Glue does."""

import json
from typing import Any

from localstack.aws.connect import connect_to

from tm_localstack.glue.models import JobRun

SEVERITY = {"SUCCEEDED": "INFO", "FAILED": "ERROR", "TIMEOUT": "WARN", "STOPPED": "INFO"}
SUCCEEDED, FAILED = "glue.succeed.ALL", "glue.error.ALL"


def announce(run: JobRun) -> None:
    """Send the event of a run's end, and its metrics where the job asks for observability metrics."""
    clients = connect_to(aws_access_key_id=run.account_id, region_name=run.region)
    if run.state in SEVERITY:
        clients.events.put_events(Entries=[_event(run)])
    if run.arguments().get("--enable-observability-metrics", "false").lower() in ("", "true"):
        clients.cloudwatch.put_metric_data(Namespace="Glue", MetricData=_metrics(run))


def _event(run: JobRun) -> dict[str, Any]:
    detail = {
        "jobName": run.job_name,
        "severity": SEVERITY[run.state],
        "state": run.state,
        "jobRunId": run.id,
        "message": run.error or f"Job run {run.state.lower()}",
    }
    return {
        "Time": run.completed_on,
        "Source": "aws.glue",
        "DetailType": "Glue Job State Change",
        "Detail": json.dumps(detail),
    }


def _metrics(run: JobRun) -> list[dict[str, Any]]:
    """One count per run and one over all runs: an alarm watches the latter."""
    outcome = SUCCEEDED if run.state == "SUCCEEDED" else FAILED
    group = "error" if outcome == FAILED else "success"
    return [
        {
            "MetricName": outcome,
            "Dimensions": [
                {"Name": "JobName", "Value": run.job_name},
                {"Name": "JobRunId", "Value": run_id},
                {"Name": "Type", "Value": "count"},
                {"Name": "ObservabilityGroup", "Value": group},
            ],
            "Timestamp": run.completed_on,
            "Value": 1.0,
            "Unit": "Count",
        }
        for run_id in (run.id, "ALL")
    ]
