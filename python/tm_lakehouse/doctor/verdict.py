"""What a line of the checklist comes to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tm_lakehouse.doctor.deployment import Deployment

Status = Literal["pass", "warn", "fail"]
OFFENDERS_SHOWN = 3


@dataclass(frozen=True)
class Verdict:
    """Whether a line holds, by what that was seen, and what to do where it doesn't."""

    status: Status
    evidence: str
    remedy: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the checklist: a name that stays, what is to hold, and how it is judged."""

    name: str
    claim: str
    judge: "Callable[[Deployment], Verdict]"

    @property
    def section(self) -> str:
        return self.name.partition(".")[0]


def passed(evidence: str) -> Verdict:
    """The line holds."""
    return Verdict("pass", evidence)


def warned(evidence: str, remedy: str) -> Verdict:
    """The pipeline runs, but somebody should look."""
    return Verdict("warn", evidence, remedy)


def failed(evidence: str, remedy: str) -> Verdict:
    """The pipeline would not run, or not as it should."""
    return Verdict("fail", evidence, remedy)


def none_of(offenders: Iterable[str], evidence: str, remedy: str) -> Verdict:
    """Holds where nothing offends; the evidence is then what was looked at."""
    found = list(offenders)
    return failed(told(found), remedy) if found else passed(evidence)


def told(found: list[str]) -> str:
    """The first of what was found, and how many more there are."""
    more = len(found) - OFFENDERS_SHOWN
    return "; ".join(found[:OFFENDERS_SHOWN]) + (f"; and {more} more" if more > 0 else "")
