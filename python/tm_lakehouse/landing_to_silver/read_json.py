"""JSON text to records and slots: an array of rounds, one object, or one object per line."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import polars as pl

from tm_lakehouse.landing_to_silver.extended_json import decoder
from tm_lakehouse.landing_to_silver.reading import (
    BrokenRecord,
    Reading,
    UnreadableFileError,
    reading_of,
    slots_with_values,
)
from tm_lakehouse.landing_to_silver.source_fields import (
    COORDINATES,
    IGNORED_SLOT_SOURCES,
    LOCATIONS,
    ROUND_FIELDS,
    ROUND_SOURCES,
    SLOT_FIELDS,
    SLOT_SOURCES,
    Kind,
)
from tm_lakehouse.landing_to_silver.typed_values import clean_text

_BATCH_RECORDS = 4_000
_BLANKS = " \t\r\n"
_PLAIN_SLOT_FIELDS = [field for field in SLOT_FIELDS if not field.source.startswith(COORDINATES)]
_KNOWN_OF_ROUND = ROUND_SOURCES | {LOCATIONS}
_KNOWN_OF_SLOT = SLOT_SOURCES | IGNORED_SLOT_SOURCES | {COORDINATES}


class _Element(NamedTuple):
    value: Any
    text: str
    start: int
    end: int
    is_json: bool

    @property
    def raw_text(self) -> str:
        return self.text[self.start : self.end]


class _Batch:
    """Values of some records, column by column."""

    def __init__(self) -> None:
        self.positions: list[int] = []
        self.slot_counts: list[int] = []
        self.rounds: dict[str, list[Any]] = {field.column: [] for field in ROUND_FIELDS}
        self.slots: dict[str, list[Any]] = {field.column: [] for field in SLOT_FIELDS}
        self.records_of_slots: list[int] = []
        self.indexes: list[int] = []
        self.broken: list[BrokenRecord] = []
        self.keys_of_rounds: set[str] = set()
        self.keys_of_slots: set[str] = set()

    def add(self, position: int, element: _Element) -> None:
        """Take a record apart, or set it aside as broken."""
        locations = _locations(element)
        if locations is None:
            self.broken.append(BrokenRecord(position, element.raw_text))
            return
        record = len(self.positions)
        self.positions.append(position)
        self.slot_counts.append(len(locations))
        self.keys_of_rounds.update(element.value)
        for field in ROUND_FIELDS:
            self.rounds[field.column].append(element.value.get(field.source))
        for index, slot in enumerate(locations):
            if slot:
                self._add_slot(record, index, slot)

    def _add_slot(self, record: int, index: int, slot: dict[str, Any]) -> None:
        self.records_of_slots.append(record)
        self.indexes.append(index)
        self.keys_of_slots.update(slot)
        get, columns = slot.get, self.slots
        for column, source, _ in _PLAIN_SLOT_FIELDS:
            columns[column].append(get(source))
        longitude, latitude = _coordinates(get(COORDINATES))
        columns["longitude"].append(longitude)
        columns["latitude"].append(latitude)

    def reading(self) -> Reading:
        lost: Counter[str] = Counter()
        rounds = [_texts(field.column, self.rounds[field.column], field.kind, lost) for field in ROUND_FIELDS]
        slots = [_texts(field.column, self.slots[field.column], field.kind, lost) for field in SLOT_FIELDS]
        values = pl.DataFrame([clean_text(each) if each.dtype == pl.String else each for each in slots])
        held = values.with_columns(
            record=pl.Series(self.records_of_slots, dtype=pl.UInt32),
            location_index=pl.Series(self.indexes, dtype=pl.Int32),
        ).filter(pl.Series(slots_with_values(values), dtype=pl.Boolean))
        records = pl.DataFrame(rounds).with_columns(
            position=pl.Series(self.positions, dtype=pl.Int64), slots=pl.Series(self.slot_counts, dtype=pl.Int64)
        )
        return reading_of(records, held, self.broken, self._unknown(), lost)

    def _unknown(self) -> frozenset[str]:
        of_slots = {f"locations[].{key}" for key in self.keys_of_slots - _KNOWN_OF_SLOT}
        return frozenset((self.keys_of_rounds - _KNOWN_OF_ROUND) | of_slots)


def read_json(text: str) -> Iterator[Reading]:
    """Read a JSON document in batches, in the order of its records.

    Raises:
        UnreadableFileError: it is an array that breaks off, or none of its lines is JSON.
    """
    batch = _Batch()
    for position, element in enumerate(_elements(text), start=1):
        batch.add(position, element)
        if len(batch.positions) == _BATCH_RECORDS:
            yield batch.reading()
            batch = _Batch()
    yield batch.reading()


def _elements(text: str) -> Iterator[_Element]:
    start = _skip_blanks(text, 0)
    if text.startswith("[", start):
        return _array(text, start + 1)
    whole = _whole(text, start)
    return iter([whole]) if whole else _lines(text)


def _whole(text: str, start: int) -> _Element | None:
    """The text as one object over several lines, if it is one."""
    first_line_end = text.find("\n", start)
    if first_line_end < 0 or _decoded(text[start:first_line_end]).is_json:
        return None
    element = _decoded(text[start:])
    return element if element.is_json else None


def _lines(text: str) -> Iterator[_Element]:
    start, found = 0, False
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end].strip(_BLANKS)
        start = end + 1
        if line:
            element = _decoded(line)
            found = found or element.is_json
            yield element
    if not found:
        raise UnreadableFileError("none of its lines is JSON")


def _array(text: str, start: int) -> Iterator[_Element]:
    scan = decoder().raw_decode
    position = _skip_blanks(text, start)
    if text.startswith("]", position):
        return _end(text, position)
    while True:
        try:
            value, end = scan(text, position)
        except (ValueError, RecursionError) as error:
            raise UnreadableFileError(f"its array breaks off at character {position}: {error}") from None
        yield _Element(value, text, position, end, is_json=True)
        position = _skip_blanks(text, end)
        if text.startswith("]", position):
            return _end(text, position)
        if not text.startswith(",", position):
            raise UnreadableFileError(f"its array breaks off at character {position}")
        position = _skip_blanks(text, position + 1)


def _end(text: str, bracket: int) -> None:
    if _skip_blanks(text, bracket + 1) < len(text):
        raise UnreadableFileError(f"text follows its array at character {bracket + 1}")


def _decoded(text: str) -> _Element:
    try:
        return _Element(decoder().decode(text), text, 0, len(text), is_json=True)
    except (json.JSONDecodeError, RecursionError):
        return _Element(None, text, 0, len(text), is_json=False)


def _skip_blanks(text: str, position: int) -> int:
    while position < len(text) and text[position] in _BLANKS:
        position += 1
    return position


def _locations(element: _Element) -> list[Any] | None:
    """The record's slots; None where it is no round: not an object, or its locations no array of objects."""
    if not isinstance(element.value, dict):
        return None
    locations = element.value.get(LOCATIONS) or []
    if not isinstance(locations, list):
        return None
    return locations if all(slot is None or isinstance(slot, dict) for slot in locations) else None


def _coordinates(value: Any) -> tuple[Any, Any]:
    if isinstance(value, list):
        return (value[0] if value else None), (value[1] if len(value) > 1 else None)
    return value, value


def _texts(name: str, values: list[Any], kind: Kind, lost: Counter[str]) -> pl.Series:
    """A column as text or, where all are true or false, as booleans. An object or list is an unreadable value."""
    for dtype in (pl.String, pl.Boolean) if kind is Kind.BOOLEAN else (pl.String,):
        try:
            return pl.Series(name, values, dtype=dtype, strict=True)
        except TypeError:
            continue
    texts = [_scalar_text(value) for value in values]
    if kind is not Kind.TEXT:
        return pl.Series(name, texts, dtype=pl.String)
    nested = [isinstance(value, dict | list) for value in values]
    lost[name] += sum(nested)
    return pl.Series(
        name, [None if is_nested else text for text, is_nested in zip(texts, nested, strict=True)], dtype=pl.String
    )


def _scalar_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)
