"""Rounds and slots as texts under their source names, ready to be damaged and written in any format."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from tm_lakehouse.generator.draws import Ints, quota, share_of
from tm_lakehouse.generator.identifiers import object_ids
from tm_lakehouse.generator.profiles import CourseProfile
from tm_lakehouse.generator.rounds import Rounds
from tm_lakehouse.generator.slots import Slots

LONGITUDE, LATITUDE = "fixCoordinates[0]", "fixCoordinates[1]"
ROUND_FIELDS = (
    "_id", "course", "device", "startTime", "endTime", "firstFix", "lastFix", "startHole", "startSection", "endSection",
    "isNineHole", "currentNine", "currentSection", "currentHole", "currentHoleSection", "lastSectionStart", "goalTime",
    "goalName", "goalTimeFraction", "complete", "isIncomplete", "isSecondary", "isAutoAssigned",
)  # fmt: skip
SLOT_FIELDS = (
    "_id", "fix", "hole", "holeSection", "sectionNumber", "startTime", LONGITUDE, LATITUDE, "date", "isProjected",
    "isProblem", "isCache", "paceGap", "positionalGap", "pace", "batteryPercentage", "heldUp", "holdingUp",
)  # fmt: skip
# Carried by the source, never by Silver: a slot that has only these is empty.
IGNORED_SLOT_FIELDS = ("_id", "fix", "heldUp", "holdingUp")
WRITTEN = "written"
_GOAL_NAMES = ("Default", "Tournament", 'Walking, "relaxed"')
_GOAL_SHARES = (0.90, 0.06, 0.04)


@dataclass(frozen=True)
class Records:
    """The content of a course's files, all values texts.

    `rounds`: one row per record; `record` numbers it, `part` is its file, `place` orders it there, `fate` tells what
    Silver makes of it, and `raw` replaces a record that can't be read. `slots`: one row per slot by `record` and
    `location_index`, with its own `fate`.
    """

    rounds: pl.DataFrame
    slots: pl.DataFrame


def to_records(profile: CourseProfile, rounds: Rounds, slots: Slots, year: int, rng: np.random.Generator) -> Records:
    """Name and format what was drawn."""
    slot_frame = _slot_frame(profile, rounds, slots, rng)
    round_frame = _round_frame(profile, rounds, slots, slot_frame.get_column("fix"), rng)
    parts = _parts(profile, rounds, year)
    round_frame = round_frame.with_columns(
        record=pl.int_range(pl.len()),
        part=pl.Series(parts),
        place=pl.int_range(pl.len()).cast(pl.Float64),
        fate=pl.lit(WRITTEN),
        raw=pl.lit(None, pl.String),
    )
    slot_frame = slot_frame.with_columns(
        record=pl.Series(slots.round_number), location_index=pl.Series(slots.location_index), fate=pl.lit(WRITTEN)
    )
    return Records(round_frame, slot_frame)


def _slot_frame(profile: CourseProfile, rounds: Rounds, slots: Slots, rng: np.random.Generator) -> pl.DataFrame:
    fix_milliseconds = rounds.start[slots.round_number] * 1000 + np.rint(slots.seconds * 1000).astype(np.int64)
    count = len(slots.section)
    held_up = np.where(share_of(count, 0.15, rng), np.round(rng.uniform(5, 400, count), 3), 0.0)
    typed = pl.DataFrame(
        {
            "_id": object_ids(fix_milliseconds // 1000, rng),
            "fix": object_ids(fix_milliseconds // 1000, rng),
            "hole": slots.hole,
            "holeSection": slots.hole_section,
            "sectionNumber": slots.section,
            "startTime": slots.seconds,
            LONGITUDE: slots.longitude,
            LATITUDE: slots.latitude,
            "date": fix_milliseconds if profile.files.has_fix_date else np.full(count, None),
            "isProjected": slots.is_projected,
            "isProblem": slots.is_problem,
            "isCache": slots.is_cache,
            "paceGap": slots.pace_gap,
            "positionalGap": slots.positional_gap,
            "pace": slots.pace,
            "batteryPercentage": slots.battery,
            "heldUp": held_up,
            "holdingUp": np.where(held_up > 0, 0.0, np.round(rng.uniform(0, 90, count), 1)),
        },
        schema_overrides={"date": pl.Int64},
    )
    has_hole = pl.Series(slots.has_hole)
    typed = typed.with_columns(pl.when(has_hole).then(pl.col("hole")), pl.when(has_hole).then(pl.col("holeSection")))
    return _as_text(typed, times=("date",))


def _round_frame(
    profile: CourseProfile, rounds: Rounds, slots: Slots, fixes: pl.Series, rng: np.random.Generator
) -> pl.DataFrame:
    count = len(rounds)
    lasts = np.cumsum(rounds.slots) - 1
    firsts = lasts - rounds.slots + 1
    goal_name = pl.Series(_GOAL_NAMES).gather(quota(count, _GOAL_SHARES, rng))
    devices = object_ids(np.full(max(8, count // 60), rounds.start[0] - 86_400 * 400), rng)
    device = devices.gather(rng.integers(0, len(devices), count))
    typed = pl.DataFrame(
        {
            "_id": object_ids(rounds.start, rng),
            "course": [profile.course_name] * count,
            "device": device,
            "startTime": rounds.start * 1000,
            "endTime": (rounds.start + rounds.seconds.astype(np.int64)) * 1000,
            "firstFix": fixes.gather(firsts),
            "lastFix": fixes.gather(lasts),
            "startHole": rounds.start_hole,
            "startSection": slots.section[firsts],
            "endSection": slots.section[lasts],
            "isNineHole": rounds.is_nine_hole,
            "currentNine": slots.nine[lasts],
            "currentSection": slots.section[lasts],
            "currentHole": slots.hole[lasts],
            "currentHoleSection": slots.hole_section[lasts],
            "lastSectionStart": slots.seconds[lasts],
            "goalTime": np.full(count, profile.goal_time_seconds),
            "goalName": goal_name,
            "goalTimeFraction": np.where(rounds.is_nine_hole, 0.5, 1.0),
            "complete": ~rounds.is_incomplete,
            "isIncomplete": rounds.is_incomplete,
            "isSecondary": rounds.is_secondary,
            "isAutoAssigned": rounds.is_auto_assigned,
        }
    )
    return _as_text(typed, times=("startTime", "endTime"))


def _as_text(typed: pl.DataFrame, times: tuple[str, ...]) -> pl.DataFrame:
    """Numbers in their shortest form, times (milliseconds since 1970) as ISO with a Z, NaN as missing."""
    floats = [name for name, kind in typed.schema.items() if kind == pl.Float64]
    return typed.with_columns(
        pl.col(floats).fill_nan(None),
        pl.col(times).cast(pl.Datetime("ms")).dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ"),
    ).cast(pl.String)


def _parts(profile: CourseProfile, rounds: Rounds, year: int) -> Ints:
    """Which of the course's files each round is in, by the local day of its start."""
    begins = [np.datetime64(f"{year}-{month:02}-{day:02}", "s") for _, (month, day) in profile.files.parts]
    local = rounds.start + profile.utc_offset_hours * 3600
    return np.searchsorted(np.array(begins, "datetime64[s]").astype(np.int64)[1:], local, side="right")
