"""SHOW and DESCRIBE, answered from the catalog."""

from tm_localstack.athena.translation import plan
from tm_localstack.athena.translation.cursor import Cursor, Name
from tm_localstack.athena.translation.plan import Context, Step


def show_databases(cursor: Cursor, _: Context) -> list[Step]:
    cursor.accept("LIKE")
    return [plan.ShowDatabases(_pattern(cursor))]


def show_tables(cursor: Cursor, context: Context) -> list[Step]:
    return [plan.ShowTables(_database(cursor, context), _pattern(cursor))]


def show_views(cursor: Cursor, context: Context) -> list[Step]:
    database = _database(cursor, context)
    cursor.accept("LIKE")
    return [plan.ShowTables(database, _pattern(cursor), only_views=True)]


def show_columns(cursor: Cursor, context: Context) -> list[Step]:
    """`SHOW COLUMNS {FROM|IN} table [{FROM|IN} database]`."""
    if not (cursor.accept("IN") or cursor.accept("FROM")):
        raise cursor.error(expecting="FROM or IN")
    name = cursor.name()
    if cursor.accept("IN") or cursor.accept("FROM"):
        name = Name(name.table, cursor.identifier())
    cursor.expect_end()
    return [plan.ShowColumns(name.within(context.database))]


def show_partitions(cursor: Cursor, context: Context) -> list[Step]:
    return [plan.ShowPartitions(_table(cursor, context))]


def show_properties(cursor: Cursor, context: Context) -> list[Step]:
    name = cursor.name().within(context.database)
    key = cursor.group().string() if cursor.sees_symbol("(") else None
    cursor.expect_end()
    return [plan.ShowTableProperties(name, key)]


def show_create_table(cursor: Cursor, context: Context) -> list[Step]:
    return [plan.ShowCreate(_table(cursor, context), of_view=False)]


def show_create_view(cursor: Cursor, context: Context) -> list[Step]:
    return [plan.ShowCreate(_table(cursor, context), of_view=True)]


def describe(cursor: Cursor, context: Context) -> list[Step]:
    """`DESCRIBE [EXTENDED|FORMATTED] table`, also DESCRIBE VIEW."""
    cursor.accept("VIEW")
    full = cursor.accept("EXTENDED") or cursor.accept("FORMATTED")
    return [plan.Describe(_table(cursor, context), full)]


def _table(cursor: Cursor, context: Context) -> Name:
    name = cursor.name().within(context.database)
    cursor.expect_end()
    return name


def _database(cursor: Cursor, context: Context) -> str:
    return cursor.name().table if cursor.accept("IN") or cursor.accept("FROM") else context.database


def _pattern(cursor: Cursor) -> str | None:
    pattern = None if cursor.at_end else cursor.string()
    cursor.expect_end()
    return pattern
