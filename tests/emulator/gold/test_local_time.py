"""Gold's local times: what the clocks on the course showed, over every change of daylight saving time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from jinja2 import Environment

from tm_lakehouse.cli.target import project_root

# Clocks that jump by an hour in either hemisphere, by half an hour, at odd offsets, or not at all.
ZONES = [
    "America/New_York", "America/Chicago", "America/Boise", "America/St_Johns", "America/Phoenix", "Pacific/Auckland",
    "Pacific/Chatham", "Australia/Lord_Howe", "Asia/Kathmandu", "Europe/London", "UTC",
]  # fmt: skip
YEAR = datetime(2024, 1, 1, tzinfo=UTC)
STEP, AROUND = timedelta(minutes=15), timedelta(hours=2)


def changes(zone):
    """The UTC quarter hours in 2024 at which a zone's offset changes."""
    moments = [YEAR + STEP * step for step in range(366 * 96)]
    offsets = [moment.astimezone(ZoneInfo(zone)).utcoffset() for moment in moments]
    return [moments[index] for index in range(1, len(moments)) if offsets[index] != offsets[index - 1]]


def moments(zone):
    """Quarter hours around the changes, a millisecond before each, and one summer and winter day's ends."""
    around = [change + STEP * step for change in changes(zone) for step in range(-AROUND // STEP, AROUND // STEP + 1)]
    before = [change - timedelta(milliseconds=1) for change in changes(zone)]
    return [*around, *before, YEAR, YEAR + timedelta(days=182, hours=23, minutes=59)]


@pytest.fixture(scope="module")
def local_time():
    text = (project_root() / "python" / "dbt" / "macros" / "time.sql").read_text(encoding="utf-8")
    return Environment(autoescape=False).from_string(text).module.local_time


def test_local_times_are_the_zones_own_in_gaps_and_overlaps(athena, local_time):
    asked = [(zone, moment) for zone in ZONES for moment in moments(zone)]
    assert len(asked) > 250
    rows = ", ".join(f"({n}, '{zone}', TIMESTAMP '{at:%Y-%m-%d %H:%M:%S.%f}')" for n, (zone, at) in enumerate(asked))
    sql = f"SELECT CAST({local_time('utc', 'zone')} AS varchar) FROM (VALUES {rows}) AS t (n, zone, utc) ORDER BY n"
    found = [datetime.fromisoformat(row[0]) for row in athena.query(sql).rows]
    assert found == [at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for zone, at in asked]


def test_a_course_without_zone_stays_in_utc(athena, local_time):
    moment = "TIMESTAMP '2024-03-10 07:30:00.123456'"
    (row,) = athena.query(f"SELECT CAST({local_time(moment, 'CAST(NULL AS varchar)')} AS varchar)").rows
    assert row == ["2024-03-10 07:30:00.123456"]
