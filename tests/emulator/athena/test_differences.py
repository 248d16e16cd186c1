"""What Athena does otherwise on AWS: pinned here, told in docs/laptop-and-aws.md. These tests fail against AWS."""

import time

import pytest

SLOW = "select count(*) from unnest(sequence(1, 9000)) as a(x), unnest(sequence(1, 9000)) as b(y), "
SLOW += "unnest(sequence(1, 9000)) as c(z) where x * y = 13"
SERDES = "org.apache.hadoop.hive.serde2"
UNREAD = {"grok": "com.amazonaws.glue.serde.GrokSerDe", "ion": "com.amazon.ionhiveserde.IonHiveSerDe"}


@pytest.fixture
def files(bucket, client, name):
    """Put a file of text below a place of the test's own; the place."""

    def put(body: str) -> str:
        client("s3").put_object(Bucket=bucket, Key=f"{name}/file", Body=body.encode())
        return f"s3://{bucket}/{name}/"

    return put


def keys_in(client, bucket, prefix):
    pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [entry["Key"] for page in pages for entry in page.get("Contents", [])]


def test_quoted_csv_has_columns_of_text_only(query, name, files):
    place = files("1,x\n")
    ddl = f"create external table {name} (a {{}}, b string) row format serde '{SERDES}.OpenCSVSerde' location '{place}'"
    query.run(ddl.format("bigint"))
    answer = query.run(f"select a + 1 from {name}")
    query(f"drop table if exists {name}")
    query(ddl.format("string"))

    assert answer.state == "FAILED"
    assert query.table(f"select cast(a as bigint) + 1 from {name}") == [["2"]]


@pytest.mark.parametrize("serde", UNREAD.values(), ids=UNREAD)
def test_a_serde_that_the_engine_has_not_is_refused(query, name, files, serde):
    place = files("x\n")
    made = query.run(f"create external table {name} (a string) row format serde '{serde}' location '{place}'")

    assert made.state == "FAILED" or query.run(f"select a from {name}").state == "FAILED"


@pytest.mark.parametrize("where", ["first", "after b"])
def test_a_column_of_an_iceberg_table_stays_at_its_place(query, iceberg, where):
    table = iceberg("a int, b int, c int")
    query.run(f"alter table {table} change column {'c' if where == 'first' else 'a'} "
              f"{'c' if where == 'first' else 'a'} int {where}")  # fmt: skip

    assert query.lines(f"show columns in {table}") == ["a", "b", "c"]


def test_an_insert_into_files_leaves_no_manifest(query, client, bucket, name):
    query(
        f"create external table {name} (a string) row format delimited fields terminated by ',' "
        f"location 's3://{bucket}/{name}/'"
    )
    insert = query(f"insert into {name} values ('x')")

    assert query.table(f"select a from {name}") == [["x"]]
    assert not [key for key in keys_in(client, bucket, f"results/{insert.id}") if "manifest" in key]


def test_each_commit_trims_metadata_files_where_a_limit_is_set(query, client, bucket, iceberg):
    table = iceberg("id int", vacuum_max_metadata_files_to_keep="2")
    for number in range(5):
        query(f"insert into {table} values {number}")

    assert len([key for key in keys_in(client, bucket, f"{table}/metadata/") if key.endswith(".metadata.json")]) <= 3


def test_optimize_of_a_part_leaves_delete_files(query, iceberg):
    table = iceberg("id int, p string", partitioned_by="p")
    query(f"insert into {table} select x, 'a' from unnest(sequence(1, 100)) as t(x)")
    for number in (7, 8):
        query(f"delete from {table} where id = {number}")
    query(f"optimize {table} rewrite data using bin_pack where p = 'a'")

    assert query.table(f"select count(*) from {table}") == [["98"]]
    assert query.table(f'select count(*) from "{table}$files" where content = 1') != [["0"]]


def test_the_answer_about_a_query_that_runs_waits_for_its_end(query, wait_until):
    query_id = query.start(SLOW)
    state = lambda: query.athena.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]["Status"]["State"]  # noqa: E731
    try:
        wait_until(lambda: state() == "RUNNING", 30, "the query runs")
        asked = time.monotonic()
        assert state() == "RUNNING"
        assert time.monotonic() - asked >= 0.5
    finally:
        query.athena.stop_query_execution(QueryExecutionId=query_id)
    wait_until(lambda: state() == "CANCELLED", 30, "the query ends")
    asked = time.monotonic()
    assert state() == "CANCELLED"
    assert time.monotonic() - asked < 0.4
