"""Statements and job runs as the APIs tell them."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.stub import Stubber

from tm_lakehouse.cost.job_runs import job_run_of, read_job_runs
from tm_lakehouse.cost.statements import read_statement, read_statements, statement_of
from tm_lakehouse.errors import LakehouseError

NOON = datetime(2025, 9, 1, 12, tzinfo=UTC)
COMMENT = '-- /* {"invocation_id": "i1", "node_id": "model.tm_lakehouse.dim_course"} */\n'


def execution(number, at=NOON, query="SELECT 1", **more):
    return {
        "QueryExecutionId": f"00000000-0000-0000-0000-{number:012}",
        "Query": query,
        "StatementType": "DML",
        "Status": {"State": "SUCCEEDED", "SubmissionDateTime": at},
        "Statistics": {"DataScannedInBytes": 7, "EngineExecutionTimeInMillis": 3},
        **more,
    }


@pytest.fixture
def stubbed(monkeypatch):
    """Clients whose answers the test scripts, in order."""

    def make(service):
        client = boto3.client(service, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        monkeypatch.setattr(boto3, "client", lambda _: client)
        stubber = Stubber(client)
        stubber.activate()
        return stubber

    return make


def test_dbts_comment_names_run_and_node_and_is_no_part_of_the_statement():
    told = statement_of(execution(1, query=COMMENT + "SELECT 2"))
    assert (told.invocation_id, told.node, told.sql) == ("i1", "model.tm_lakehouse.dim_course", "SELECT 2")


@pytest.mark.parametrize(
    "query", ["SELECT 1", "/* by hand */ SELECT 1", "-- /* {not json} */\nSELECT 1", "-- by hand\nSELECT 1"]
)
def test_other_statements_are_nobodys_run(query):
    told = statement_of(execution(1, query=query))
    assert (told.invocation_id, told.node, told.sql) == (None, None, query)


def test_a_reused_result_is_not_billed():
    statistics = {"DataScannedInBytes": 7, "ResultReuseInformation": {"ReusedPreviousResult": True}}
    assert statement_of(execution(1, Statistics=statistics)).bytes_billed == 0


def test_pages_are_read_until_one_lies_before_the_period(stubbed):
    athena = stubbed("athena")
    hours = [[13, 12, 11], [10, 9, 8], [7, 6, 5]]
    for number, page in enumerate(hours):
        executions = [execution(hour, NOON.replace(hour=hour)) for hour in page]
        ids = [each["QueryExecutionId"] for each in executions]
        athena.add_response("list_query_executions", {"QueryExecutionIds": ids, "NextToken": f"t{number}"})
        athena.add_response("batch_get_query_execution", {"QueryExecutions": executions})

    found = read_statements("dbt", since=NOON.replace(hour=9), until=NOON.replace(hour=13))

    assert [each.submitted_at.hour for each in found] == [12, 11, 10, 9]
    athena.assert_no_pending_responses()


def test_a_statement_that_athena_does_not_tell_of_is_no_free_one(stubbed):
    athena = stubbed("athena")
    known, untold = execution(1), execution(2)["QueryExecutionId"]
    athena.add_response("list_query_executions", {"QueryExecutionIds": [known["QueryExecutionId"], untold]})
    missing = {"QueryExecutionId": untold, "ErrorMessage": "too many requests"}
    answer = {"QueryExecutions": [known], "UnprocessedQueryExecutionIds": [missing]}
    athena.add_response("batch_get_query_execution", answer)
    with pytest.raises(LakehouseError, match="1 statements: too many requests"):
        read_statements("dbt", since=NOON)


def test_an_unknown_query_is_named(stubbed):
    message = "QueryExecution q1 was not found"
    stubbed("athena").add_client_error("get_query_execution", "InvalidRequestException", message)
    with pytest.raises(LakehouseError, match=f"no query 'q1': {message}"):
        read_statement("q1")


def run(number, at=NOON, **more):
    fixed = {"Id": f"jr_{number}", "JobName": "silver", "StartedOn": at, "JobRunState": "SUCCEEDED"}
    return fixed | {"ExecutionTime": 90, "MaxCapacity": 2.0} | more


@pytest.mark.parametrize(("more", "hours"), [({}, 0.05), ({"DPUSeconds": 900.0}, 0.25), ({"ExecutionTime": 0}, 0)])
def test_a_run_is_billed_by_what_it_held_or_used(more, hours):
    assert job_run_of(run(1, **more)).dpu_hours == pytest.approx(hours)


def test_runs_of_the_period_are_read(stubbed):
    glue = stubbed("glue")
    days = [NOON + timedelta(days=day) for day in (1, 0, -1)]
    glue.add_response(
        "get_job_runs", {"JobRuns": [run(number, at) for number, at in enumerate(days)], "NextToken": "t"}
    )
    glue.add_response("get_job_runs", {"JobRuns": [run(9, NOON - timedelta(days=2))], "NextToken": "u"})

    found = read_job_runs("silver", since=NOON, until=NOON + timedelta(hours=1))

    assert [each.run_id for each in found] == ["jr_1"]
    glue.assert_no_pending_responses()
