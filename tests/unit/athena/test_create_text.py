"""The text of SHOW CREATE TABLE and SHOW CREATE VIEW."""

from tm_localstack.athena.guards import accept
from tm_localstack.athena.steps.create_text import external_table, iceberg_table, partition_fields, view
from tm_localstack.athena.translation.cursor import Name
from tm_localstack.athena.translation.plan import Context

CONTEXT = Context("silver", "1", "s3://results/")


def test_partition_fields_are_turned_back_into_athenas_order():
    statement = "CREATE TABLE t (\n a int\n)\nWITH (\n partitioning = ARRAY['bucket(id, 16)','day(ts)','course_id']\n)"
    assert partition_fields(statement) == ["bucket(16, `id`)", "day(`ts`)", "`course_id`"]
    assert partition_fields("CREATE TABLE t (a int)") == []


def test_the_text_of_an_iceberg_table_makes_it_again():
    table = {"StorageDescriptor": {"Columns": [{"Name": "id", "Type": "bigint"}], "Location": "s3://b/t"}}
    lines = iceberg_table(
        Name("t", "silver"), table, ["bucket(4, `id`)"], {"vacuum_max_snapshot_age_seconds": "2", "x": "y"}
    )
    (step,) = accept("\n".join(lines)).translate(CONTEXT)
    assert step.sql == (
        'CREATE TABLE "silver"."t" ("id" bigint) '
        "WITH (format = 'PARQUET', format_version = 2, location = 's3://b/t', "
        "partitioning = ARRAY['bucket(id, 4)'], "
        "extra_properties = MAP(ARRAY['vacuum_max_snapshot_age_seconds'], ARRAY['2']))"
    )


def test_the_text_of_an_external_table_makes_its_entry_again():
    sql = (
        "create external table silver.t (a int comment 'x') comment 'it''s' partitioned by (dt string) "
        "row format serde 'org.openx.data.jsonserde.JsonSerDe' "
        "with serdeproperties ('ignore.malformed.json'='true', 'x'='\\\\\t') "
        "location 's3://b/t' tblproperties ('projection.enabled'='true')"
    )
    (made,) = accept(sql).translate(CONTEXT)
    text = "\n".join(external_table(Name("t", "silver"), made.table_input)).replace("`silver.t`", "silver.t")
    (again,) = accept(text).translate(CONTEXT)
    assert again.table_input == made.table_input


def test_a_view_is_told_without_its_catalog_and_quoted_only_where_it_must_be():
    trino = 'CREATE VIEW awsdatacatalog."gold"."by-day" SECURITY DEFINER AS\nSELECT 1 a\n, \' AS\n\' b'
    assert view(Name("by-day", "gold"), trino) == ['CREATE VIEW gold."by-day" AS', "SELECT 1 a", ", ' AS", "' b"]
