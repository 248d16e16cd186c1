"""CREATE and DROP of databases and views, and DROP TABLE."""

from tm_localstack.athena.translation.clauses import read_properties
from tm_localstack.athena.translation.cursor import Cursor
from tm_localstack.athena.translation.plan import (
    Context,
    CreateDatabase,
    DropDatabase,
    DropTable,
    Step,
    TrinoSql,
)


def create_database(cursor: Cursor, _: Context) -> list[Step]:
    """Read from behind CREATE DATABASE."""
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    name = cursor.name().table
    comment = location = None
    properties: dict[str, str] = {}
    while not cursor.at_end:
        if cursor.accept("COMMENT"):
            comment = cursor.string()
        elif cursor.accept("LOCATION"):
            location = cursor.string()
        else:
            cursor.expect("WITH", "DBPROPERTIES")
            properties = read_properties(cursor.group())
    return [CreateDatabase(name, if_not_exists, location, comment, properties)]


def drop_database(cursor: Cursor, _: Context) -> list[Step]:
    """Read from behind DROP DATABASE."""
    if_exists = cursor.accept("IF", "EXISTS")
    name = cursor.name().table
    cascade = cursor.accept("CASCADE")
    cursor.accept("RESTRICT")
    cursor.expect_end()
    return [DropDatabase(name, if_exists, cascade)]


def create_view(cursor: Cursor, context: Context) -> list[Step]:
    """Read from behind CREATE. The view runs with the rights of its caller, as all of Athena's do."""
    replace = "OR REPLACE " if cursor.accept("OR", "REPLACE") else ""
    cursor.expect("VIEW")
    name = cursor.name().within(context.database)
    cursor.expect("AS")
    sql = f"CREATE {replace}VIEW {name.sql} SECURITY INVOKER AS {cursor.source()}"
    return [TrinoSql(sql, gives_rows=False)]


def drop_view(cursor: Cursor, context: Context) -> list[Step]:
    """Read from behind DROP VIEW."""
    exists = "IF EXISTS " if cursor.accept("IF", "EXISTS") else ""
    name = cursor.name().within(context.database)
    cursor.expect_end()
    return [TrinoSql(f"DROP VIEW {exists}{name.sql}", gives_rows=False)]


def drop_table(cursor: Cursor, context: Context) -> list[Step]:
    """Read from behind DROP TABLE."""
    if_exists = cursor.accept("IF", "EXISTS")
    name = cursor.name().within(context.database)
    cursor.accept("PURGE")
    cursor.expect_end()
    return [DropTable(name, if_exists)]
