"""What a Spark task does: read some deliveries, make their rows, write them as data files that nobody sees yet."""

import datetime as dt
import logging
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import polars as pl

from tm_lakehouse.landing_to_silver.delivery import Delivery, read_delivery
from tm_lakehouse.landing_to_silver.iceberg_transforms import bucket
from tm_lakehouse.landing_to_silver.judge import Rules
from tm_lakehouse.landing_to_silver.landed import source_fingerprint
from tm_lakehouse.landing_to_silver.landed_object import LandedObject
from tm_lakehouse.landing_to_silver.object_store import ObjectStore
from tm_lakehouse.landing_to_silver.parquet_files import TableLayout, WrittenFile, write_rows
from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.landing_to_silver.quarantine import Origin, reason_counts, to_json_lines
from tm_lakehouse.landing_to_silver.read_file import read_file
from tm_lakehouse.landing_to_silver.silver_rows import Counts, SilverRows, to_silver
from tm_lakehouse.landing_to_silver.topology import NineRange
from tm_lakehouse.tables.fact_telemetry_event import COURSE_BUCKETS

_GROUP_BYTES = 32 << 20
_GROUP_DELIVERIES = 100
_GZIP_FACTOR = 8

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Work:
    """One course and ingest date to be made into rows."""

    prefix: Prefix
    objects: tuple[LandedObject, ...]
    nines: tuple[NineRange, ...] = ()
    superseded_rounds: frozenset[str] = frozenset()

    @property
    def weight(self) -> int:
        """About how many bytes of text its files hold."""
        return sum(each.size * (_GZIP_FACTOR if each.name.endswith(".gz") else 1) for each in self.objects)


@dataclass(frozen=True)
class TaskContext:
    """What all tasks of a run share."""

    run_id: str
    rules: Rules
    layout: TableLayout
    store: ObjectStore
    quarantine_root: str


@dataclass(frozen=True)
class EventDates:
    """Where a delivery's rows lie in time, as `RunSummary` names it."""

    first_event_date: dt.date | None = None
    last_event_date: dt.date | None = None
    rows_without_event_date: int = 0

    @classmethod
    def of(cls, slots: pl.DataFrame) -> "EventDates":
        """Of the slots to be written; dates are UTC."""
        first, last, missing = slots.select(
            first=pl.col("event_date").min(),
            last=pl.col("event_date").max(),
            missing=pl.col("event_date").null_count(),
        ).row(0)
        return cls(first, last, missing)


@dataclass(frozen=True)
class Outcome:
    """What became of one course and ingest date: its counts, or why it failed."""

    prefix: Prefix
    failure: str | None = None
    counts: Counts | None = None
    event_dates: EventDates = EventDates()
    writable_rounds: Sequence[str] = ()
    unwritable_rounds: Sequence[str] = ()
    superseded_rounds: frozenset[str] = frozenset()
    quarantine_reasons: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    unknown_columns: Counter[str] = field(default_factory=Counter)
    source_fingerprint: str = ""
    files_read: int = 0
    bytes_read: int = 0
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class GroupOutcome:
    """What one task wrote, and the outcome of each of its deliveries."""

    outcomes: list[Outcome]
    files: list[WrittenFile]


def grouped(work: Iterable[Work]) -> list[list[Work]]:
    """Small deliveries of the same bucket of courses share a task, and so a file per partition; heaviest first.

    A large delivery has a task of its own.
    """
    groups: list[list[Work]] = []
    ordered = sorted(work, key=lambda each: (bucket(each.prefix.course_id, COURSE_BUCKETS), each.prefix))
    for _, of_bucket in groupby(ordered, key=lambda each: bucket(each.prefix.course_id, COURSE_BUCKETS)):
        group: list[Work] = []
        for each in of_bucket:
            if group and (_weight(group) + each.weight > _GROUP_BYTES or len(group) == _GROUP_DELIVERIES):
                groups.append(group)
                group = []
            group.append(each)
        groups.append(group)
    return sorted(groups, key=_weight, reverse=True)


def run_group(group: Sequence[Work], context: TaskContext) -> GroupOutcome:
    """Make the rows of some deliveries and write them together. A delivery that fails leaves the others alone."""
    outcomes, made = zip(*(_attempt(work, context) for work in group), strict=True)
    rows = [each for each in made if each is not None]
    started = time.monotonic()
    files = write_rows(rows, context.layout, context.store)
    seconds = time.monotonic() - started
    total = max(sum(each.counts.rows_written for each in rows), 1)
    for outcome in outcomes:
        written = outcome.counts.rows_written if outcome.counts else 0
        outcome.seconds["write"] = round(seconds * written / total, 3)
    return GroupOutcome(list(outcomes), files)


def _attempt(work: Work, context: TaskContext) -> tuple[Outcome, SilverRows | None]:
    try:
        return _make(work, context)
    except Exception as error:  # Each delivery stands alone: whatever is wrong with one is told with its name.
        logger.exception("%s failed", work.prefix.key)
        reason = f"{type(error).__name__}: {error}" if not _is_plain(error) else str(error)
        return Outcome(work.prefix, failure=reason), None


def _is_plain(error: Exception) -> bool:
    from tm_lakehouse.landing_to_silver.reading import UnreadableFileError

    return isinstance(error, UnreadableFileError)


def _make(work: Work, context: TaskContext) -> tuple[Outcome, SilverRows]:
    started = time.monotonic()
    delivery = read_delivery(work.objects, lambda landed: read_file(landed.name, context.store.get(landed.uri)))
    read = time.monotonic()
    origin = Origin(context.run_id, work.prefix.course_id, work.prefix.ingest_date)
    made = to_silver(delivery, origin, context.rules, work.nines, work.superseded_rounds)
    _write_quarantine(made.quarantine, origin, context)
    seconds = {"read": round(read - started, 3), "derive": round(time.monotonic() - read, 3)}
    return _outcome(work, delivery, made, seconds), made


def _outcome(work: Work, delivery: Delivery, made: SilverRows, seconds: dict[str, float]) -> Outcome:
    return Outcome(
        prefix=work.prefix,
        counts=made.counts,
        event_dates=EventDates.of(made.slots),
        writable_rounds=made.writable_rounds,
        unwritable_rounds=made.unwritable_rounds,
        superseded_rounds=work.superseded_rounds,
        quarantine_reasons=reason_counts(made.quarantine),
        unreadable=delivery.unreadable,
        unknown_columns=delivery.unknown_columns,
        source_fingerprint=source_fingerprint(work.objects),
        files_read=len(delivery.source_files),
        bytes_read=delivery.bytes_read,
        seconds=seconds,
    )


def _write_quarantine(lines: pl.DataFrame, origin: Origin, context: TaskContext) -> None:
    if lines.is_empty():
        return
    # One fixed name: a task that is tried again writes over its own lines.
    folder = f"{Prefix(origin.course_id, origin.ingest_date).key}run_id={origin.run_id}"
    context.store.put(f"{context.quarantine_root}/{folder}/part-00000.json", to_json_lines(lines))


def _weight(group: Sequence[Work]) -> int:
    return sum(work.weight for work in group)
