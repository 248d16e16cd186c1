"""DML of a table contract in Athena's SQL."""

from collections.abc import Sequence
from datetime import date, datetime

from tm_lakehouse.tables.contract import Column, ColumnType, TableContract

Value = str | int | float | bool | date | datetime | None

_SQL_TYPES: dict[ColumnType, str] = {"string": "varchar", "int": "integer", "timestamp": "timestamp(6)"}
DELETED = "is_deleted"


def literal(value: Value, column: Column) -> str:
    """A value as an expression of exactly the column's type."""
    sql_type = _SQL_TYPES.get(column.type, column.type)
    if value is None:
        return f"CAST(NULL AS {sql_type})"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value:%Y-%m-%d %H:%M:%S.%f}'"
    text = str(value).replace("'", "''")
    if isinstance(value, date):
        return f"DATE '{text}'"
    if isinstance(value, str):
        return f"'{text}'"
    return text if column.type == "int" else f"CAST({text} AS {sql_type})"


def merge_statement(
    table: TableContract, database: str, upserts: Sequence[Sequence[Value]], deletes: Sequence[Sequence[Value]]
) -> str:
    """One MERGE by the table's key: rows to insert or replace, and rows to delete. Values in the contract's order."""
    names = table.column_names
    rows = [_values(table, row, deleted=False) for row in upserts] + [
        _values(table, row, deleted=True) for row in deletes
    ]
    values = ",\n  ".join(rows)
    same_key = " AND ".join(f"target.{name} = source.{name}" for name in table.key)
    changed = ", ".join(f"{name} = source.{name}" for name in names if name not in table.key)
    return (
        f'MERGE INTO "{database}"."{table.name}" AS target\n'
        f"USING (VALUES\n  {values}\n) AS source ({', '.join((*names, DELETED))})\n"
        f"ON {same_key}\n"
        f"WHEN MATCHED AND source.{DELETED} THEN DELETE\n"
        f"WHEN MATCHED THEN UPDATE SET {changed}\n"
        f"WHEN NOT MATCHED AND NOT source.{DELETED} THEN INSERT ({', '.join(names)})\n"
        f"  VALUES ({', '.join(f'source.{name}' for name in names)})"
    )


def _values(table: TableContract, row: Sequence[Value], *, deleted: bool) -> str:
    literals = [literal(value, column) for value, column in zip(row, table.columns, strict=True)]
    return f"({', '.join([*literals, str(deleted).lower()])})"
