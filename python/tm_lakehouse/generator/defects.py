"""Defects as they come from the field, planted where it is known what they must lead to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from tm_lakehouse.generator.draws import Ints
from tm_lakehouse.generator.identifiers import object_ids
from tm_lakehouse.generator.records import (
    IGNORED_SLOT_FIELDS,
    LATITUDE,
    LONGITUDE,
    SLOT_FIELDS,
    Records,
)
from tm_lakehouse.generator.truth import (
    DUPLICATE,
    EMPTY,
    NO_LOCATIONS,
    OUT_OF_BOUNDS,
    ROUND_ID_MISSING,
    UNREADABLE_RECORD,
    Planted,
)

BrokenText = Callable[[str], str]

_SHARE = 0.001
# Source field, a text that is not of its type, the Silver column that counts it.
_UNREADABLE_SLOT_VALUES = (
    ("hole", "seven", "hole_number"),
    ("sectionNumber", "3.5", "section_number"),
    ("pace", "n/a", "pace"),
    ("batteryPercentage", "NaN", "battery_percentage"),
    (LONGITUDE, "12,5", "longitude"),
    ("isCache", "maybe", "is_cache"),
)
_UNREADABLE_ROUND_VALUES = (
    ("goalTime", "4 h", "goal_time"),
    ("startHole", "99999999999", "start_hole"),
    ("endTime", "yesterday", "round_end_time"),
    ("isSecondary", "2", "is_secondary"),
)
_OFF_COURSE = ("200.5", "100.25")


@dataclass(frozen=True)
class Damaged:
    """Records with their defects, and what the fates do not tell about them; `untouched` are the sound records."""

    records: Records
    planted: Planted
    untouched: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


class _Victims:
    """Hands out sound rounds, none twice; fewer than asked when they run out."""

    def __init__(self, records: Records, rng: np.random.Generator) -> None:
        self.batch = max(1, round(_SHARE * records.rounds.height))
        self.left = rng.permutation(records.rounds.get_column("record").to_numpy())

    def take(self, batches: int = 1) -> Ints:
        size = self.batch * batches
        taken, self.left = self.left[:size], self.left[size:]
        return taken


def plant(records: Records, absent: frozenset[str], broken: BrokenText, rng: np.random.Generator) -> Damaged:
    """Damage some records and add others, a thousandth of the rounds for each kind and at least one."""
    victims = _Victims(records, rng)
    slots, rounds = records.slots, records.rounds
    slots, without_time = _drop_fix_times(slots, victims, rng)
    slots, padding = _blank(slots, _one_slot(slots, victims.take(), rng), ("hole", "holeSection", "sectionNumber"))
    slots, emptied = _blank(
        slots, _one_slot(slots, victims.take(), rng), [name for name in SLOT_FIELDS if name not in IGNORED_SLOT_FIELDS]
    )
    slots = _mark(slots, emptied, EMPTY)
    slots = _move_off_course(slots, _one_slot(slots, victims.take(), rng))
    slots, unreadable = _garble_slots(slots, victims, absent, rng)
    rounds, unreadable_rounds = _garble_rounds(rounds, victims, absent)
    damaged = Records(rounds, slots)
    additions = _additions(damaged, victims, broken, rng)
    planted = Planted(unreadable | unreadable_rounds, len(without_time), len(padding))
    return Damaged(_joined(damaged, additions, rng), planted, victims.left)


def _one_slot(slots: pl.DataFrame, rounds: Ints, rng: np.random.Generator) -> Ints:
    """Row number of one slot of each of the rounds: one with a hole, and not the first, which places the round."""
    is_candidate = np.isin(slots.get_column("record").to_numpy(), rounds)
    rows = np.flatnonzero(is_candidate & slots.get_column("hole").is_not_null().to_numpy())
    owners = slots.get_column("record").to_numpy()[rows]
    starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]]) if len(rows) else np.zeros(0, np.int64)
    lengths = np.diff(np.r_[starts, len(rows)])
    later = 1 + np.floor(rng.random(len(starts)) * (lengths - 1)).astype(np.int64)
    chosen: Ints = rows[starts + np.minimum(later, lengths - 1)]
    return chosen


def _drop_fix_times(slots: pl.DataFrame, victims: _Victims, rng: np.random.Generator) -> tuple[pl.DataFrame, Ints]:
    """Some fixes lose their time, and one round loses all of them."""
    single = _one_slot(slots, victims.take(), rng)
    whole = np.flatnonzero(np.isin(slots.get_column("record").to_numpy(), victims.take()[:1]))
    return _blank(slots, np.concatenate([single, whole]), ("startTime", "date"))


def _blank(slots: pl.DataFrame, rows: Ints, fields: tuple[str, ...] | list[str]) -> tuple[pl.DataFrame, Ints]:
    chosen = _chosen(slots, rows)
    return slots.with_columns(pl.when(~chosen).then(pl.col(list(fields)))), rows


def _mark(frame: pl.DataFrame, rows: Ints, fate: str) -> pl.DataFrame:
    return _write(frame, rows, {"fate": fate})


def _write(frame: pl.DataFrame, rows: Ints, values: Mapping[str, str]) -> pl.DataFrame:
    chosen = _chosen(frame, rows)
    return frame.with_columns(
        pl.when(chosen).then(pl.lit(value)).otherwise(pl.col(name)).alias(name) for name, value in values.items()
    )


def _chosen(frame: pl.DataFrame, rows: Ints) -> pl.Series:
    flags = np.zeros(frame.height, bool)
    flags[rows] = True
    return pl.Series(flags)


def _move_off_course(slots: pl.DataFrame, rows: Ints) -> pl.DataFrame:
    longitude, latitude = _OFF_COURSE
    return _write(slots, rows, {LONGITUDE: longitude, LATITUDE: latitude, "fate": OUT_OF_BOUNDS})


def _garble_slots(
    slots: pl.DataFrame, victims: _Victims, absent: frozenset[str], rng: np.random.Generator
) -> tuple[pl.DataFrame, dict[str, int]]:
    counts = {}
    for name, text, column in _UNREADABLE_SLOT_VALUES:
        rows = _one_slot(slots, victims.take(), rng)
        if name not in absent and len(rows):
            slots = _write(slots, rows, {name: text})
            counts[column] = len(rows)
    return slots, counts


def _garble_rounds(
    rounds: pl.DataFrame, victims: _Victims, absent: frozenset[str]
) -> tuple[pl.DataFrame, dict[str, int]]:
    counts = {}
    for name, text, column in _UNREADABLE_ROUND_VALUES:
        rows = np.flatnonzero(np.isin(rounds.get_column("record").to_numpy(), victims.take()))
        if name not in absent and len(rows):
            rounds = _write(rounds, rows, {name: text})
            counts[column] = len(rows)
    return rounds, counts


def _additions(records: Records, victims: _Victims, broken: BrokenText, rng: np.random.Generator) -> list[Records]:
    """Records that come on top of the sound ones, made from copies of rounds without other defects."""
    second_copy = _copies(records, victims.take(2), DUPLICATE, DUPLICATE)
    late_copy = _in_last_part(_copies(records, victims.take(2), DUPLICATE, DUPLICATE))
    half_copy = _first_slots(_copies(records, victims.take(), DUPLICATE, DUPLICATE), 12)
    bad_copy = _copies(records, victims.take(), DUPLICATE, DUPLICATE)
    bad_rows = _one_slot(bad_copy.slots, bad_copy.rounds.get_column("record").to_numpy(), rng)
    bad_copy = Records(bad_copy.rounds, _move_off_course(bad_copy.slots, bad_rows))
    nameless = _copies(records, victims.take(), ROUND_ID_MISSING, ROUND_ID_MISSING)
    nameless = Records(nameless.rounds.with_columns(_id=pl.lit(None, pl.String)), nameless.slots)
    homeless = _renamed(_copies(records, victims.take(), NO_LOCATIONS, EMPTY), rng)
    homeless = Records(homeless.rounds, homeless.slots.clear())
    lost = _renamed(_copies(records, victims.take(), OUT_OF_BOUNDS, OUT_OF_BOUNDS), rng)
    lost = Records(lost.rounds, _move_off_course(lost.slots, np.arange(lost.slots.height)))
    return [
        second_copy,
        late_copy,
        half_copy,
        bad_copy,
        nameless,
        homeless,
        lost,
        _broken(records, victims, broken, rng),
    ]


def _copies(records: Records, chosen: Ints, round_fate: str, slot_fate: str) -> Records:
    """Another delivery of the same rounds: as the device stored them, so every fix is a cached one."""
    rounds = records.rounds.filter(pl.col("record").is_in(chosen)).with_columns(fate=pl.lit(round_fate))
    slots = records.slots.filter(pl.col("record").is_in(chosen)).with_columns(
        fate=pl.lit(slot_fate), isCache=pl.lit("true")
    )
    return Records(rounds, slots)


def _in_last_part(records: Records) -> Records:
    return Records(records.rounds.with_columns(part=pl.lit(-1, pl.Int64)), records.slots)


def _first_slots(records: Records, count: int) -> Records:
    return Records(records.rounds, records.slots.filter(pl.col("location_index") < count))


def _renamed(records: Records, rng: np.random.Generator) -> Records:
    """The same content under ids of its own."""
    identifiers = object_ids(np.full(records.rounds.height, 1_500_000_000), rng)
    return Records(records.rounds.with_columns(_id=identifiers), records.slots)


def _broken(records: Records, victims: _Victims, broken: BrokenText, rng: np.random.Generator) -> Records:
    lost = _renamed(_copies(records, victims.take(), UNREADABLE_RECORD, EMPTY), rng)
    raw = pl.Series([broken(identifier) for identifier in lost.rounds.get_column("_id")], dtype=pl.String)
    return Records(lost.rounds.with_columns(raw=raw), lost.slots.clear())


def _joined(records: Records, additions: list[Records], rng: np.random.Generator) -> Records:
    """All records numbered anew, the additions at random places of their files, but never first."""
    ranges = records.rounds.group_by("part").agg(first=pl.col("place").min(), last=pl.col("place").max())
    last_part = records.rounds.get_column("part").max()
    next_record = records.rounds.height
    rounds, slots = [records.rounds], [records.slots]
    for addition in additions:
        count = addition.rounds.height
        old = addition.rounds.get_column("record")
        new = pl.Series(np.arange(next_record, next_record + count))
        next_record += count
        part = pl.when(pl.col("part") < 0).then(pl.lit(last_part)).otherwise(pl.col("part"))
        located = addition.rounds.with_columns(record=new, part=part).join(ranges, on="part", maintain_order="left")
        place = pl.col("first") + pl.Series(rng.random(count)) * (pl.col("last") - pl.col("first") + 1)
        rounds.append(located.with_columns(place=place).drop("first", "last"))
        slots.append(addition.slots.with_columns(pl.col("record").replace_strict(old, new, return_dtype=pl.Int64)))
    return Records(pl.concat(rounds), pl.concat(slots))
