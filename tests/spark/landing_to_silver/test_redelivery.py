"""Deliveries, re-deliveries and re-runs, through Spark and Iceberg on a folder."""

import datetime as dt
import gc
import json
import os
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from pyspark.sql import SparkSession

from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.landing_to_silver.run import IncompleteRunError, RunReport, run
from tm_lakehouse.run_summary import RunSummary

pytestmark = [
    # PySpark 3.5 itself asks distutils for pandas' version, and leaves the sockets of its results to the collector.
    pytest.mark.filterwarnings("ignore:The distutils package:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]

COURSE = "americanfalls"
FIRST, SECOND, THIRD = dt.date(2024, 6, 1), dt.date(2024, 6, 2), dt.date(2024, 6, 3)


def a_round(
    round_id: str, slots: int = 2, *, pace: float = 1.0, longitude: float = -112.8, day: int = 1
) -> dict[str, Any]:
    """A round on two sections, told apart by its pace."""
    locations = [
        {"startTime": 10.0 * index, "hole": 1, "sectionNumber": index + 1, "holeSection": index + 1, "pace": pace,
         "fixCoordinates": [longitude, 42.7]}
        for index in range(slots)
    ]  # fmt: skip
    return {"_id": round_id, "course": COURSE, "startTime": f"2024-05-{day:02}T10:00:00Z", "locations": locations}


class Lake:
    """Land files, run, look."""

    def __init__(self, spark: SparkSession, settings, store) -> None:
        self.spark, self.settings, self.store = spark, settings, store
        self.runs = 0

    def land(self, date: dt.date, rounds: Iterable[dict], course: str = COURSE, name: str = "rounds.jsonl") -> None:
        uri = f"s3://landing/{Prefix(course, date).key}{name}"
        self.store.put(uri, "\n".join(json.dumps(each) for each in rounds).encode())
        os.utime(self.store.path(uri), (1_700_000_000, 1_700_000_000))

    def run(self, *dates: dt.date, courses: tuple[str, ...] = (COURSE,)) -> RunReport:
        self.runs += 1
        prefixes = [Prefix(course, date) for course in courses for date in dates]
        return run(self.spark, self.settings, prefixes, f"run-{self.runs}", self.store)

    def rows(self) -> list[tuple]:
        columns = "course_id, round_id, location_index, ingest_date, pace"
        return [tuple(row) for row in self.spark.sql(f"SELECT {columns} FROM {TABLE} ORDER BY 1, 2, 3").collect()]

    def paces(self) -> dict[str, float]:
        """Pace by round: which delivery a round's rows came with."""
        return {row[1]: row[4] for row in self.rows()}

    def snapshots(self) -> int:
        return self.spark.sql(f"SELECT count(*) AS n FROM {TABLE}.snapshots").first().n

    def compact(self) -> None:
        """What the table optimizer does: files of several deliveries become one."""
        rows = self.spark.table(TABLE).coalesce(1).localCheckpoint()
        rows.writeTo(TABLE).overwritePartitions()


TABLE = "lakehouse.silver.fact_telemetry_event"


@pytest.fixture
def lake(spark, silver, settings, store) -> Iterator[Lake]:
    yield Lake(spark, settings, store)
    gc.collect()


def test_a_delivery_arrives_and_its_summary_accounts_for_it(lake):
    lake.land(FIRST, [a_round("r1"), a_round("r2", longitude=200.0)])

    [summary] = lake.run(FIRST).summaries

    assert [row[:4] for row in lake.rows()] == [(COURSE, "r1", 0, FIRST), (COURSE, "r1", 1, FIRST)]
    assert (summary.slots_read, summary.rows_written, summary.quarantined_slots) == (4, 2, 2)
    assert summary.quarantine_reasons == {"coordinates_out_of_bounds": 2}
    stored = lake.store.get(f"s3://observability/silver/{Prefix(COURSE, FIRST).key}run_id=run-1/summary.json")
    assert RunSummary.from_json(stored.decode()) == summary
    quarantined = lake.store.get(f"s3://quarantine/silver/{Prefix(COURSE, FIRST).key}run_id=run-1/part-00000.json")
    assert [json.loads(line)["round_id"] for line in quarantined.splitlines()] == ["r2", "r2"]
    snapshot = lake.spark.sql(f"SELECT snapshot_id FROM {TABLE}.snapshots").first().snapshot_id
    assert summary.snapshot_id == snapshot


def test_running_again_gives_the_same_table(lake):
    lake.land(FIRST, [a_round("r1"), a_round("r2")])
    lake.run(FIRST)
    before = lake.rows()

    lake.run(FIRST)

    assert lake.rows() == before


def test_a_later_date_replaces_a_round_whole_and_leaves_the_others(lake):
    lake.land(FIRST, [a_round("r1", slots=3), a_round("r2")])
    lake.land(SECOND, [a_round("r1", slots=2, pace=2.0)])
    lake.run(FIRST)

    [summary] = lake.run(SECOND).summaries

    assert [row[1:4] for row in lake.rows()] == [
        ("r1", 0, SECOND),
        ("r1", 1, SECOND),
        ("r2", 0, FIRST),
        ("r2", 1, FIRST),
    ]
    assert summary.rounds_replaced == 1


def test_summary_tells_where_the_rows_lie_in_time(lake):
    timeless = a_round("d") | {"startTime": None}
    lake.land(FIRST, [a_round("a", day=3), a_round("b", slots=3, day=9), timeless])
    lake.land(SECOND, [a_round("b", day=8)])
    [early] = lake.run(FIRST).summaries
    lake.run(SECOND)
    [again] = lake.run(FIRST).summaries

    assert (early.first_event_date, early.last_event_date) == ("2024-05-03", "2024-05-09")
    assert early.rows_without_event_date == 2
    assert (again.first_event_date, again.last_event_date) == ("2024-05-03", "2024-05-03")


def test_summary_of_a_delivery_without_rows_has_no_dates(lake):
    lake.land(FIRST, [a_round("a", longitude=999.0)])
    [summary] = lake.run(FIRST).summaries
    assert (summary.first_event_date, summary.last_event_date, summary.rows_without_event_date) == (None, None, 0)


def test_an_older_rerun_never_brings_a_replaced_round_back(lake):
    lake.land(FIRST, [a_round("r1"), a_round("r2")])
    lake.land(SECOND, [a_round("r1", pace=2.0)])
    lake.run(FIRST)
    lake.run(SECOND)

    [summary] = lake.run(FIRST).summaries

    assert lake.paces() == {"r1": 2.0, "r2": 1.0}
    assert (summary.superseded, summary.rounds_superseded, summary.rounds_written) == (2, 1, 1)


@pytest.mark.parametrize("dates", [(FIRST, SECOND), (SECOND, FIRST)])
def test_dates_of_one_run_are_replaced_by_their_order_not_by_the_runs(lake, dates):
    lake.land(FIRST, [a_round("r1"), a_round("r2")])
    lake.land(SECOND, [a_round("r1", pace=2.0)])

    first, second = lake.run(*dates).summaries

    assert lake.paces() == {"r1": 2.0, "r2": 1.0}
    assert (first.rounds_superseded, second.rounds_superseded) == (1, 0)
    assert lake.snapshots() == 1


def test_a_later_delivery_of_which_nothing_can_be_written_replaces_nothing(lake):
    lake.land(FIRST, [a_round("r1")])
    lake.land(SECOND, [a_round("r1", longitude=200.0)])
    lake.run(FIRST)

    [summary] = lake.run(SECOND).summaries

    assert lake.paces() == {"r1": 1.0}
    assert summary.rounds_not_replaced == 1


def test_a_date_landed_anew_without_a_round_lets_the_older_date_bring_it_back(lake):
    lake.land(FIRST, [a_round("r1")])
    lake.land(SECOND, [a_round("r1", pace=2.0), a_round("r2", pace=2.0)])
    lake.run(FIRST, SECOND)
    lake.land(SECOND, [a_round("r2", pace=3.0)])

    lake.run(SECOND)
    assert lake.paces() == {"r2": 3.0}

    lake.run(FIRST)
    assert lake.paces() == {"r1": 1.0, "r2": 3.0}


def test_after_compaction_only_the_concerned_rows_of_a_file_go(lake):
    lake.land(FIRST, [a_round("r1"), a_round("r2")])
    lake.land(FIRST, [a_round("r1", pace=7.0)], course="erinhills")
    lake.land(SECOND, [a_round("r2", pace=2.0)])
    lake.run(FIRST, courses=(COURSE, "erinhills"))
    lake.compact()
    others = [row for row in lake.rows() if row[:2] != (COURSE, "r2")]

    lake.run(SECOND)

    assert [row for row in lake.rows() if row[:2] != (COURSE, "r2")] == others
    assert {row[3] for row in lake.rows() if row[:2] == (COURSE, "r2")} == {SECOND}


def test_rows_that_another_engine_deleted_stay_deleted_when_their_file_is_rewritten(lake):
    lake.land(FIRST, [a_round("r1", slots=3), a_round("r2")])
    lake.land(SECOND, [a_round("r2", pace=2.0)])
    lake.run(FIRST)
    lake.compact()
    delete_by_position(lake, "r1", 1)
    assert [row[1:3] for row in lake.rows() if row[1] == "r1"] == [("r1", 0), ("r1", 2)]

    lake.run(SECOND)

    assert [row[1:3] for row in lake.rows()] == [("r1", 0), ("r1", 2), ("r2", 0), ("r2", 1)]


def delete_by_position(lake: Lake, round_id: str, location_index: int) -> None:
    """Merge-on-read, as Athena deletes."""
    lake.spark.sql(f"ALTER TABLE {TABLE} SET TBLPROPERTIES ('write.delete.mode'='merge-on-read')")
    lake.spark.sql(f"DELETE FROM {TABLE} WHERE round_id = '{round_id}' AND location_index = {location_index}")
    assert lake.spark.sql(f"SELECT count(*) AS n FROM {TABLE}.delete_files").first().n == 1


def test_a_broken_file_fails_its_own_delivery_and_the_others_are_committed(lake):
    lake.land(FIRST, [a_round("r1")])
    lake.store.put(f"s3://landing/{Prefix('erinhills', FIRST).key}broken.csv.gz", b"\x1f\x8bnot gzip")

    with pytest.raises(
        IncompleteRunError, match=r"PARTIAL: 2 of 3.*erinhills.*broken.csv.gz: its gzip.*nothing is landed"
    ):
        lake.run(FIRST, courses=(COURSE, "erinhills", "nowhere"))

    assert lake.paces() == {"r1": 1.0}
    summaries = [each.uri for each in lake.store.list("s3://observability/silver/")]
    assert summaries == [f"s3://observability/silver/{Prefix(COURSE, FIRST).key}run_id=run-1/summary.json"]
