"""Each DAG runs in any Airflow: no MWAA, no scheduler, the deployed lakehouse's variables and nothing else."""

import datetime as dt
import json
import os
import sqlite3
from contextlib import closing

import boto3
import pytest
from plain_airflow import PROJECT, PlainAirflow

from tm_lakehouse.cli.package import PACKAGE_DIRECTORY
from tm_localstack.launcher.settings import runtime_python

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(2400)]
COURSE = "bradshawfarmgc"
FIRST, LATER = dt.date(2024, 7, 1), dt.date(2024, 7, 15)


@pytest.fixture(scope="module")
def elsewhere(lake, tmp_path_factory):
    """Another Airflow beside the lakehouse's own, which does not look meanwhile; two deliveries are owed."""
    lake.api("PATCH", "/dags/reconcile", {"is_paused": True})
    for number, day in enumerate((FIRST, LATER)):
        lake.land(lake.generate(COURSE, 10, number), day)
    named = {name: value for name, value in os.environ.items() if name.startswith(("AWS_", "TM_"))}
    variables = named | {"TM_DBT": str(runtime_python("dbt").with_name("dbt"))}
    airflow = PlainAirflow(
        tmp_path_factory.mktemp("elsewhere"), PROJECT / PACKAGE_DIRECTORY / "airflow/dags", variables
    )
    airflow.install()
    # Who triggers another DAG must find it in the database; `dags test` puts only its own there.
    airflow.call("dags", "reserialize")
    yield airflow
    lake.api("PATCH", "/dags/reconcile", {"is_paused": False})


def test_reconcile_sees_what_is_owed_and_asks_for_the_pipeline(elsewhere):
    assert _state_after(elsewhere, "reconcile") == "success"

    # `dags test` has no scheduler that would take it up.
    assert [run["state"] for run in _runs(elsewhere, "course_pipeline")] == ["queued"]


def test_the_pipeline_brings_a_date_to_readers(lake, elsewhere):
    state = _state_after(elsewhere, "course_pipeline", ingest_date=FIRST.isoformat(), course_ids=[COURSE])

    assert state == "success"
    assert [LATER.isoformat() in delivery for delivery in lake.owed()] == [True]
    assert lake.rounds(COURSE) > 0


def test_a_backfill_brings_the_rest(lake, elsewhere):
    before = lake.rounds(COURSE)
    state = _state_after(elsewhere, "backfill", first_date=FIRST.isoformat(), last_date=LATER.isoformat())

    assert state == "success"
    assert lake.owed() == []
    assert lake.rounds(COURSE) > before


def test_upkeep_is_done(lake, elsewhere):
    assert _state_after(elsewhere, "maintenance") == "success"

    runs = boto3.client("glue").get_job_runs(JobName=lake.settings.glue_job_maintenance)["JobRuns"]
    assert [run["JobRunState"] for run in runs] == ["SUCCEEDED"]


def _state_after(airflow, dag, **conf):
    """The state that a DAG's run, in the foreground, ends in."""
    airflow.call("dags", "test", dag, *(["--conf", json.dumps(conf)] if conf else []))
    return next(run["state"] for run in _runs(airflow, dag) if run["state"] != "queued")


def _runs(airflow, dag):
    """The runs that an Airflow knows of a DAG, the newest first; its command lists none that `dags test` made."""
    with closing(sqlite3.connect(airflow.folder / "home" / "airflow.db")) as database:
        found = database.execute("SELECT run_id, state FROM dag_run WHERE dag_id = ? ORDER BY id DESC", (dag,))
        return [{"run_id": run_id, "state": state} for run_id, state in found]
