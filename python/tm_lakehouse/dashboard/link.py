"""What a link asks for, checked: a view's filters as the query of its URL. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from tm_lakehouse.dashboard.period import Period, usual

Choice = TypeVar("Choice")
COURSE, ROUND, FIRST, LAST = "course", "round", "from", "to"
_COURSE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_ROUND_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


@dataclass(frozen=True)
class Asked(Generic[Choice]):
    """A filter's value, and what is to be told where the link asked for something that can't be."""

    value: Choice
    objection: str | None = None


def course_of(asked: str | None, known: Sequence[str]) -> Asked[str]:
    """The course that a link names, else the first known one."""
    if asked is None or asked in known:
        return Asked(asked or known[0])
    named = f"“{asked}”" if _COURSE_ID.fullmatch(asked) else "that name"
    return Asked(known[0], f"There is no course {named} in Gold; this is {known[0]}.")


def round_of(asked: str | None) -> Asked[str | None]:
    """The round that a link names. Whether there is such a round, the lake tells."""
    if asked is None or _ROUND_ID.fullmatch(asked):
        return Asked(asked)
    return Asked(None, "The link names no round that can be.")


def choice_of(asked: str | None, known: Sequence[Choice]) -> Choice:
    """One of the known values by its text, else the first."""
    return next((value for value in known if str(value) == asked), known[0])


def period_of(asked: Mapping[str, str], whole: Period) -> Asked[Period]:
    """The days that a link names, inside those that the course has; else its last three months."""
    if FIRST not in asked and LAST not in asked:
        return Asked(usual(whole.first, whole.last))
    try:
        first = date.fromisoformat(asked.get(FIRST, whole.first.isoformat()))
        last = date.fromisoformat(asked.get(LAST, whole.last.isoformat()))
    except ValueError:
        return Asked(usual(whole.first, whole.last), "The link names days that are none; these are the last months.")
    found = Period(max(first, whole.first), min(last, whole.last))
    if found.days < 1:
        return Asked(usual(whole.first, whole.last), f"There are no rounds from {first} to {last}.")
    return Asked(found)
