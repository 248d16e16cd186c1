"""From Silver to what readers see: built and tested under dbt's role, then published."""

import datetime as dt
import logging
import os
from pathlib import Path
from typing import Any

from airflow.sdk import task, task_group

LOG = logging.getLogger(__name__)
DBT_PROJECT = Path(__file__).parents[1] / "dbt"
# dbt cancels its queries when it is asked to end; a task that is stopped leaves a build that the next one replaces.
BUILD_TIMEOUT = dt.timedelta(minutes=55)
PUBLISH_TIMEOUT = dt.timedelta(minutes=20)


def is_behind() -> bool:
    """Whether Silver holds what readers don't see yet, as dbt's role sees it."""
    from tm_lakehouse.orchestration import gold_follows
    from tm_lakehouse.orchestration.role import under_role
    from tm_lakehouse.settings import Settings

    with under_role(os.environ["TM_DBT_ROLE"], "airflow-gold"):
        return gold_follows.is_behind(Settings.from_environment())


@task_group
def build_gold(topology: Any) -> list[Any]:
    """Build and test Gold, layer by layer: what changed, the tables by round, all that is told from them."""
    inputs = build_layer.override(task_id="inputs")("inputs", topology)
    rounds = build_layer.override(task_id="rounds")("rounds", inputs)
    summaries = build_layer.override(task_id="summaries")("summaries", rounds)
    return [inputs, rounds, summaries]


# A result is one value: Airflow would push each of its keys, and 3.0.6 fails at one that is None.
@task(multiple_outputs=False, execution_timeout=BUILD_TIMEOUT)
def build_layer(layer: str, before: dict[str, Any]) -> dict[str, Any]:
    """Build and test one layer; `before` is what the layer before it did. Readers see nothing of it yet."""
    from tm_lakehouse.orchestration import gold
    from tm_lakehouse.orchestration.role import under_role
    from tm_lakehouse.settings import Settings
    from tm_lakehouse.silver_to_gold.dbt_runner import Dbt
    from tm_lakehouse.silver_to_gold.run_id import new_run_id

    LOG.info("before: %s", before)
    run_id = before.get("run_id") or new_run_id()
    work = Path(os.environ["AIRFLOW_HOME"]) / "dbt-work" / f"{run_id}-{layer}"
    with under_role(os.environ["TM_DBT_ROLE"], "airflow-gold"):
        dbt = Dbt(Path(os.environ["TM_DBT"]), DBT_PROJECT, work)
        built = gold.build_layer(Settings.from_environment(), dbt, run_id, layer, LOG.info)
    for model in built["models"]:
        LOG.info("%(name)s: %(status)s in %(seconds)s s, %(rows)s rows, %(bytes_scanned)s bytes scanned", model)
    return built


@task(multiple_outputs=False, execution_timeout=PUBLISH_TIMEOUT)
def publish_gold(built: dict[str, Any]) -> dict[str, Any]:
    """Show readers what was tested."""
    from tm_lakehouse.orchestration import gold
    from tm_lakehouse.orchestration.role import under_role
    from tm_lakehouse.settings import Settings

    with under_role(os.environ["TM_DBT_ROLE"], "airflow-publish"):
        return gold.publish(Settings.from_environment(), built["run_id"])


@task(retries=0, execution_timeout=dt.timedelta(minutes=5))
def check_freshness(built: dict[str, Any], publication: dict[str, Any]) -> list[str]:
    """Fail where a source is late, after readers have what there is."""
    from lakehouse_tasks.failures import final_failures
    from tm_lakehouse.orchestration import gold

    LOG.info("published: %s", publication)
    with final_failures():
        return gold.check_freshness(built)
