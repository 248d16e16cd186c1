"""Athena's answers as data frames whose columns have the types that Athena tells. Pure."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from tm_lakehouse.athena import QueryResult

_INTEGERS = ("tinyint", "smallint", "integer", "bigint")
_FLOATS = ("real", "float", "double", "decimal")


def frame_of(result: QueryResult) -> pd.DataFrame:
    """One column for each of the result, empty ones too; NULL is missing."""
    columns = {
        name: _converter(kind)([row[place] for row in result.rows])
        for place, (name, kind) in enumerate(zip(result.columns, result.types, strict=True))
    }
    return pd.DataFrame(columns, columns=result.columns)


def _converter(kind: str) -> Callable[[Sequence[str | None]], Any]:
    plain = kind.partition("(")[0]
    if plain in _INTEGERS:
        return lambda texts: pd.array([None if text is None else int(text) for text in texts], dtype="Int64")
    if plain in _FLOATS:
        return lambda texts: pd.Series([None if text is None else float(text) for text in texts], dtype="float64")
    if plain == "boolean":
        return lambda texts: pd.array([None if text is None else text == "true" for text in texts], dtype="boolean")
    if plain in ("date", "timestamp"):
        return lambda texts: pd.to_datetime(pd.Series(texts, dtype="string"), format="ISO8601")
    return lambda texts: pd.Series(texts, dtype="string")
