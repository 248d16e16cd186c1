"""Tables of files: formats, partitions of the catalog and projected ones."""

import json

import pytest

pytestmark = pytest.mark.aws_page("supported-serdes")


def glue_columns(client, database, table):
    columns = client("glue").get_table(DatabaseName=database, Name=table)["Table"]["StorageDescriptor"]["Columns"]
    return {column["Name"]: column["Type"] for column in columns}


@pytest.fixture
def put(client, bucket, name):
    """Write an object under the table's location."""
    return lambda key, body: client("s3").put_object(Bucket=bucket, Key=f"{name}/{key}", Body=body)


@pytest.fixture
def external(query, bucket, name):
    """Make a table over its location; its name."""

    def make(columns, clauses="", properties=""):
        after = f" tblproperties ({properties})" if properties else ""
        query(f"create external table {name} ({columns}) {clauses} location 's3://{bucket}/{name}/'{after}")
        return name

    return make


@pytest.mark.aws_page("openx-json-serde")
def test_json_lines_are_read_wherever_they_lie_under_the_location(query, client, bucket, name):
    query(
        f"create external table {name} (a int, b struct<c:string>, at timestamp) "
        f"row format serde 'org.openx.data.jsonserde.JsonSerDe' location 's3://{bucket}/{name}/'"
    )
    assert query.table(f"select count(*) from {name}") == [["0"]]
    lines = '{"a": 1, "b": {"c": "x"}, "at": "2024-01-15 10:16:40"}\n{"a": 2}\n'
    client("s3").put_object(Bucket=bucket, Key=f"{name}/course_id=x/run=1/part.json", Body=lines.encode())
    assert query.table(f"select a, b.c, at from {name} order by a") == [
        ["1", "x", "2024-01-15 10:16:40.000"],
        ["2", None, None],
    ]
    query(f"drop table {name}")
    assert client("s3").list_objects_v2(Bucket=bucket, Prefix=f"{name}/")["KeyCount"] == 1


@pytest.mark.aws_page("alter-table-change-column")
def test_a_table_that_glue_made_is_read_and_its_columns_changed(query, client, database, bucket, name):
    client("glue").create_table(
        DatabaseName=database,
        TableInput={
            "Name": name,
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {"classification": "json"},
            "StorageDescriptor": {
                "Columns": [{"Name": "a", "Type": "bigint"}],
                "Location": f"s3://{bucket}/{name}/",
                "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
                "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
                "SerdeInfo": {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"},
            },
        },
    )
    client("s3").put_object(Bucket=bucket, Key=f"{name}/x.json", Body=json.dumps({"a": 1, "b": "y"}).encode())
    assert query.table(f"select * from {name}") == [["1"]]
    query(f"alter table {name} add columns (b string)")
    assert query.table(f"select * from {name}") == [["1", "y"]]
    query(f"alter table {name} change column b c string")
    query(f"alter table {name} set tblproperties ('note'='mine')")
    query(f"alter table {name} unset tblproperties ('classification')")
    assert query.lines(f"show tblproperties {name}") == ["note\tmine"]
    assert query.lines(f"show columns in {name}") == ["a", "c"]


@pytest.mark.aws_page("msck-repair-table")
def test_partitions_are_found_added_and_dropped(query, client, bucket, name):
    query(
        f"create external table {name} (a int) partitioned by (dt string) "
        f"row format serde 'org.openx.data.jsonserde.JsonSerDe' location 's3://{bucket}/{name}/'"
    )
    s3 = client("s3")
    s3.put_object(Bucket=bucket, Key=f"{name}/dt=2024-01-01/x.json", Body=b'{"a": 1}')
    s3.put_object(Bucket=bucket, Key=f"{name}/elsewhere/x.json", Body=b'{"a": 2}')
    assert query.table(f"select * from {name}") == []
    query(f"msck repair table {name}")
    assert query.lines(f"show partitions {name}") == ["dt=2024-01-01"]
    query(
        f"alter table {name} add if not exists partition (dt='2024-01-02') location 's3://{bucket}/{name}/elsewhere/'"
    )
    assert query.table(f"select a, dt from {name} order by a") == [["1", "2024-01-01"], ["2", "2024-01-02"]]
    query(f"alter table {name} drop partition (dt='2024-01-01')")
    assert query.table(f"select a from {name} where dt > '2000'") == [["2"]]


@pytest.mark.aws_page("partition-projection")
def test_projected_partitions_need_no_catalog(query, client, bucket, name):
    query(
        f"create external table {name} (a int) partitioned by (dt string) "
        f"row format serde 'org.openx.data.jsonserde.JsonSerDe' location 's3://{bucket}/{name}/' tblproperties ("
        "'projection.enabled'='true', 'projection.dt.type'='date', 'projection.dt.format'='yyyy-MM-dd', "
        f"'projection.dt.range'='2024-01-01,2024-01-05', 'storage.location.template'='s3://{bucket}/{name}/day=${{dt}}/')"
    )
    client("s3").put_object(Bucket=bucket, Key=f"{name}/day=2024-01-03/x.json", Body=b'{"a": 1}')
    assert query.table(f"select a, dt from {name}") == [["1", "2024-01-03"]]
    assert query.table(f"select count(*) from {name} where dt = '2024-01-04'") == [["0"]]


@pytest.mark.aws_page("csv-serde")
def test_csv_is_read_with_its_header_skipped(query, client, bucket, name):
    query(
        f"create external table {name} (`a` string, b string) row format serde "
        f"'org.apache.hadoop.hive.serde2.OpenCSVSerde' location 's3://{bucket}/{name}' "
        "tblproperties ('skip.header.line.count'='1')"
    )
    client("s3").put_object(Bucket=bucket, Key=f"{name}/x.csv", Body=b'a,b\n1,"x, y"\n')
    assert query.table(f"select * from {name}") == [["1", "x, y"]]


@pytest.mark.aws_page("lazy-simple-serde")
def test_delimited_text_has_types_and_its_own_null(query, external, put):
    table = external(
        "a int, b double, c date, d timestamp, e boolean, f array<string>, g string",
        "row format delimited fields terminated by '|' collection items terminated by ';' null defined as '-'",
        "'skip.header.line.count'='1'",
    )
    put("x.csv", b"a|b|c|d|e|f|g\n1|1.5|2024-01-15|2024-01-15 10:00:00.5|true|p;q|x\n-|-|-|-|-|-|-\nnone|2|||false||\n")
    assert query.table(f"select * from {table}") == [
        ["1", "1.5", "2024-01-15", "2024-01-15 10:00:00.500", "true", "[p, q]", "x"],
        [None] * 7,
        [None, "2.0", None, None, "false", "[]", ""],
    ]


@pytest.mark.aws_page("csv-serde")
def test_quoted_csv_has_separator_quote_and_escape_of_its_own(query, external, put):
    table = external(
        "a string, b string",
        "row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde' "
        "with serdeproperties ('separatorChar'=';', 'quoteChar'='`', 'escapeChar'='\\\\')",
    )
    put("x.csv", b"`1;2`;x\n;`say \\`hi`\n")
    assert query.table(f"select * from {table}") == [["1;2", "x"], ["", "say `hi"]]


@pytest.mark.aws_page("hive-json-serde")
def test_json_is_read_by_hives_serde_too(query, external, put):
    table = external(
        "a int, b array<struct<c:string>>, m map<string,double>",
        "row format serde 'org.apache.hive.hcatalog.data.JsonSerDe'",
    )
    put("x.json", b'{"a": 1, "b": [{"c": "x"}], "m": {"k": 1.5}}\n{"A": 2, "other": 3}\n')
    assert query.table(f"select * from {table} order by a") == [["1", "[{c=x}]", "{k=1.5}"], ["2", None, None]]


@pytest.mark.aws_page("openx-json-serde")
def test_broken_json_fails_or_is_null_as_the_table_says(query, external, put):
    table = external("a int", "row format serde 'org.openx.data.jsonserde.JsonSerDe'")
    put("x.json", b'{"a": 1}\n{"a": \n')
    answer = query.run(f"select * from {table}")
    assert (answer.state, answer.reason[:5]) == ("FAILED", "HIVE_")
    query(f"drop table {table}")
    external(
        "a int",
        "row format serde 'org.openx.data.jsonserde.JsonSerDe' with serdeproperties ('ignore.malformed.json'='true')",
    )
    assert sorted(query.table(f"select * from {table}"), key=str) == [["1"], [None]]


@pytest.mark.aws_page("create-table-as")
@pytest.mark.parametrize("file_format", ["PARQUET", "ORC", "AVRO", "JSON", "TEXTFILE"])
def test_what_a_query_wrote_is_read_as_it_was(query, client, database, bucket, workgroup, name, file_format):
    select = "select bigint '7' as id, 'x' as v, double '1.5' as d, 'p' as part"
    answer = query(f"create table {name} with (format='{file_format}', partitioned_by=ARRAY['part']) as {select}")
    assert query.table(f"select id, v, d, part from {name}") == [["7", "x", "1.5", "p"]]
    assert query.lines(f"show partitions {name}") == ["part=p"]
    location = client("glue").get_table(DatabaseName=database, Name=name)["Table"]["StorageDescriptor"]["Location"]
    assert location.startswith(f"s3://{bucket}/results/tables/{answer.id}")
    manifest = answer.execution["Statistics"]["DataManifestLocation"].removeprefix(f"s3://{bucket}/")
    files = client("s3").get_object(Bucket=bucket, Key=manifest)["Body"].read().decode().splitlines()
    assert [file.startswith(f"{location.rstrip('/')}/part=p/") for file in files] == [True]


@pytest.mark.aws_page("insert-into")
def test_rows_are_inserted_into_partitions_of_files(query, name):
    query(f"create table {name} with (format='PARQUET', partitioned_by=ARRAY['p']) as select 1 as a, 'x' as p")
    query(f"insert into {name} values (2, 'x'), (3, 'y')")
    assert query.lines(f"show partitions {name}") == ["p=x", "p=y"]
    assert query.table(f"select a from {name} where p = 'x' order by a") == [["1"], ["2"]]


@pytest.mark.aws_page("ctas-insert-into")
@pytest.mark.parametrize(("partitions", "state"), [(100, "SUCCEEDED"), (101, "FAILED")])
def test_one_ctas_writes_at_most_100_partitions(query, name, partitions, state):
    numbers = f"unnest(sequence(1, {partitions})) as t(x)"
    answer = query.run(f"create table {name} with (partitioned_by=ARRAY['p']) as select x as a, x as p from {numbers}")
    assert answer.state == state
    assert ("TOO_MANY_OPEN_PARTITIONS" in answer.reason) == (state == "FAILED")


@pytest.mark.aws_page("partition-projection-supported-types")
@pytest.mark.parametrize(
    ("kind", "properties", "folder", "value"),
    [
        ("string", "'projection.p.type'='enum', 'projection.p.values'='a,b'", "a", "'a'"),
        ("int", "'projection.p.type'='integer', 'projection.p.range'='1,5', 'projection.p.digits'='2'", "03", "3"),
        ("string", "'projection.p.type'='injected'", "any", "'any'"),
    ],
)
def test_partitions_are_projected(query, external, put, kind, properties, folder, value):
    table = external(
        "a int",
        f"partitioned by (p {kind}) row format delimited fields terminated by ','",
        f"'projection.enabled'='true', {properties}",
    )
    put(f"p={folder}/x.csv", b"1\n")
    assert query.table(f"select a from {table} where p = {value}") == [["1"]]
    if "injected" in properties:
        assert query.run(f"select a from {table}").state == "FAILED"


@pytest.mark.aws_page("alter-table-set-location")
def test_a_partition_is_moved_and_renamed(query, bucket, external, put):
    table = external("a int", "partitioned by (dt string) row format delimited fields terminated by ','")
    put("dt=1/x.csv", b"1\n")
    put("elsewhere/x.csv", b"2\n")
    query(f"alter table {table} add partition (dt='1') partition (dt='3')")
    assert query.run(f"alter table {table} add partition (dt='1')").state == "FAILED"
    query(f"alter table {table} partition (dt='1') set location 's3://{bucket}/{table}/elsewhere/'")
    assert query.table(f"select a, dt from {table}") == [["2", "1"]]
    query(f"alter table {table} partition (dt='1') rename to partition (dt='2')")
    assert query.table(f"select a, dt from {table}") == [["2", "2"]]
    assert query.lines(f"show partitions {table}") == ["dt=2", "dt=3"]
    query(f"alter table {table} drop if exists partition (dt='9'), partition (dt='3')")
    assert query.lines(f"show partitions {table}") == ["dt=2"]
    assert query.run(f"alter table {table} drop partition (dt='9')").state == "FAILED"


@pytest.mark.aws_page("alter-table-change-column")
def test_a_column_is_put_elsewhere(query, external):
    table = external("a int, b string, c double", "row format delimited fields terminated by ','")
    query(f"alter table {table} change c c double first")
    query(f"alter table {table} change a a2 bigint after b")
    assert query.lines(f"show columns in {table}") == ["c", "b", "a2"]
    assert [line.split() for line in query.lines(f"describe {table}")] == [
        ["c", "double"], ["b", "string"], ["a2", "bigint"],
    ]  # fmt: skip


@pytest.mark.aws_page("describe-table")
def test_a_partitioned_table_is_described_with_its_keys(query, external):
    table = external("a int", "partitioned by (dt string) row format serde 'org.openx.data.jsonserde.JsonSerDe'")
    words = [line.split() for line in query.lines(f"describe {table}")]
    assert words == [
        ["a", "int", "from", "deserializer"], ["dt", "string"], [], ["#", "Partition", "Information"],
        ["#", "col_name", "data_type", "comment"], [], ["dt", "string"],
    ]  # fmt: skip
    assert any("JsonSerDe" in line for line in query.lines(f"describe formatted {table}"))


@pytest.mark.aws_page("unload")
@pytest.mark.parametrize(
    ("options", "ending", "beginning"),
    [
        ("format='PARQUET', compression='SNAPPY'", "", b"PAR1"),
        ("format='ORC'", "", b"ORC"),
        ("format='AVRO'", "", b"Obj\x01"),
        ("format='JSON'", ".gz", b"\x1f\x8b"),
        ("format='TEXTFILE', field_delimiter=';', compression='NONE'", "", b"1;x\n"),
    ],
)
def test_unload_writes_the_format_asked_for(query, client, bucket, name, options, ending, beginning):
    query(f"unload (select 1 as a, 'x' as b) to 's3://{bucket}/{name}/' with ({options})")
    (written,) = client("s3").list_objects_v2(Bucket=bucket, Prefix=f"{name}/")["Contents"]
    assert written["Key"].endswith(ending)
    assert client("s3").get_object(Bucket=bucket, Key=written["Key"])["Body"].read().startswith(beginning)


@pytest.mark.aws_page("unload")
def test_unload_partitions_by_the_last_columns(query, client, bucket, name):
    target = f"s3://{bucket}/{name}/"
    query(f"unload (select 1 as a, 'x' as p) to '{target}' with (format='JSON', partitioned_by=ARRAY['p'])")
    (written,) = client("s3").list_objects_v2(Bucket=bucket, Prefix=f"{name}/")["Contents"]
    assert written["Key"].startswith(f"{name}/p=x/")


@pytest.mark.aws_page("unload")
def test_unload_needs_no_database(query, client, bucket, name):
    query(f"unload (select 1 as a) to 's3://{bucket}/{name}/' with (format='JSON')", QueryExecutionContext={})
    assert client("s3").list_objects_v2(Bucket=bucket, Prefix=f"{name}/")["KeyCount"] == 1
