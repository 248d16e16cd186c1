"""Once a week: tables that Glue's optimizers don't keep are compacted, and lose old snapshots and orphan files."""

import datetime as dt

from airflow.sdk import Param, dag, get_current_context, task
from lakehouse_tasks.alerts import on_failure, on_run_failure
from lakehouse_tasks.glue_runs import CheckUpkeep


@dag(
    schedule="@weekly",
    start_date=dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=False,
    tags=["lakehouse"],
    doc_md=__doc__,
    on_failure_callback=on_run_failure(),
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

    started = start_upkeep(unkept_tables())
    CheckUpkeep(task_id="check_upkeep", glue_run=started, execution_timeout=dt.timedelta(hours=8))


maintenance()
