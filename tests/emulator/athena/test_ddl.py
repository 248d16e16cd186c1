"""Tables of Iceberg and of files, and databases: made, shown, changed and dropped by SQL."""

import json

import pytest

pytestmark = pytest.mark.aws_page("ddl-reference")


def glue_columns(client, database, table):
    columns = client("glue").get_table(DatabaseName=database, Name=table)["Table"]["StorageDescriptor"]["Columns"]
    return {column["Name"]: column["Type"] for column in columns}


@pytest.mark.aws_page("create-database")
def test_databases_are_made_changed_and_dropped(query, client, unique, bucket):
    name = unique("db").replace("-", "_")
    query(f"create database if not exists `{name}` comment 'mine' location 's3://{bucket}/{name}/'")
    query(f"create schema if not exists {name}")
    assert query.run(f"create database {name}").state == "FAILED"
    query(f"alter database {name} set dbproperties ('owner'='me')")
    athena = client("athena")
    database = athena.get_database(CatalogName="AwsDataCatalog", DatabaseName=name)["Database"]
    assert database == {"Name": name, "Description": "mine", "Parameters": {"owner": "me"}}
    assert name in query.lines("show databases")
    assert query.lines(f"show databases like '{name[:-1]}*'") == [name]
    listed = athena.get_paginator("list_databases").paginate(CatalogName="AwsDataCatalog")
    assert name in [entry["Name"] for page in listed for entry in page["DatabaseList"]]
    query(f"create table {name}.t (a int) location 's3://{bucket}/{name}/t/' tblproperties ('table_type'='ICEBERG')")
    assert "is not empty" in query.run(f"drop database {name}").reason
    query(f"drop database {name} cascade")
    query(f"drop database if exists {name}")
    assert name not in query.lines("show databases")


@pytest.mark.aws_page("show-create-table")
def test_the_text_of_an_iceberg_table_makes_it_again(query, iceberg, name):
    table = iceberg(
        "id bigint comment 'the id', ts timestamp, course_id string, tags array<struct<a:int,b:string>>",
        partitioned_by="day(ts), bucket(4, id), course_id",
        vacuum_max_snapshot_age_seconds="60",
    )
    text = "\n".join(query.lines(f"show create table {table}"))
    query(f"drop table {table}")
    query(text)
    assert "\n".join(query.lines(f"show create table {table}")) == text
    assert "PARTITIONED BY (day(`ts`), bucket(4, `id`), `course_id`)" in text
    assert "'vacuum_max_snapshot_age_seconds'='60'" in text


@pytest.mark.aws_page("querying-iceberg-creating-tables")
def test_partitions_of_an_iceberg_table_prune(query, iceberg):
    table = iceberg("ts timestamp, v bigint", partitioned_by="month(ts)")
    query(f"insert into {table} values (timestamp '2024-01-02 00:00:00', 1), (timestamp '2024-02-02 00:00:00', 2)")
    assert query.table(f'select count(*) from "{table}$files"') == [["2"]]
    where = "where ts >= timestamp '2024-02-01 00:00:00'"
    assert query.table(f"select v from {table} {where}") == [["2"]]
    whole = query(f"select sum(v) from {table}").execution["Statistics"]["DataScannedInBytes"]
    part = query(f"select sum(v) from {table} {where}").execution["Statistics"]["DataScannedInBytes"]
    assert 0 < part < whole


@pytest.mark.aws_page("querying-iceberg-evolving-table-schema")
def test_columns_of_an_iceberg_table_evolve(query, client, database, iceberg):
    table = iceberg("id int, a string")
    query(f"insert into {table} values (1, 'x')")
    query(f"alter table `{database}`.`{table}` add columns (`b` timestamp comment 'when', c double)")
    query(f"alter table {table} change column a a2 string comment 'renamed'")
    query(f"alter table {table} change column id id bigint")
    query(f"alter table {table} drop column c")
    assert query.table(f"select id, a2, b from {table}") == [["1", "x", None]]
    assert glue_columns(client, database, table) == {"id": "bigint", "a2": "string", "b": "timestamp"}
    assert query.lines(f"describe {table}")[2:5] == ["id\tbigint", "a2\tstring\trenamed", "b\ttimestamp\twhen"]
    query(f"alter table {table} replace columns (id bigint, b timestamp, d array<int>)")
    assert query.lines(f"show columns in {table}") == ["id", "b", "d"]
    answer = query.run(f"alter table {table} add columns (e timestamp with time zone)")
    assert answer.state == "FAILED"


@pytest.mark.aws_page("querying-iceberg-alter-table-rename")
def test_a_table_is_renamed_with_its_data(query, iceberg, name):
    table = iceberg("id int")
    query(f"insert into {table} values 1, 2")
    query(f"alter table {table} rename to `{query.database}`.`{name}_new`")
    assert query.table(f"select count(*) from {name}_new") == [["2"]]
    assert query.run(f"select * from {table}").state == "FAILED"


@pytest.mark.aws_page("create-table-as")
def test_ctas_makes_a_partitioned_iceberg_table(query, client, database, bucket, name):
    answer = query(
        f'create table "awsdatacatalog"."{database}"."{name}" with (table_type=\'iceberg\', is_external=false, '
        f"location='s3://{bucket}/{name}', format='parquet', write_compression='snappy', "
        "partitioning=ARRAY['day(ts)', 'bucket(id, 4)'])\nas\nselect x as id, "
        "cast(date_add('day', x, timestamp '2024-01-01 00:00:00') as timestamp(6)) as ts "
        "from unnest(sequence(1, 3)) as t(x)"
    )
    assert answer.update_count == 3
    assert answer.execution["SubstatementType"] == "CREATE_TABLE_AS_SELECT"
    table = client("glue").get_table(DatabaseName=database, Name=name)["Table"]
    assert table["Parameters"]["table_type"].upper() == "ICEBERG"
    assert glue_columns(client, database, name) == {"id": "bigint", "ts": "timestamp"}
    assert query.table(f"select count(*) from \"{name}$files\" where file_path like '%parquet%'") == [["3"]]


@pytest.mark.aws_page("querying-iceberg-drop-table")
def test_a_dropped_iceberg_table_leaves_no_files(query, client, bucket, iceberg):
    table = iceberg("id int")
    query(f"insert into {table} values 1")
    query(f"drop table if exists `{query.database}`.`{table}`")
    assert client("s3").list_objects_v2(Bucket=bucket, Prefix=f"{table}/")["KeyCount"] == 0


@pytest.mark.aws_page("unload")
def test_unload_leaves_files_and_no_table(query, client, database, bucket, name):
    answer = query(
        f"unload (select 1 as a, 'x' as b) to 's3://{bucket}/{name}/' with (format='JSON', compression='gzip')"
    )
    objects = client("s3").list_objects_v2(Bucket=bucket, Prefix=f"{name}/")["Contents"]
    manifest = answer.execution["Statistics"]["DataManifestLocation"].removeprefix(f"s3://{bucket}/")
    listed = client("s3").get_object(Bucket=bucket, Key=manifest)["Body"].read().decode()
    assert listed.splitlines() == [f"s3://{bucket}/{entry['Key']}" for entry in objects]
    assert len(objects) == 1
    assert client("glue").get_tables(DatabaseName=database)["TableList"] == []


@pytest.mark.aws_page("unload")
def test_a_file_of_an_unload_is_sorted_as_the_query_says(query, client, bucket, name):
    numbers = "select x from unnest(array[3, 1, 4, 1, 5]) as t(x) order by x"
    query(f"unload ({numbers}) to 's3://{bucket}/{name}/' with (format='JSON', compression='NONE')")
    s3 = client("s3")
    (entry,) = s3.list_objects_v2(Bucket=bucket, Prefix=f"{name}/")["Contents"]
    lines = s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read().decode().splitlines()
    assert [json.loads(line)["x"] for line in lines] == [1, 1, 3, 4, 5]


@pytest.mark.aws_page("API_GetTableMetadata")
def test_tables_are_described_by_the_api(query, client, database, iceberg):
    table = iceberg("id bigint comment 'the id', ts timestamp")
    athena = client("athena")
    described = athena.get_table_metadata(CatalogName="AwsDataCatalog", DatabaseName=database, TableName=table)
    metadata = described["TableMetadata"]
    assert metadata["Columns"][0] == {"Name": "id", "Type": "bigint", "Comment": "the id"}
    assert metadata["Parameters"]["table_type"].upper() == "ICEBERG"
    assert metadata["Parameters"]["location"].endswith(f"/{table}")
    listed = athena.list_table_metadata(
        CatalogName="AwsDataCatalog", DatabaseName=database, Expression=table[:-2] + "*"
    )
    assert [entry["Name"] for entry in listed["TableMetadataList"]] == [table]
    assert athena.list_data_catalogs()["DataCatalogsSummary"] == [{"CatalogName": "AwsDataCatalog", "Type": "GLUE"}]
    catalog = athena.get_data_catalog(Name="awsdatacatalog")["DataCatalog"]
    assert (catalog["Name"], catalog["Type"]) == ("AwsDataCatalog", "GLUE")


@pytest.mark.aws_page("API_GetTableMetadata")
def test_the_api_gives_delimiters_as_they_are(query, client, database, bucket, name):
    query(
        f"create external table {name} (a int) row format delimited fields terminated by '\\t' "
        f"lines terminated by '\\n' stored as textfile location 's3://{bucket}/{name}/'"
    )
    described = client("athena").get_table_metadata(CatalogName="AwsDataCatalog", DatabaseName=database, TableName=name)
    told = {key: value for key, value in described["TableMetadata"]["Parameters"].items() if "serde.param" in key}
    assert told == {
        "serde.param.field.delim": "\t",
        "serde.param.line.delim": "\n",
        "serde.param.serialization.format": "\t",
    }


@pytest.mark.aws_page("API_GetTableMetadata")
def test_the_api_gives_comments_in_one_line_and_a_location_without_its_last_slash(
    query, client, database, bucket, name
):
    query(
        f"create external table {name} (a int) comment 'two\n  lines' row format serde "
        "'org.apache.hadoop.hive.serde2.OpenCSVSerde' with serdeproperties ('escapeChar' = '\\\\') "
        f"location 's3://{bucket}/{name}/'"
    )
    described = client("athena").get_table_metadata(CatalogName="AwsDataCatalog", DatabaseName=database, TableName=name)
    parameters = described["TableMetadata"]["Parameters"]
    assert parameters["comment"] == "two lines"
    assert parameters["location"] == f"s3://{bucket}/{name}"
    assert parameters["serde.param.escapeChar"] == "\\"
    assert query(f"show columns in {name}").rows == [["a".ljust(20)]]


@pytest.mark.aws_page("querying-iceberg-evolving-table-schema")
def test_columns_of_an_iceberg_table_name_their_fields(query, client, database, iceberg):
    table = iceberg("id bigint, note string")
    query(f"insert into {table} values (1, 'a')")
    query(f"alter table {table} add columns (extra int)")

    columns = client("glue").get_table(DatabaseName=database, Name=table)["Table"]["StorageDescriptor"]["Columns"]

    fields = [(column["Name"], column["Parameters"]["iceberg.field.id"]) for column in columns]
    assert fields == [("id", "1"), ("note", "2"), ("extra", "3")]
    assert {column["Parameters"]["iceberg.field.current"] for column in columns} == {"true"}
    assert {column["Parameters"]["iceberg.field.optional"] for column in columns} == {"true"}


@pytest.mark.aws_page("querying-iceberg-table-metadata")
@pytest.mark.parametrize("kind", ["refs", "snapshots", "files", "history", "partitions", "manifests"])
def test_metadata_tables_of_iceberg_are_read(query, iceberg, kind):
    table = iceberg("id bigint, p string", partitioned_by="p")
    query(f"insert into {table} values (1, 'a')")
    assert query.table(f'select * from "{query.database}"."{table}${kind}"')
