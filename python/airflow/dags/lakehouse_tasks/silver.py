"""From the landing zone to Silver, in one Glue run."""

import datetime as dt
from typing import Any

from airflow.sdk import get_current_context, task

from lakehouse_tasks.glue_runs import SILVER_RUNS, CheckSilver
from lakehouse_tasks.gold import is_behind

SILVER_TIMEOUT = dt.timedelta(hours=4)


@task(execution_timeout=dt.timedelta(minutes=10))
def list_landed() -> list[str]:
    """Deliveries of the ingest date, or what is owed; the rest is skipped where nothing is and Gold follows Silver."""
    from airflow.exceptions import AirflowSkipException

    from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
    from tm_lakehouse.orchestration.silver import landed_prefixes, pending_prefixes
    from tm_lakehouse.settings import Settings

    params = get_current_context()["params"]
    store, settings, courses = S3ObjectStore(), Settings.from_environment(), params["course_ids"] or ()
    if params["ingest_date"]:
        return landed_prefixes(store, settings, params["ingest_date"], courses)
    found = pending_prefixes(store, settings, courses)
    if not found and not is_behind():
        raise AirflowSkipException("Everything that is landed is in Silver, and Gold follows it.")
    return found


# Not tried again by itself: a second run would be sound, but paid for.
@task(retries=0, execution_timeout=dt.timedelta(minutes=10))
def start_silver(prefixes: list[str]) -> str:
    """One Glue run over all of them; its id."""
    from airflow.exceptions import AirflowSkipException

    from tm_lakehouse.orchestration.silver import start
    from tm_lakehouse.settings import Settings

    if not prefixes:
        raise AirflowSkipException("Everything that is landed is in Silver; Gold does not follow it yet.")
    return start(Settings.from_environment(), prefixes)


def check_silver(prefixes: Any, glue_run: Any) -> Any:
    """Wait for the run, which must have done all that it was asked; what it did."""
    waiting = CheckSilver(
        task_id="check_silver",
        prefixes=prefixes,
        glue_run=glue_run,
        pool=SILVER_RUNS,
        execution_timeout=SILVER_TIMEOUT,
    )
    return waiting.output
