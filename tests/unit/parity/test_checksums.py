"""The SQL of both engines, and tables told from their Iceberg metadata."""

import pytest
import sqlglot

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.parity.checksums import GROUP, ROW_COUNT, WHOLE_ROWS, Table, checksum_sql, table_of

TYPES = (
    "string",
    "int",
    "long",
    "boolean",
    "date",
    "timestamp",
    "double",
    "decimal(38, 3)",
    {"type": "list", "element": "double"},
)
TABLE = Table(
    "silver", "fixes", 7, {"course_id": "string", **{f"a_{number}": kind for number, kind in enumerate(TYPES)}}
)


def metadata(*types, snapshot=7):
    fields = [{"id": number, "name": f"c{number}", "type": kind} for number, kind in enumerate(types)]
    old = {"schema-id": 0, "fields": []}
    return {
        "current-snapshot-id": snapshot,
        "current-schema-id": 1,
        "schemas": [old, {"schema-id": 1, "fields": fields}],
    }


@pytest.mark.parametrize(("engine", "dialect"), [("spark", "spark"), ("athena", "trino")])
def test_each_engine_is_asked_for_rows_whole_rows_and_every_column(engine, dialect):
    parsed = sqlglot.parse_one(checksum_sql(TABLE, engine), dialect=dialect)
    sums = [f"sum_{name}" for name in TABLE.columns]
    assert parsed.named_selects == [GROUP, ROW_COUNT, WHOLE_ROWS, *sums]


def test_both_read_the_snapshot_that_was_chosen():
    assert "FROM lakehouse.`silver`.`fixes` VERSION AS OF 7" in checksum_sql(TABLE, "spark", "lakehouse")
    assert 'FROM "silver"."fixes" FOR VERSION AS OF 7' in checksum_sql(TABLE, "athena")


def test_a_table_without_courses_is_one_group():
    table = Table("gold", "global_overview", 1, {"rounds": "long"})
    assert f"CAST('' AS VARCHAR) AS {GROUP}" in checksum_sql(table, "athena")


def test_columns_are_those_of_the_current_schema():
    assert table_of("silver", "t", metadata("string", "double")) == Table(
        "silver", "t", 7, {"c0": "string", "c1": "double"}
    )


@pytest.mark.parametrize("snapshot", [None, -1])
def test_a_table_without_snapshot_is_left_out(snapshot):
    assert table_of("silver", "t", metadata("string", snapshot=snapshot)) is None


@pytest.mark.parametrize("kind", ["float", {"type": "list", "element": "uuid"}, {"type": "struct", "fields": []}])
def test_a_type_without_common_text_is_named(kind):
    with pytest.raises(LakehouseError, match=r"silver\.t\.c1 is of type"):
        table_of("silver", "t", metadata("string", kind))
