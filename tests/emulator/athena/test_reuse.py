"""Results that are given again."""

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.aws_page("reusing-query-results")


def within(minutes):
    return {
        "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": minutes}}
    }


def is_reused(answer):
    return answer.execution["Statistics"]["ResultReuseInformation"]["ReusedPreviousResult"]


@pytest.fixture
def counting(query, iceberg):
    """A query over a table, and what makes its answer another."""
    table = iceberg("id int")
    query(f"insert into {table} values 1")
    return f"select count(*) as n, max(id) as m from {table}", lambda: query(f"insert into {table} values 2")


def test_a_result_is_given_again_with_the_same_bytes(query, client, counting):
    sql, change = counting
    first = query(sql)
    change()
    again = query(sql, **within(60))
    assert (is_reused(first), is_reused(again)) == (False, True)
    assert again.id != first.id
    assert again.rows == first.rows == [["n", "m"], ["1", "1"]]
    assert again.columns == first.columns
    where = [answer.execution["ResultConfiguration"]["OutputLocation"] for answer in (first, again)]
    assert where[0] == where[1]
    assert again.execution["Statistics"]["DataScannedInBytes"] == 0
    asked = again.execution["ResultReuseConfiguration"]["ResultReuseByAgeConfiguration"]
    assert asked == {"Enabled": True, "MaxAgeInMinutes": 60}


def test_nothing_is_given_again_unasked(query, counting):
    sql, change = counting
    query(sql)
    change()
    again = query(sql)
    assert not is_reused(again)
    assert again.rows[1] == ["2", "2"]
    assert again.execution["ResultReuseConfiguration"] == {"ResultReuseByAgeConfiguration": {"Enabled": False}}


@pytest.mark.parametrize("difference", ["age", "text", "database", "location", "object", "parameters"])
def test_a_result_of_something_else_is_not_given(query, client, bucket, counting, difference):
    sql, change = counting
    first = query(sql)
    change()
    options = within(0 if difference == "age" else 60)
    if difference == "text":
        sql = sql.replace("as n", "as N2")
    if difference == "database":
        sql = sql.replace(" from ", f" from {query.database}.")
        query(sql)
        options["QueryExecutionContext"] = {"Database": "information_schema"}
    if difference == "location":
        group = f"{query.workgroup}-other"
        client("athena").create_work_group(
            Name=group, Configuration={"ResultConfiguration": {"OutputLocation": f"s3://{bucket}/other/"}}
        )
        options["WorkGroup"] = group
    if difference == "object":
        key = first.execution["ResultConfiguration"]["OutputLocation"].removeprefix(f"s3://{bucket}/")
        client("s3").delete_object(Bucket=bucket, Key=key)
    if difference == "parameters":
        sql += " where id > ?"
        query(sql, ExecutionParameters=["0"])
        options["ExecutionParameters"] = ["1"]
    try:
        assert not is_reused(query(sql, **options))
    finally:
        if difference == "location":
            client("athena").delete_work_group(WorkGroup=group, RecursiveDeleteOption=True)


def test_a_failed_query_and_a_change_are_not_given_again(query, iceberg):
    table = iceberg("id int")
    for _ in range(2):
        assert query(f"insert into {table} values 1", **within(60)).update_count == 1
        assert query.run("select 1 / 0", **within(60)).state == "FAILED"
    assert query.table(f"select count(*) from {table}") == [["2"]]


@pytest.mark.aws_page("API_ResultReuseByAgeConfiguration")
def test_the_age_is_at_most_a_week(query):
    with pytest.raises(ClientError, match=r"MaxAgeInMinutes|maxAgeInMinutes"):
        query.start("select 1", **within(10_081))
