"""PREPARE, EXECUTE and DEALLOCATE PREPARE."""

from tm_localstack.athena.translation.cursor import Cursor
from tm_localstack.athena.translation.plan import (
    Context,
    DeallocateStatement,
    ExecuteStatement,
    PrepareStatement,
    Step,
)


def prepare(cursor: Cursor, _: Context) -> list[Step]:
    """`PREPARE name FROM query`, read from behind the first word."""
    name = cursor.identifier()
    cursor.expect("FROM")
    if cursor.at_end:
        raise cursor.error(expecting="a query")
    return [PrepareStatement(name, cursor.source())]


def execute(cursor: Cursor, _: Context) -> list[Step]:
    """`EXECUTE name [USING value, ...]`, read from behind the first word."""
    name = cursor.identifier()
    parameters: tuple[str, ...] = ()
    if cursor.accept("USING"):
        parameters = tuple(item.source() for item in cursor.items())
    cursor.expect_end()
    return [ExecuteStatement(name, parameters)]


def deallocate(cursor: Cursor, _: Context) -> list[Step]:
    """`DEALLOCATE PREPARE name`, read from behind the first two words."""
    name = cursor.identifier()
    cursor.expect_end()
    return [DeallocateStatement(name)]
