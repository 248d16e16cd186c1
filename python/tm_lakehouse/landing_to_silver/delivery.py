"""What was landed for one course and ingest date, read and put together."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import polars as pl

from tm_lakehouse.landing_to_silver.landed_object import LandedObject
from tm_lakehouse.landing_to_silver.reading import BrokenRecord, Reading, UnreadableFileError
from tm_lakehouse.landing_to_silver.source_fields import ROUND_FIELDS, SLOT_FIELDS


@dataclass(frozen=True)
class Delivery:
    """All records of one course and ingest date. `file` numbers `source_files`, newest first.

    `records`: `record`, `file`, `position`, `slots` and the round's fields. `slots`: `record`, `location_index` and
    the slot's fields; only slots that hold any value.
    """

    source_files: list[str]
    records: pl.DataFrame
    slots: pl.DataFrame
    broken: list[tuple[int, BrokenRecord]]
    unreadable: Counter[str]
    unknown_columns: Counter[str]
    bytes_read: int


def newest_first(objects: Iterable[LandedObject]) -> list[LandedObject]:
    """By time landed, then by key, both descending."""
    return sorted(objects, key=lambda each: (each.landed_at, each.name), reverse=True)


def read_delivery(objects: Iterable[LandedObject], read: Callable[[LandedObject], Iterable[Reading]]) -> Delivery:
    """Read all files of a course and ingest date.

    Raises:
        UnreadableFileError: a file can't be read; the message names it.
    """
    ordered = newest_first(objects)
    parts = _Parts()
    for file, landed in enumerate(ordered):
        try:
            for reading in read(landed):
                parts.add(file, reading)
        except UnreadableFileError as error:
            raise UnreadableFileError(f"{landed.name}: {error}") from None
        parts.end_of_file()
    return parts.delivery([each.name for each in ordered], sum(each.size for each in ordered))


class _Parts:
    def __init__(self) -> None:
        self.records: list[pl.DataFrame] = []
        self.slots: list[pl.DataFrame] = []
        self.broken: list[tuple[int, BrokenRecord]] = []
        self.unreadable: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self.unknown_of_file: set[str] = set()
        self.height = 0

    def add(self, file: int, reading: Reading) -> None:
        record = pl.int_range(self.height, self.height + reading.records.height, dtype=pl.UInt32)
        self.records.append(reading.records.with_columns(record.alias("record"), file=pl.lit(file, dtype=pl.Int32)))
        self.slots.append(reading.slots.with_columns(pl.col("record") + pl.lit(self.height, dtype=pl.UInt32)))
        self.broken.extend((file, broken) for broken in reading.broken)
        self.unreadable.update(reading.unreadable)
        self.unknown_of_file |= reading.unknown_columns
        self.height += reading.records.height

    def end_of_file(self) -> None:
        self.unknown.update(self.unknown_of_file)
        self.unknown_of_file = set()

    def delivery(self, source_files: list[str], bytes_read: int) -> Delivery:
        return Delivery(
            source_files=source_files,
            records=pl.concat(self.records) if self.records else _EMPTY_RECORDS,
            slots=pl.concat(self.slots) if self.slots else _EMPTY_SLOTS,
            broken=self.broken,
            unreadable=self.unreadable,
            unknown_columns=self.unknown,
            bytes_read=bytes_read,
        )


_EMPTY_RECORDS = pl.DataFrame(
    schema={"position": pl.Int64(), "slots": pl.Int64()}
    | {field.column: field.kind.polars_type for field in ROUND_FIELDS}
    | {"record": pl.UInt32(), "file": pl.Int32()}
)
_EMPTY_SLOTS = pl.DataFrame(
    schema={"record": pl.UInt32(), "location_index": pl.Int32()}
    | {field.column: field.kind.polars_type for field in SLOT_FIELDS}
)
