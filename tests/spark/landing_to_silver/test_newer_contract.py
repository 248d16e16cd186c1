"""A table, files and a job of an earlier contract meet the job of a contract that has columns more."""

import datetime as dt
import gc
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from pyspark.sql import SparkSession

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.landing_to_silver import existing_rounds, parquet_files, silver_rows, silver_table
from tm_lakehouse.landing_to_silver.judge import Rules
from tm_lakehouse.landing_to_silver.landed import landed_objects
from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.landing_to_silver.run import run
from tm_lakehouse.landing_to_silver.silver_table import SilverTable
from tm_lakehouse.landing_to_silver.tasks import TaskContext, Work, run_group
from tm_lakehouse.maintenance.upkeep import Policy, keep_up
from tm_lakehouse.tables.contract import Column, TableContract
from tm_lakehouse.tables.fact_telemetry_event import TABLE
from tm_lakehouse.tables.iceberg_evolution import evolve, types_of

pytestmark = [
    pytest.mark.filterwarnings("ignore:The distutils package:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
]

COURSE = "americanfalls"
FIRST, SECOND = dt.date(2024, 6, 1), dt.date(2024, 6, 2)
NAME = "lakehouse.silver.fact_telemetry_event"
# One of each type that a source field can have. They stand in the middle of the contract and come last in the table.
NEW = ("round_end_time", "goal_time", "goal_name", "goal_time_fraction", "is_complete")
VALUES = (dt.datetime.fromisoformat("2024-05-01T12:00:00"), 15840, "Default", 1.1, True)
NOTHING = (None,) * len(NEW)
OLDER = replace(TABLE, columns=tuple(each for each in TABLE.columns if each.name not in NEW))


def a_round(round_id: str, pace: float = 1.0) -> dict[str, Any]:
    """A round of two slots that has a value for every new column."""
    slots = [{"startTime": 10.0 * index, "hole": 1, "sectionNumber": index + 1, "pace": pace} for index in range(2)]
    goal = {"goalTime": 15840, "goalName": "Default", "goalTimeFraction": 1.1, "complete": True}
    times = {"startTime": "2024-05-01T10:00:00Z", "endTime": "2024-05-01T12:00:00Z"}
    return {"_id": round_id, "course": COURSE, "locations": slots, **goal, **times}


class Lake:
    """Land files; run the job of either contract; look."""

    def __init__(self, spark: SparkSession, settings, store, monkeypatch) -> None:
        self.spark, self.settings, self.store, self._monkeypatch = spark, settings, store, monkeypatch
        self.runs = 0

    def land(self, date: dt.date, rounds: Iterable[dict]) -> None:
        uri = f"s3://landing/{Prefix(COURSE, date).key}rounds.jsonl"
        self.store.put(uri, "\n".join(json.dumps(each) for each in rounds).encode())
        os.utime(self.store.path(uri), (1_700_000_000, 1_700_000_000))

    def run(self, date: dt.date) -> None:
        self.runs += 1
        run(self.spark, self.settings, [Prefix(COURSE, date)], f"newer-{self.runs}", self.store)

    def older(self) -> "OlderRun":
        return OlderRun(self, self._monkeypatch)

    def rows(self) -> list[tuple]:
        """Round, slot, pace and the new columns."""
        columns = ", ".join(("round_id", "location_index", "pace", *NEW))
        return [tuple(row) for row in self.spark.sql(f"SELECT {columns} FROM {NAME} ORDER BY 1, 2").collect()]

    def columns(self) -> list[tuple[str, str, str | None]]:
        fields = self.spark.table(NAME).schema.fields
        return [(each.name, each.dataType.simpleString(), each.metadata.get("comment")) for each in fields]

    def count(self, kind: str) -> int:
        return self.spark.sql(f"SELECT count(*) AS n FROM {NAME}.{kind}").first().n


class OlderRun:
    """The job as it was under the older contract: opened now, carried on when the test says so."""

    def __init__(self, lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
        self._lake, self._monkeypatch = lake, monkeypatch
        with self._contract():
            self.table = SilverTable.open_or_create(
                lake.spark, NAME, f"{lake.settings.iceberg_warehouse_silver}/silver/{TABLE.name}"
            )
            self._layout = self.table.layout

    def plan(self) -> silver_table.PlannedFiles:
        with self._contract():
            return self.table.plan(self.table.expressions.of_courses([COURSE]))

    def commit(self, date: dt.date, planned: silver_table.PlannedFiles) -> None:
        store, prefix = self._lake.store, Prefix(COURSE, date)
        context = TaskContext("older", Rules(), self._layout, store, "s3://quarantine/silver")
        with self._contract():
            work = Work(prefix, tuple(landed_objects(store, "landing", prefix)))
            made = run_group([work], context)
            assert [each.failure for each in made.outcomes] == [None]
            self.table.commit(planned, [], made.files, [COURSE], f"older-{date}")

    def run(self, date: dt.date) -> None:
        self.commit(date, self.plan())

    @contextmanager
    def _contract(self) -> Iterator[None]:
        with self._monkeypatch.context() as patch:
            for module in (silver_table, parquet_files, silver_rows, existing_rounds):
                patch.setattr(module, "TABLE", OLDER)
            yield


@pytest.fixture
def lake(spark, silver, settings, store, monkeypatch) -> Iterator[Lake]:
    """An older table that holds rounds r1 and r2 of the first date."""
    lake = Lake(spark, settings, store, monkeypatch)
    lake.land(FIRST, [a_round("r1"), a_round("r2")])
    lake.older().run(FIRST)
    yield lake
    gc.collect()


def rows_of(round_id: str, pace: float, values: tuple) -> list[tuple]:
    return [(round_id, index, pace, *values) for index in range(2)]


def test_the_fixture_is_a_table_without_the_new_columns(lake):
    assert [name for name, _, _ in lake.columns()] == list(OLDER.column_names)
    assert lake.count("files") == 1


def test_the_newer_job_adds_its_columns_last_with_type_and_meaning_and_rewrites_nothing(lake):
    files = [row.file_path for row in lake.spark.sql(f"SELECT file_path FROM {NAME}.files").collect()]

    SilverTable.open_or_create(lake.spark, NAME, "unused")

    expected = [(each.name, each.spark_type, each.meaning) for each in TABLE.columns if each.name in NEW]
    assert lake.columns()[-len(NEW) :] == expected
    assert [row.file_path for row in lake.spark.sql(f"SELECT file_path FROM {NAME}.files").collect()] == files
    assert lake.count("snapshots") == 1
    assert lake.rows() == rows_of("r1", 1.0, NOTHING) + rows_of("r2", 1.0, NOTHING)


def test_old_and_new_rows_stand_side_by_side(lake):
    lake.land(SECOND, [a_round("r3")])

    lake.run(SECOND)

    assert lake.rows() == rows_of("r1", 1.0, NOTHING) + rows_of("r2", 1.0, NOTHING) + rows_of("r3", 1.0, VALUES)


def test_running_an_old_date_again_fills_the_new_columns(lake):
    lake.run(FIRST)

    assert lake.rows() == rows_of("r1", 1.0, VALUES) + rows_of("r2", 1.0, VALUES)


def test_a_replaced_round_goes_from_an_old_file_and_the_others_of_it_stay(lake):
    lake.land(SECOND, [a_round("r2", pace=2.0)])

    lake.run(SECOND)

    assert lake.rows() == rows_of("r1", 1.0, NOTHING) + rows_of("r2", 2.0, VALUES)


def test_maintenance_packs_old_and_new_files_into_one_and_keeps_every_value(lake):
    lake.land(SECOND, [a_round("r3")])
    lake.run(SECOND)
    before = lake.rows()

    upkeep = keep_up(lake.spark, NAME, Policy(0, 0))

    assert (upkeep.before.data_files, upkeep.snapshots_expired > 0) == (2, True)
    assert lake.rows() == before


def test_a_file_that_older_code_commits_after_the_change_is_read(lake):
    lake.land(SECOND, [a_round("r3")])
    older = lake.older()
    planned = older.plan()
    SilverTable.open_or_create(lake.spark, NAME, "unused")

    older.commit(SECOND, planned)

    assert lake.rows()[-2:] == rows_of("r3", 1.0, NOTHING)


def test_older_code_that_plans_after_the_change_is_refused_before_it_rewrites_a_file(lake):
    older = lake.older()
    SilverTable.open_or_create(lake.spark, NAME, "unused")

    with pytest.raises(LakehouseError, match="has the column round_end_time, which its contract lacks"):
        older.plan()


def test_older_code_that_opens_a_newer_table_is_refused(lake):
    SilverTable.open_or_create(lake.spark, NAME, "unused")

    with pytest.raises(LakehouseError, match=r"round_end_time.*Run the code whose contract has it"):
        lake.older()


def test_a_changed_type_is_refused_and_changes_nothing(lake):
    lake.spark.sql(f"ALTER TABLE {NAME} ADD COLUMN goal_time bigint")
    before = lake.columns()

    with pytest.raises(LakehouseError, match="goal_time as bigint, its contract as int"):
        lake.run(FIRST)

    assert lake.columns() == before


class Overtaken:
    """A loaded table of which somebody else adds a column just before the first change of ours is committed."""

    def __init__(self, table: Any, other: Any) -> None:
        self._table, self._other = table, other
        self.changes = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)

    def updateSchema(self) -> Any:  # noqa: N802
        change = self._table.updateSchema()
        self.changes += 1
        if self.changes == 1:
            self._other()
        return change


def test_two_runs_that_open_the_table_at_once_add_each_column_once(lake):
    jvm = lake.spark._jvm
    loaded = jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(lake.spark._jsparkSession, NAME)
    other = jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(lake.spark._jsparkSession, NAME)
    table = Overtaken(loaded, lambda: evolve(jvm, other, with_only(NEW[:2]), NAME))

    added = evolve(jvm, table, TABLE, NAME)

    assert table.changes == 2
    assert added == list(NEW[2:])
    assert [name for name, _, _ in lake.columns()] == [*OLDER.column_names, *NEW]


def with_only(names: tuple[str, ...]) -> TableContract:
    return replace(TABLE, columns=tuple(each for each in TABLE.columns if each.name not in NEW or each.name in names))


def test_every_type_of_a_contract_can_be_added(lake):
    kinds = ("string", "int", "bigint", "double", "boolean", "date", "timestamp")
    more = replace(OLDER, columns=(*OLDER.columns, *(Column(f"new_{kind}", kind, "New.") for kind in kinds)))
    jvm = lake.spark._jvm
    table = jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(lake.spark._jsparkSession, NAME)

    evolve(jvm, table, more, NAME)

    assert list(types_of(table).items())[-len(kinds) :] == [(f"new_{kind}", kind) for kind in kinds]
    assert [(name, kind) for name, kind, _ in lake.columns()][-2:] == [
        ("new_date", "date"),
        ("new_timestamp", "timestamp_ntz"),
    ]
