"""Several dates, landed anew and run in any order: the table is the one that the rules give."""

import datetime as dt
import gc
import json
from itertools import permutations

import pytest
from silver_oracle.delivery import tell
from silver_oracle.files import File
from silver_oracle.table import Table

from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.landing_to_silver.run import run
from tm_lakehouse.tables.fact_telemetry_event import TABLE

pytestmark = [
    # PySpark 3.5 itself asks distutils for pandas' version, and leaves the sockets of its results to the collector.
    pytest.mark.filterwarnings("ignore:The distutils package:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]

COURSE = "americanfalls"
DAYS = [dt.date(2024, 6, day) for day in (1, 2, 3)]
NAME = f"lakehouse.silver.{TABLE.name}"
# By date: which rounds it brings, with what pace; an empty pace stands for a round off the earth.
BROUGHT = [
    {"r1": "1.0005", "r2": "1", "r3": "1"},
    {"r1": "2", "r3": "", "r4": "2"},
    {"r2": "3", "r1": "", "r5": "3"},
]


def landed(brought: dict[str, str]) -> list[File]:
    """A date's rounds, of three slots each; the last slot is empty."""
    lines = []
    for round_id, pace in brought.items():
        place = [-112.8, 42.7] if pace else [200, 42.7]
        slots = [
            {"sectionNumber": str(n), "startTime": n * 60.5, "hole": 1, "pace": pace, "fixCoordinates": place}
            for n in (1, 2)
        ]
        start = f"2024-05-{20 + int(round_id[1:])}T23:59:00-05:00"
        lines.append(json.dumps({"_id": round_id, "startTime": start, "locations": [*slots, {}]}))
    return [File("rounds.jsonl", "\n".join(lines).encode(), dt.datetime(2024, 7, 1, tzinfo=dt.UTC))]


class History:
    """The job and the oracle side by side."""

    def __init__(self, spark, settings, store) -> None:
        self._spark, self._settings, self._store = spark, settings, store
        self._files: dict[dt.date, list[File]] = {}
        self._oracle = Table()
        self._runs = 0

    def land(self, day: dt.date, brought: dict[str, str]) -> None:
        self._files[day] = landed(brought)
        for file in self._files[day]:
            self._store.put(f"s3://landing/{Prefix(COURSE, day).key}{file.name}", file.data)

    def run(self, *days: dt.date) -> None:
        self._runs += 1
        prefixes = [Prefix(COURSE, day) for day in days]
        run(self._spark, self._settings, prefixes, f"run-{self._runs}", self._store)
        self._oracle.run({(COURSE, day): tell(COURSE, self._files[day], []) for day in days})

    def expected(self) -> list[dict]:
        return _sorted(self._oracle.rows())

    def found(self) -> list[dict]:
        return _sorted(row.asDict() for row in self._spark.sql(f"SELECT * FROM {NAME}").collect())


def _sorted(rows) -> list[dict]:
    ordered = sorted(rows, key=lambda row: (row["round_id"], row["location_index"]))
    return [{name: row[name] for name in TABLE.column_names} for row in ordered]


@pytest.fixture
def history(spark, silver, settings, store):
    yield History(spark, settings, store)
    gc.collect()


@pytest.mark.parametrize("order", list(permutations(range(3)))[1::2])
def test_dates_run_one_by_one_in_any_order(history, order):
    for day, brought in zip(DAYS, BROUGHT, strict=True):
        history.land(day, brought)

    for number in order:
        history.run(DAYS[number])

    assert history.found() == history.expected()
    assert {row["round_id"] for row in history.found()} == {"r1", "r2", "r3", "r4", "r5"}


def test_a_date_landed_anew_and_older_ones_run_again(history):
    for day, brought in zip(DAYS, BROUGHT, strict=True):
        history.land(day, brought)
    history.run(*DAYS)
    assert history.found() == history.expected()

    history.land(DAYS[1], {"r4": "9"})
    history.run(DAYS[1])
    assert history.found() == history.expected()
    assert {row["round_id"] for row in history.found()} == {"r2", "r3", "r4", "r5"}

    history.run(DAYS[0])
    assert history.found() == history.expected()
    assert {row["round_id"] for row in history.found()} == {"r1", "r2", "r3", "r4", "r5"}
