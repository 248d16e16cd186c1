"""The same DAGs in an Airflow that is no MWAA: a folder, some wheels, and environment variables."""

import datetime as dt
import json
import os

import pytest
from plain_airflow import PROJECT, PlainAirflow

from tm_lakehouse.orchestration.pools import SILVER_RUNS

DAY = dt.date(2024, 11, 4)
COURSE = "bradshawfarmgc"
SEEN = ("TM_", "AWS_")


@pytest.fixture(scope="module")
def airflow(lake, tmp_path_factory):
    """As docs/airflow.md says; the MWAA beside it takes nothing away meanwhile."""
    variables = {name: value for name, value in os.environ.items() if name.startswith(SEEN)}
    variables |= {
        "TM_DBT": str(PROJECT / ".runtime" / "dbt" / "bin" / "dbt"),
        "AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE": "True",
    }
    dags = PROJECT / "build" / "package" / "airflow" / "dags"
    airflow = PlainAirflow(tmp_path_factory.mktemp("plain-airflow"), dags, variables)
    airflow.install()
    airflow.call("pools", "set", SILVER_RUNS, "9", "runs of the Silver job", "--include-deferred")
    airflow.call("dags", "reserialize")
    lake.settle()
    lake.api("PATCH", "/dags/reconcile", {"is_paused": True})
    yield airflow
    lake.api("PATCH", "/dags/reconcile", {"is_paused": False})


@pytest.fixture(scope="module")
def owed(lake, airflow):
    """A delivery that has landed, and nothing else is owed."""
    lake.land(lake.generate(COURSE, 20, 11), DAY)


def test_reconcile_starts_the_pipeline_for_what_is_owed(lake, airflow, owed):
    airflow.call("dags", "test", "reconcile")

    started = json.loads(airflow.call("dags", "list-runs", "course_pipeline", "--output", "json").splitlines()[-1])
    assert len(started) == 1
    assert lake.rounds(COURSE) == 0


def test_the_pipeline_brings_a_delivery_to_gold(lake, airflow, owed):
    airflow.call("dags", "test", "course_pipeline", "--conf", json.dumps({"ingest_date": DAY.isoformat()}))

    assert lake.owed() == []
    assert lake.rounds(COURSE) == 20


def test_a_history_that_is_there_is_left_alone(lake, airflow, owed):
    before = len(lake.glue_runs())
    conf = {"first_date": DAY.isoformat(), "last_date": DAY.isoformat()}
    said = airflow.call("dags", "test", "backfill", "--conf", json.dumps(conf))

    assert "Everything that is landed from 2024-11-04 to 2024-11-04 is in Silver" in said
    assert len(lake.glue_runs()) == before


def test_upkeep_is_left_to_glue_where_it_keeps_all_tables(lake, airflow):
    lake.run("maintain", "enable")

    assert "Glue's optimizers keep every table" in airflow.call("dags", "test", "maintenance")
