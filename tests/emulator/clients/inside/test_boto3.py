"""boto3: start, wait, read page by page, look into the catalog."""

import time

import boto3
import pytest
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def athena():
    return boto3.client("athena")


@pytest.fixture(scope="module")
def run(athena, place):
    """Run a query to its end; its QueryExecution."""

    def to_its_end(sql: str, **options) -> dict:
        context = {"Database": place.database, "Catalog": "AwsDataCatalog"}
        started = athena.start_query_execution(
            QueryString=sql, QueryExecutionContext=context, WorkGroup=place.workgroup, **options
        )
        while True:
            execution = athena.get_query_execution(QueryExecutionId=started["QueryExecutionId"])["QueryExecution"]
            if execution["Status"]["State"] not in ("QUEUED", "RUNNING"):
                return execution
            time.sleep(0.05)

    return to_its_end


def test_pages_of_a_paginator_hold_every_row_once(athena, run):
    execution = run("select x from unnest(sequence(1, 2500)) as t(x) order by x")
    pages = athena.get_paginator("get_query_results").paginate(
        QueryExecutionId=execution["QueryExecutionId"], PaginationConfig={"PageSize": 400}
    )

    values = [row["Data"][0]["VarCharValue"] for page in pages for row in page["ResultSet"]["Rows"]]

    assert values == ["x", *map(str, range(1, 2501))]


def test_executions_of_a_workgroup_are_listed_newest_first(athena, run, place):
    ids = [run(f"select {number}")["QueryExecutionId"] for number in range(3)]

    pages = athena.get_paginator("list_query_executions").paginate(
        WorkGroup=place.workgroup, PaginationConfig={"PageSize": 2}
    )
    listed = [query_id for page in pages for query_id in page["QueryExecutionIds"]]

    assert listed[:3] == ids[::-1]


def test_execution_parameters_fill_the_question_marks(athena, run, rounds):
    execution = run(f"select round_id from ({rounds}) where course_id = ?", ExecutionParameters=["'pinehurst4'"])

    answer = athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"])

    assert [row["Data"][0]["VarCharValue"] for row in answer["ResultSet"]["Rows"]] == ["round_id", "2"]


def test_a_failed_query_says_why(athena, run):
    status = run("select * from no_such_table")["Status"]

    assert status["State"] == "FAILED"
    assert "TABLE_NOT_FOUND" in status["StateChangeReason"]
    assert status["AthenaError"]["ErrorCategory"] == 2


def test_a_text_that_is_no_sql_is_refused_at_once(athena, place):
    with pytest.raises(ClientError, match="Queries of this type are not supported"):
        athena.start_query_execution(QueryString="grant select on t to u", WorkGroup=place.workgroup)


def test_the_catalog_shows_a_new_table(athena, run, place, rounds):
    create = f"create table boto3_rounds with (format = 'PARQUET') as {rounds}"
    assert run(create)["Status"]["State"] == "SUCCEEDED"

    pages = athena.get_paginator("list_table_metadata").paginate(
        CatalogName="AwsDataCatalog", DatabaseName=place.database
    )
    tables = {table["Name"]: table for page in pages for table in page["TableMetadataList"]}

    assert [(column["Name"], column["Type"]) for column in tables["boto3_rounds"]["Columns"]] == [
        ("round_id", "int"), ("course_id", "varchar(10)"), ("pace", "decimal(4,1)"), ("played_on", "date"),
    ]  # fmt: skip
