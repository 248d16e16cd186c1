"""Which rounds a course sees: when, by whom, how much of the course, how long."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from tm_lakehouse.generator.course_map import CourseMap, Route, route
from tm_lakehouse.generator.draws import Flags, Floats, Ints, quota, share_of, spread_over, whole_with_mean
from tm_lakehouse.generator.profiles import CourseProfile

FEWEST_SLOTS = 18
_MARATHON_NINES = 5
_ROUNDS_BEFORE_A_MARATHON = 20
_BUSY_WEEKDAYS = (4, 5, 6)


@dataclass(frozen=True)
class Rounds:
    """One entry per round, by start time. `start` counts seconds since 1970 (UTC)."""

    start: Ints
    local_day: Ints
    nines: Ints
    first_nine: Ints
    start_hole: Ints
    slots: Ints
    seconds: Floats
    is_nine_hole: Flags
    is_incomplete: Flags
    is_secondary: Flags
    is_auto_assigned: Flags
    routes: tuple[Route, ...]
    route_number: Ints
    # Sections of the route until the round ends: all of them unless it was broken off.
    route_length: Ints

    def __len__(self) -> int:
        return len(self.start)


def draw_rounds(profile: CourseProfile, course: CourseMap, count: int, year: int, rng: np.random.Generator) -> Rounds:
    """Draw `count` rounds whose shares and means are the profile's."""
    play = quota(count, [play.share for play in profile.plays], rng)
    nines = np.array([play.nines for play in profile.plays])[play]
    start_holes = quota(count, [weight for _, weight in profile.start_holes], rng)
    start_hole = np.array([hole for hole, _ in profile.start_holes])[start_holes]
    first_nine = _first_nines(course, start_hole, rng)
    start, local_day = _starts(profile, start_hole > 1, year, rng)
    is_secondary = _pair_secondaries(profile, play * 100 + start_hole, (start, local_day, first_nine), rng)
    if profile.longest_round_slots and (nines == len(profile.nines)).sum() >= _ROUNDS_BEFORE_A_MARATHON:
        nines[np.flatnonzero(nines == len(profile.nines))[np.argmax(start[nines == len(profile.nines)])]] = (
            _MARATHON_NINES
        )
    is_incomplete = share_of(count, profile.incomplete_share, rng) & (nines < _MARATHON_NINES)
    routes, route_number = _routes(course, first_nine, nines, start_hole)
    lengths = np.array([len(way.sections) for way in routes])[route_number]
    cut = np.maximum(FEWEST_SLOTS, np.floor(lengths * rng.uniform(0.60, 0.745, count)).astype(np.int64))
    route_length = np.where(is_incomplete, cut, lengths)
    drawn = Rounds(
        start=start,
        local_day=local_day,
        nines=nines,
        first_nine=first_nine,
        start_hole=start_hole,
        slots=_slots(profile, play, nines, route_length, rng),
        seconds=_seconds(profile, play, route_length / lengths, rng),
        is_nine_hole=_nine_hole_flags(profile, nines, rng),
        is_incomplete=is_incomplete,
        is_secondary=is_secondary,
        is_auto_assigned=share_of(count, profile.auto_assigned_share, rng),
        routes=routes,
        route_number=route_number,
        route_length=route_length,
    )
    return _by_start(drawn)


def _first_nines(course: CourseMap, start_hole: Ints, rng: np.random.Generator) -> Ints:
    """The nine that has the start hole; where several have it (27 holes), any of them."""
    of_hole = {hole: np.unique(course.nine[course.hole == hole]) for hole in np.unique(start_hole).tolist()}
    first = np.zeros(len(start_hole), np.int64)
    for hole, nines in of_hole.items():
        here = start_hole == hole
        first[here] = nines[quota(int(here.sum()), [1.0] * len(nines), rng)]
    return first


def _season_days(profile: CourseProfile, year: int) -> tuple[list[date], Floats]:
    days: list[date] = []
    weights: list[float] = []
    for offset, weight in enumerate(profile.season.weights):
        month = profile.season.first_month - 1 + offset
        first = date(year + month // 12, month % 12 + 1, 1)
        following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
        length = (following - first).days
        days += [first + timedelta(days=day) for day in range(length)]
        weights += [weight / length] * length
    busy = np.array([1.4 if day.weekday() in _BUSY_WEEKDAYS else 0.8 for day in days])
    return days, np.array(weights) * busy


def _starts(profile: CourseProfile, is_shotgun: Flags, year: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Start of each round in UTC seconds, and its local day's number."""
    days, weights = _season_days(profile, year)
    count = len(is_shotgun)
    day = rng.permutation(spread_over(weights, count, rng))
    midnights = np.array(
        [int(datetime(one.year, one.month, one.day, tzinfo=UTC).timestamp()) for one in days], dtype=np.int64
    )
    tee_time = np.rint(7 * 3600 + 10 * 3600 * rng.beta(1.6, 2.4, count)).astype(np.int64)
    at_once = 8 * 3600 + 1800 + rng.integers(0, 90, count)
    local = np.where(is_shotgun, at_once, tee_time)
    return midnights[day] + local - profile.utc_offset_hours * 3600, day


def _pair_secondaries(profile: CourseProfile, group: Ints, shared: tuple[Ints, ...], rng: np.random.Generator) -> Flags:
    """Let some rounds be a second cart of another round that plays the same: up to two minutes behind it."""
    is_secondary = np.zeros(len(group), bool)
    for one in np.unique(group):
        members = rng.permutation(np.flatnonzero(group == one))
        followers, leaders = np.split(members, [round(len(members) * profile.secondary_share)])
        if not len(followers):
            continue
        leader = rng.choice(leaders, len(followers))
        for values in shared:
            values[followers] = values[leader]
        shared[0][followers] += rng.integers(5, 115, len(followers))
        is_secondary[followers] = True
    return is_secondary


def _routes(course: CourseMap, first_nine: Ints, nines: Ints, start_hole: Ints) -> tuple[tuple[Route, ...], Ints]:
    ways, number = np.unique(np.stack([first_nine, nines, start_hole], axis=1), axis=0, return_inverse=True)
    return tuple(route(course, *way) for way in ways.tolist()), number.reshape(-1)


def _slots(profile: CourseProfile, play: Ints, nines: Ints, route_length: Ints, rng: np.random.Generator) -> Ints:
    slots = np.zeros(len(play), np.int64)
    lowest = np.minimum(FEWEST_SLOTS, route_length)
    highest = route_length.copy()
    if profile.longest_round_slots:
        lowest[nines == _MARATHON_NINES] = highest[nines == _MARATHON_NINES] = profile.longest_round_slots
    for number, kind in enumerate(profile.plays):
        here = play == number
        spread = max(1.0, 0.06 * kind.mean_slots)
        slots[here] = whole_with_mean(kind.mean_slots, spread, lowest[here], highest[here], rng)
    return slots


def _seconds(profile: CourseProfile, play: Ints, played: Floats, rng: np.random.Generator) -> Floats:
    """Durations whose mean within each kind of play is the profile's."""
    seconds = np.exp(rng.normal(0, 0.11, len(play))) * played
    for number, kind in enumerate(profile.plays):
        here = play == number
        if here.any():
            seconds[here] *= 60 * kind.mean_minutes / seconds[here].mean()
    return np.rint(seconds)


def _nine_hole_flags(profile: CourseProfile, nines: Ints, rng: np.random.Generator) -> Flags:
    flags = np.zeros(len(nines), bool)
    short = np.flatnonzero(nines == 1)
    flags[rng.permutation(short)[: round(profile.nine_hole_share * len(nines))]] = True
    return flags


def _by_start(rounds: Rounds) -> Rounds:
    order = np.argsort(rounds.start, kind="stable")
    arrays: dict[str, Any] = {
        name: value[order] for name, value in vars(rounds).items() if isinstance(value, np.ndarray)
    }
    return replace(rounds, **arrays)
