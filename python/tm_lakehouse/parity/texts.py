"""The text of a value that Spark and Athena write the same, as an expression of each engine's SQL. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Literal

Engine = Literal["spark", "athena"]
IcebergType = str | Mapping[str, Any]

_TEXT: dict[Engine, dict[str, str]] = {
    "spark": {
        "string": "{0}",
        "int": "CAST({0} AS STRING)",
        "long": "CAST({0} AS STRING)",
        "boolean": "CAST({0} AS STRING)",
        "date": "CAST({0} AS STRING)",
        "timestamp": "date_format({0}, 'yyyy-MM-dd HH:mm:ss.SSSSSS')",
        # The function can't take NULL; the CASE keeps it.
        "double": "CASE WHEN {0} IS NOT NULL THEN "
        "java_method('java.lang.Double', 'doubleToLongBits', coalesce({0}, 0.0D)) END",
    },
    "athena": {
        "string": "{0}",
        "int": "CAST({0} AS VARCHAR)",
        "long": "CAST({0} AS VARCHAR)",
        "boolean": "CAST({0} AS VARCHAR)",
        "date": "CAST({0} AS VARCHAR)",
        "timestamp": "CAST(CAST({0} AS TIMESTAMP(6)) AS VARCHAR)",
        "double": "CAST(from_big_endian_64(to_ieee754_64({0})) AS VARCHAR)",
    },
}
# With all digits of the scale in both; Spark's own cast may write an exponent.
_DECIMAL: dict[Engine, str] = {"spark": "replace(format_number({0}, {1}), ',', '')", "athena": "CAST({0} AS VARCHAR)"}
_DECIMAL_TYPE = re.compile(r"decimal\(\d+, ?(\d+)\)")
_LIST = "array_join(transform({0}, element -> {1}), chr(30))"


def has_text(kind: IcebergType) -> bool:
    """Whether both engines can write values of an Iceberg type alike."""
    if isinstance(kind, str):
        return kind in _TEXT["spark"] or _DECIMAL_TYPE.fullmatch(kind) is not None
    return kind["type"] == "list" and has_text(kind["element"])


def marked_text(engine: Engine, value: str, kind: IcebergType) -> str:
    """The text of an expression's value; NULL is told from every text."""
    return f"coalesce(concat('=', {_text(engine, value, kind)}), 'NULL')"


def _text(engine: Engine, value: str, kind: IcebergType) -> str:
    if not isinstance(kind, str):
        return _LIST.format(value, marked_text(engine, "element", kind["element"]))
    if decimal := _DECIMAL_TYPE.fullmatch(kind):
        return _DECIMAL[engine].format(value, decimal.group(1))
    return _TEXT[engine][kind].format(value)
