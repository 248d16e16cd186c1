"""A history, in runs of a good size, a few at a time. Again with the same dates, it goes on where it stopped."""

import datetime as dt
import logging
from typing import Any

from airflow.sdk import Param, dag, get_current_context, task
from lakehouse_tasks.alerts import on_failure, on_run_failure
from lakehouse_tasks.glue_runs import SILVER_RUNS, BringToSilver
from lakehouse_tasks.gold import build_gold, publish_gold
from lakehouse_tasks.topology import refresh_topology

LOG = logging.getLogger(__name__)
# As many as the Glue job may have active without those of the daily pipeline waiting.
PARALLEL_RUNS = 2
RUN_TIMEOUT = dt.timedelta(hours=8)
DAY = {"type": "string", "format": "date"}


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    tags=["lakehouse"],
    doc_md=__doc__,
    on_failure_callback=on_run_failure(),
    default_args={
        "retries": 3,
        "retry_delay": dt.timedelta(minutes=1),
        "retry_exponential_backoff": True,
        "on_failure_callback": on_failure(),
    },
    params={
        "first_date": Param(**DAY, title="First ingest date"),
        "last_date": Param(**DAY, title="Last ingest date", description="Inclusive."),
        "course_ids": Param(
            type=["null", "array"],
            items={"type": "string", "pattern": "^[^/=]+$"},
            default=None,
            title="Courses",
            description="None: all that are landed.",
        ),
    },
)
def backfill() -> None:
    """Split what is owed of a range of dates into Glue runs, run them, then build and publish Gold once."""

    @task(execution_timeout=dt.timedelta(minutes=30))
    def plan_runs() -> list[list[str]]:
        from airflow.exceptions import AirflowSkipException

        from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
        from tm_lakehouse.orchestration.silver import planned_runs
        from tm_lakehouse.settings import Settings

        params = get_current_context()["params"]
        first, last, courses = params["first_date"], params["last_date"], params["course_ids"] or ()
        runs = planned_runs(S3ObjectStore(), Settings.from_environment(), first, last, courses)
        if not runs:
            raise AirflowSkipException(f"Everything that is landed from {first} to {last} is in Silver.")
        LOG.info("%d deliveries in %d runs", sum(map(len, runs)), len(runs))
        return runs

    @task(execution_timeout=dt.timedelta(minutes=5))
    def all_deliveries(runs: list[list[str]]) -> list[str]:
        return [prefix for run in runs for prefix in run]

    @task(multiple_outputs=False, execution_timeout=dt.timedelta(minutes=5))
    def sum_up(runs: list[dict[str, Any]]) -> dict[str, Any]:
        return {"runs": len(runs), "deliveries": sum(each["deliveries"] for each in runs)}

    runs = plan_runs()
    bring_to_silver = BringToSilver.partial(
        task_id="bring_to_silver",
        pool=SILVER_RUNS,
        max_active_tis_per_dag=PARALLEL_RUNS,
        execution_timeout=RUN_TIMEOUT,
    ).expand(prefixes=runs)
    silver = sum_up(bring_to_silver.output)
    publish_gold(build_gold(refresh_topology(all_deliveries(runs), silver))[-1])


backfill()
