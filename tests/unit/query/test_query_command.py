"""What `tm-lakehouse query` prints, and what it refuses."""

import json

import pytest
from typer.testing import CliRunner

from tm_lakehouse import athena
from tm_lakehouse.athena import QueryResult
from tm_lakehouse.cli import query as module
from tm_lakehouse.errors import LakehouseError

RESULT = QueryResult(
    columns=["course_id", "rounds", "pace", "complete", "day"],
    types=["varchar", "bigint", "double", "boolean", "date"],
    rows=[["a,b", "12", "1.5", "true", None], ["c", "3", "NaN", "false", "2024-01-15"]],
    bytes_scanned=1234,
    engine_ms=250,
    query_id="q1",
    bytes_billed=10 * 2**20,
)
ENVIRONMENT = {
    "TM_BUCKET_LANDING": "l", "TM_BUCKET_SOURCE": "s", "TM_BUCKET_SERVE": "g", "TM_BUCKET_QUARANTINE": "q",
    "TM_BUCKET_OBSERVABILITY": "o", "TM_ICEBERG_WAREHOUSE_SILVER": "s3://s/w", "TM_ICEBERG_WAREHOUSE_GOLD": "s3://g/w",
    "TM_ATHENA_WORKGROUP": "readers", "TM_ATHENA_RESULTS": "s3://o/r", "TM_GLUE_JOB_SILVER": "j", "TM_DB_SILVER": "sil",
}  # fmt: skip


@pytest.fixture
def run(monkeypatch):
    """Run the command with an Athena that answers RESULT; `run.asked` holds what it was asked."""
    asked = []

    class Answering:
        def __init__(self, workgroup, database):
            asked.append((workgroup, database))

        def query(self, sql):
            asked.append(sql)
            return RESULT

    monkeypatch.setattr(module.target, "activate", lambda: None)
    monkeypatch.setattr(athena, "Athena", Answering)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)

    def invoke(*arguments, **options):
        return CliRunner().invoke(module.app, list(arguments), **options)

    invoke.asked = asked
    return invoke


def test_csv_goes_to_stdout_and_the_figures_to_stderr(run):
    result = run("SELECT 1;", "--format", "csv")
    assert result.stdout.splitlines() == [
        "course_id,rounds,pace,complete,day",
        '"a,b",12,1.5,true,',
        "c,3,NaN,false,2024-01-15",
    ]
    assert result.stderr == "2 rows, 0.25 s, 1,234 bytes scanned, 0.000048 dollars (query q1)\n"
    assert run.asked == [("readers", "gold"), "SELECT 1"]


def test_json_keeps_the_types(run):
    rows = json.loads(run("SELECT 1", "--format", "json").stdout)
    assert rows == [
        {"course_id": "a,b", "rounds": 12, "pace": 1.5, "complete": True, "day": None},
        {"course_id": "c", "rounds": 3, "pace": "NaN", "complete": False, "day": "2024-01-15"},
    ]


def test_table_in_a_pipe_cuts_nothing(run, monkeypatch):
    wide = "x" * 300
    monkeypatch.setitem(RESULT.__dict__, "rows", [[wide, "1", "2", "true", None]])
    output = run("SELECT 1").stdout
    assert wide in output
    assert "NULL" in output


def test_statement_from_a_file_and_from_standard_input(run, tmp_path):
    file = tmp_path / "q.sql"
    file.write_text("SELECT 2\n;\n")
    run("-f", str(file), "--database", "silver")
    run("-", input="SELECT 3")
    assert run.asked == [("readers", "sil"), "SELECT 2", ("readers", "gold"), "SELECT 3"]


@pytest.mark.parametrize("arguments", [[], ["SELECT 1", "-f", "x"], [" ; "], ["-f", "no/such/file"]])
def test_unusable_statement_is_refused_before_any_call(run, arguments):
    result = run(*arguments)
    assert isinstance(result.exception, LakehouseError)
    assert run.asked == []
