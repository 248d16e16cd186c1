"""Whether both engines read the same of what was published."""

import datetime as dt
import logging
import os
from typing import Any

from airflow.sdk import get_current_context, task

LOG = logging.getLogger(__name__)
PARITY_TIMEOUT = dt.timedelta(hours=2)


@task(multiple_outputs=False, retries=0, execution_timeout=PARITY_TIMEOUT)
def check_parity(publication: dict[str, Any]) -> dict[str, Any]:
    """Where the run asks for it: Spark and Athena read all of Silver and Gold, and must read the same."""
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
