"""Which statements Athena has, how it names their kinds, and who translates each."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from tm_localstack.athena.translation import (
    alter,
    create_table,
    ctas,
    maintenance,
    objects,
    prepared,
    unload,
    utility,
)
from tm_localstack.athena.translation.catalogs import refuse_engine_catalogs
from tm_localstack.athena.translation.cursor import Cursor
from tm_localstack.athena.translation.plan import Context, Step, TrinoSql

StatementType = Literal["DDL", "DML", "UTILITY"]
Translate = Callable[[Cursor, Context], list[Step]]


class UnsupportedStatementError(Exception):
    """Athena has no such statement."""


@dataclass(frozen=True)
class Statement:
    """One statement of Athena, not yet translated.

    `writes` says that it changes data or the catalog, `is_engine_text` that the engine reads it as it stands.
    """

    sql: str
    type: StatementType
    subtype: str
    translate: Callable[[Context], list[Step]]
    writes: bool = False
    is_engine_text: bool = False

    @property
    def gives_table(self) -> bool:
        """Whether the result is a table with a header row, as a CSV file."""
        return self.type == "DML" and not self.writes and self.subtype != "EXPLAIN"


@dataclass(frozen=True)
class _Form:
    words: tuple[str, ...]
    type: StatementType
    subtype: str
    translate: Translate | None = None
    writes: bool = False
    words_read: int | None = None
    is_hive: bool = False

    def as_statement(self, sql: str) -> "Statement":
        translate = partial(self._steps, sql)
        return Statement(sql, self.type, self.subtype, translate, self.writes, self.translate is None)

    def _steps(self, sql: str, context: Context) -> list[Step]:
        if self.translate is None:
            refuse_engine_catalogs(sql)
            return [TrinoSql(sql, gives_rows=not self.writes)]
        cursor = Cursor(sql, is_hive=self.is_hive)
        for _ in range(len(self.words) if self.words_read is None else self.words_read):
            cursor.take()
        return self.translate(cursor, context)


_QUERIES = tuple(_Form((word,), "DML", "SELECT") for word in ("SELECT", "WITH", "VALUES"))
_DML = (
    _Form(("INSERT", "INTO"), "DML", "INSERT", writes=True),
    _Form(("UPDATE",), "DML", "UPDATE", writes=True),
    _Form(("DELETE", "FROM"), "DML", "DELETE", writes=True),
    _Form(("MERGE", "INTO"), "DML", "MERGE", writes=True),
    _Form(("EXPLAIN",), "UTILITY", "EXPLAIN"),
    _Form(("OPTIMIZE",), "DML", "OPTIMIZE", maintenance.translate_optimize, writes=True),
    _Form(("VACUUM",), "DML", "VACUUM", maintenance.translate_vacuum, writes=True, is_hive=True),
    _Form(("UNLOAD",), "DML", "UNLOAD", unload.translate, writes=True),
    _Form(("PREPARE",), "DML", "PREPARE", prepared.prepare, writes=True),
    _Form(("EXECUTE",), "DML", "EXECUTE", prepared.execute),
    _Form(("DEALLOCATE", "PREPARE"), "DML", "DEALLOCATE", prepared.deallocate, writes=True),
)
_DDL = (
    _Form(("CREATE", "DATABASE"), "DDL", "CREATE_DATABASE", objects.create_database, writes=True, is_hive=True),
    _Form(("CREATE", "SCHEMA"), "DDL", "CREATE_DATABASE", objects.create_database, writes=True, is_hive=True),
    _Form(("DROP", "DATABASE"), "DDL", "DROP_DATABASE", objects.drop_database, writes=True, is_hive=True),
    _Form(("DROP", "SCHEMA"), "DDL", "DROP_DATABASE", objects.drop_database, writes=True, is_hive=True),
    _Form(("DROP", "TABLE"), "DDL", "DROP_TABLE", objects.drop_table, writes=True, is_hive=True),
    _Form(("DROP", "VIEW"), "DDL", "DROP_VIEW", objects.drop_view, writes=True),
    _Form(("MSCK",), "DDL", "MSCK_REPAIR_TABLE", maintenance.translate_repair, writes=True, is_hive=True),
)
# Their translation begins behind the first word: the others are part of what it reads.
_DDL_READ_WHOLE = (
    _Form(
        ("CREATE", "EXTERNAL", "TABLE"),
        "DDL",
        "CREATE_TABLE",
        create_table.translate,
        writes=True,
        words_read=1,
        is_hive=True,
    ),
    _Form(("CREATE", "TABLE"), "DDL", "CREATE_TABLE", create_table.translate, writes=True, words_read=1, is_hive=True),
    _Form(("CREATE", "VIEW"), "DDL", "CREATE_VIEW", objects.create_view, writes=True, words_read=1),
    _Form(("CREATE", "OR", "REPLACE", "VIEW"), "DDL", "CREATE_VIEW", objects.create_view, writes=True, words_read=1),
    _Form(("ALTER", "TABLE"), "DDL", "ALTER_TABLE", alter.translate, writes=True, words_read=1, is_hive=True),
    _Form(("ALTER", "DATABASE"), "DDL", "ALTER_DATABASE", alter.translate, writes=True, words_read=1, is_hive=True),
    _Form(("ALTER", "SCHEMA"), "DDL", "ALTER_DATABASE", alter.translate, writes=True, words_read=1, is_hive=True),
)
_CREATE_TABLE_AS = _Form(
    ("CREATE", "TABLE"), "DDL", "CREATE_TABLE_AS_SELECT", ctas.translate, writes=True, words_read=1
)
_UTILITY = (
    _Form(("SHOW", "DATABASES"), "UTILITY", "SHOW_DATABASES", utility.show_databases),
    _Form(("SHOW", "SCHEMAS"), "UTILITY", "SHOW_DATABASES", utility.show_databases),
    _Form(("SHOW", "TABLES"), "UTILITY", "SHOW_TABLES", utility.show_tables),
    _Form(("SHOW", "VIEWS"), "UTILITY", "SHOW_VIEWS", utility.show_views),
    _Form(("SHOW", "COLUMNS"), "UTILITY", "SHOW_COLUMNS", utility.show_columns),
    _Form(("SHOW", "PARTITIONS"), "UTILITY", "SHOW_PARTITIONS", utility.show_partitions),
    _Form(("SHOW", "TBLPROPERTIES"), "UTILITY", "SHOW_TBLPROPERTIES", utility.show_properties),
    _Form(("SHOW", "CREATE", "TABLE"), "UTILITY", "SHOW_CREATE_TABLE", utility.show_create_table),
    _Form(("SHOW", "CREATE", "VIEW"), "UTILITY", "SHOW_CREATE_VIEW", utility.show_create_view),
    _Form(("DESCRIBE",), "UTILITY", "DESCRIBE_TABLE", utility.describe, is_hive=True),
    _Form(("DESC",), "UTILITY", "DESCRIBE_TABLE", utility.describe, is_hive=True),
)

_FORMS = _QUERIES + _DML + _DDL + _DDL_READ_WHOLE + _UTILITY


# How statements of the engine's grammar begin.
_FIRST_WORDS = (
    "ALTER", "ANALYZE", "CALL", "COMMENT", "COMMIT", "CREATE", "DEALLOCATE", "DELETE", "DENY", "DESC",
    "DESCRIBE", "DROP", "EXECUTE", "EXPLAIN", "GRANT", "INSERT", "MERGE", "MSCK", "OPTIMIZE", "PREPARE",
    "REFRESH", "RESET", "REVOKE", "ROLLBACK", "SELECT", "SET", "SHOW", "START", "TABLE", "TRUNCATE", "UNLOAD",
    "UPDATE", "USE", "VACUUM", "VALUES", "WITH",
)  # fmt: skip


def classify(sql: str) -> Statement:
    """Find what kind of statement this is.

    Raises:
        UnsupportedStatementError: Athena has no such statement.
        SqlSyntaxError: no statement begins like that, or a CREATE TABLE without a name.
    """
    cursor = Cursor(sql)
    in_parentheses = cursor.sees_symbol("(")
    while cursor.accept_symbol("("):
        pass
    forms = _QUERIES if in_parentheses else _FORMS
    form = next((form for form in forms if cursor.sees(*form.words)), None)
    if form is None:
        if not any(cursor.sees(word) for word in _FIRST_WORDS):
            raise cursor.error(", ".join(f"'{word}'" for word in _FIRST_WORDS))
        raise UnsupportedStatementError("Queries of this type are not supported")
    if form.subtype == "CREATE_TABLE" and _has_query(sql):
        form = _CREATE_TABLE_AS
    return form.as_statement(sql)


def _has_query(sql: str) -> bool:
    cursor = Cursor(sql)
    cursor.expect("CREATE")
    return ctas.is_create_table_as(cursor)


def engine_text(statement: Statement) -> str | None:
    """The part of a statement that is in the engine's own grammar, at its place: what stands before is blank.

    Raises:
        SqlSyntaxError: the part around it is not in Athena's grammar.
    """
    if statement.is_engine_text:
        return statement.sql
    read = _INNER_QUERIES.get(statement.subtype)
    inner = read(Cursor(statement.sql)) if read else None
    if not inner or inner.at_end:
        return None
    before = statement.sql[: inner.token.start]
    return re.sub(r"[^\n]", " ", before) + inner.source()


def _behind_as(cursor: Cursor) -> Cursor:
    while not cursor.accept("AS"):
        if cursor.sees_symbol("("):
            cursor.group()
        else:
            cursor.take()
    return cursor


def _behind_ctas(cursor: Cursor) -> Cursor:
    return ctas.without_data_clause(_behind_as(cursor))


def _in_unload(cursor: Cursor) -> Cursor:
    cursor.expect("UNLOAD")
    return cursor.group()


def _behind_from(cursor: Cursor) -> Cursor:
    while not cursor.accept("FROM"):
        cursor.take()
    return cursor


_INNER_QUERIES: dict[str, Callable[[Cursor], Cursor]] = {
    "CREATE_TABLE_AS_SELECT": _behind_ctas,
    "CREATE_VIEW": _behind_as,
    "UNLOAD": _in_unload,
    "PREPARE": _behind_from,
}
