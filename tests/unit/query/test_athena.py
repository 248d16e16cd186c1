"""The Athena client against recorded answers of the API."""

import boto3
import pytest
from botocore.stub import Stubber

from tm_lakehouse import athena as module
from tm_lakehouse.athena import Athena, QueryFailedError


@pytest.fixture
def client(monkeypatch):
    """A client whose answers the test scripts, and which never pauses."""
    stubbed = boto3.client("athena", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    monkeypatch.setattr(boto3, "client", lambda _: stubbed)
    monkeypatch.setattr(module.time, "sleep", lambda _: None)
    with Stubber(stubbed) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def execution(state, statement_type="DML", **status):
    return {
        "QueryExecution": {
            "QueryExecutionId": "q1",
            "StatementType": statement_type,
            "Status": {"State": state} | status,
            "Statistics": {"DataScannedInBytes": 42, "EngineExecutionTimeInMillis": 7},
        }
    }


def page(columns, rows, **more):
    info = [{"Name": name, "Type": kind} for name, kind in columns]
    data = [{"Data": [{} if value is None else {"VarCharValue": value} for value in row]} for row in rows]
    return {"ResultSet": {"Rows": data, "ResultSetMetadata": {"ColumnInfo": info}}} | more


def script(client, *executions, pages=()):
    client.add_response(
        "start_query_execution",
        {"QueryExecutionId": "q1"},
        {
            "QueryString": "SELECT 1",
            "QueryExecutionContext": {"Catalog": "AwsDataCatalog", "Database": "gold"},
            "WorkGroup": "readers",
        },
    )
    for answer in executions:
        client.add_response("get_query_execution", answer, {"QueryExecutionId": "q1"})
    for answer in pages:
        client.add_response("get_query_results", answer)


def test_polls_until_done_and_gathers_all_pages_without_the_header(client):
    columns = [("n", "integer"), ("t", "varchar")]
    pages = [
        page(columns, [["n", "t"], ["1", None]], NextToken="more"),
        page(columns, [["2", ""]]),
    ]
    script(client, execution("QUEUED"), execution("RUNNING"), execution("SUCCEEDED"), pages=pages)

    result = Athena("readers", "gold").query("SELECT 1")

    assert result.columns == ["n", "t"]
    assert result.types == ["integer", "varchar"]
    assert result.rows == [["1", None], ["2", ""]]
    assert (result.bytes_scanned, result.engine_ms, result.query_id) == (42, 7, "q1")
    assert result.bytes_billed == 10 * 2**20
    assert result.records()[0] == {"n": "1", "t": None}


def test_rows_of_a_utility_statement_have_no_header_to_drop(client):
    script(client, execution("SUCCEEDED", "UTILITY"), pages=[page([("tab_name", "string")], [["tab_name"], ["b"]])])
    assert Athena("readers", "gold").query("SELECT 1").rows == [["tab_name"], ["b"]]


@pytest.mark.parametrize("state", ["FAILED", "CANCELLED"])
def test_failure_carries_the_text_of_athena(client, state):
    script(client, execution(state, StateChangeReason="COLUMN_NOT_FOUND: line 1:8"))
    with pytest.raises(QueryFailedError, match="COLUMN_NOT_FOUND: line 1:8") as caught:
        Athena("readers", "gold").query("SELECT 1")
    assert caught.value.state == state


def test_interrupt_cancels_the_running_query(client, monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(module.time, "sleep", interrupt)
    script(client, execution("RUNNING"))
    client.add_response("stop_query_execution", {}, {"QueryExecutionId": "q1"})
    with pytest.raises(KeyboardInterrupt):
        Athena("readers", "gold").query("SELECT 1")
