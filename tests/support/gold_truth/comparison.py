"""Tables as Athena gives them, against their truth."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from gold_truth.tables import tables
from gold_truth.values import Rounded, Row
from tm_lakehouse.athena import Athena
from tm_lakehouse.cli.target import project_root
from tm_lakehouse.dictionary.gold import Model, read_models

# What a build keeps of itself has no truth but the build.
BOOKKEEPING = {"changed_inputs", "changed_rounds", "consumed_inputs"}
Difference = tuple[Any, ...]


def told_models() -> dict[str, Model]:
    """Gold's tables that have a truth, by name."""
    models = read_models(project_root() / "python" / "dbt" / "models" / "gold")
    return {model.name: model for model in models if model.name not in BOOKKEEPING}


def truth_of(silver: list[Row], athena: Athena) -> dict[str, list[Row]]:
    """Each table's rows by definition, over Silver's rows and the dimensions that the lakehouse holds."""
    topology = athena.query("SELECT facility_id, nine_number, unit_name FROM dim_facility_topology").records()
    nines: list[Row] = [row | {"nine_number": int(row["nine_number"] or 0)} for row in topology]
    profiles = athena.query("SELECT * FROM dim_course_profile").records()
    return tables(silver, nines, [_profile(row) for row in profiles])


def differences(rows: Iterable[Row], truth: Sequence[Row], key: Sequence[str]) -> list[Difference]:
    """Keys that only one side has, and values that aren't the true ones."""
    found = {_key(row, key): row for row in rows}
    expected = {_key(row, key): row for row in truth}
    assert len(expected) == len(truth), "the truth's key is none"
    return [("only found", each) for each in found.keys() - expected.keys()] + [
        (row_key, column, value, found.get(row_key, {}).get(column, "no row"))
        for row_key, row in expected.items()
        for column, value in row.items()
        if row_key not in found or not _is(found[row_key][column], value)
    ]


def _profile(row: Row) -> Row:
    months = ("peak_season_start_month", "peak_season_end_month")
    return row | {name: row[name] and int(row[name]) for name in months}


def _key(row: Row, columns: Sequence[str]) -> tuple[str | None, ...]:
    """Keys of truth and of Athena's texts in one form."""
    return tuple(None if row[column] is None else str(row[column]) for column in columns)


def _is(text: str | None, value: Any) -> bool:
    """Whether Athena's text is a value."""
    if value is None or text is None:
        return value is None and text is None
    if isinstance(value, Rounded):
        return value.allows(text)
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, datetime):
        return datetime.fromisoformat(text) == value
    if isinstance(value, list):
        return _are(text, value)
    if isinstance(value, int | float):
        return math.isclose(float(text), value, rel_tol=1e-9)
    return text == str(value)


def _are(text: str, values: list[Any]) -> bool:
    found = [None if each == "null" else each for each in text.strip("[]").split(", ")]
    return len(found) == len(values) and all(_is(*pair) for pair in zip(found, values, strict=True))
