"""Once a week: tables that Glue's optimizers don't keep are compacted, and lose old snapshots and orphan files."""

import datetime as dt
import logging
from typing import Any

from airflow.sdk import Param, dag, get_current_context, task
from lakehouse_tasks.alerts import on_failure

LOG = logging.getLogger(__name__)


@dag(
    schedule="@weekly",
    start_date=dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    tags=["lakehouse"],
    doc_md=__doc__,
    default_args={
        "retries": 2,
        "retry_delay": dt.timedelta(minutes=5),
        "on_failure_callback": on_failure(),
        "execution_timeout": dt.timedelta(minutes=10),
    },
    params={
        "snapshots_days": Param(7, type="integer", minimum=1, title="Days that old snapshots are kept"),
        "orphans_days": Param(3, type="integer", minimum=1, title="Days that files are kept which no snapshot names"),
    },
)
def maintenance() -> None:
    """Find the tables that nobody keeps, and keep them by one run of the lakehouse's own job."""

    @task
    def unkept_tables() -> list[str]:
        from airflow.exceptions import AirflowSkipException

        from tm_lakehouse.orchestration.maintenance import unkept_tables
        from tm_lakehouse.settings import Settings

        found = unkept_tables(Settings.from_environment())
        if not found:
            raise AirflowSkipException("Glue's optimizers keep every table.")
        return found

    @task(retries=0)
    def start_upkeep(tables: list[str]) -> str:
        from tm_lakehouse.maintenance.optimizers import Retention
        from tm_lakehouse.orchestration.maintenance import start
        from tm_lakehouse.settings import Settings

        params = get_current_context()["params"]
        return start(Settings.from_environment(), tables, Retention(params["snapshots_days"], params["orphans_days"]))

    @task(execution_timeout=dt.timedelta(hours=8))
    def check_upkeep(glue_run: str) -> list[dict[str, Any]]:
        from lakehouse_tasks.failures import final_failures

        from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
        from tm_lakehouse.orchestration.maintenance import finish
        from tm_lakehouse.settings import Settings

        with final_failures():
            reports = finish(S3ObjectStore(), Settings.from_environment(), glue_run, LOG.info)
        for each in reports:
            LOG.info("%s", each)
        return reports

    check_upkeep(start_upkeep(unkept_tables()))


maintenance()
