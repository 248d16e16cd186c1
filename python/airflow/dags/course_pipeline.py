"""From landed course files to what readers see: of one ingest date, or whatever is not there yet."""

import datetime as dt
import json
import logging
import os
from typing import Any

from airflow.sdk import Param, dag, get_current_context, task
from lakehouse_tasks.alerts import on_failure
from lakehouse_tasks.gold import build_gold, check_freshness, publish_gold
from lakehouse_tasks.topology import refresh_topology

LOG = logging.getLogger(__name__)
SILVER_TIMEOUT = dt.timedelta(hours=4)
PARITY_TIMEOUT = dt.timedelta(hours=2)
DEFAULTS = {
    "retries": 2,
    "retry_delay": dt.timedelta(seconds=30),
    "retry_exponential_backoff": True,
    "on_failure_callback": on_failure(),
}
COURSE = {"type": "string", "pattern": "^[^/=]+$"}


@dag(
    schedule=None,
    catchup=False,
    # Two runs at once would build the same tables of Gold.
    max_active_runs=1,
    is_paused_upon_creation=False,
    tags=["lakehouse"],
    doc_md=__doc__,
    default_args=DEFAULTS,
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
        "check_parity": Param(
            type="boolean",
            default=False,
            title="Check parity",
            description="In the end Spark and Athena read all of Silver and Gold, and must read the same.",
        ),
    },
)
def course_pipeline() -> None:
    """List what is landed, bring it to Silver in one Glue run, check it, build and test Gold, and publish it."""

    @task(execution_timeout=dt.timedelta(minutes=10))
    def list_landed() -> list[str]:
        from airflow.exceptions import AirflowSkipException
        from lakehouse_tasks.gold import is_behind

        from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
        from tm_lakehouse.orchestration.silver import landed_prefixes, pending_prefixes
        from tm_lakehouse.settings import Settings

        params = get_current_context()["params"]
        store, settings, courses = S3ObjectStore(), Settings.from_environment(), params["course_ids"]
        if params["ingest_date"]:
            return landed_prefixes(store, settings, params["ingest_date"], courses)
        found = pending_prefixes(store, settings, courses)
        if not found and not is_behind():
            raise AirflowSkipException("Everything that is landed is in Silver, and Gold follows it.")
        return found

    # Not tried again by itself: a second run would be sound, but paid for.
    @task(retries=0, execution_timeout=dt.timedelta(minutes=10))
    def start_silver(prefixes: list[str]) -> str:
        from airflow.exceptions import AirflowSkipException

        from tm_lakehouse.orchestration.silver import start
        from tm_lakehouse.settings import Settings

        if not prefixes:
            raise AirflowSkipException("Everything that is landed is in Silver; Gold does not follow it yet.")
        return start(Settings.from_environment(), prefixes)

    @task(multiple_outputs=False, execution_timeout=SILVER_TIMEOUT)
    def check_silver(prefixes: list[str], glue_run: str) -> dict[str, Any]:
        from lakehouse_tasks.failures import final_failures

        from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
        from tm_lakehouse.orchestration.silver import finish
        from tm_lakehouse.settings import Settings

        with final_failures():
            return finish(S3ObjectStore(), Settings.from_environment(), prefixes, glue_run, LOG.info)

    @task(multiple_outputs=False, retries=0, execution_timeout=PARITY_TIMEOUT)
    def check_parity(publication: dict[str, Any]) -> dict[str, Any]:
        from airflow.exceptions import AirflowSkipException

        from tm_lakehouse.orchestration import parity
        from tm_lakehouse.orchestration.role import under_role
        from tm_lakehouse.settings import Settings
        from tm_lakehouse.silver_to_gold.run_id import new_run_id

        if not get_current_context()["params"]["check_parity"]:
            raise AirflowSkipException("Not asked for.")
        LOG.info("published: %s", publication)
        settings, check_id, role = Settings.from_environment(), new_run_id(), os.environ["TM_DBT_ROLE"]
        with under_role(role, "airflow-parity"):
            LOG.info("%d tables are compared", len(parity.request(settings, check_id)))
        run_id = parity.read_by_spark(settings, check_id, LOG.info)
        with under_role(role, "airflow-parity"):
            return parity.compare(settings, check_id, run_id, LOG.info)

    @task(
        multiple_outputs=False,
        retries=0,
        trigger_rule="none_failed_min_one_success",
        execution_timeout=dt.timedelta(minutes=5),
    )
    def report(
        silver: dict[str, Any] | None,
        topology: dict[str, Any],
        built: dict[str, Any],
        publication: dict[str, Any],
        freshness: list[str],
        parity: dict[str, Any] | None,
    ) -> dict[str, Any]:
        found = {
            "silver": silver,
            "topology": topology,
            "gold": {**publication, **{name: built[name] for name in ("models", "tests", "dollars", "seconds")}},
            "freshness": freshness,
            "parity": parity,
        }
        LOG.info(json.dumps(found))
        return found

    prefixes = list_landed()
    silver = check_silver(prefixes, start_silver(prefixes))
    topology = refresh_topology(prefixes, silver)
    built = build_gold(topology)
    publication = publish_gold(built)
    freshness, parity = check_freshness(built, publication), check_parity(publication)
    report(silver, topology, built, publication, freshness, parity)


course_pipeline()
