"""CSV bytes to records and slots. Values are read as their types at once; where one can't be, as text."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from tm_lakehouse.landing_to_silver.csv_records import Block, blocks
from tm_lakehouse.landing_to_silver.reading import Reading, UnreadableFileError, reading_of, slots_with_values
from tm_lakehouse.landing_to_silver.source_fields import (
    IGNORED_SLOT_SOURCES,
    ROUND_FIELDS,
    ROUND_SOURCES,
    SLOT_FIELDS,
    SLOT_SOURCES,
    Field,
    Kind,
)
from tm_lakehouse.landing_to_silver.typed_values import clean_text

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SLOT_COLUMN = re.compile(r"locations\[(\d+)\]\.(.+)", re.DOTALL)
_DOT, _ZERO = b".0"
_CHECKED_BYTES = 1 << 20
REQUIRED_COLUMNS = ("_id", "course")


@dataclass(frozen=True)
class Layout:
    """What a CSV's header says: where each known field stands."""

    columns: tuple[str, ...]

    @cached_property
    def rounds(self) -> list[tuple[int, Field]]:
        """Column number and field of each round field that the file has."""
        return [(self._numbers[field.source], field) for field in ROUND_FIELDS if field.source in self._numbers]

    @cached_property
    def slot_numbers(self) -> list[int]:
        """A slot exists for every number that any column names."""
        return sorted({number for number, _ in self._slot_columns})

    @cached_property
    def slots(self) -> list[tuple[Field, list[int | None]]]:
        """Each slot field that the file has, with its column number in every slot."""
        by_field = [
            (field, [self._slot_column(number, field) for number in self.slot_numbers]) for field in SLOT_FIELDS
        ]
        return [(field, numbers) for field, numbers in by_field if any(number is not None for number in numbers)]

    @cached_property
    def unknown(self) -> frozenset[str]:
        """Columns that no contract knows; a slot's number is left out."""
        known = SLOT_SOURCES | IGNORED_SLOT_SOURCES
        slots = {f"locations[].{source}" for _, source in self._slot_columns if source not in known}
        rounds = {name for name in self.columns if name not in ROUND_SOURCES and not _SLOT_COLUMN.fullmatch(name)}
        return frozenset(slots | rounds)

    @cached_property
    def used(self) -> list[tuple[int, Field]]:
        """Column number and field of everything that is read."""
        slots = [(number, field) for field, numbers in self.slots for number in numbers if number is not None]
        return self.rounds + slots

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.columns)}

    @cached_property
    def _slot_columns(self) -> list[tuple[int, str]]:
        found = (_SLOT_COLUMN.fullmatch(name) for name in self.columns)
        return [(int(match[1]), match[2]) for match in found if match]

    def _slot_column(self, number: int, field: Field) -> int | None:
        return self._numbers.get(f"locations[{number}].{field.source}")


def read_csv(data: bytes) -> Iterator[Reading]:
    """Read a CSV in batches, in the order of its records.

    Raises:
        UnreadableFileError: it is no UTF-8, has no usable header, or names a known column twice.
    """
    start = len(_BYTE_ORDER_MARK) if data.startswith(_BYTE_ORDER_MARK) else 0
    _check_encoding(data)
    end = _header_end(data, start)
    layout = _layout(data[start:end])
    for block in blocks(data, end, len(layout.columns)):
        yield _read_block(block, layout)


def _check_encoding(data: bytes) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), _CHECKED_BYTES):
        held = len(decoder.getstate()[0])
        end = start + _CHECKED_BYTES
        try:
            decoder.decode(data[start:end], final=end >= len(data))
        except UnicodeDecodeError as error:
            raise UnreadableFileError(f"not UTF-8 at byte {start - held + error.start}") from None


def _header_end(data: bytes, start: int) -> int:
    end = start
    while (line_feed := data.find(b"\n", end)) >= 0:
        end = line_feed + 1
        if data.count(b'"', start, end) % 2 == 0:
            return end
    return len(data)


def _layout(header: bytes) -> Layout:
    rows = list(csv.reader(io.StringIO(header.decode("utf-8"), newline="")))
    columns = rows[0] if rows else []
    missing = [name for name in REQUIRED_COLUMNS if name not in columns]
    if missing:
        raise UnreadableFileError(f"its header has no column {' or '.join(missing)}")
    layout = Layout(tuple(columns))
    known = {columns[number] for number, _ in layout.used}
    twice = sorted(name for name in known if columns.count(name) > 1) if len(set(columns)) < len(columns) else []
    if twice:
        raise UnreadableFileError(f"its header names {twice[0]} more than once")
    return layout


def _read_block(block: Block, layout: Layout) -> Reading:
    wide = _read_typed(block.sound, layout)
    long = None if wide is None else _slots(wide, layout)
    if wide is None or long is None or not _all_finite(long):
        wide = _read_text(block.sound, layout)
        long = _slots(wide, layout)
    records = wide.select(pl.col(str(number)).alias(field.column) for number, field in layout.rounds)
    records = records.with_columns(
        position=pl.Series(block.positions), slots=pl.lit(len(layout.slot_numbers), dtype=pl.Int64)
    )
    return reading_of(records, long, block.broken, layout.unknown)


def _read_typed(sound: bytes, layout: Layout) -> pl.DataFrame | None:
    """None where any value isn't as this parser takes it: the text rules then decide."""
    if _has_bare_dot(sound):
        return None
    types = {str(number): field.kind.polars_type for number, field in layout.used if field.kind is not Kind.TIME}
    try:
        wide = _parse(sound, layout, types)
    except pl.exceptions.ComputeError:
        return None
    rounds = [str(number) for number, field in layout.rounds if field.kind is Kind.NUMBER]
    return wide if _all_finite(wide.select(rounds)) else None


def _read_text(sound: bytes, layout: Layout) -> pl.DataFrame:
    return _parse(sound, layout, {})


def _parse(sound: bytes, layout: Layout, types: dict[str, pl.DataType]) -> pl.DataFrame:
    used = [number for number, _ in layout.used]
    texts: dict[str, pl.DataType] = {str(number): pl.String() for number in used}
    if not sound:
        return pl.DataFrame(schema=texts | types)
    # Without a header line, which would take a copy of everything; Polars then has names of its own.
    named = {f"column_{int(number) + 1}": dtype for number, dtype in (texts | types).items()}
    wide = pl.read_csv(sound, has_header=False, columns=list(named), schema_overrides=named, infer_schema=False)
    return wide.rename({f"column_{number + 1}": str(number) for number in used})


def _has_bare_dot(sound: bytes) -> bool:
    """A dot without a digit on both sides: `.5` and `1.` are no numbers here, though the parser takes them."""
    text = np.frombuffer(sound, dtype=np.uint8)
    dots = np.flatnonzero(text == _DOT)
    around = np.concatenate((text[dots - 1], text[np.minimum(dots + 1, len(text) - 1)]))
    return bool(((around - _ZERO) > 9).any())


def _all_finite(frame: pl.DataFrame) -> bool:
    return all(column.is_finite().all() for column in frame.iter_columns() if column.dtype == pl.Float64)


def _slots(wide: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """One row per slot with a value, in the order of records and slots."""
    height, count = wide.height, len(layout.slot_numbers)
    held = np.zeros(height * count, dtype=bool)
    for field, numbers in layout.slots:
        held |= _slot_values(wide, field, numbers).is_not_null().to_numpy()
    by_record = np.flatnonzero(held.reshape(count, height).T)
    record, slot = np.divmod(by_record, max(count, 1))
    rows = pl.Series(slot * height + record, dtype=pl.UInt32)
    # Field by field: most slots are empty, and all fields' values at once take as much as the file.
    picked = _clean(pl.DataFrame([_slot_values(wide, field, numbers)[rows] for field, numbers in layout.slots]))
    numbered = picked.with_columns(
        record=pl.Series(record, dtype=pl.UInt32),
        location_index=pl.Series(np.asarray(layout.slot_numbers, dtype=np.int32)[slot]),
    )
    return numbered.filter(slots_with_values(picked)) if picked.width else numbered


def _clean(values: pl.DataFrame) -> pl.DataFrame:
    return values.with_columns(clean_text(column) for column in values.iter_columns() if column.dtype == pl.String)


def _slot_values(wide: pl.DataFrame, field: Field, numbers: list[int | None]) -> pl.Series:
    """The field's values slot after slot."""
    present = next(str(number) for number in numbers if number is not None)
    absent = pl.Series(dtype=wide.schema[present]).extend_constant(None, wide.height)
    pieces = [absent if number is None else wide.get_column(str(number)) for number in numbers]
    return pl.concat([piece.alias(field.column) for piece in pieces])
