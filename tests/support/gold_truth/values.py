"""Exact numbers, and what a rounded one may be."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
# Doubles nearest to a decimal are off by less.
NOISE = Fraction(1, 10**9)


@dataclass(frozen=True)
class Rounded:
    """A number of so many decimals that is nearest to `exact`; at a tie both neighbours are."""

    exact: Fraction
    decimals: int

    def allows(self, text: str) -> bool:
        """Whether a number's text is it."""
        found, unit = Fraction(float(text)), Fraction(1, 10**self.decimals)
        has_its_decimals = abs(found / unit - round(found / unit)) < NOISE * max(abs(found), 1)
        return has_its_decimals and abs(found - self.exact) <= unit / 2 + NOISE * max(abs(found), 1)


def share(part: int, whole: int, scale: int, decimals: int) -> Rounded | None:
    """A part of a whole; of nothing there is no share."""
    return Rounded(Fraction(scale * part, whole), decimals) if whole else None


def pct(part: int, whole: int) -> Rounded | None:
    """0 to 100, two decimals."""
    return share(part, whole, 100, 2)


def rate(part: int, whole: int) -> Rounded | None:
    """0 to 1, four decimals."""
    return share(part, whole, 1, 4)


def mean(values: Iterable[float | None], decimals: int = 3) -> Rounded | None:
    """Of the values that are known."""
    known = [Fraction(value) for value in values if value is not None]
    return Rounded(sum(known, Fraction()) / len(known), decimals) if known else None


def total(values: Iterable[float]) -> Rounded | None:
    """Of values with three decimals; of none there is no sum."""
    every = [Fraction(value) for value in values]
    return Rounded(sum(every, Fraction()), 3) if every else None


def middle(values: Iterable[float | None]) -> float | None:
    """The median of the values that are known."""
    known = [value for value in values if value is not None]
    return median(known) if known else None


def lowest(values: Iterable[Any]) -> Any:
    """Of the values that are known."""
    return min((value for value in values if value is not None), default=None)


def highest(values: Iterable[Any]) -> Any:
    """Of the values that are known."""
    return max((value for value in values if value is not None), default=None)


def count(rows: Iterable[Row], holds: Callable[[Row], Any]) -> int:
    """Rows for which it holds; what is unknown doesn't."""
    return sum(1 for row in rows if holds(row))


def grouped(rows: Iterable[Row], *columns: str) -> dict[tuple[Any, ...], list[Row]]:
    """Rows by the values of some columns."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[column] for column in columns), []).append(row)
    return groups


def seconds_between(first: datetime | None, last: datetime | None) -> Fraction | None:
    """From one time to another."""
    if first is None or last is None:
        return None
    delta = last - first
    return Fraction(delta.days * 86_400 + delta.seconds) + Fraction(delta.microseconds, 10**6)


def local(moment: datetime | None, zone: str | None) -> datetime | None:
    """A UTC time on the course's clock."""
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone or "UTC")).replace(tzinfo=None)
