"""When a schedule is due: Glue's `cron(minutes hours day-of-month month day-of-week year)`, in UTC."""

import re
from datetime import UTC, datetime

from crontab import CronTab

_CRON = re.compile(r"^cron\((?P<fields>[^()]+)\)$")
_UNKNOWN = re.compile(r"#|[\dL]W")
_FIELDS = 6
_DAY_OF_MONTH, _DAY_OF_WEEK = 2, 4


class ScheduleError(ValueError):
    """The schedule is not one that Glue, or the local scheduler, understands."""


def next_start(schedule: str, after: datetime) -> datetime | None:
    """The first moment after `after` that the schedule names; None when there is none left.

    Raises:
        ScheduleError: it is no schedule.
    """
    table = _parse(schedule)
    seconds = table.next(now=after.astimezone(UTC).replace(tzinfo=None), delta=False, default_utc=True)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _parse(schedule: str) -> CronTab:
    match = _CRON.match(schedule.strip())
    fields = match["fields"].split() if match else []
    if len(fields) != _FIELDS or (fields[_DAY_OF_MONTH] == "?") == (fields[_DAY_OF_WEEK] == "?"):
        raise ScheduleError(f"Schedule {schedule!r} is not of the form cron(0 12 * * ? *), with one ? for a day.")
    if _UNKNOWN.search(schedule):
        raise ScheduleError(f"Schedule {schedule!r}: the local scheduler knows neither # nor W.")
    fields[_DAY_OF_WEEK] = re.sub(r"(?<![/\d])\d", lambda day: str(int(day.group()) - 1), fields[_DAY_OF_WEEK])
    try:
        return CronTab(" ".join(fields))
    except ValueError as error:
        raise ScheduleError(f"Schedule {schedule!r} is not valid: {error}") from error
