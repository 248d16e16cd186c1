"""Who is told when a task has failed for good, and when a run has."""

import os
from typing import Any

from airflow.providers.amazon.aws.notifications.sns import SnsNotifier

SUBJECT = "{{ ti.dag_id }}: {{ ti.task_id }} failed"
MESSAGE = "{{ ti.dag_id }}.{{ ti.task_id }} failed in run {{ run_id }}, attempt {{ ti.try_number }}: {{ exception }}"
RUN_SUBJECT = "{{ dag.dag_id }}: a run failed"
RUN_MESSAGE = "Run {{ run_id }} of {{ dag.dag_id }} failed ({{ reason }}). Its page in Airflow shows which tasks."


def on_failure() -> list[Any]:
    """Callbacks of a task: a message with its error to the deployment's topic, where it has one."""
    return _told(SUBJECT, MESSAGE)


def on_run_failure() -> list[Any]:
    """Callbacks of a DAG. A task whose process is killed calls nobody; that its run failed is told all the same."""
    return _told(RUN_SUBJECT, RUN_MESSAGE)


def _told(subject: str, message: str) -> list[Any]:
    topic = os.environ.get("TM_ALERT_TOPIC_ARN")
    # Without a connection: boto3 finds the role and the region by itself, as everywhere.
    return [SnsNotifier(aws_conn_id=None, target_arn=topic, subject=subject, message=message)] if topic else []
