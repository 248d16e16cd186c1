"""From landed course files to what readers see: of one ingest date, or whatever is not there yet."""

import datetime as dt
import json
import logging
import os
from pathlib import Path
from typing import Any

from airflow.sdk import Param, dag, get_current_context, task

LOG = logging.getLogger(__name__)
# dbt cancels its queries when it is asked to end; a task that is stopped leaves a build that the next one replaces.
GOLD_TIMEOUT = dt.timedelta(minutes=55)
SILVER_TIMEOUT = dt.timedelta(hours=4)
RETRIES = {"retries": 2, "retry_delay": dt.timedelta(seconds=30), "retry_exponential_backoff": True}
COURSE = {"type": "string", "pattern": "^[^/=]+$"}


@dag(
    schedule=None,
    catchup=False,
    # Two runs at once would build the same tables of Gold.
    max_active_runs=1,
    is_paused_upon_creation=False,
    tags=["lakehouse"],
    doc_md=__doc__,
    default_args=RETRIES,
    params={
        "ingest_date": Param(
            type=["null", "string"],
            format="date",
            default=None,
            title="Ingest date",
            description="None: what is landed and not yet in Silver, the oldest first.",
        ),
        "course_ids": Param(
            type="array", items=COURSE, default=[], title="Courses", description="None: all that are landed."
        ),
    },
)
def course_pipeline() -> None:
    """List what is landed, bring it to Silver in one Glue run, check it, build and test Gold, and publish it."""

    @task(execution_timeout=dt.timedelta(minutes=10))
    def list_landed() -> list[str]:
        from airflow.exceptions import AirflowSkipException

        from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
        from tm_lakehouse.orchestration.silver import landed_prefixes, pending_prefixes
        from tm_lakehouse.settings import Settings

        params = get_current_context()["params"]
        store, settings, courses = S3ObjectStore(), Settings.from_environment(), params["course_ids"]
        if params["ingest_date"]:
            return landed_prefixes(store, settings, params["ingest_date"], courses)
        found = pending_prefixes(store, settings, courses)
        if not found:
            raise AirflowSkipException("Everything that is landed is in Silver.")
        return found

    # Not tried again by itself: a second run would be sound, but paid for.
    @task(retries=0, execution_timeout=dt.timedelta(minutes=10))
    def start_silver(prefixes: list[str]) -> str:
        from tm_lakehouse.orchestration.silver import start
        from tm_lakehouse.settings import Settings

        return start(Settings.from_environment(), prefixes)

    # A result is one value: Airflow would push each of its keys, and 3.0.6 fails at one that is None.
    @task(multiple_outputs=False, execution_timeout=SILVER_TIMEOUT)
    def check_silver(prefixes: list[str], glue_run: str) -> dict[str, Any]:
        from airflow.exceptions import AirflowFailException

        from tm_lakehouse.errors import LakehouseError
        from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
        from tm_lakehouse.orchestration.silver import finish
        from tm_lakehouse.settings import Settings

        try:
            return finish(S3ObjectStore(), Settings.from_environment(), prefixes, glue_run, LOG.info)
        except LakehouseError as error:
            # The run has ended: looking again would find the same.
            raise AirflowFailException(str(error)) from error

    @task(execution_timeout=GOLD_TIMEOUT)
    def build_gold(silver: dict[str, Any]) -> str:
        from tm_lakehouse.orchestration import gold
        from tm_lakehouse.orchestration.role import under_role
        from tm_lakehouse.settings import Settings
        from tm_lakehouse.silver_to_gold.dbt_runner import Dbt
        from tm_lakehouse.silver_to_gold.gold_run import new_run_id

        LOG.info("Silver: %s", silver)
        run_id = new_run_id()
        work = Path(os.environ["AIRFLOW_HOME"]) / "dbt-work" / run_id
        dbt = Dbt(Path(os.environ["TM_DBT"]), Path(__file__).parent / "dbt", work)
        with under_role(os.environ["TM_DBT_ROLE"], "airflow-gold"):
            LOG.info("Gold: %s", gold.build(Settings.from_environment(), dbt, run_id, LOG.info))
        return run_id

    @task(multiple_outputs=False, execution_timeout=dt.timedelta(minutes=20))
    def publish_gold(gold_run: str) -> dict[str, Any]:
        from tm_lakehouse.orchestration import gold
        from tm_lakehouse.orchestration.role import under_role
        from tm_lakehouse.settings import Settings

        with under_role(os.environ["TM_DBT_ROLE"], "airflow-publish"):
            return gold.publish(Settings.from_environment(), gold_run)

    @task(multiple_outputs=False, retries=0)
    def report(silver: dict[str, Any], publication: dict[str, Any]) -> dict[str, Any]:
        found = {"silver": silver, "gold": publication}
        LOG.info(json.dumps(found))
        return found

    prefixes = list_landed()
    silver = check_silver(prefixes, start_silver(prefixes))
    report(silver, publish_gold(build_gold(silver)))


course_pipeline()
