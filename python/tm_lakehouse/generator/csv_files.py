"""Records as a flattened MongoDB export in CSV: one row per round, a fixed number of slots."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from tm_lakehouse.generator.draws import Ints
from tm_lakehouse.generator.profiles import ColumnOrder, FileStyle
from tm_lakehouse.generator.records import ROUND_FIELDS, SLOT_FIELDS

_WHOLE_NUMBERS = ("hole", "holeSection", "sectionNumber", "batteryPercentage")
_FLAGS = ("isProjected", "isProblem", "isCache", "isNineHole", "complete", "isIncomplete", "isSecondary")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def csv_file(rounds: pl.DataFrame, slots: pl.DataFrame, style: FileStyle, absent: frozenset[str]) -> bytes:
    """One file. `rounds` and `slots` are in the order of the file; a broken record's text takes its line."""
    width = int(slots.get_column("location_index").max()) + 1  # type: ignore[arg-type]
    rounds, slots = _spelled(rounds, style), _spelled(slots, style)
    slot_fields = [name for name in SLOT_FIELDS if name not in absent and slots.get_column(name).count()]
    columns = {name: rounds.get_column(name) for name in ROUND_FIELDS if name not in absent}
    columns |= _wide(rounds, slots, slot_fields, width)
    order = _ordered(style.column_order, [name for name in ROUND_FIELDS if name not in absent], slot_fields, width)
    content = pl.DataFrame([columns[name].alias(name) for name in order]).write_csv().encode()
    content = _with_broken_lines(content, rounds.get_column("raw"))
    return _BYTE_ORDER_MARK + content if style.byte_order_mark else content


def _spelled(frame: pl.DataFrame, style: FileStyle) -> pl.DataFrame:
    flags = [name for name in _FLAGS if name in frame.columns]
    true, false = style.true_false
    frame = frame.with_columns(pl.col(flags).replace({"true": true, "false": false}))
    if not style.whole_numbers_as_floats:
        return frame
    numbers = [name for name in _WHOLE_NUMBERS if name in frame.columns]
    is_whole = pl.col(numbers).str.contains(r"^\d+$")
    return frame.with_columns(pl.when(is_whole).then(pl.col(numbers) + ".0").otherwise(pl.col(numbers)))


def _wide(rounds: pl.DataFrame, slots: pl.DataFrame, fields: Iterable[str], width: int) -> dict[str, pl.Series]:
    """Every slot field of every location as a column: the slot's value in its record's row."""
    source = _places(rounds, slots, width)
    wide = {}
    for index in range(width):
        rows = pl.Series(source[:, index])
        rows = pl.select(pl.when(rows >= 0).then(rows)).to_series()
        for field in fields:
            wide[f"locations[{index}].{field}"] = slots.get_column(field).gather(rows)
    return wide


def _places(rounds: pl.DataFrame, slots: pl.DataFrame, width: int) -> Ints:
    """For each record (row) and location (column) the slot's row number, or -1."""
    row_of_record = np.full(int(rounds.get_column("record").max()) + 1, -1)  # type: ignore[arg-type]
    row_of_record[rounds.get_column("record").to_numpy()] = np.arange(rounds.height)
    places = np.full((rounds.height, width), -1)
    rows = row_of_record[slots.get_column("record").to_numpy()]
    places[rows, slots.get_column("location_index").to_numpy()] = np.arange(slots.height)
    return places


def _ordered(order: ColumnOrder, round_fields: list[str], slot_fields: list[str], width: int) -> list[str]:
    by_location = [f"locations[{index}].{field}" for index in range(width) for field in slot_fields]
    if order == "rounds_first":
        return round_fields + by_location
    if order == "slots_first":
        return by_location + round_fields[::-1]
    if order == "alphabetical":
        return sorted(round_fields + by_location)
    return round_fields + [f"locations[{index}].{field}" for field in slot_fields for index in range(width)]


def _with_broken_lines(content: bytes, raw: pl.Series) -> bytes:
    broken = {number: text for number, text in enumerate(raw, start=1) if text is not None}
    if not broken:
        return content
    # No generated value holds a line break, so a line is a record.
    lines = content.split(b"\n")
    for number, text in broken.items():
        lines[number] = text.encode()
    return b"\n".join(lines)


def truncated_line(identifier: str, course: str) -> str:
    """A line that ends in the middle of its record."""
    return f"{identifier},{course},2024"
