"""What a result looks like through the API and in S3."""

import pytest
from botocore.exceptions import ClientError


def body(client, location):
    bucket, key = location.removeprefix("s3://").split("/", 1)
    return client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()


def test_values_are_written_as_athena_does(query):
    answer = query(
        "select true a, cast(1.5 as double) b, 1e10 c, timestamp '2024-01-15 10:16:40.5' d, date '2024-01-15' e, "
        "array[1, null] f, map(array['k'], array[2]) g, cast(row(1, 'x') as row(p integer, q varchar)) h, "
        "decimal '1.50' i, x'6162' j, cast(7 as real) k"
    )
    assert answer.rows[1] == [
        "true", "1.5", "1.0E10", "2024-01-15 10:16:40.500", "2024-01-15", "[1, null]", "{k=2}", "{p=1, q=x}", "1.50",
        "61 62", "7.0",
    ]  # fmt: skip
    assert [column["Type"] for column in answer.columns] == [
        "boolean", "double", "double", "timestamp", "date", "array", "map", "row", "decimal", "varbinary", "float",
    ]  # fmt: skip


def test_null_is_not_an_empty_text(query, client):
    answer = query("select cast(null as varchar) a, '' b, 'say \"hi\"' c")
    data = query.athena.get_query_results(QueryExecutionId=answer.id)["ResultSet"]["Rows"][1]["Data"]
    assert data == [{}, {"VarCharValue": ""}, {"VarCharValue": 'say "hi"'}]
    csv = body(client, answer.execution["ResultConfiguration"]["OutputLocation"])
    assert csv == '"a","b","c"\n,"","say ""hi"""\n'


def test_microseconds_of_iceberg_show_as_milliseconds(query, iceberg):
    table = iceberg("ts timestamp")
    query(f"insert into {table} values timestamp '2024-01-15 10:16:40.123456'")
    assert query.table(f"select ts from {table}") == [["2024-01-15 10:16:40.123"]]


def test_results_are_read_by_page_with_the_header_once(query):
    query_id = query("select x from unnest(sequence(1, 2500)) as t(x) order by x").id
    pages = list(query.athena.get_paginator("get_query_results").paginate(QueryExecutionId=query_id))
    assert [len(page["ResultSet"]["Rows"]) for page in pages] == [1000, 1000, 501]
    values = [row["Data"][0]["VarCharValue"] for page in pages for row in page["ResultSet"]["Rows"]]
    assert values == ["x", *map(str, range(1, 2501))]
    with pytest.raises(ClientError, match="MaxResults"):
        query.athena.get_query_results(QueryExecutionId=query_id, MaxResults=1001)


def test_a_result_without_rows_has_its_columns(query):
    answer = query("select 1 as a, 'x' as b where 1 = 0")
    assert answer.rows == [["a", "b"]]
    assert [column["Name"] for column in answer.columns] == ["a", "b"]


def test_each_kind_has_its_objects(query, client, iceberg, bucket):
    table = iceberg("id bigint")
    select = query("select 1 as a")
    assert select.execution["ResultConfiguration"]["OutputLocation"] == f"s3://{bucket}/results/{select.id}.csv"
    assert "ColumnInfo" in body(client, f"s3://{bucket}/results/{select.id}.csv.metadata")
    show = query("show tables")
    assert show.execution["ResultConfiguration"]["OutputLocation"] == f"s3://{bucket}/results/{show.id}.txt"
    assert body(client, f"s3://{bucket}/results/{show.id}.txt") == f"{table}\n"
    insert = query(f"insert into {table} values 1, 2")
    assert insert.update_count == 2
    assert insert.rows == []


def test_changes_tell_how_many_rows(query, iceberg):
    table = iceberg("id bigint, v varchar")
    assert query(f"insert into {table} values (1, 'a'), (2, 'b'), (3, 'c')").update_count == 3
    assert query(f"update {table} set v = 'z' where id > 1").update_count == 2
    assert query(f"delete from {table} where id = 3").update_count == 1
    merge = f"merge into {table} t using (values (1, 'm'), (9, 'n')) s(id, v) on t.id = s.id "
    merge += "when matched then update set v = s.v when not matched then insert (id, v) values (s.id, s.v)"
    assert query(merge).update_count == 2
    assert query.table(f"select id, v from {table} order by id") == [["1", "m"], ["2", "z"], ["9", "n"]]


def test_explain_is_text(query):
    answer = query("explain select 1")
    assert answer.execution["SubstatementType"] == "EXPLAIN"
    assert any("Output[columnNames" in (row[0] or "") for row in answer.rows)


def test_a_number_with_a_point_is_a_double(query):
    answer = query("select 0.1 + 0.2 as sum, 1.5 as one, decimal '1.50' as exact, time '10:16:40' as moment")
    assert [column["Type"] for column in answer.columns] == ["double", "double", "decimal", "time"]
    assert answer.rows[1][:3] == ["0.30000000000000004", "1.5", "1.50"]
    assert answer.columns[3]["Precision"] == 3
