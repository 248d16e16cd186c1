"""The lines of DESCRIBE."""

import pytest

from tm_localstack.athena.steps.describe_text import iceberg_table, table_of_files
from tm_localstack.athena.translation.formats import LAZY_SERDE


def table(columns, keys=(), serde=LAZY_SERDE):
    entries = [{"Name": name, "Type": kind} for name, kind in columns]
    return {
        "StorageDescriptor": {"Columns": entries, "SerdeInfo": {"SerializationLibrary": serde}},
        "PartitionKeys": [{"Name": name, "Type": kind} for name, kind in keys],
    }


def test_an_iceberg_table_tells_its_partition_fields():
    lines = iceberg_table(
        table([("id", "bigint"), ("m", "struct<a:int,b:decimal(3,1)>")]),
        ["id", "bucket(id, 4)", "day(ts)", "truncate(s, 10)"],
    )
    assert lines == [
        "# Table schema:\t\t",
        "# col_name\tdata_type\tcomment",
        "id\tbigint\t",
        "m\tstruct<a: int, b: decimal(3,1)>\t",
        "\t\t",
        "# Partition spec:\t\t",
        "# field_name\tfield_transform\tcolumn_name",
        "id\tidentity\tid",
        "id_bucket\tbucket[4]\tid",
        "ts_day\tday\tts",
        "s_trunc\ttruncate[10]\ts",
    ]


def test_the_keys_of_a_table_of_files_come_twice():
    lines = table_of_files(table([("a", "int")], [("dt", "string")]))
    assert [line.split("\t")[0].strip() for line in lines] == [
        "a", "dt", "", "# Partition Information", "# col_name", "", "dt",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("serde", "comment"), [(LAZY_SERDE, ""), ("org.openx.data.jsonserde.JsonSerDe", "from deserializer")]
)
def test_columns_that_the_serde_names_say_so(serde, comment):
    (line,) = table_of_files(table([("a", "int")], serde=serde))
    assert [part.strip() for part in line.split("\t")] == ["a", "int", comment]
