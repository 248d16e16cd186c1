"""From landed course files to what readers see: of one ingest date, or whatever is not there yet."""

import datetime as dt
import json
import logging
from typing import Any

from airflow.sdk import Param, dag, task
from lakehouse_tasks.alerts import on_failure, on_run_failure
from lakehouse_tasks.gold import build_gold, check_freshness, publish_gold
from lakehouse_tasks.parity import check_parity
from lakehouse_tasks.report import keep_report
from lakehouse_tasks.silver import check_silver, list_landed, start_silver
from lakehouse_tasks.topology import refresh_topology

LOG = logging.getLogger(__name__)
DEFAULTS = {
    "retries": 2,
    "retry_delay": dt.timedelta(seconds=30),
    "retry_exponential_backoff": True,
    "on_failure_callback": on_failure(),
}
COURSE = {"type": "string", "pattern": "^[^/=]+$"}


@task(
    multiple_outputs=False,
    retries=0,
    trigger_rule="none_failed_min_one_success",
    execution_timeout=dt.timedelta(minutes=5),
)
def report(
    silver: dict[str, Any] | None,
    topology: dict[str, Any],
    layers: list[dict[str, Any]],
    publication: dict[str, Any],
    freshness: list[str],
    parity: dict[str, Any] | None,
) -> dict[str, Any]:
    """What all of them did, in the log and as the result."""
    whole = {name: layers[-1][name] for name in ("tests", "dollars", "seconds")}
    models = [model for layer in layers for model in layer["models"]]
    found = {
        "silver": silver,
        "topology": topology,
        "gold": {**publication, **whole, "models": models},
        "freshness": freshness,
        "parity": parity,
    }
    LOG.info(json.dumps(found))
    return found


@dag(
    schedule=None,
    catchup=False,
    # Two runs at once would build the same tables of Gold.
    max_active_runs=1,
    is_paused_upon_creation=False,
    tags=["lakehouse"],
    doc_md=__doc__,
    on_failure_callback=on_run_failure(),
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
            type=["null", "array"],
            items=COURSE,
            default=None,
            title="Courses",
            description="None: all that are landed.",
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

    prefixes = list_landed()
    glue_run = start_silver(prefixes)
    silver = check_silver(prefixes, glue_run)
    topology = refresh_topology(prefixes, silver)
    layers = build_gold(topology)
    publication = publish_gold(layers[-1])
    freshness, parity = check_freshness(layers[-1], publication), check_parity(publication)
    told = report(silver, topology, layers, publication, freshness, parity)
    told >> keep_report(glue_run)


course_pipeline()
