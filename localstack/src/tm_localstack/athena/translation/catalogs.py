"""Catalogs that the engine behind this emulator has and Athena has not."""

from tm_localstack.athena.translation.cursor import Cursor
from tm_localstack.athena.translation.lexer import position
from tm_localstack.athena.translation.plan import RefusedError

_OF_THE_ENGINE = frozenset({"hive", "system"})
_BEFORE_A_TABLE = ("FROM", "JOIN", "INTO", "UPDATE", "USING")


def refuse_engine_catalogs(sql: str) -> None:
    """Refuse a table named by a catalog of the engine's own.

    Raises:
        RefusedError: names the catalog.
    """
    cursor = Cursor(sql)
    while not cursor.at_end:
        if not any(cursor.accept(word) for word in _BEFORE_A_TABLE):
            cursor.take()
        elif not cursor.at_end and cursor.token.value.lower() in _OF_THE_ENGINE:
            _refuse_if_catalog(cursor)


def _refuse_if_catalog(cursor: Cursor) -> None:
    token = cursor.token
    name = cursor.name()
    if name.catalog:
        line, column = position(cursor.sql, token.start)
        raise RefusedError(f"CATALOG_NOT_FOUND: line {line}:{column}: Catalog '{name.catalog}' does not exist")
