"""What `tm-lakehouse cost` prints, and what it refuses."""

from datetime import UTC, datetime

import pytest
from told_as_json import told_as_json
from typer.testing import CliRunner

from tm_lakehouse.cli import cost as module
from tm_lakehouse.cost import job_runs, statements
from tm_lakehouse.cost.job_runs import JobRun
from tm_lakehouse.cost.prices import MIB, TIB
from tm_lakehouse.cost.statements import CLOCKS_APART, Statement
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.silver_to_gold import publish
from tm_lakehouse.silver_to_gold.publish import Invocations

NOON = datetime(2025, 9, 1, 12, tzinfo=UTC)
STATEMENTS = [
    Statement("q1", NOON, "DML", "SUCCEEDED", 20 * MIB, 1, False, "SELECT 1", "i1", "model.p.a"),
    Statement("q2", NOON, "DML", "CANCELLED", 11 * MIB, 1, False, "SELECT 2"),
]
ENVIRONMENT = {
    "TM_BUCKET_LANDING": "l", "TM_BUCKET_SOURCE": "s", "TM_BUCKET_SERVE": "g", "TM_BUCKET_QUARANTINE": "q",
    "TM_BUCKET_OBSERVABILITY": "o", "TM_ICEBERG_WAREHOUSE_SILVER": "s3://s/w", "TM_ICEBERG_WAREHOUSE_GOLD": "s3://g/w",
    "TM_ATHENA_WORKGROUP": "readers", "TM_ATHENA_RESULTS": "s3://o/r", "TM_GLUE_JOB_SILVER": "silver",
    "TM_PRICE_ATHENA_TIB": "4", "TM_PRICE_GLUE_DPU_HOUR": "0.5",
}  # fmt: skip


@pytest.fixture
def run(monkeypatch):
    """Run the command over STATEMENTS and an hour of Silver; `run.periods` holds what it asked Athena for."""
    periods = []

    def read_statements(_, since, until):
        periods.append((since, until))
        return STATEMENTS

    hour = JobRun("silver", "jr_1", NOON, "SUCCEEDED", 3600, 2)
    monkeypatch.setattr(module.target, "activate", lambda: None)
    monkeypatch.setattr(statements, "read_statements", read_statements)
    monkeypatch.setattr(job_runs, "read_job_runs", lambda *_: [hour])
    monkeypatch.setattr(publish, "read_invocations", lambda *_: Invocations(("i1",), NOON, NOON.replace(hour=13)))
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)

    def invoke(*arguments):
        return CliRunner().invoke(module.app, list(arguments))

    invoke.periods = periods
    return invoke


def test_a_period_holds_queries_jobs_and_a_total_at_the_settings_prices(run):
    told = told_as_json(module.app, "--since", "2025-09-01", "--until", "2025-09-02")
    athena, glue = told["lines"]
    assert (athena["group"], athena["count"], athena["bytes_billed"]) == ("2025-09-01", 2, 31 * MIB)
    assert athena["dollars"] == pytest.approx(31 * MIB / TIB * 4)
    assert (glue["group"], glue["dpu_hours"], glue["dollars"]) == ("2025-09-01 silver", 2.0, 1.0)
    assert told["dollars"] == pytest.approx(athena["dollars"] + glue["dollars"])
    assert run.periods == [(datetime(2025, 9, 1, tzinfo=UTC), datetime(2025, 9, 3, tzinfo=UTC))]


def test_lines_are_for_reading_too(run):
    result = run("--since", "2025-09-01", "--by", "statement")
    assert [line.split()[:2] for line in result.stdout.splitlines()[1:]] == [
        ["athena", "q1"],
        ["athena", "q2"],
        ["glue", "silver"],
    ]
    assert result.stderr == "total: 1.0001 dollars\n"


def test_a_run_of_gold_holds_its_own_statements_only(run):
    told = told_as_json(module.app, "--run", "r1", "--by", "node")
    assert [(line["group"], line["bytes_billed"]) for line in told["lines"]] == [("model.p.a", 20 * MIB)]
    (period,) = run.periods
    assert period == (NOON - CLOCKS_APART, NOON.replace(hour=13) + CLOCKS_APART)


def test_a_period_that_ends_before_it_begins_is_refused(run):
    result = run("--since", "2025-09-02", "--until", "2025-09-01")
    assert isinstance(result.exception, LakehouseError)
    assert "ends before it begins" in result.exception.reason
    assert not run.periods


def test_the_last_week_is_the_default(run):
    run()
    ((since, until),) = run.periods
    assert (until - since).days == 8
