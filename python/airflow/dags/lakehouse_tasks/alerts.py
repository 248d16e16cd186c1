"""Who is told when a task has failed for good."""

import os
from typing import Any

from airflow.providers.amazon.aws.notifications.sns import SnsNotifier

SUBJECT = "{{ ti.dag_id }}: {{ ti.task_id }} failed"
MESSAGE = "{{ ti.dag_id }}.{{ ti.task_id }} failed in run {{ run_id }}, attempt {{ ti.try_number }}: {{ exception }}"


def on_failure() -> list[Any]:
    """Callbacks of a task: a message to the deployment's topic, where it has one."""
    topic = os.environ.get("TM_ALERT_TOPIC_ARN")
    # Without a connection: boto3 finds the role and the region by itself, as everywhere.
    return [SnsNotifier(aws_conn_id=None, target_arn=topic, subject=SUBJECT, message=MESSAGE)] if topic else []
