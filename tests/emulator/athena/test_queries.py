"""Queries from start to end: states, failures, stopping, statistics, prepared statements."""

import uuid

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.aws_page("querying-athena-tables")

SLOW = (
    "select count(*) from unnest(sequence(1, 9000)) as a(x), unnest(sequence(1, 9000)) as b(y), {more} where x * y = 7"
)


def slow() -> str:
    return SLOW.format(more="unnest(sequence(1, 9000)) as c(z)")


def refusal(call, **request) -> dict:
    with pytest.raises(ClientError) as caught:
        call(**request)
    return caught.value.response


def test_select_gives_header_and_rows(query):
    answer = query('-- /* {"app": "dbt"} */\nselect 1 as a, \'x\' as b;')
    assert answer.rows == [["a", "b"], ["1", "x"]]
    assert (answer.execution["StatementType"], answer.execution["SubstatementType"]) == ("DML", "SELECT")
    assert answer.execution["EngineVersion"]["EffectiveEngineVersion"] == "Athena engine version 3"


@pytest.mark.aws_page("API_QueryExecution")
def test_an_execution_tells_what_was_asked(query, database):
    execution = query("select 1").execution
    assert execution["Query"] == "select 1"
    assert execution["QueryExecutionContext"]["Database"] == database
    assert execution["WorkGroup"] == query.workgroup
    assert execution["Status"]["SubmissionDateTime"] <= execution["Status"]["CompletionDateTime"]


@pytest.mark.aws_page("error-reference")
@pytest.mark.parametrize(
    ("sql", "reason", "error_type"),
    [
        ("select * from no_such_table", "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.{database}.no_such", 1006),
        ("select * from no_such_database.t", "SCHEMA_NOT_FOUND: line 1:15: Schema 'no_such_database' does not", 1006),
        ("select nothing from (values 1) as t(a)", "COLUMN_NOT_FOUND: line 1:8: Column 'nothing' cannot be re", 1006),
        ("select * from no_such_catalog.d.t", "CATALOG_NOT_FOUND: line 1:15: Catalog 'no_such_catalog'", 1006),
        ("select * from hive.d.t", "CATALOG_NOT_FOUND: line 1:15: Catalog 'hive'", 1006),
        ("select no_such_function(1)", "FUNCTION_NOT_FOUND: line 1:8: Function 'no_such_function'", 1006),
        ("select 'a' + 1", "TYPE_MISMATCH: line 1:12: Cannot apply operator", 1006),
        ("select cast('a' as integer)", "INVALID_CAST_ARGUMENT: Cannot cast 'a' to INT", 1001),
        ("select 1 / (x - 1) from (values 1) as t(x)", "DIVISION_BY_ZERO: Division by zero", 1001),
    ],
)
def test_bad_sql_fails_with_the_engines_text_and_category(query, database, sql, reason, error_type):
    answer = query.run(sql)
    assert answer.state == "FAILED"
    assert answer.reason.startswith(reason.format(database=database))
    assert answer.error == {
        "ErrorCategory": 2,
        "ErrorType": error_type,
        "Retryable": False,
        "ErrorMessage": answer.reason,
    }


@pytest.mark.aws_page("API_GetQueryResults")
def test_results_of_a_failed_query_are_refused(query):
    answer = query.run("select * from no_such_table")
    error = refusal(query.athena.get_query_results, QueryExecutionId=answer.id)["Error"]
    assert error["Code"] == "InvalidRequestException"
    assert "Final query state: FAILED" in error["Message"]


@pytest.mark.aws_page("API_StopQueryExecution")
def test_a_running_query_can_be_stopped(query, wait_until):
    query_id = query.start(slow())
    state = lambda: query.athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]["Status"]["State"]  # noqa: E731
    wait_until(lambda: state() == "RUNNING", 30, "the query runs")
    error = refusal(query.athena.get_query_results, QueryExecutionId=query_id)["Error"]
    assert "has not yet finished" in error["Message"]
    query.athena.stop_query_execution(QueryExecutionId=query_id)
    execution = query.wait(query_id)
    assert execution["Status"]["State"] == "CANCELLED"
    assert "AthenaError" not in execution["Status"]


def test_stopping_a_finished_query_changes_nothing(query):
    answer = query("select 1")
    query.athena.stop_query_execution(QueryExecutionId=answer.id)
    assert query.wait(answer.id)["Status"]["State"] == "SUCCEEDED"


@pytest.mark.aws_page("API_StartQueryExecution")
def test_the_same_token_starts_one_query(query):
    token = uuid.uuid4().hex
    first = query.start("select 1", ClientRequestToken=token)
    assert query.start("select 1", ClientRequestToken=token) == first
    error = refusal(query.start, sql="select 2", ClientRequestToken=token)["Error"]
    assert error["Code"] == "InvalidRequestException"


@pytest.mark.aws_page("API_QueryExecutionStatistics")
def test_statistics_count_what_was_read(query, iceberg):
    table = iceberg("id bigint, text string")
    for first in (1, 5001):
        numbers = f"unnest(sequence({first}, {first + 4999})) as t(x)"
        query(f"insert into {table} select x, cast(x * 7 as varchar) from {numbers}")
    whole = query(f"select sum(id), max(text) from {table}").execution["Statistics"]
    part = query(f"select sum(id), max(text) from {table} where id <= 5000").execution["Statistics"]
    none = query("select 1").execution["Statistics"]
    assert whole["DataScannedInBytes"] > part["DataScannedInBytes"] > none["DataScannedInBytes"] == 0
    assert 0 < whole["EngineExecutionTimeInMillis"] <= whole["TotalExecutionTimeInMillis"]


@pytest.mark.aws_page("API_QueryRuntimeStatistics")
def test_runtime_statistics_count_rows(query, iceberg):
    table = iceberg("id bigint")
    query(f"insert into {table} select x from unnest(sequence(1, 50)) as t(x)")
    answer = query(f"select id from {table} where id > 20")
    statistics = query.athena.get_query_runtime_statistics(QueryExecutionId=answer.id)["QueryRuntimeStatistics"]
    assert statistics["Rows"]["InputRows"] == 50
    assert statistics["Rows"]["OutputRows"] == 30
    assert statistics["Timeline"]["TotalExecutionTimeInMillis"] >= statistics["Timeline"]["EngineExecutionTimeInMillis"]


@pytest.mark.aws_page("API_ListQueryExecutions")
def test_executions_are_listed_by_page_newest_first(query):
    ids = [query("select 1").id for _ in range(3)]
    pages = query.athena.get_paginator("list_query_executions").paginate(
        WorkGroup=query.workgroup, PaginationConfig={"PageSize": 2, "MaxItems": 3}
    )
    assert [query_id for page in pages for query_id in page["QueryExecutionIds"]] == ids[::-1]


@pytest.mark.aws_page("API_BatchGetQueryExecution")
def test_many_executions_are_read_at_once(query):
    known, unknown = query("select 1").id, str(uuid.uuid4())
    answer = query.athena.batch_get_query_execution(QueryExecutionIds=[known, unknown])
    assert [execution["QueryExecutionId"] for execution in answer["QueryExecutions"]] == [known]
    assert [missing["QueryExecutionId"] for missing in answer["UnprocessedQueryExecutionIds"]] == [unknown]


@pytest.mark.aws_page("querying-with-prepared-statements")
def test_parameters_fill_question_marks(query):
    answer = query("select a from (values 'x', 'y') as t(a) where a = ?", ExecutionParameters=["'y'"])
    assert answer.rows == [["a"], ["y"]]
    assert answer.execution["ExecutionParameters"] == ["'y'"]


@pytest.mark.aws_page("querying-with-prepared-statements")
def test_prepared_statements_are_made_and_run_by_sql(query, name):
    query(f"prepare {name} from select a from (values 1, 2, 3) as t(a) where a > ? and a < ?")
    assert query.table(f"execute {name} using 1, 3") == [["2"]]
    kept = query.athena.get_prepared_statement(StatementName=name, WorkGroup=query.workgroup)["PreparedStatement"]
    assert kept["QueryStatement"].endswith("where a > ? and a < ?")
    query(f"deallocate prepare {name}")
    error = refusal(query.start, sql=f"execute {name} using 1, 3")["Error"]
    assert name in error["Message"]


@pytest.mark.aws_page("API_PreparedStatement")
def test_prepared_statements_are_kept_by_the_api(query, name):
    place = {"StatementName": name, "WorkGroup": query.workgroup}
    query.athena.create_prepared_statement(QueryStatement="select ?", **place)
    query.athena.update_prepared_statement(QueryStatement="select ? + 1 as b", **place)
    assert query(f"execute {name} using 4").rows == [["b"], ["5"]]
    listed = query.athena.list_prepared_statements(WorkGroup=query.workgroup)["PreparedStatements"]
    assert name in [statement["StatementName"] for statement in listed]
    query.athena.delete_prepared_statement(**place)
    assert refusal(query.athena.get_prepared_statement, **place)["Error"]["Code"] == "ResourceNotFoundException"


@pytest.mark.aws_page("API_NamedQuery")
def test_named_queries_are_kept(query, database, name):
    made = {"Name": name, "Database": database, "QueryString": "select 1", "WorkGroup": query.workgroup}
    query_id = query.athena.create_named_query(**made)["NamedQueryId"]
    query.athena.update_named_query(NamedQueryId=query_id, Name=name, QueryString="select 2", Description="two")
    kept = query.athena.get_named_query(NamedQueryId=query_id)["NamedQuery"]
    assert kept == made | {"NamedQueryId": query_id, "QueryString": "select 2", "Description": "two"}
    assert query_id in query.athena.list_named_queries(WorkGroup=query.workgroup)["NamedQueryIds"]
    batch = query.athena.batch_get_named_query(NamedQueryIds=[query_id, "no-such"])
    assert [len(batch["NamedQueries"]), len(batch["UnprocessedNamedQueryIds"])] == [1, 1]
    query.athena.delete_named_query(NamedQueryId=query_id)
    error = refusal(query.athena.get_named_query, NamedQueryId=query_id)["Error"]
    assert error["Code"] == "InvalidRequestException"


@pytest.mark.aws_page("API_GetQueryExecution")
@pytest.mark.parametrize("operation", ["get_query_execution", "get_query_results", "stop_query_execution"])
def test_an_unknown_query_is_refused(query, operation):
    response = refusal(getattr(query.athena, operation), QueryExecutionId=str(uuid.uuid4()))
    assert response["Error"]["Code"] == "InvalidRequestException"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.aws_page("error-reference")
def test_commit_conflicts_are_what_dbt_retries(query, iceberg):
    table = iceberg("id bigint, n bigint")
    query(f"insert into {table} select x, 0 from unnest(sequence(1, 100)) as t(x)")
    started = [query.start(f"update {table} set n = n + {number}") for number in range(1, 6)]
    ended = [query.wait(query_id)["Status"] for query_id in started]
    won = [number for number, status in enumerate(ended, start=1) if status["State"] == "SUCCEEDED"]
    assert query.table(f"select distinct n from {table}") == [[str(sum(won))]]
    for status in ended:
        if status["State"] == "FAILED":
            assert status["StateChangeReason"].startswith("ICEBERG_COMMIT_ERROR")
            assert status["AthenaError"]["ErrorType"] == 233
    assert won
