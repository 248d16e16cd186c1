"""What landing and Silver must make of generated files, known from how they were made."""

from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from tm_lakehouse.generator.records import WRITTEN, Records

EMPTY = "empty"
DUPLICATE = "duplicate"
UNREADABLE_RECORD = "unreadable_record"
ROUND_ID_MISSING = "round_id_missing"
NO_LOCATIONS = "no_locations"
OUT_OF_BOUNDS = "coordinates_out_of_bounds"
_NOT_QUARANTINED = (WRITTEN, DUPLICATE)
_BEYOND_SUMMARY = frozenset(
    {"records_quarantined_by_reason", "quarantined_slots_by_reason", "rows_without_timestamp", "padding_rows"}
)


@dataclass(frozen=True)
class Truth:
    """The counts of a run over one course's files, landed together under one ingest date.

    Named as in the run summary. `unreadable_values` goes by Silver column.
    """

    records_read: int
    rounds_written: int
    rounds_duplicate: int
    records_quarantined: int
    records_quarantined_by_reason: dict[str, int]
    slots_read: int
    rows_written: int
    empty_slots: int
    duplicates: int
    quarantined_slots: int
    quarantined_slots_by_reason: dict[str, int]
    unreadable_values: dict[str, int]
    rows_without_timestamp: int
    padding_rows: int
    rounds_superseded: int = 0
    superseded: int = 0

    def summary(self) -> dict[str, Any]:
        """The counts that a run summary holds too, under its names."""
        return {name: value for name, value in asdict(self).items() if name not in _BEYOND_SUMMARY}

    def beyond_summary(self) -> dict[str, Any]:
        """The counts that only the quarantine and the table can tell."""
        return {name: value for name, value in asdict(self).items() if name in _BEYOND_SUMMARY}


@dataclass(frozen=True)
class Planted:
    """What no fate tells: values and rows that are written but flawed."""

    unreadable_values: dict[str, int]
    rows_without_timestamp: int = 0
    padding_rows: int = 0


NOTHING_PLANTED = Planted({})


def truth_of(records: Records, planted: Planted, *, slots_fill_the_widest: bool) -> Truth:
    """Count the fates. In a CSV every record has as many slots as the file's longest (`slots_fill_the_widest`)."""
    rounds = _counts(records.rounds)
    slots = _counts(records.slots)
    for fate, count in (_filling(records) if slots_fill_the_widest else {}).items():
        slots[fate] = slots.get(fate, 0) + count
    bad_rounds = {fate: count for fate, count in rounds.items() if fate not in _NOT_QUARANTINED}
    bad_slots = {fate: count for fate, count in slots.items() if fate not in (*_NOT_QUARANTINED, EMPTY)}
    return Truth(
        records_read=records.rounds.height,
        rounds_written=rounds.get(WRITTEN, 0),
        rounds_duplicate=rounds.get(DUPLICATE, 0),
        records_quarantined=sum(bad_rounds.values()),
        records_quarantined_by_reason=bad_rounds,
        slots_read=sum(slots.values()),
        rows_written=slots.get(WRITTEN, 0),
        empty_slots=slots.get(EMPTY, 0),
        duplicates=slots.get(DUPLICATE, 0),
        quarantined_slots=sum(bad_slots.values()),
        quarantined_slots_by_reason=bad_slots,
        unreadable_values=planted.unreadable_values,
        rows_without_timestamp=planted.rows_without_timestamp,
        padding_rows=planted.padding_rows,
    )


def slots_per_record(records: Records) -> pl.DataFrame:
    """By `part`: the slots of its longest record (`width`)."""
    located = records.slots.join(records.rounds.select("record", "part"), on="record")
    return located.group_by("part").agg(width=pl.col("location_index").max() + 1)


def _filling(records: Records) -> dict[str, int]:
    """The slots that a CSV adds to records shorter than its longest, by what becomes of them."""
    own = records.slots.group_by("record").agg(own=pl.len())
    readable = records.rounds.filter(pl.col("raw").is_null())
    wide = readable.join(own, on="record", how="left").join(slots_per_record(records), on="part")
    is_lost_whole = pl.col("fate") == ROUND_ID_MISSING
    fate = pl.when(is_lost_whole).then(pl.lit(ROUND_ID_MISSING)).otherwise(pl.lit(EMPTY))
    filling = wide.group_by(fate.alias("fate")).agg(count=(pl.col("width") - pl.col("own").fill_null(0)).sum())
    return dict(filling.sort("fate").iter_rows())


def _counts(frame: pl.DataFrame) -> dict[str, int]:
    return dict(frame.group_by("fate").len().sort("fate").iter_rows())
