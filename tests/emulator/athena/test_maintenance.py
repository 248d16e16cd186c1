"""OPTIMIZE and VACUUM, by the properties of the table."""

import pytest

pytestmark = pytest.mark.aws_page("querying-iceberg-data-optimization")


def count(query, table, kind="files"):
    return int(query.table(f'select count(*) from "{table}${kind}"')[0][0])


def keys_in(client, bucket, prefix):
    pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [entry["Key"] for page in pages for entry in page.get("Contents", [])]


def test_properties_survive_other_engines_commits_and_drive_vacuum(query, iceberg):
    table = iceberg("id int")
    query(f"alter table {table} set tblproperties ('vacuum_max_snapshot_age_seconds'='0')")
    for number in range(4):
        query(f"insert into {table} values {number}")
    assert "vacuum_max_snapshot_age_seconds\t0" in query.lines(f"show tblproperties {table}")
    assert query.lines(f"show tblproperties {table} ('vacuum_max_snapshot_age_seconds')") == ["0"]
    assert int(query.table(f'select count(*) from "{table}$snapshots"')[0][0]) >= 4
    query(f"alter table {table} set tblproperties ('vacuum_min_snapshots_to_keep'='2')")
    query(f"VACUUM {table}")
    assert query.table(f'select count(*) from "{table}$snapshots"') == [["2"]]
    assert query.table(f"select count(*) from {table}") == [["4"]]


def test_vacuum_keeps_five_days_unless_told_otherwise(query, iceberg):
    table = iceberg("id int")
    query(f"insert into {table} values 1")
    query(f"insert into {table} values 2")
    before = query.table(f'select count(*) from "{table}$snapshots"')
    query(f"vacuum {table}")
    assert query.table(f'select count(*) from "{table}$snapshots"') == before


@pytest.mark.aws_page("optimize-statement")
def test_optimize_makes_one_file_of_five(query, iceberg):
    table = iceberg("id int, p string", partitioned_by="p")
    for number in range(5):
        query(f"insert into {table} values ({number}, 'a'), ({number}, 'b')")
    query(f"OPTIMIZE {table} REWRITE DATA USING BIN_PACK WHERE p = 'a'")
    assert count(query, table) == 6
    query(f"OPTIMIZE {table} REWRITE DATA USING BIN_PACK")
    assert count(query, table) == 2
    assert query.table(f"select count(*), sum(id) from {table}") == [["10", "20"]]


@pytest.mark.aws_page("querying-iceberg-creating-tables")
def test_optimize_leaves_fewer_files_than_the_threshold(query, iceberg):
    table = iceberg("id int")
    for number in range(3):
        query(f"insert into {table} values {number}")
    query(f"optimize {table} rewrite data using bin_pack")
    assert count(query, table) == 3
    query(f"alter table {table} set tblproperties ('optimize_rewrite_data_file_threshold'='3')")
    query(f"optimize {table} rewrite data using bin_pack")
    assert count(query, table) == 1


@pytest.mark.aws_page("querying-iceberg-creating-tables")
def test_optimize_rewrites_only_files_of_a_wrong_size(query, iceberg):
    table = iceberg("id int", optimize_rewrite_data_file_threshold="2", optimize_rewrite_min_data_file_size_bytes="1")
    query(f"insert into {table} values 1")
    query(f"insert into {table} values 2")
    query(f"optimize {table} rewrite data using bin_pack")
    assert count(query, table) == 2
    query(f"alter table {table} set tblproperties ('optimize_rewrite_max_data_file_size_bytes'='2')")
    query(f"optimize {table} rewrite data using bin_pack")
    assert count(query, table) == 1


@pytest.mark.aws_page("querying-iceberg-creating-tables")
def test_optimize_rewrites_a_file_with_enough_deletes(query, iceberg):
    table = iceberg("id int")
    query(f"insert into {table} select x from unnest(sequence(1, 100)) as t(x)")
    query(f"delete from {table} where id = 7")
    query(f"optimize {table} rewrite data using bin_pack")
    assert query.table(f'select count(*) from "{table}$files" where content = 1') == [["1"]]
    query(f"delete from {table} where id = 8")
    query(f"optimize {table} rewrite data using bin_pack")
    assert query.table(f'select count(*) from "{table}$files" where content = 1') == [["0"]]
    assert query.table(f"select count(*) from {table}") == [["98"]]


@pytest.mark.aws_page("optimize-statement")
def test_optimize_takes_only_partition_columns(query, iceberg):
    table = iceberg("id int, p string", partitioned_by="p")
    query(f"insert into {table} values (1, 'a')")
    assert query.run(f"optimize {table} rewrite data using bin_pack where id = 1").state == "FAILED"
    query(f"optimize {table} rewrite data using bin_pack where p = 'a'")


@pytest.mark.aws_page("querying-iceberg-creating-tables")
def test_vacuum_keeps_no_more_old_metadata_than_asked(query, client, bucket, iceberg):
    table = iceberg("id int", vacuum_max_metadata_files_to_keep="2", vacuum_max_snapshot_age_seconds="0")
    for number in range(5):
        query(f"insert into {table} values {number}")
    query(f"vacuum {table}")
    written = [key for key in keys_in(client, bucket, f"{table}/metadata/") if key.endswith(".metadata.json")]
    assert len(written) <= 3
    assert query.table(f"select count(*) from {table}") == [["5"]]


@pytest.mark.aws_page("vacuum-statement")
def test_vacuum_removes_files_that_no_snapshot_knows(query, client, bucket, iceberg):
    table = iceberg("id int", vacuum_max_snapshot_age_seconds="0")
    query(f"insert into {table} values 1")
    query(f"delete from {table} where id = 1")
    query(f"insert into {table} values 2")
    client("s3").put_object(Bucket=bucket, Key=f"{table}/data/orphan.parquet", Body=b"x")
    query(f"vacuum {table}")
    data = keys_in(client, bucket, f"{table}/data/")
    assert f"{table}/data/orphan.parquet" not in data
    known = query.table(f'select file_path from "{table}$files"')
    assert [[f"s3://{bucket}/{key}"] for key in sorted(data)] == sorted(known)


@pytest.mark.aws_page("querying-iceberg-creating-tables")
def test_properties_survive_every_kind_of_change(query, iceberg):
    kept = {
        "vacuum_min_snapshots_to_keep": "3",
        "vacuum_max_snapshot_age_seconds": "60",
        "optimize_rewrite_data_file_threshold": "4",
        "write_target_data_file_size_bytes": "268435456",
    }
    table = iceberg("id int, v string", **kept)
    query(f"insert into {table} values (1, 'a'), (2, 'b')")
    query(f"update {table} set v = 'c' where id = 1")
    query(f"delete from {table} where id = 2")
    query(f"merge into {table} t using (values 3) s(id) on t.id = s.id when not matched then insert (id) values (s.id)")
    query(f"optimize {table} rewrite data using bin_pack")
    query(f"alter table {table} add columns (w int)")
    query(f"vacuum {table}")
    shown = dict(line.split("\t") for line in query.lines(f"show tblproperties {table}"))
    assert {key: shown.get(key) for key in kept} == kept


@pytest.mark.aws_page("querying-iceberg-creating-tables")
def test_properties_of_the_catalogs_entry_survive_commits_and_drive_vacuum(query, client, database, iceberg):
    table, glue = iceberg("id int"), client("glue")
    entry = glue.get_table(DatabaseName=database, Name=table)["Table"]
    entry["Parameters"] |= {"vacuum_max_snapshot_age_seconds": "0", "team": "pace"}
    kept = ("Name", "TableType", "Parameters", "StorageDescriptor", "Owner")
    glue.update_table(DatabaseName=database, TableInput={key: entry[key] for key in kept if key in entry})
    for number in range(3):
        query(f"insert into {table} values {number}")
    parameters = glue.get_table(DatabaseName=database, Name=table)["Table"]["Parameters"]
    assert (parameters["vacuum_max_snapshot_age_seconds"], parameters["team"]) == ("0", "pace")
    query(f"vacuum {table}")
    assert count(query, table, "snapshots") == 1
    query(f"alter table {table} set tblproperties ('vacuum_max_snapshot_age_seconds'='86400')")
    query(f"insert into {table} values 4")
    query(f"vacuum {table}")
    assert count(query, table, "snapshots") == 2


@pytest.mark.aws_page("querying-iceberg-alter-table-unset-properties")
def test_a_property_is_taken_away(query, iceberg):
    table = iceberg("id int", vacuum_max_snapshot_age_seconds="0", vacuum_min_snapshots_to_keep="3")
    query(f"insert into {table} values 1")
    query(f"alter table {table} unset tblproperties ('vacuum_max_snapshot_age_seconds')")
    lines = query.lines(f"show tblproperties {table}")
    assert not [line for line in lines if line.startswith("vacuum_max_snapshot_age_seconds")]
    assert "vacuum_min_snapshots_to_keep\t3" in lines
    query(f"insert into {table} values 2")
    query(f"vacuum {table}")
    assert count(query, table, "snapshots") >= 2
    assert query.table(f"select count(*) from {table}") == [["2"]]


@pytest.mark.aws_page("vacuum-statement")
@pytest.mark.parametrize("statement", ["vacuum {}", "optimize {} rewrite data using bin_pack"])
def test_only_tables_of_iceberg_are_maintained(query, bucket, name, statement):
    query(f"create external table {name} (a int) location 's3://{bucket}/{name}/'")
    assert query.run(statement.format(name)).state == "FAILED"
