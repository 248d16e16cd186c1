"""Once an hour: what is landed and not yet in Silver goes through the pipeline, whoever was to bring it there."""

import datetime as dt

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import dag, task


@dag(
    schedule="@hourly",
    start_date=dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    tags=["lakehouse"],
    doc_md=__doc__,
    default_args={"retries": 2, "retry_delay": dt.timedelta(minutes=1), "execution_timeout": dt.timedelta(minutes=30)},
)
def reconcile() -> None:
    """Look for deliveries that are owed, and start the pipeline, which takes them one run at a time."""

    @task.short_circuit
    def is_something_pending() -> bool:
        from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
        from tm_lakehouse.orchestration.silver import pending_prefixes
        from tm_lakehouse.settings import Settings

        return bool(pending_prefixes(S3ObjectStore(), Settings.from_environment(), ()))

    start = TriggerDagRunOperator(
        task_id="start_pipeline", trigger_dag_id="course_pipeline", conf={"ingest_date": None, "course_ids": []}
    )
    is_something_pending() >> start


reconcile()
