"""Days from first to last, as queries are bounded by them. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

# Silver's fixes are read for at most so many days at once, so that a page costs little on seven years of history.
MOST_DAYS_OF_FIXES = 366
USUAL_DAYS = 92


@dataclass(frozen=True)
class Period:
    """Both days are in it; local days of the course."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def latest(self, days: int) -> "Period":
        """Its last days, at most so many."""
        return Period(max(self.first, self.last - timedelta(days=days - 1)), self.last)

    def in_utc(self) -> "Period":
        """The UTC days on which a local day of it may lie."""
        return Period(self.first - timedelta(days=1), self.last + timedelta(days=1))


def usual(first: date, last: date) -> Period:
    """What a page shows of a course unless asked: its last three months."""
    return Period(first, last).latest(USUAL_DAYS)
