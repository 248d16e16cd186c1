"""Which rows of the table a run replaces, and which of its own rounds a later delivery has replaced already. Pure."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tm_lakehouse.landing_to_silver.prefixes import Prefix


class Delivered(NamedTuple):
    """The rounds of one delivery: of which something can be written, and of which nothing can."""

    writable: frozenset[str]
    unwritable: frozenset[str]


class ExistingRound(NamedTuple):
    """Rows of one round and delivery in one data file of the table."""

    path: str
    course_id: str
    ingest_date: dt.date
    round_id: str
    rows: int


class RoundVersion(NamedTuple):
    """One round as one delivery brought it."""

    course_id: str
    ingest_date: dt.date
    round_id: str


@dataclass(frozen=True)
class Replacement:
    """What a commit has to do with the table's rows, by delivery and by file.

    `superseded`: rounds that must not be written. `replaced`: the rows that go. `rounds_replaced` and
    `rounds_not_replaced` count rounds of earlier deliveries, `rounds_taken_from` the replaced ones by the ingest date
    that they came with, `superseded_by` the superseded ones by each later date that has them; `rounds_dropped` those
    that the delivery had in the table and no longer brings.
    """

    superseded: dict[Prefix, frozenset[str]]
    replaced: frozenset[RoundVersion]
    replaced_rows_of: dict[str, int]
    rounds_replaced: dict[Prefix, int]
    rounds_not_replaced: dict[Prefix, int]
    rounds_dropped: dict[Prefix, int]
    rounds_taken_from: dict[Prefix, dict[dt.date, int]]
    superseded_by: dict[Prefix, dict[dt.date, int]]


def plan_replacement(delivered: Mapping[Prefix, Delivered], existing: Iterable[ExistingRound]) -> Replacement:
    """Decide between a run's deliveries and the table's rounds: per course and round the latest delivery stays.

    `existing` must hold all rows of the run's own courses and dates, and all of the rounds that it delivers.
    """
    table = list(existing)
    standing = _standing_dates(delivered, table)
    superseded = {
        prefix: frozenset(
            round_id
            for round_id in rounds.writable
            if any(date > prefix.ingest_date for date in standing.get((prefix.course_id, round_id), ()))
        )
        for prefix, rounds in delivered.items()
    }
    latest = {
        (prefix.course_id, round_id): prefix.ingest_date
        for prefix, rounds in delivered.items()
        for round_id in rounds.writable - superseded[prefix]
    }
    replaced = [each for each in table if _is_replaced(each, delivered, latest)]
    rows_of: dict[str, int] = defaultdict(int)
    for each in replaced:
        rows_of[each.path] += each.rows
    return Replacement(
        superseded=superseded,
        replaced=frozenset(RoundVersion(each.course_id, each.ingest_date, each.round_id) for each in replaced),
        replaced_rows_of=dict(rows_of),
        rounds_replaced={
            prefix: _with_earlier(prefix, rounds.writable - superseded[prefix], standing)
            for prefix, rounds in delivered.items()
        },
        rounds_not_replaced={
            prefix: _with_earlier(prefix, rounds.unwritable, standing) for prefix, rounds in delivered.items()
        },
        rounds_dropped=_dropped(delivered, table),
        rounds_taken_from=_taken_from(replaced, delivered, latest),
        superseded_by={prefix: _later_dates(prefix, rounds, standing) for prefix, rounds in superseded.items()},
    )


def _dropped(delivered: Mapping[Prefix, Delivered], table: Iterable[ExistingRound]) -> dict[Prefix, int]:
    held: dict[Prefix, set[str]] = defaultdict(set)
    for each in table:
        held[Prefix(each.course_id, each.ingest_date)].add(each.round_id)
    return {prefix: len(held[prefix] - rounds.writable) for prefix, rounds in delivered.items()}


def _taken_from(
    replaced: Iterable[ExistingRound], delivered: Mapping[Prefix, Delivered], latest: Mapping[tuple[str, str], dt.date]
) -> dict[Prefix, dict[dt.date, int]]:
    taken: dict[Prefix, dict[dt.date, set[str]]] = {prefix: defaultdict(set) for prefix in delivered}
    for each in replaced:
        date = latest.get((each.course_id, each.round_id))
        if date is not None and date > each.ingest_date:
            taken[Prefix(each.course_id, date)][each.ingest_date].add(each.round_id)
    return {
        prefix: {date: len(rounds) for date, rounds in sorted(dates.items())} for prefix, dates in sorted(taken.items())
    }


def _later_dates(
    prefix: Prefix, rounds: Iterable[str], standing: Mapping[tuple[str, str], set[dt.date]]
) -> dict[dt.date, int]:
    dates = Counter(date for each in rounds for date in standing[prefix.course_id, each] if date > prefix.ingest_date)
    return dict(sorted(dates.items()))


def _standing_dates(
    delivered: Mapping[Prefix, Delivered], table: Iterable[ExistingRound]
) -> dict[tuple[str, str], set[dt.date]]:
    """The dates that hold a version of each round: those of the run, and of the table what the run doesn't redo."""
    standing: dict[tuple[str, str], set[dt.date]] = defaultdict(set)
    for prefix, rounds in delivered.items():
        for round_id in rounds.writable:
            standing[prefix.course_id, round_id].add(prefix.ingest_date)
    for each in table:
        if Prefix(each.course_id, each.ingest_date) not in delivered:
            standing[each.course_id, each.round_id].add(each.ingest_date)
    return standing


def _is_replaced(
    each: ExistingRound, delivered: Mapping[Prefix, Delivered], latest: Mapping[tuple[str, str], dt.date]
) -> bool:
    if Prefix(each.course_id, each.ingest_date) in delivered:
        return True
    date = latest.get((each.course_id, each.round_id))
    return date is not None and date > each.ingest_date


def _with_earlier(prefix: Prefix, rounds: Iterable[str], standing: Mapping[tuple[str, str], set[dt.date]]) -> int:
    return sum(
        any(date < prefix.ingest_date for date in standing.get((prefix.course_id, round_id), ())) for round_id in rounds
    )
