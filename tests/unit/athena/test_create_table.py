"""CREATE TABLE of Iceberg, of files, and from a query."""

import pytest

from tm_localstack.athena.guards import accept
from tm_localstack.athena.translation import plan
from tm_localstack.athena.translation.plan import Context, RefusedError

CONTEXT = Context("silver", "1234-5678", "s3://results/athena/")
ENFORCED = Context("silver", "1234-5678", "s3://results/athena/", enforces_output=True)
ICEBERG = "tblproperties ('table_type'='ICEBERG'{more})"


def steps(sql, context=CONTEXT):
    return accept(sql).translate(context)


def only_sql(sql, context=CONTEXT):
    (step,) = steps(sql, context)
    return step.sql


def test_iceberg_table_keeps_columns_comments_and_transforms():
    sql = only_sql(
        "CREATE TABLE IF NOT EXISTS `gold`.`Facts` (id bigint COMMENT 'it''s', ts timestamp, `order` string) "
        "COMMENT 'all' PARTITIONED BY (day(ts), bucket(16, id), truncate(4, `order`), id) "
        "LOCATION 's3://serve/warehouse/gold/facts/' " + ICEBERG.format(more=", 'vacuum_max_snapshot_age_seconds'='60'")
    )
    assert sql == (
        'CREATE TABLE IF NOT EXISTS "gold"."facts" '
        "(\"id\" bigint COMMENT 'it''s', \"ts\" timestamp(6), \"order\" varchar) COMMENT 'all' "
        "WITH (format = 'PARQUET', format_version = 2, location = 's3://serve/warehouse/gold/facts', "
        "partitioning = ARRAY['day(ts)', 'bucket(id, 16)', 'truncate(order, 4)', 'id'], "
        "extra_properties = MAP(ARRAY['vacuum_max_snapshot_age_seconds'], ARRAY['60']))"
    )


def test_a_table_without_database_is_made_in_the_querys():
    assert only_sql(f"create table t (a int) location 's3://b/t' {ICEBERG.format(more='')}").startswith(
        'CREATE TABLE "silver"."t" ("a" integer)'
    )


@pytest.mark.parametrize(
    ("column", "more", "reason"),
    [
        ("a timestamp with time zone", "", "NOT_SUPPORTED.*time zone"),
        ("a array<struct<b:timestamp(3)>>", "", r"NOT_SUPPORTED: Timestamp precision \(3\)"),
        ("a smallint", "", "NOT_SUPPORTED.*smallint"),
        ("a int", ", 'format_version'='3'", "INVALID_TABLE_PROPERTY: Unsupported Iceberg format version: 3"),
        ("a int", ", 'write.format.default'='orc'", "Unsupported table property key: write.format.default"),
        ("a int", ", 'format'='csv'", "Unsupported value for table property 'format'"),
        ("a int", ", 'write_compression'='rar'", "write_compression"),
    ],
)
def test_iceberg_refuses_what_athena_refuses(column, more, reason):
    with pytest.raises(RefusedError, match=reason):
        steps(f"create table t ({column}) location 's3://b/t' {ICEBERG.format(more=more)}")


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("create table t (a int) location 's3://b/t'", "Only EXTERNAL"),
        ("create external table t (a int)", "No location"),
        ("create table t (a int) tblproperties ('table_type'='iceberg')", "location can not be null"),
        (
            "create external table t (a int) location 's3://b' tblproperties ('table_type'='iceberg')",
            "External keyword",
        ),
        (
            "create table t (a int) partitioned by (void(a)) location 's3://b' tblproperties ('table_type'='iceberg')",
            "Unsupported partition transform: void",
        ),
    ],
)
def test_other_tables_are_refused(sql, reason):
    with pytest.raises(RefusedError, match=reason):
        steps(sql)


def test_external_table_becomes_an_entry_of_the_catalog():
    (step,) = steps(
        "CREATE EXTERNAL TABLE logs (a int COMMENT 'x', s struct<b:string>) PARTITIONED BY (dt string) "
        "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' WITH SERDEPROPERTIES ('ignore.malformed.json'='true') "
        "LOCATION 's3://obs/silver/' TBLPROPERTIES ('projection.enabled'='true')"
    )
    assert isinstance(step, plan.CreateGlueTable)
    assert step.table_input["PartitionKeys"] == [{"Name": "dt", "Type": "string"}]
    assert step.table_input["Parameters"] == {"EXTERNAL": "TRUE", "projection.enabled": "true"}
    descriptor = step.table_input["StorageDescriptor"]
    assert descriptor["Columns"] == [
        {"Name": "a", "Type": "int", "Comment": "x"},
        {"Name": "s", "Type": "struct<b:string>"},
    ]
    assert descriptor["SerdeInfo"]["SerializationLibrary"] == "org.openx.data.jsonserde.JsonSerDe"
    assert descriptor["SerdeInfo"]["Parameters"]["ignore.malformed.json"] == "true"


def test_delimiters_and_stored_as_are_understood():
    (step,) = steps(
        "create external table t (a int) row format delimited fields terminated by '\\t' escaped by '\\\\' "
        "stored as textfile location 's3://b/t'"
    )
    parameters = step.table_input["StorageDescriptor"]["SerdeInfo"]["Parameters"]
    assert parameters == {"serialization.format": "\t", "field.delim": "\t", "escape.delim": "\\"}
    (step,) = steps("create external table t (a int) stored as parquet location 's3://b/t'")
    assert step.table_input["StorageDescriptor"]["InputFormat"].endswith("MapredParquetInputFormat")


def test_the_comment_of_a_table_of_files_is_a_parameter():
    (step,) = steps(r"create external table t (a int) comment 'it\'s' location 's3://b/t'")
    assert step.table_input["Parameters"] == {"EXTERNAL": "TRUE", "comment": "it's"}


@pytest.mark.parametrize(
    ("serde", "output"),
    [
        ("org.openx.data.jsonserde.JsonSerDe", "org.apache.hadoop.hive.ql.io.IgnoreKeyTextOutputFormat"),
        ("org.apache.hadoop.hive.serde2.OpenCSVSerde", "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"),
    ],
)
def test_a_serde_alone_decides_the_output_format(serde, output):
    (step,) = steps(f"create external table t (a int) row format serde '{serde}' location 's3://b/t'")
    assert step.table_input["StorageDescriptor"]["OutputFormat"] == output


def test_ctas_of_iceberg_passes_the_query_on_byte_for_byte():
    query = "select\t'--;' as a, ts -- comment\nfrom (select 1)"
    check, create = steps(
        'create table "awsdatacatalog"."gold"."t" with (table_type=\'iceberg\', is_external=false, '
        "location='s3://serve/x/', partitioning=ARRAY['day(ts)', 'a'], format='parquet', "
        f"write_compression='snappy', vacuum_min_snapshots_to_keep='3')\nas {query};"
    )
    assert check == plan.CheckIcebergColumns(query)
    assert create.sql == (
        'CREATE TABLE "awsdatacatalog"."gold"."t" WITH (format = \'PARQUET\', format_version = 2, '
        "location = 's3://serve/x', partitioning = ARRAY['day(ts)', 'a'], extra_properties = "
        "MAP(ARRAY['write_compression', 'vacuum_min_snapshots_to_keep', 'history.expire.min-snapshots-to-keep'], "
        "ARRAY['snappy', '3', '3'])) AS " + query
    )
    assert create.session == (("awsdatacatalog.compression_codec", "SNAPPY"),)


def test_ctas_without_data_checks_the_query_alone():
    check, create = steps("create table t with (table_type='iceberg', is_external=false) as select 1 a WITH NO DATA")
    assert check.query == "select 1 a"
    assert create.sql.endswith("AS select 1 a WITH NO DATA")


def test_ctas_of_files_lands_beside_the_results_unless_told_otherwise():
    check, create, note = steps("create table t with (format='TEXTFILE', field_delimiter='|') as select 1 a")
    assert check.location == note.location == "s3://results/athena/tables/1234-5678/"
    assert create.sql.startswith(
        'CREATE TABLE "hive"."silver"."t" WITH (external_location = \'s3://results/athena/tables/1234-5678/\', '
        "format = 'TEXTFILE', textfile_field_separator = '|')"
    )
    check, *_ = steps("create table t with (external_location='s3://b/x/') as select 1 a")
    assert check.location == "s3://b/x/"


@pytest.mark.parametrize(
    ("sql", "context", "reason"),
    [
        ("create table t with (table_type='iceberg') as select 1 a", CONTEXT, "is_external = false"),
        ("create table t with (external_location='s3://b/x/') as select 1 a", ENFORCED, "centralized output location"),
        ("create table t with (colour='red') as select 1 a", CONTEXT, "'colour' does not exist"),
        (
            "create table t with (table_type='iceberg', is_external=false, format_version=3) as select 1 a",
            CONTEXT,
            "format version: 3",
        ),
    ],
)
def test_ctas_refuses_what_athena_refuses(sql, context, reason):
    with pytest.raises(RefusedError, match=reason):
        steps(sql, context)
