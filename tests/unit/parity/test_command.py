"""What `tm-lakehouse parity` prints, and how it ends."""

import pytest
from told_as_json import told_as_json
from typer.testing import CliRunner

from tm_lakehouse.cli import parity as module
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.parity.checksums import Table
from tm_lakehouse.parity.comparison import Comparison, Difference

ZONES = ("LANDING", "SOURCE", "SERVE", "QUARANTINE", "OBSERVABILITY")
ENVIRONMENT = {f"TM_BUCKET_{zone}": "b" for zone in ZONES} | {
    "TM_ICEBERG_WAREHOUSE_SILVER": "s3://b/w", "TM_ICEBERG_WAREHOUSE_GOLD": "s3://b/w", "TM_ATHENA_WORKGROUP": "w",
    "TM_ATHENA_RESULTS": "s3://b/r", "TM_GLUE_JOB_SILVER": "silver", "TM_GLUE_JOB_PARITY": "parity",
}  # fmt: skip
EQUAL = Comparison("gold.dim_course", 7, 4, 4, 21, ())
MANY = tuple(f"course-{number}" for number in range(7))
DIFFERENT = Comparison("gold.fact_rounds", 8, 10, 9, 48, (Difference("pace", MANY), Difference("rounds", ("",))))


@pytest.fixture
def run(monkeypatch):
    """Run the command with a check that found what is given."""
    tables = [Table("gold", "dim_course", 7, {"course_id": "string"})]
    monkeypatch.setattr(module.target, "activate", lambda: None)
    monkeypatch.setattr(module, "_tables", lambda *_: tables)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)

    def invoke(*arguments, found=()):
        monkeypatch.setattr(module, "_check", lambda *_: list(found))
        return CliRunner().invoke(module.app, list(arguments))

    return invoke


def test_equal_tables_are_told_and_end_well(run):
    result = run(found=[EQUAL])
    assert result.exit_code == 0
    assert "nothing" in result.stdout
    assert result.stderr == "all 1 tables are equal\n"


def test_a_difference_names_columns_and_some_courses_and_ends_badly(run):
    result = run(found=[EQUAL, DIFFERENT])
    assert isinstance(result.exception, LakehouseError)
    assert "differ in 1 of 2 tables, first in gold.fact_rounds" in result.exception.reason
    assert "pace of course-0, course-1, course-2, course-3, course-4 and 2 more; rounds" in result.stdout


@pytest.mark.usefixtures("run")
def test_json_holds_every_difference(monkeypatch):
    monkeypatch.setattr(module, "_check", lambda *_: [DIFFERENT])
    told = told_as_json(module.app)
    assert told["tables"][0]["differences"][0] == {"column": "pace", "courses": list(MANY)}


def test_a_dry_run_lists_and_starts_nothing(run, monkeypatch):
    result = run("--dry-run")
    assert result.stdout.split() == ["table", "snapshot", "id", "columns", "gold.dim_course", "7", "1"]


def test_without_the_job_it_says_how_to_get_it(run, monkeypatch):
    monkeypatch.delenv("TM_GLUE_JOB_PARITY")
    result = run()
    assert isinstance(result.exception, LakehouseError)
    assert "TM_GLUE_JOB_PARITY is not set" in result.exception.reason
