"""Clauses that several statements of Hive's dialect share."""

from tm_localstack.athena.translation.cursor import Cursor
from tm_localstack.athena.translation.plan import Column
from tm_localstack.athena.translation.types import read_hive_type


def read_columns(cursor: Cursor) -> tuple[Column, ...]:
    """Read `name type [COMMENT 'text'], ...`."""
    return tuple(read_column(item) for item in cursor.items())


def read_column(cursor: Cursor, *, may_be_placed: bool = False) -> Column:
    """Read one `name type [COMMENT 'text']`, up to the end or (`may_be_placed`) to FIRST or AFTER."""
    name = cursor.identifier()
    column_type = read_hive_type(cursor)
    comment = cursor.string() if cursor.accept("COMMENT") else None
    if not may_be_placed:
        cursor.expect_end()
    return Column(name, column_type, comment)


def read_properties(cursor: Cursor) -> dict[str, str]:
    """Read `'key' = 'value', ...`."""
    properties = {}
    for item in cursor.items():
        key = item.string()
        item.expect_symbol("=")
        properties[key] = item.string()
        item.expect_end()
    return properties


def read_partition(cursor: Cursor) -> dict[str, str]:
    """Read `key = value, ...` of one partition, each value as text."""
    values = {}
    for item in cursor.items():
        key = item.identifier()
        item.expect_symbol("=")
        values[key] = item.take().value
        item.expect_end()
    return values
