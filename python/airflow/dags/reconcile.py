"""Whenever a file lands, and once an hour: what is not yet in Silver, or not yet in Gold, goes through the pipeline."""

import datetime as dt
import logging
import os

from airflow.providers.amazon.aws.triggers.sqs import SqsSensorTrigger
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Asset, AssetWatcher, Param, dag, get_current_context, task
from lakehouse_tasks.alerts import on_failure, on_run_failure
from lakehouse_tasks.gold import is_behind
from lakehouse_tasks.timetables import AssetOrTimeSchedule, CronTriggerTimetable

LOG = logging.getLogger(__name__)


def _watchers() -> list[AssetWatcher]:
    """Who tells of landed files: the landing bucket's events, where the deployment has a queue of them."""
    queue = os.environ.get("TM_LANDING_EVENTS_URL")
    if not queue:
        return []
    trigger = SqsSensorTrigger(sqs_queue=queue, aws_conn_id=None, max_messages=10, wait_time_seconds=5, waiter_delay=1)
    return [AssetWatcher(name="landing_events", trigger=trigger)]


# An event only says that there is something to look for. One that is lost is made up for within the hour.
LANDED = Asset("landed_course_files", watchers=_watchers())


@dag(
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable("@hourly", timezone="UTC"), assets=[LANDED]),
    start_date=dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    tags=["lakehouse"],
    doc_md=__doc__,
    on_failure_callback=on_run_failure(),
    default_args={
        "retries": 2,
        "retry_delay": dt.timedelta(minutes=1),
        "execution_timeout": dt.timedelta(minutes=30),
        "on_failure_callback": on_failure(),
    },
    params={
        "overdue_hours": Param(
            6,
            type="integer",
            minimum=1,
            title="Overdue after hours",
            description="A delivery that Silver does not hold this long after it landed is an alert.",
        )
    },
)
def reconcile() -> None:
    """Look for deliveries that are owed, and start the pipeline, which takes them one run at a time."""

    @task.short_circuit
    def is_something_pending() -> bool:
        from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
        from tm_lakehouse.orchestration.silver import pending_prefixes
        from tm_lakehouse.settings import Settings

        return bool(pending_prefixes(S3ObjectStore(), Settings.from_environment(), ())) or is_behind()

    @task(retries=0)
    def check_deadline() -> None:
        from airflow.exceptions import AirflowFailException

        from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
        from tm_lakehouse.orchestration.silver import overdue
        from tm_lakehouse.settings import Settings

        hours = get_current_context()["params"]["overdue_hours"]
        late = overdue(
            S3ObjectStore(), Settings.from_environment(), dt.datetime.now(dt.UTC) - dt.timedelta(hours=hours)
        )
        if late:
            raise AirflowFailException(f"{len(late)} landed over {hours} h ago and not in Silver: {', '.join(late)}")

    start = TriggerDagRunOperator(
        task_id="start_pipeline",
        trigger_dag_id="course_pipeline",
        conf={"ingest_date": None, "course_ids": None},
        # Whatever Airflow's default is: a deferred one would wait for the run's end.
        deferrable=False,
    )
    is_something_pending() >> start
    check_deadline()


reconcile()
