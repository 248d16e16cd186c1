"""What a round's device records: one slot for each section that it enters."""

from dataclasses import dataclass

import numpy as np

from tm_lakehouse.generator.course_map import CourseMap
from tm_lakehouse.generator.draws import (
    Flags,
    Floats,
    Ints,
    group_of,
    position_in_group,
    running_sum,
    share_by_group,
    share_first,
    share_of,
)
from tm_lakehouse.generator.profiles import CourseProfile
from tm_lakehouse.generator.rounds import Rounds

_TRIGGER_ZONE_SHARE = 0.7
_FIRST_SECTION_SECONDS = 300.0
_METRE_DEGREES = 1 / 111_000


@dataclass(frozen=True)
class Slots:
    """One entry per slot, round after round in the order of play. Missing numbers are NaN."""

    round_number: Ints
    location_index: Ints
    section: Ints
    hole: Ints
    hole_section: Ints
    nine: Ints
    has_hole: Flags
    seconds: Floats
    longitude: Floats
    latitude: Floats
    pace: Floats
    pace_gap: Floats
    positional_gap: Floats
    battery: Ints
    is_projected: Flags
    is_problem: Flags
    is_cache: Flags


@dataclass(frozen=True)
class _Way:
    """Every section of every round's route, entered or not."""

    round_number: Ints
    sizes: Ints
    position: Ints
    section: Ints
    loop: Ints

    @property
    def is_last(self) -> Flags:
        last: Flags = self.position == np.repeat(self.sizes, self.sizes) - 1
        return last


def draw_slots(profile: CourseProfile, course: CourseMap, rounds: Rounds, rng: np.random.Generator) -> Slots:
    """Walk every round along its route and keep what its device recorded."""
    way = _walk(rounds)
    seconds = _entry_times(profile, course, rounds, way, rng)
    entered = _entered(profile, course, rounds, way, rng)
    round_number, section = way.round_number[entered], way.section[entered]
    count = len(section)
    progress = seconds[entered] / rounds.seconds[round_number]
    pace = _pace(profile, len(rounds), round_number, progress, rng)
    first_groups = _first_of_day(rounds)[round_number]
    jitter = rng.normal(0, 12 * _METRE_DEGREES, (2, count))
    located = share_of(count, profile.coverage.coordinates, rng)
    decimals = profile.files.coordinate_decimals
    return Slots(
        round_number=round_number,
        location_index=position_in_group(rounds.slots),
        section=section,
        hole=course.hole[section - 1],
        hole_section=course.hole_section[section - 1],
        nine=course.nine[section - 1],
        has_hole=share_of(count, profile.coverage.hole, rng),
        seconds=np.round(seconds[entered], 3),
        longitude=np.where(located, np.round(course.longitude[section - 1] + jitter[0], decimals), np.nan),
        latitude=np.where(located, np.round(course.latitude[section - 1] + jitter[1], decimals), np.nan),
        pace=_rounded(profile, pace),
        pace_gap=_gap(profile, profile.coverage.pace_gap, 0.4 * (pace - pace.mean()), 90, first_groups, rng),
        positional_gap=_gap(profile, profile.coverage.positional_gap, 40 * (progress - 0.5), 60, first_groups, rng),
        battery=_battery(profile, rounds, round_number, progress, rng),
        is_projected=share_of(count, 0.03, rng),
        is_problem=share_of(count, 0.04, rng),
        is_cache=share_of(count, 0.07, rng),
    )


def _walk(rounds: Rounds) -> _Way:
    all_sections = np.concatenate([route.sections for route in rounds.routes])
    all_loops = np.concatenate([route.loops for route in rounds.routes])
    lengths = np.array([len(route.sections) for route in rounds.routes])
    begins = (np.cumsum(lengths) - lengths)[rounds.route_number]
    sizes = rounds.route_length
    position = position_in_group(sizes)
    place = np.repeat(begins, sizes) + position
    return _Way(group_of(sizes), sizes, position, all_sections[place], all_loops[place])


def _entry_times(
    profile: CourseProfile, course: CourseMap, rounds: Rounds, way: _Way, rng: np.random.Generator
) -> Floats:
    """Seconds from the round's start to each section's first fix: the stays in the sections before it."""
    stay = rng.gamma(6.0, 1 / 6.0, len(way.section))
    is_fixed = way.position == 0
    stay[is_fixed] = rng.normal(_FIRST_SECTION_SECONDS, 25, is_fixed.sum())
    hole, hole_section = course.hole[way.section - 1], course.hole_section[way.section - 1]
    for steady in profile.steady_holes:
        sections = course.hole_section[course.hole == steady.hole].max()
        for loop, mean in enumerate(steady.seconds_by_loop, start=1):
            here = (hole == steady.hole) & (way.loop == loop) & (hole_section < sections)
            drawn = rng.gamma(16.0, 1 / 16.0, here.sum())
            stay[here] = drawn * mean / max(drawn.mean(), 1e-9) / (sections - 1) if here.any() else drawn
            is_fixed |= here
    fixed = np.bincount(way.round_number, stay * is_fixed, len(rounds))
    free = np.bincount(way.round_number, stay * ~is_fixed, len(rounds))
    scale = (rounds.seconds - fixed) / free
    stay = np.where(is_fixed, stay, stay * scale[way.round_number])
    entry = running_sum(stay, way.sizes)
    entry[way.position == 0] = rng.uniform(0, 20, len(way.sizes))
    return entry


def _entered(profile: CourseProfile, course: CourseMap, rounds: Rounds, way: _Way, rng: np.random.Generator) -> Flags:
    """Which sections got a fix: as many as the round has slots, the trigger zone's predecessor least often."""
    key = rng.random(len(way.section))
    key[way.is_last] = -1.0
    key[np.isin(course.hole[way.section - 1], [steady.hole for steady in profile.steady_holes])] = -1.0
    starts = way.position == 0
    key[starts] = np.where(rng.random(starts.sum()) < _TRIGGER_ZONE_SHARE, 2.0, -1.0)
    key[way.position == 1] = -1.0
    ordered = np.lexsort((key, way.round_number))
    rank = np.empty(len(key), np.int64)
    rank[ordered] = way.position
    entered: Flags = rank < np.repeat(rounds.slots, way.sizes)
    return entered


def _pace(
    profile: CourseProfile, rounds: int, round_number: Ints, progress: Floats, rng: np.random.Generator
) -> Floats:
    """Seconds behind the goal: grows over the round, differs by round, and its mean over all rows is the profile's."""
    lateness = rng.normal(0, 420, rounds)[round_number]
    drift = profile.mean_pace_seconds * 2 * progress + lateness * (0.3 + 0.7 * progress)
    noisy = drift + rng.normal(0, 30, len(progress))
    pace: Floats = noisy - noisy.mean() + profile.mean_pace_seconds
    return pace


def _gap(
    profile: CourseProfile,
    coverage: float,
    centre: Floats,
    spread: float,
    first_groups: Flags,
    rng: np.random.Generator,
) -> Floats:
    """A gap to the group in front; the first group of a day has none."""
    gap = _rounded(profile, centre + rng.normal(0, spread, len(centre)))
    return np.where(share_first(first_groups, 1 - coverage, rng), np.nan, gap)


def _rounded(profile: CourseProfile, values: Floats) -> Floats:
    # Adding zero turns a negative zero into a positive one.
    rounded: Floats = np.round(values, profile.files.pace_decimals) + 0.0
    return rounded


def _first_of_day(rounds: Rounds) -> Flags:
    _, firsts = np.unique(rounds.local_day, return_index=True)
    flags = np.zeros(len(rounds), bool)
    flags[firsts] = True
    return flags


def _battery(
    profile: CourseProfile, rounds: Rounds, round_number: Ints, progress: Floats, rng: np.random.Generator
) -> Ints:
    """Per cent: devices whose battery is worn out report less than 20 all round long."""
    full = rng.integers(62, 101, len(rounds))[round_number] - np.floor(38 * progress).astype(np.int64)
    low = profile.low_battery
    is_low = share_by_group(rounds.slots, low.share, rng)
    is_critical = rng.random(len(rounds)) < low.critical
    worn = np.where(is_critical, rng.integers(0, 10, len(rounds)), rng.integers(10, 20, len(rounds)))
    return np.where(is_low[round_number], worn[round_number], full)
