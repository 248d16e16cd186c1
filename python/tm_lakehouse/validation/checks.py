"""One verified statement about the lake."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """A statement, whether it holds, and the figures it was judged by."""

    name: str
    passed: bool
    figures: str


def equal(name: str, **figures: object) -> Check:
    """Holds when all figures are the same; they are shown by their names."""
    values = list(figures.values())
    shown = ", ".join(f"{label.replace('_', ' ')} {value}" for label, value in figures.items())
    return Check(name, all(value == values[0] for value in values), shown)


def empty(name: str, offending: Iterable[object]) -> Check:
    """Holds when nothing offends; otherwise the first three offenders are shown."""
    found = [str(item) for item in offending]
    shown = "none" if not found else f"{len(found)}: {'; '.join(found[:3])}"
    return Check(name, not found, shown)


def positive(name: str, value: int) -> Check:
    """Holds when there is at least one: an empty table must not pass for a right one."""
    return Check(name, value > 0, str(value))
