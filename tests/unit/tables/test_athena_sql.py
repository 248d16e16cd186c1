"""Statements that a table contract makes; read back by a parser of Athena's dialect."""

from datetime import UTC, date, datetime

import pytest
import sqlglot
from sqlglot import exp

from tm_lakehouse.tables import dim_course_profile, dim_facility_topology
from tm_lakehouse.tables.athena_sql import literal, merge_statement
from tm_lakehouse.tables.contract import Column, TableContract

TABLE = TableContract(
    "t", "One row per k.", (Column("k", "string", "Key."), Column("n", "int", "A number.")), key=("k",)
)


@pytest.mark.parametrize(
    ("value", "column_type", "expected"),
    [
        ("it's", "string", "'it''s'"),
        (None, "int", "CAST(NULL AS integer)"),
        (None, "timestamp", "CAST(NULL AS timestamp(6))"),
        (7, "int", "7"),
        (7, "bigint", "CAST(7 AS bigint)"),
        (True, "boolean", "true"),
        (date(2024, 1, 15), "date", "DATE '2024-01-15'"),
        (datetime(2024, 1, 15, 10, 0, 0, 5, tzinfo=UTC), "timestamp", "TIMESTAMP '2024-01-15 10:00:00.000005'"),
    ],
)
def test_literal_has_the_type_of_its_column(value, column_type, expected):
    assert literal(value, Column("c", column_type, "Meaning.")) == expected


def test_merge_writes_and_deletes_by_key_in_one_statement():
    statement = sqlglot.parse_one(merge_statement(TABLE, "db", [("a", 1)], [("b", 2)]), dialect="trino")
    assert isinstance(statement, exp.Merge)
    assert statement.this.sql("trino") == '"db"."t" AS target'
    assert statement.args["on"].sql("trino") == "target.k = source.k"
    # The parser's own spelling of each action.
    actions = [" ".join(when.args["then"].sql("trino").split()) for when in statement.args["whens"].expressions]
    assert actions == ["DELETE", "UPDATE SET n = source.n", "INSERT INTO (k, n) (source.k, source.n)"]
    rows = [row.sql("trino") for row in statement.find(exp.Values).expressions]
    assert rows == ["('a', 1, FALSE)", "('b', 2, TRUE)"]


@pytest.mark.parametrize("table", [dim_facility_topology.TABLE, dim_course_profile.TABLE], ids=lambda table: table.name)
def test_contract_names_its_key_and_says_what_each_column_means(table):
    assert set(table.key) <= set(table.column_names)
    assert len(set(table.column_names)) == len(table.column_names)
    assert all(column.meaning.endswith((".", ")")) for column in table.columns)
    assert table.athena_ddl("silver", "s3://b/t").count("`") == 2 * (len(table.columns) + 2)
