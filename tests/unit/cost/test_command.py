"""What `tm-lakehouse cost` prints."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from tm_lakehouse.cli import cost as module
from tm_lakehouse.cost import job_runs, statements
from tm_lakehouse.cost.job_runs import JobRun
from tm_lakehouse.cost.prices import MIB
from tm_lakehouse.cost.statements import Statement

DAY = datetime(2025, 9, 1, 12, tzinfo=UTC)
ZONES = ("LANDING", "SOURCE", "SERVE", "QUARANTINE", "OBSERVABILITY")
ENVIRONMENT = {f"TM_BUCKET_{zone}": "b" for zone in ZONES} | {
    "TM_ICEBERG_WAREHOUSE_SILVER": "s3://b/w", "TM_ICEBERG_WAREHOUSE_GOLD": "s3://b/w",
    "TM_ATHENA_WORKGROUP": "readers", "TM_ATHENA_RESULTS": "s3://b/r", "TM_GLUE_JOB_SILVER": "silver",
    "TM_GLUE_JOB_PARITY": "parity",
    "TM_PRICE_ATHENA_TIB": "1048576", "TM_PRICE_GLUE_DPU_HOUR": "0.5",
}  # fmt: skip


@pytest.fixture
def run(monkeypatch):
    """Run the command over one statement of 20 MiB and an hour of one job; `run.asked` holds the periods."""
    asked = []

    def read_statements(workgroup, since, until):
        asked.append((workgroup, since, until))
        return [Statement("q1", DAY, "DML", "SUCCEEDED", 20 * MIB, 5, False, "SELECT 1", "i1", "model.p.a")]

    def read_job_runs(job, since, until):
        return [JobRun(job, "jr", DAY, "SUCCEEDED", 3600.0, 2.0)] if job == "silver" else []

    monkeypatch.setattr(module.target, "activate", lambda: None)
    monkeypatch.setattr(statements, "read_statements", read_statements)
    monkeypatch.setattr(job_runs, "read_job_runs", read_job_runs)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)

    def invoke(*arguments):
        result = CliRunner().invoke(module.app, list(arguments))
        assert result.exit_code == 0, result.exception
        return result

    invoke.asked = asked
    return invoke


def test_dollars_are_those_of_the_prices_that_are_set(run):
    told = json.loads(run("--json").stdout)
    assert [(line["service"], line["group"], line["dollars"]) for line in told["lines"]] == [
        ("athena", "2025-09-01", 20.0),
        ("glue", "2025-09-01 silver", 1.0),
    ]
    assert told["dollars"] == 21.0


def test_a_table_for_people_with_the_total(run):
    result = run("--by", "node")
    assert "model.p.a" in result.stdout
    assert "20,971,520" in result.stdout
    assert result.stderr == "total: 21.0000 dollars\n"


def test_the_last_day_is_inside_and_a_week_is_the_default(run):
    run("--since", "2025-09-01", "--until", "2025-09-02")
    run()
    midnight = DAY.replace(hour=0)
    assert run.asked[0] == ("readers", midnight, midnight + timedelta(days=2))
    _, since, until = run.asked[1]
    assert until - since == timedelta(days=8)
