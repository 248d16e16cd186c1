"""Checksums that Spark and Athena compute alike: the SQL of both, from one description of a table. Pure.

A value becomes a text that both engines write the same, its MD5's first 60 bits are a number, and a column's checksum
is the sum of these numbers: the order of rows doesn't matter, and a row that is there twice counts twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.parity.texts import Engine, IcebergType, has_text, marked_text

GROUP_COLUMN = "course_id"
GROUP, ROW_COUNT, WHOLE_ROWS = "row_group", "row_count", "whole_rows"
_HEX_DIGITS = 15

_NUMBER: dict[Engine, str] = {
    "spark": f"CAST(conv(substr(md5({{0}}), 1, {_HEX_DIGITS}), 16, 10) AS DECIMAL(38, 0))",
    "athena": f"CAST(from_base(substr(to_hex(md5(to_utf8({{0}}))), 1, {_HEX_DIGITS}), 16) AS DECIMAL(38, 0))",
}
_STRING: dict[Engine, str] = {"spark": "STRING", "athena": "VARCHAR"}
_SOURCE: dict[Engine, Callable[["Table"], str]] = {
    "spark": lambda table: f"`{table.database}`.`{table.name}` VERSION AS OF {table.snapshot_id}",
    "athena": lambda table: f'"{table.database}"."{table.name}" FOR VERSION AS OF {table.snapshot_id}',
}
_QUOTE: dict[Engine, str] = {"spark": "`", "athena": '"'}


@dataclass(frozen=True)
class Table:
    """One snapshot of an Iceberg table; `columns` are names with Iceberg's types."""

    database: str
    name: str
    snapshot_id: int
    columns: Mapping[str, IcebergType]

    @property
    def full_name(self) -> str:
        return f"{self.database}.{self.name}"


def table_of(database: str, name: str, metadata: Mapping[str, object]) -> Table | None:
    """The table's current snapshot, from its Iceberg metadata; None where it has none yet.

    Raises:
        LakehouseError: a column has a type that has no common text.
    """
    snapshot = metadata.get("current-snapshot-id")
    if snapshot in (None, -1):
        return None
    schemas: Sequence[Mapping[str, object]] = metadata["schemas"]  # type: ignore[assignment]
    schema = next(each for each in schemas if each["schema-id"] == metadata["current-schema-id"])
    fields: Sequence[Mapping[str, object]] = schema["fields"]  # type: ignore[assignment]
    columns: dict[str, IcebergType] = {str(field["name"]): field["type"] for field in fields}  # type: ignore[misc]
    for column, kind in columns.items():
        if not has_text(kind):
            raise LakehouseError(
                f"{database}.{name}.{column} is of type {kind}, for which Spark and Athena have no common text.",
                "Name the tables to compare, without this one.",
            )
    return Table(database, name, int(str(snapshot)), columns)


def checksum_sql(table: Table, engine: Engine, catalog: str = "") -> str:
    """A row for each course, or one row: rows, the checksum of whole rows, and that of each column, as texts."""
    group = _quoted(engine, GROUP_COLUMN) if GROUP_COLUMN in table.columns else f"CAST('' AS {_STRING[engine]})"
    texts = {column: f"text_{number}" for number, column in enumerate(table.columns)}
    inner = [
        f"{marked_text(engine, _quoted(engine, column), kind)} AS {texts[column]}"
        for column, kind in table.columns.items()
    ]
    sums = {checksum_name(column): text for column, text in texts.items()}
    sums = {WHOLE_ROWS: f"concat_ws(chr(31), {', '.join(texts.values())})", **sums}
    outer = [GROUP, f"count(*) AS {ROW_COUNT}", *(_sum(engine, name, text) for name, text in sums.items())]
    source = (f"{catalog}." if catalog else "") + _SOURCE[engine](table)
    # Texts first: Spark takes the function behind doubles for one that may not stand in a sum.
    return (
        f"SELECT {_lines(outer)}\nFROM (\nSELECT {_lines([f'{group} AS {GROUP}', *inner])}\nFROM {source}\n)"
        f"\nGROUP BY {GROUP}"
    )


def _lines(columns: Sequence[str]) -> str:
    return ",\n  ".join(columns)


def _sum(engine: Engine, name: str, text: str) -> str:
    number = _NUMBER[engine].format(text)
    return f"CAST(sum({number}) AS {_STRING[engine]}) AS {_quoted(engine, name)}"


def checksum_name(column: str) -> str:
    """What a column's checksum is called in the answer: never as group, count or whole rows are."""
    return f"sum_{column}"


def _quoted(engine: Engine, name: str) -> str:
    return f"{_QUOTE[engine]}{name}{_QUOTE[engine]}"
