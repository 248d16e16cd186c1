"""The report of a run, made when all else has ended, whatever became of it."""

import datetime as dt
import logging
import os
from typing import Any

from airflow.sdk import get_current_context, task, teardown

LOG = logging.getLogger(__name__)


# A teardown runs after tasks that failed too, and does not decide how the run ends: a report is about a run, no part of
# what it had to do.
@teardown(on_failure_fail_dagrun=False)
@task(retries=0, execution_timeout=dt.timedelta(minutes=15))
def keep_report(glue_run: Any) -> str:
    """Read what the run did, under the role of who started it and then under dbt's, and keep the page; its address."""
    from airflow.exceptions import AirflowSkipException

    from tm_lakehouse.landing_to_silver.object_store import S3ObjectStore
    from tm_lakehouse.orchestration import report
    from tm_lakehouse.orchestration.role import under_role
    from tm_lakehouse.settings import Settings

    context = get_current_context()
    settings, began = Settings.from_environment(), context["dag_run"].start_date
    part = report.silver_part(S3ObjectStore(), settings, glue_run)
    with under_role(os.environ["TM_DBT_ROLE"], "airflow-report"):
        kept = report.keep_report(S3ObjectStore(), settings, part, began, _links(context))
    if kept is None:
        raise AirflowSkipException("Nothing ran, so there is nothing to report.")
    LOG.info("report: %s", kept)
    return kept


def _links(context: Any) -> dict[str, str]:
    from airflow.configuration import conf

    pages = conf.get("api", "base_url", fallback="").rstrip("/")
    run = context["dag_run"]
    return {"Airflow": f"{pages}/dags/{run.dag_id}/runs/{run.run_id}"} if pages else {}
