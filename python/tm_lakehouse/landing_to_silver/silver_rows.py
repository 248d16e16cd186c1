"""From one delivery to its rows of Silver: judge, deduplicate, derive, account. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from tm_lakehouse.landing_to_silver.delivery import Delivery
from tm_lakehouse.landing_to_silver.derive import (
    calendar_columns,
    event_date,
    fix_timestamp,
    geometry_wkt,
    round_duration_minutes,
    rounded_metrics,
)
from tm_lakehouse.landing_to_silver.duplicates import without_duplicates
from tm_lakehouse.landing_to_silver.iceberg_transforms import bucket, month
from tm_lakehouse.landing_to_silver.judge import Judged, Rules, judge
from tm_lakehouse.landing_to_silver.nines import loop_number, nine_number
from tm_lakehouse.landing_to_silver.parquet_files import Partition
from tm_lakehouse.landing_to_silver.quarantine import REASONS_WITH_SLOTS, Origin, quarantine_lines
from tm_lakehouse.landing_to_silver.quarantined_record import Reason
from tm_lakehouse.landing_to_silver.source_fields import ROUND_FIELDS
from tm_lakehouse.landing_to_silver.topology import NineRange
from tm_lakehouse.tables.fact_telemetry_event import COURSE_BUCKETS, TABLE

_ROUND_COLUMNS = [field.column for field in ROUND_FIELDS if field.column != "course"]


@dataclass(frozen=True)
class Counts:
    """What became of a delivery's slots and records, as `RunSummary` names it."""

    records_read: int
    slots_read: int
    rows_written: int
    empty_slots: int
    duplicates: int
    superseded: int
    quarantined_slots: int
    rounds_written: int
    rounds_superseded: int
    rounds_duplicate: int
    records_quarantined: int


@dataclass(frozen=True)
class SilverRows:
    """One course's and ingest date's part of Silver, and everything of the delivery that isn't in it.

    `slots`: one row per round and location, with what differs between a round's slots, and `record`. `rounds`: what
    their records add, row number `record`. The table's rows are put together by partition, when they are written:
    all at once they take several times the memory. `unwritable_rounds`: of which nothing can be
    written.
    """

    slots: pl.DataFrame
    rounds: pl.DataFrame
    quarantine: pl.DataFrame
    writable_rounds: list[str]
    unwritable_rounds: list[str]
    counts: Counts
    origin: Origin

    @cached_property
    def partitions(self) -> frozenset[Partition]:
        """The table's partitions that its rows lie in."""
        months = self.slots.select(month(pl.col("event_date"))).to_series().unique()
        course_bucket = bucket(self.origin.course_id, COURSE_BUCKETS)
        return frozenset(Partition(each, course_bucket) for each in months)

    def rows_of(self, partition: Partition) -> pl.DataFrame:
        """The table's columns, one row per round and location whose event date lies in the partition's month."""
        of_month = month(pl.col("event_date")).eq_missing(pl.lit(partition.month, dtype=pl.Int32))
        return self._rows(self.slots.filter(of_month))

    @property
    def rows(self) -> pl.DataFrame:
        """All of them, sorted as the table is."""
        return self._rows(self.slots).sort(TABLE.sort_order)

    def _rows(self, slots: pl.DataFrame) -> pl.DataFrame:
        origin = self.origin
        return (
            slots.hstack(self.rounds[slots["record"]])
            .with_columns(
                *calendar_columns(),
                *rounded_metrics(slots),
                geometry_wkt(slots["longitude"], slots["latitude"]),
                is_location_padding=pl.col("hole_number").is_null() & pl.col("section_number").is_null(),
                course_id=pl.lit(origin.course_id),
                ingest_date=pl.lit(origin.ingest_date, dtype=pl.Date),
            )
            .select(TABLE.column_names)
        )


def to_silver(
    delivery: Delivery,
    origin: Origin,
    rules: Rules,
    nines: tuple[NineRange, ...] = (),
    superseded_rounds: Collection[str] = (),
) -> SilverRows:
    """Everything that domain rules say about one delivery.

    `superseded_rounds` are those that a later ingest date has replaced: they are counted and not written.
    """
    judged = judge(delivery, origin.course_id, rules)
    records = _ranked_records(judged)
    candidates = without_duplicates(_with_round(judged.sound, records))
    superseded_ranks = records.filter(pl.col("round_id").is_in(list(superseded_rounds)))["round_rank"].drop_nulls()
    kept = candidates
    if superseded_ranks.len():
        kept = candidates.filter(~pl.col("round_rank").is_in(superseded_ranks.unique().implode()))
    writable = records.filter(pl.col("round_rank").is_not_null())["round_id"].unique().sort()
    all_ids = records["round_id"].drop_nulls().unique()
    return SilverRows(
        slots=_placed(kept, nines),
        rounds=_round_columns(records, delivery),
        quarantine=quarantine_lines(delivery, judged, origin),
        writable_rounds=writable.to_list(),
        unwritable_rounds=sorted(set(all_ids) - set(writable)),
        counts=_counts(delivery, judged, records, candidates.height, kept.height, set(superseded_rounds)),
        origin=origin,
    )


def _ranked_records(judged: Judged) -> pl.DataFrame:
    """Records with `round_rank`: the order of the round's id among those with anything to write, NULL for others."""
    writable = judged.sound["record"].unique()
    has_rows = pl.col("record").is_in(writable.implode())
    return judged.records.with_columns(
        pl.when(has_rows).then("round_id").rank("dense").cast(pl.UInt32).alias("round_rank")
    )


def _with_round(slots: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Slots with what ranking and deriving need of their rounds."""
    of_slot = [records[column].gather(slots["record"]) for column in ("round_rank", "file", "position", "current_nine")]
    starts = records["round_start_time"].gather(slots["record"])
    time = fix_timestamp(slots["fix_date"], starts, slots["offset_seconds"]).alias("fix_timestamp")
    return slots.with_columns(*of_slot, time)


def _placed(kept: pl.DataFrame, nines: tuple[NineRange, ...]) -> pl.DataFrame:
    """What `SilverRows` has of a slot: whatever takes other slots, or the records, to be known."""
    slots = kept.with_columns(event_date(), nine_number(nines).alias("nine_number"))
    of_table = [column for column in TABLE.column_names if column in slots.columns and column not in _ROUND_COLUMNS]
    return slots.select("record", *of_table, loop_number(slots, nines))


def _round_columns(records: pl.DataFrame, delivery: Delivery) -> pl.DataFrame:
    """What the table has of a slot's round, in the order of the records."""
    duration = round_duration_minutes(records["round_start_time"], records["round_end_time"])
    names = pl.Series(delivery.source_files, dtype=pl.String)
    return records.select(_ROUND_COLUMNS).with_columns(
        duration.alias("round_duration_minutes"),
        names.gather(records["file"]).alias("source_file"),
    )


def _counts(
    delivery: Delivery, judged: Judged, records: pl.DataFrame, candidates: int, kept: int, superseded: set[str]
) -> Counts:
    bad_with_slots = records.filter(pl.col("reason").is_in(REASONS_WITH_SLOTS))
    may_be_empty = records.filter(pl.col("reason").is_null() | (pl.col("reason") == Reason.NO_LOCATIONS.value))
    with_rows = records.filter(pl.col("round_rank").is_not_null())
    rounds = set(with_rows["round_id"])
    return Counts(
        records_read=records.height + len(delivery.broken),
        slots_read=int(records["slots"].sum()),
        rows_written=kept,
        empty_slots=int((may_be_empty["slots"] - may_be_empty["filled_slots"]).sum()),
        duplicates=judged.sound.height - candidates,
        superseded=candidates - kept,
        quarantined_slots=int(bad_with_slots["slots"].sum()) + judged.off_bounds.height,
        rounds_written=len(rounds - superseded),
        rounds_superseded=len(rounds & superseded),
        rounds_duplicate=with_rows.height - len(rounds),
        records_quarantined=records.height - with_rows.height + len(delivery.broken),
    )
