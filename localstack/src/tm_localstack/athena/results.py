"""Query results as Athena gives them: the text of each value, the types of columns, pages and the files in S3."""

import base64
import re
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

Row = list[str | None]
Formatter = Callable[[Any], str]

_ATHENA_NAMES = {"real": "float", "unknown": "unknown"}
_PRECISIONS = {
    "boolean": 0,
    "tinyint": 3,
    "smallint": 5,
    "integer": 10,
    "bigint": 19,
    "real": 17,
    "double": 17,
    "time": 3,
    "timestamp": 3,
    "timestamp with time zone": 3,
    "varchar": 2_147_483_647,
    "varbinary": 1_073_741_824,
}
_CASE_SENSITIVE = {"varchar", "char"}
_FIELD = re.compile(r'(?:"((?:[^"]|"")*)")?(,|\n)')


@dataclass(frozen=True)
class ResultColumn:
    """One column; `type` is Athena's word for it."""

    name: str
    type: str
    precision: int = 0
    scale: int = 0
    case_sensitive: bool = False

    @classmethod
    def of_trino(cls, column: dict[str, Any]) -> "ResultColumn":
        """From a column of Trino's protocol."""
        signature = column["typeSignature"]
        raw = signature["rawType"]
        numbers = [argument["value"] for argument in signature["arguments"] if argument["kind"] == "LONG"]
        precision, scale = _PRECISIONS.get(raw, 0), 0
        if raw == "decimal":
            precision, scale = numbers
        elif raw in ("varchar", "char") and numbers:
            precision = numbers[0]
        return cls(column["name"], _ATHENA_NAMES.get(raw, raw), precision, scale, raw in _CASE_SENSITIVE)

    @classmethod
    def of_text(cls, name: str) -> "ResultColumn":
        """A column of a SHOW or DESCRIBE."""
        return cls(name, "string")

    def as_column_info(self) -> dict[str, Any]:
        """As GetQueryResults describes it."""
        return {
            "CatalogName": "hive",
            "SchemaName": "",
            "TableName": "",
            "Name": self.name,
            "Label": self.name,
            "Type": self.type,
            "Precision": self.precision,
            "Scale": self.scale,
            "Nullable": "UNKNOWN",
            "CaseSensitive": self.case_sensitive,
        }


def row_formatter(columns: Iterable[dict[str, Any]]) -> Callable[[list[Any]], Row]:
    """A function that turns a row of Trino's protocol into Athena's texts, NULL into None."""
    formatters = [_formatter(column["typeSignature"]) for column in columns]

    def write(values: list[Any]) -> Row:
        return [
            None if value is None else formatter(value) for formatter, value in zip(formatters, values, strict=True)
        ]

    return write


def csv_line(row: Row) -> str:
    """A row as Athena's CSV has it: every value in double quotes, NULL as nothing."""
    return ",".join("" if value is None else '"' + value.replace('"', '""') + '"' for value in row) + "\n"


def read_csv_lines(text: str) -> list[Row]:
    """The rows of text that `csv_line` wrote."""
    rows: list[Row] = []
    row: Row = []
    for match in _FIELD.finditer(text):
        value = match.group(1)
        row.append(None if value is None else value.replace('""', '"'))
        if match.group(2) == "\n":
            rows.append(row)
            row = []
    return rows


class TableResult:
    """The rows of a query in a CSV file on disk, of which any page can be read again. The header is its first row."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.columns: list[ResultColumn] = []
        self._starts = array("Q")
        self._size = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    def begin(self, columns: list[ResultColumn]) -> None:
        """Write the header."""
        self.columns = columns
        self.append([[column.name for column in columns]])

    def append(self, rows: Iterable[Row]) -> None:
        """Write rows behind those already there."""
        with self.path.open("ab") as file:
            lines = [csv_line(row).encode() for row in rows]
            for line in lines:
                self._starts.append(self._size)
                self._size += len(line)
            file.writelines(lines)

    def page(self, start: int, count: int) -> tuple[list[Row], int | None]:
        """Up to `count` rows from row `start`, and where the next page begins."""
        end = min(start + count, len(self._starts))
        if start >= end:
            return [], None
        first, last = self._starts[start], self._starts[end] if end < len(self._starts) else self._size
        with self.path.open("rb") as file:
            file.seek(first)
            rows = read_csv_lines(file.read(last - first).decode())
        return rows, end if end < len(self._starts) else None


class TextResult:
    """The lines of a statement that is no query, without a header."""

    def __init__(self, columns: list[ResultColumn] | None = None, rows: list[Row] | None = None) -> None:
        self.columns = columns or []
        self.rows = rows or []

    @property
    def text(self) -> str:
        """The lines as the .txt object holds them."""
        return "".join("\t".join(value or "" for value in row) + "\n" for row in self.rows)

    def page(self, start: int, count: int) -> tuple[list[Row], int | None]:
        """Up to `count` rows from row `start`, and where the next page begins."""
        end = start + count
        return self.rows[start:end], end if end < len(self.rows) else None


Result = TableResult | TextResult


def _formatter(signature: dict[str, Any]) -> Formatter:
    raw = signature["rawType"]
    if raw in ("array", "map", "row"):
        return _nested_formatter(raw, signature["arguments"])
    return _SCALARS.get(raw, str)


def _nested_formatter(raw: str, arguments: list[dict[str, Any]]) -> Formatter:
    if raw == "array":
        element = _or_null(_formatter(arguments[0]["value"]))
        return lambda value: "[" + ", ".join(map(element, value)) + "]"
    if raw == "map":
        item = _or_null(_formatter(arguments[1]["value"]))
        return lambda value: "{" + ", ".join(f"{key}={item(entry)}" for key, entry in value.items()) + "}"
    fields = [_field(argument["value"], index) for index, argument in enumerate(arguments)]
    return lambda value: (
        "{" + ", ".join(f"{name}={write(entry)}" for (name, write), entry in zip(fields, value, strict=True)) + "}"
    )


def _field(argument: dict[str, Any], index: int) -> tuple[str, Formatter]:
    name = (argument.get("fieldName") or {}).get("name") or f"field{index}"
    return name, _or_null(_formatter(argument["typeSignature"]))


def _or_null(formatter: Formatter) -> Formatter:
    return lambda value: "null" if value is None else formatter(value)


def _boolean(value: Any) -> str:
    return "true" if value else "false"


def _double(value: Any) -> str:
    """A number as Java writes a double: plain from 0.001 up to 10 million, else with an exponent."""
    if isinstance(value, str) or value == 0:
        return str(value) if isinstance(value, str) else ("-0.0" if str(float(value)).startswith("-") else "0.0")
    text = repr(float(value))
    if 0.001 <= abs(value) < 10_000_000:
        return text
    number = Decimal(text)
    sign, digits, _ = number.normalize().as_tuple()
    fraction = "".join(map(str, digits[1:])) or "0"
    return f"{'-' if sign else ''}{digits[0]}.{fraction}E{number.adjusted()}"


def _timestamp(value: Any) -> str:
    """A time of day or a timestamp, with three decimals and its zone if it has one."""
    moment, zone = re.fullmatch(r"([^.]*:\d\d(?:\.\d+)?)(.*)", value).groups()  # type: ignore[union-attr]
    whole, _, fraction = moment.partition(".")
    return f"{whole}.{fraction[:3]:0<3}{zone}"


def _varbinary(value: Any) -> str:
    return base64.b64decode(value).hex(" ")


_SCALARS: dict[str, Formatter] = {
    "boolean": _boolean,
    "real": _double,
    "double": _double,
    "timestamp": _timestamp,
    "timestamp with time zone": _timestamp,
    "time": _timestamp,
    "time with time zone": _timestamp,
    "varbinary": _varbinary,
}
