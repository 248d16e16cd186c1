"""Gold joins the courses' dimensions: they follow what a run brought to Silver."""

import datetime as dt
import logging
import os
from typing import Any

from airflow.sdk import task

LOG = logging.getLogger(__name__)


@task(multiple_outputs=False, trigger_rule="none_failed_min_one_success", execution_timeout=dt.timedelta(minutes=30))
def refresh_topology(prefixes: list[str], silver: dict[str, Any] | None) -> dict[str, Any]:
    """Look at the courses of a run, once they are in Silver; at all of them where it brought nothing there."""
    from tm_lakehouse.orchestration.role import under_role
    from tm_lakehouse.orchestration.topology import refresh_courses
    from tm_lakehouse.settings import Settings

    LOG.info("Silver: %s", silver)
    with under_role(os.environ["TM_TOPOLOGY_ROLE"], "airflow-topology"):
        found = refresh_courses(Settings.from_environment(), prefixes)
    LOG.info("%s", found)
    return found
