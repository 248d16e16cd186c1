"""What a result looks like through the API and in S3."""

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.aws_page("querying-finding-output-files")


def body(client, location):
    bucket, key = location.removeprefix("s3://").split("/", 1)
    return client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()


@pytest.mark.aws_page("data-types")
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


@pytest.mark.aws_page("querying-finding-output-files")
def test_null_is_not_an_empty_text(query, client):
    answer = query("select cast(null as varchar) a, '' b, 'say \"hi\"' c")
    data = query.athena.get_query_results(QueryExecutionId=answer.id)["ResultSet"]["Rows"][1]["Data"]
    assert data == [{}, {"VarCharValue": ""}, {"VarCharValue": 'say "hi"'}]
    csv = body(client, answer.execution["ResultConfiguration"]["OutputLocation"])
    assert csv == '"a","b","c"\n,"","say ""hi"""\n'


@pytest.mark.aws_page("querying-iceberg-supported-data-types")
def test_microseconds_of_iceberg_show_as_milliseconds(query, iceberg):
    table = iceberg("ts timestamp")
    query(f"insert into {table} values timestamp '2024-01-15 10:16:40.123456'")
    assert query.table(f"select ts from {table}") == [["2024-01-15 10:16:40.123"]]


@pytest.mark.aws_page("API_GetQueryResults")
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
    assert '"\x01a*\x01a2\x07integer8\nH\x03' in body(client, f"s3://{bucket}/results/{select.id}.csv.metadata")
    show = query("show tables")
    assert show.execution["ResultConfiguration"]["OutputLocation"] == f"s3://{bucket}/results/{show.id}.txt"
    assert body(client, f"s3://{bucket}/results/{show.id}.txt") == f"{table}\n"
    insert = query(f"insert into {table} values 1, 2")
    assert insert.update_count == 2
    assert insert.rows == []


@pytest.mark.aws_page("API_GetQueryResults")
def test_changes_tell_how_many_rows(query, iceberg):
    table = iceberg("id bigint, v varchar")
    assert query(f"insert into {table} values (1, 'a'), (2, 'b'), (3, 'c')").update_count == 3
    assert query(f"update {table} set v = 'z' where id > 1").update_count == 2
    assert query(f"delete from {table} where id = 3").update_count == 1
    merge = f"merge into {table} t using (values (1, 'm'), (9, 'n')) s(id, v) on t.id = s.id "
    merge += "when matched then update set v = s.v when not matched then insert (id, v) values (s.id, s.v)"
    assert query(merge).update_count == 2
    assert query.table(f"select id, v from {table} order by id") == [["1", "m"], ["2", "z"], ["9", "n"]]


@pytest.mark.aws_page("athena-explain-statement")
def test_explain_is_text(query):
    answer = query("explain select 1")
    assert answer.execution["SubstatementType"] == "EXPLAIN"
    assert answer.rows[0] == ["Query Plan"]
    assert any("Output[columnNames" in (row[0] or "") for row in answer.rows)


@pytest.mark.aws_page("data-types")
@pytest.mark.parametrize(
    ("value", "text", "kind", "precision", "scale"),
    [
        ("tinyint '1'", "1", "tinyint", 3, 0),
        ("smallint '1'", "1", "smallint", 5, 0),
        ("1", "1", "integer", 10, 0),
        ("bigint '1'", "1", "bigint", 19, 0),
        ("cast(0.1 as real)", "0.1", "float", 17, 0),
        ("infinity()", "Infinity", "double", 17, 0),
        ("1e-5", "1.0E-5", "double", 17, 0),
        ("decimal '-12.340'", "-12.340", "decimal", 5, 3),
        ("'x'", "x", "varchar", 1, 0),
        ("cast('x' as varchar)", "x", "varchar", 2_147_483_647, 0),
        ("cast('x' as char(3))", "x  ", "char", 3, 0),
        ("x'00ff'", "00 ff", "varbinary", 1_073_741_824, 0),
        ("date '2024-02-29'", "2024-02-29", "date", 0, 0),
        ("timestamp '2024-02-29 01:02:03.456'", "2024-02-29 01:02:03.456", "timestamp", 3, 0),
        ("timestamp '2024-02-29 01:02:03 UTC'", "2024-02-29 01:02:03.000 UTC", "timestamp with time zone", 3, 0),
        ("array[array[1], null]", "[[1], null]", "array", 0, 0),
        ("map(array[1], array[row(1, 'x')])", "{1={field0=1, field1=x}}", "map", 0, 0),
        ("cast(row(true, null) as row(a boolean, b date))", "{a=true, b=null}", "row", 0, 0),
        ("json '{\"a\": 1}'", '{"a":1}', "json", 0, 0),
        ("interval '1' day", "1 00:00:00.000", "interval day to second", 0, 0),
    ],
)
def test_a_value_has_its_text_type_and_precision(query, client, value, text, kind, precision, scale):
    answer = query(f"select {value} as a, null as b")
    assert answer.rows[1] == [text, None]
    column = answer.columns[0]
    assert (column["Type"], column["Precision"], column["Scale"]) == (kind, precision, scale)
    assert (column["Nullable"], column["Name"], column["Label"]) == ("UNKNOWN", "a", "a")
    csv = body(client, answer.execution["ResultConfiguration"]["OutputLocation"])
    quoted = text.replace('"', '""')
    assert csv == f'"a","b"\n"{quoted}",\n'


def test_statements_of_the_catalog_leave_text(query, client, iceberg):
    table = iceberg("id bigint", partitioned_by="id")
    for sql in (f"show create table {table}", f"describe {table}", f"show tblproperties {table}", "show tables"):
        answer = query(sql)
        location = answer.execution["ResultConfiguration"]["OutputLocation"]
        assert location.endswith(f"{answer.id}.txt")
        assert body(client, location).splitlines() == [row[0] for row in answer.rows]
        assert {column["Type"] for column in answer.columns} == {"string"}
    made = query(f"alter table {table} set tblproperties ('vacuum_min_snapshots_to_keep'='2')")
    assert body(client, made.execution["ResultConfiguration"]["OutputLocation"]) == ""


@pytest.mark.aws_page("describe-table")
def test_an_iceberg_table_is_described_with_its_partition_fields(query, iceberg):
    table = iceberg(
        "id bigint comment 'key', ts timestamp, s struct<a:int,b:string>", partitioned_by="bucket(4, id), month(ts)"
    )
    assert query.lines(f"describe {table}") == [
        "# Table schema:",
        "# col_name\tdata_type\tcomment",
        "id\tbigint\tkey",
        "ts\ttimestamp",
        "s\tstruct<a: int, b: string>",
        "",
        "# Partition spec:",
        "# field_name\tfield_transform\tcolumn_name",
        "id_bucket\tbucket[4]\tid",
        "ts_month\tmonth\tts",
    ]


@pytest.mark.aws_page("data-types-considerations")
def test_a_number_with_a_point_is_a_double(query):
    answer = query("select 0.1 + 0.2 as sum, 1.5 as one, decimal '1.50' as exact, time '10:16:40' as moment")
    assert [column["Type"] for column in answer.columns] == ["double", "double", "decimal", "time"]
    assert answer.rows[1][:3] == ["0.30000000000000004", "1.5", "1.50"]
    assert answer.columns[3]["Precision"] == 3
