"""Column statistics are stored, told and deleted for tables and partitions."""

from datetime import UTC, datetime

import pytest

STORAGE = {"Columns": [{"Name": "a", "Type": "bigint"}], "Location": "s3://nowhere/t/"}


def statistics(column: str, nulls: int) -> dict[str, object]:
    values = {"MinimumValue": 1, "MaximumValue": 9, "NumberOfNulls": nulls, "NumberOfDistinctValues": 5}
    data = {"Type": "LONG", "LongColumnStatisticsData": values}
    moment = datetime(2024, 5, 1, tzinfo=UTC)
    return {"ColumnName": column, "ColumnType": "bigint", "AnalyzedTime": moment, "StatisticsData": data}


@pytest.fixture
def table(client, unique):
    glue, name = client("glue"), unique("db").replace("-", "_")
    glue.create_database(DatabaseInput={"Name": name})
    keys = [{"Name": "day", "Type": "string"}]
    glue.create_table(DatabaseName=name, TableInput={"Name": "t", "PartitionKeys": keys, "StorageDescriptor": STORAGE})
    for day in ("1", "2"):
        partition = {"Values": [day], "StorageDescriptor": STORAGE}
        glue.create_partition(DatabaseName=name, TableName="t", PartitionInput=partition)
    yield {"DatabaseName": name, "TableName": "t"}
    glue.delete_database(Name=name)


@pytest.mark.parametrize(("of", "partition"), [("table", {}), ("partition", {"PartitionValues": ["1"]})])
def test_statistics_are_kept_replaced_and_deleted(client, table, of, partition):
    def call(verb: str, **parameters: object) -> dict:
        return getattr(client("glue"), f"{verb}_column_statistics_for_{of}")(**table, **partition, **parameters)

    call("update", ColumnStatisticsList=[statistics("a", 1), statistics("b", 2)])
    call("update", ColumnStatisticsList=[statistics("a", 3)])
    call("delete", ColumnName="b")
    found = call("get", ColumnNames=["a", "b"])

    assert found["ColumnStatisticsList"] == [statistics("a", 3)]
    assert [(error["ColumnName"], error["Error"]["ErrorCode"]) for error in found["Errors"]] == [
        ("b", "EntityNotFoundException")
    ]


def test_each_partition_has_its_own(client, table):
    glue = client("glue")
    entry = [statistics("a", 1)]
    glue.update_column_statistics_for_partition(**table, PartitionValues=["1"], ColumnStatisticsList=entry)
    other = glue.get_column_statistics_for_partition(**table, PartitionValues=["2"], ColumnNames=["a"])

    assert other["ColumnStatisticsList"] == []


def test_a_table_made_anew_has_none(client, table):
    glue = client("glue")
    glue.update_column_statistics_for_table(**table, ColumnStatisticsList=[statistics("a", 1)])
    glue.delete_table(DatabaseName=table["DatabaseName"], Name="t")
    glue.create_table(DatabaseName=table["DatabaseName"], TableInput={"Name": "t", "StorageDescriptor": STORAGE})

    assert glue.get_column_statistics_for_table(**table, ColumnNames=["a"])["ColumnStatisticsList"] == []


def test_unknown_table_or_partition_is_refused(client, table):
    glue = client("glue")
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_column_statistics_for_table(DatabaseName=table["DatabaseName"], TableName="x", ColumnNames=["a"])
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_column_statistics_for_partition(**table, PartitionValues=["9"], ColumnNames=["a"])
