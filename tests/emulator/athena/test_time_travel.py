"""Earlier states of an Iceberg table."""

import time

import pytest

pytestmark = pytest.mark.aws_page("querying-iceberg-time-travel-and-version-travel-queries")
JUST_NOW = "(current_timestamp - interval '0.01' second)"


@pytest.fixture
def grown(query, iceberg):
    """A table of two rows that had one; its name, and its snapshots from the first insert."""
    table = iceberg("id int")
    query(f"insert into {table} values 1")
    time.sleep(1.1)
    query(f"insert into {table} values 2")
    snapshots = query.table(f'select snapshot_id, committed_at from "{table}$snapshots" order by committed_at')
    return table, snapshots[-2:]


def test_a_version_is_read_by_its_snapshot(query, grown):
    table, ((first, _), (second, _)) = grown
    assert query.table(f"select count(*) from {table} for version as of {first}") == [["1"]]
    assert query.table(f"select count(*) from {table} for version as of {second}") == [["2"]]
    answer = query.run(f"select count(*) from {table} for version as of 1")
    assert answer.state == "FAILED"


def test_a_time_is_read_by_its_clock(query, grown):
    table, ((_, at), _) = grown
    assert query.table(f"select count(*) from {table} for timestamp as of timestamp '{at}'") == [["1"]]
    assert query.table(f"select count(*) from {table} for timestamp as of {JUST_NOW}") == [["2"]]
    answer = query.run(f"select * from {table} for timestamp as of timestamp '2020-01-01 00:00:00 UTC'")
    assert answer.state == "FAILED"


@pytest.mark.aws_page("querying-iceberg-table-metadata")
def test_history_tells_what_each_change_did(query, iceberg):
    table = iceberg("id int, p string", partitioned_by="p")
    query(f"insert into {table} values (1, 'a'), (2, 'b')")
    query(f"update {table} set id = 3 where id = 1")
    query(f"delete from {table} where p = 'b'")
    operations = [row[0] for row in query.table(f'select operation from "{table}$snapshots" order by committed_at')]
    assert operations[-3:] == ["append", "overwrite", "delete"]
    history = query.table(f'select snapshot_id, is_current_ancestor from "{table}$history" order by made_current_at')
    assert {row[1] for row in history} == {"true"}
    (main,) = query.table(f'select name, snapshot_id from "{table}$refs"')
    assert main == ["main", history[-1][0]]
    assert query.table(f'select partition.p, record_count from "{table}$partitions"')[0][0] == "a"
    added = query.table(f'select sum(added_data_files_count) from "{table}$manifests"')
    assert int(added[0][0]) >= 2
