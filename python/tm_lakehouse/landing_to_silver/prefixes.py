"""Which deliveries a run is asked to take: course and ingest date."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import NamedTuple

from tm_lakehouse.errors import LakehouseError

_PREFIX = re.compile(r"(?:s3://[^/]+/)?course_id=(?P<course>[^/=]+)/ingest_date=(?P<date>[^/]+)/?")
_FORM = "course_id=<course>/ingest_date=YYYY-MM-DD"


class Prefix(NamedTuple):
    """One course and ingest date."""

    course_id: str
    ingest_date: dt.date

    @property
    def key(self) -> str:
        return f"course_id={self.course_id}/ingest_date={self.ingest_date.isoformat()}/"


def parse_prefix(text: str) -> Prefix:
    """Read `course_id=<course>/ingest_date=<date>`, with or without the bucket before it.

    Raises:
        LakehouseError: it has another form, or no such date exists.
    """
    match = _PREFIX.fullmatch(text.strip())
    if not match:
        raise LakehouseError(f"{text!r} is no landing prefix.", f"Give it as {_FORM}.")
    return Prefix(match["course"], parse_date(match["date"]))


def parse_date(text: str) -> dt.date:
    """Read an ISO date; a LakehouseError tells that it is none."""
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        raise LakehouseError(f"{text!r} is no date.", "Give the ingest date as YYYY-MM-DD.") from None


def requested_prefixes(
    course_id: str | None, ingest_date: str | None, prefix: str | None, prefixes: str | None
) -> list[Prefix]:
    """The prefixes that a job's arguments ask for, each once, by course and date.

    Raises:
        LakehouseError: nothing is asked for, or the arguments contradict each other.
    """
    listed = [parse_prefix(text) for text in (prefixes or "").split(",") if text.strip()]
    if prefix:
        listed.append(parse_prefix(prefix))
    if course_id and ingest_date and not listed:
        listed.append(parse_prefix(f"course_id={course_id}/ingest_date={ingest_date}"))
    if not listed:
        raise LakehouseError(
            "No delivery is named.", f"Give --course-id and --ingest-date, or --bronze-prefix {_FORM}."
        )
    _check_agreement(listed, course_id, ingest_date)
    return sorted(set(listed))


def _check_agreement(listed: Sequence[Prefix], course_id: str | None, ingest_date: str | None) -> None:
    for prefix in listed:
        if course_id and prefix.course_id != course_id:
            raise LakehouseError(f"{prefix.key} is not of course {course_id}.", "Drop one of the two arguments.")
        if ingest_date and prefix.ingest_date != parse_date(ingest_date):
            raise LakehouseError(f"{prefix.key} is not of ingest date {ingest_date}.", "Drop one of the two arguments.")
