"""What Athena refuses is refused here too."""

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.aws_page("unsupported-ddl")


@pytest.mark.parametrize(
    "sql",
    [
        "create or replace table t as select 1 a",
        "call system.runtime.kill_query('x')",
        "grant select on t to role r",
        "set session query_max_run_time = '1m'",
        "truncate table t",
        "selec 1",
        "select 1; select 2",
    ],
)
def test_a_statement_that_athena_has_not_does_not_start(query, sql):
    with pytest.raises(ClientError) as caught:
        query.start(sql)
    assert caught.value.response["Error"]["Code"] == "InvalidRequestException"
    assert caught.value.response["AthenaErrorCode"] == "MALFORMED_QUERY"


@pytest.mark.aws_page("API_StartQueryExecution")
@pytest.mark.parametrize(
    ("sql", "place"),
    [
        ("this is not sql", "line 1:1: mismatched input 'this'. Expecting: 'ALTER', 'ANALYZE'"),
        ("select 1 frm t where", "line 1:14: mismatched input 't'"),
        ("select *\nfro t", "line 2:1: mismatched input 'fro'"),
        ("select * from t limit 1 offset 2", "mismatched input 'offset'"),
        ("create table t with (format='ORC') as selec 1 as a", "line 1:39: mismatched input 'selec'"),
        ("unload (select 1 from) to 's3://b/' with (format='JSON')", "line 1:"),
        ("alter table t execute optimize", "line 1:15: mismatched input 'execute'"),
        ('drop table "t"', "mismatched input"),
        ("select * from `t`", "backquoted identifiers are not supported"),
        ("select * from t for system_time as of current_timestamp", "mismatched input 'system_time'"),
        ("create external table t (a text) location 's3://b/'", "line 1:"),
    ],
)
def test_a_text_that_cannot_be_read_does_not_start(query, sql, place):
    with pytest.raises(ClientError) as caught:
        query.start(sql)
    assert caught.value.response["Error"]["Code"] == "InvalidRequestException"
    assert place in caught.value.response["Error"]["Message"]
    assert caught.value.response["AthenaErrorCode"] == "MALFORMED_QUERY"


@pytest.mark.aws_page("API_ListEngineVersions")
def test_engine_versions_are_listed(client):
    listed = client("athena").list_engine_versions()["EngineVersions"]
    assert {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"} in listed


@pytest.mark.aws_page("service-limits")
def test_a_query_that_is_too_long_does_not_start(query):
    with pytest.raises(ClientError, match="262144"):
        query.start("select '" + "x" * 262_144 + "'")


@pytest.mark.aws_page("querying-iceberg-supported-data-types")
@pytest.mark.parametrize(
    ("select", "reason"),
    [
        ("select timestamp '2024-01-15 10:16:40.123' as ts", "Timestamp precision (3) not supported"),
        ("select current_timestamp as ts", "time zone"),
        ("select array[cast(row(timestamp '2024-01-15 10:16:40') as row(a timestamp(3)))] as ts", "precision (3)"),
    ],
)
def test_a_table_of_iceberg_takes_only_microseconds_without_zone(query, client, database, bucket, name, select, reason):
    location = f"s3://{bucket}/{name}/"
    answer = query.run(
        f"create table {name} with (table_type='iceberg', is_external=false, location='{location}') as {select}"
    )
    assert answer.state == "FAILED"
    assert reason in answer.reason
    assert client("glue").get_tables(DatabaseName=database)["TableList"] == []


@pytest.mark.aws_page("querying-iceberg-supported-data-types")
def test_a_table_of_iceberg_takes_a_cast_to_microseconds(query, bucket, name):
    location = f"s3://{bucket}/{name}/"
    query(
        f"create table {name} with (table_type='iceberg', is_external=false, location='{location}') as "
        "select cast(current_timestamp as timestamp(6)) as ts"
    )
    assert query.table(f"select count(*) from {name}") == [["1"]]


@pytest.mark.aws_page("querying-iceberg-creating-tables")
@pytest.mark.parametrize(
    ("clauses", "reason"),
    [
        ("(a int) tblproperties ('table_type'='ICEBERG', 'format_version'='3')", "format version"),
        ("(a timestamp with time zone) tblproperties ('table_type'='ICEBERG')", "time zone"),
        ("(a int) tblproperties ('table_type'='ICEBERG', 'write.format.default'='orc')", "Unsupported table property"),
        ("(a int)", "Only EXTERNAL"),
    ],
)
def test_a_create_table_that_athena_refuses_fails(query, bucket, name, clauses, reason):
    before, _, after = clauses.partition(") ")
    ending = f") location 's3://{bucket}/{name}/' {after}" if after else f" location 's3://{bucket}/{name}/'"
    answer = query.run(f"create table {name} {before}{ending}")
    assert answer.state == "FAILED"
    assert reason in answer.reason


@pytest.mark.aws_page("ctas-insert-into")
@pytest.mark.parametrize(("partitions", "state"), [(100, "SUCCEEDED"), (101, "FAILED")])
def test_one_statement_writes_at_most_100_partitions(query, iceberg, partitions, state):
    table = iceberg("id bigint, p bigint", partitioned_by="p")
    answer = query.run(f"insert into {table} select x, x from unnest(sequence(1, {partitions})) as t(x)")
    assert answer.state == state
    if state == "FAILED":
        assert "TOO_MANY_OPEN_PARTITIONS" in answer.reason
        assert query.table(f"select count(*) from {table}") == [["0"]]


@pytest.mark.aws_page("ctas-considerations-limitations")
def test_files_may_not_leave_the_workgroups_location(query, bucket, name):
    answer = query.run(
        f"create table {name} with (format='PARQUET', external_location='s3://{bucket}/{name}/') as select 1 a"
    )
    assert answer.state == "FAILED"
    assert "enforces a centralized output location" in answer.reason


@pytest.mark.aws_page("unload")
def test_unload_does_not_mix_with_files_that_are_there(query, client, bucket, name):
    client("s3").put_object(Bucket=bucket, Key=f"{name}/there", Body=b"x")
    answer = query.run(f"unload (select 1 a) to 's3://{bucket}/{name}/' with (format='PARQUET')")
    assert answer.state == "FAILED"
    assert answer.reason.startswith("HIVE_PATH_ALREADY_EXISTS")


@pytest.mark.aws_page("error-reference")
@pytest.mark.parametrize(
    "sql",
    [
        "describe no_such_table",
        "drop table no_such_table",
        "alter table no_such_table add columns (a int)",
        "show tables in no_such_database",
        "vacuum no_such_table",
        "insert into no_such_table values 1",
        "msck repair table no_such_table",
    ],
)
def test_an_unknown_name_fails(query, sql):
    answer = query.run(sql)
    assert answer.state == "FAILED"
    assert "no_such" in answer.reason


@pytest.mark.aws_page("API_QueryExecutionContext")
def test_an_unknown_catalog_is_refused(query):
    with pytest.raises(ClientError, match="no_such_catalog"):
        query.start("select 1", QueryExecutionContext={"Catalog": "no_such_catalog"})


def test_what_is_not_carried_out_answers_an_error(client):
    with pytest.raises(ClientError) as caught:
        client("athena").list_capacity_reservations()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] >= 400


@pytest.mark.aws_page("API_GetTableMetadata")
def test_metadata_of_what_is_not_there_is_refused(client, database, unique):
    athena, missing = client("athena"), unique("missing").replace("-", "_")
    for call in (
        lambda: athena.get_database(CatalogName="AwsDataCatalog", DatabaseName=missing),
        lambda: athena.get_table_metadata(CatalogName="AwsDataCatalog", DatabaseName=database, TableName=missing),
        lambda: athena.list_table_metadata(CatalogName="AwsDataCatalog", DatabaseName=missing),
    ):
        with pytest.raises(ClientError, match="MetadataException"):
            call()
