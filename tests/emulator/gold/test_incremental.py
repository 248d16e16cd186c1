"""A delivery changes Gold by its rounds, and Gold stays what a full refresh would make of Silver.

Each test brings deliveries to a lake that holds others already, so they hold in any order.
"""

import datetime as dt
import itertools
from dataclasses import dataclass, field, fields, replace

import boto3
import pytest

from tm_lakehouse.cli.target import project_root
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.silver_to_gold.dbt_runner import Selection, find_dbt
from tm_lakehouse.tables import dim_course_profile
from tm_lakehouse.topology.refresh import refresh

STATE = {"changed_inputs", "changed_rounds", "consumed_inputs"}
MODELS = ["resource_type:model"]
BY_ROUND = {
    "device_health_errors", "fact_round_hole_performance", "fact_rounds", "pace_summary_by_round", "round_column_gaps",
    "round_hours", "signal_quality_rounds",
}  # fmt: skip
FALLS, HILLS = "americanfalls", "erinhills"
RUN = RunSummary(
    **dict.fromkeys(("started_at", "finished_at", "code_version"), ""),
    **dict.fromkeys((each.name for each in fields(RunSummary) if each.type is int), 0),
    run_id="", course_id="", ingest_date="",
)  # fmt: skip


def day(number):
    return dt.date(2024, 6, number)


def a_round(round_id, played, *, pace=10.0, holes=3, **attributes):
    """Two fixes a hole, from noon on; the second device of a shared cart takes over on the last hole."""
    noon = dt.datetime.combine(played, dt.time(12)) if played else None
    return [
        {
            "round_id": round_id,
            "location_index": index,
            "hole_number": index // 2 + 1,
            "section_number": index + 1,
            "hole_section": index % 2 + 1,
            "nine_number": 1,
            "loop_number": 1,
            "fix_timestamp": (noon + dt.timedelta(minutes=25 * index)).isoformat() if noon else None,
            "event_date": played.isoformat() if played else None,
            "pace": pace + index,
            "pace_gap": pace * 2 + index / 8,
            "battery_percentage": 60.0 - pace - index,
            "device": f"{round_id}-{index // 4}",
            "start_hole": 1,
        }
        | attributes
        for index in range(2 * holes)
    ]


def padding(round_id, played):
    return [{"round_id": round_id, "location_index": 0, "pace": 1.0, "event_date": played.isoformat()}]


@dataclass
class Lake:
    """Silver as its job leaves it, and Gold twice: kept by builds, and made whole for comparison."""

    settings: object
    athena: object
    add_fixes: object
    add_summaries: object
    dbt: object
    whole: str
    numbers: itertools.count = field(default_factory=itertools.count)

    def deliver(self, course, ingest_date, rounds, *, tells_dates=True):
        """What a Silver run does: the delivery's rows, instead of what it and these rounds were before."""
        ids = sorted({fix["round_id"] for fix in rounds})
        listed = ", ".join(f"'{each}'" for each in ids) or "''"
        self.athena.query(
            f"DELETE FROM fact_telemetry_event WHERE course_id = '{course}' "
            f"AND (ingest_date = DATE '{ingest_date}' OR round_id IN ({listed}))"
        )
        if rounds:
            self.add_fixes([fix | {"course_id": course, "ingest_date": ingest_date.isoformat()} for fix in rounds])
        dates = sorted(fix["event_date"] for fix in rounds if fix["event_date"])
        now = dt.datetime.now(dt.UTC).isoformat()
        summary = replace(
            RUN,
            run_id=f"run-{next(self.numbers)}", course_id=course, ingest_date=ingest_date.isoformat(),
            started_at=now, finished_at=now, slots_read=len(rounds), rows_written=len(rounds),
        )  # fmt: skip
        if tells_dates:
            summary = replace(
                summary,
                first_event_date=dates[0] if dates else None,
                last_event_date=dates[-1] if dates else None,
                rows_without_event_date=len(rounds) - len(dates),
            )
        self.add_summaries([summary])

    def bring_to_gold(self, select=MODELS, *, gold=None, **options):
        """Run dbt, without the tests of tables unless `select` has them."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TM_DB_GOLD_BUILD", gold or self.settings.db_gold_build)
            patch.setenv("DBT_INDIRECT_SELECTION", "empty")
            outcome = self.dbt.build(Selection(models=select), **options)
        assert outcome.exit_code == 0, "\n".join(outcome.lines[-40:])

    def differences(self):
        """Tables that differ from a full refresh, with the number of rows that one has and the other hasn't."""
        self.bring_to_gold(gold=self.whole, full_refresh=True)
        compared = " UNION ALL ".join(self._compared(table) for table in sorted(self.tables() - STATE))
        return {name: int(rows) for name, rows in self.athena.query(compared).rows if rows != "0"}

    def tables(self):
        listed = boto3.client("glue").get_tables(DatabaseName=self.settings.db_gold_build)["TableList"]
        return {table["Name"] for table in listed}

    def snapshots(self, gold=None):
        """The snapshots of each table, oldest first."""
        return {table: self._snapshots(gold or self.settings.db_gold_build, table) for table in self.tables()}

    def rounds(self, table="fact_rounds"):
        rows = self.athena.query(f'SELECT DISTINCT round_id FROM "{self.settings.db_gold_build}"."{table}"').rows
        return {round_id for (round_id,) in rows}

    def _snapshots(self, gold, table):
        found = self.athena.query(f'SELECT snapshot_id FROM "{gold}"."{table}$snapshots" ORDER BY committed_at')
        return [snapshot for (snapshot,) in found.rows]

    def _compared(self, table):
        listed = boto3.client("glue").get_table(DatabaseName=self.whole, Name=table)["Table"]
        columns = ", ".join(column["Name"] for column in listed["StorageDescriptor"]["Columns"])
        kept, whole = (
            f'SELECT {columns} FROM "{gold}"."{table}"' for gold in (self.settings.db_gold_build, self.whole)
        )
        return (
            f"SELECT '{table}', count(*) FROM "
            f"(({kept} EXCEPT ALL {whole}) UNION ALL ({whole} EXCEPT ALL {kept})) AS differing"
        )


@pytest.fixture(scope="module")
def lake(lakehouse, athena, add_fixes, add_summaries, tmp_path_factory):
    """Two courses with a day each, and Gold built of them."""
    whole = f"{lakehouse.db_gold_build}_whole"
    boto3.client("glue").create_database(DatabaseInput={"Name": whole})
    dbt = replace(find_dbt(project_root(), "incremental"), work=tmp_path_factory.mktemp("dbt"))
    lake = Lake(lakehouse, athena, add_fixes, add_summaries, dbt, whole)
    add_fixes([])
    refresh(lakehouse)
    first = [*a_round("f1", day(1)), *a_round("f2", day(1), pace=45.0), *a_round("f3", None)]
    lake.deliver(FALLS, day(2), first)
    lake.deliver(HILLS, day(2), [*a_round("h1", day(1)), *a_round("h2", day(2), device=None)])
    lake.bring_to_gold()
    yield lake
    for table in boto3.client("glue").get_tables(DatabaseName=whole)["TableList"]:
        boto3.client("glue").delete_table(DatabaseName=whole, Name=table["Name"])
    boto3.client("glue").delete_database(Name=whole)


@pytest.fixture(scope="module")
def after_two_builds(lake):
    """Two builds, each of many deliveries; the second's change what the first's brought. What rounds each left."""
    lake.deliver(FALLS, day(3), [*a_round("f10", day(3)), *a_round("f11", day(3), pace=50.0)])
    lake.deliver(HILLS, day(4), [*a_round("h20", day(4), pace=50.0, holes=4), *a_round("h21", day(4))])
    lake.deliver(FALLS, day(5), [*a_round("f40", day(5), pace=50.0), *a_round("f41", day(5), pace=50.0)])
    lake.deliver(HILLS, day(5), [*a_round("h30", day(5), pace=50.0), *a_round("h31", day(5), pace=50.0)])
    lake.deliver(HILLS, day(7), a_round("h50", day(7), pace=50.0))
    lake.deliver(HILLS, day(8), a_round("h51", dt.date(2022, 2, 28)), tells_dates=False)
    lake.deliver(FALLS, day(9), a_round("f60", day(9), pace=50.0))
    lake.bring_to_gold()
    first = {table: lake.rounds(table) for table in BY_ROUND}

    came_again_without_f40 = a_round("f41", day(5), pace=50.0)
    lake.deliver(FALLS, day(5), came_again_without_f40)
    full_battery_and_one_hole, padding_only = a_round("h30", day(5), pace=0.0, holes=1), padding("h31", day(5))
    lake.deliver(HILLS, day(6), [*full_battery_and_one_hole, *padding_only])
    lake.deliver(HILLS, day(7), [])
    lake.deliver(FALLS, day(8), [*a_round("f50", dt.date(2023, 12, 31)), *a_round("f51", None)])
    # A run took f60 from its first date and was killed after its commit; the run after it found nothing to take.
    lake.athena.query(f"UPDATE fact_telemetry_event SET ingest_date = DATE '{day(10)}' WHERE round_id = 'f60'")
    lake.deliver(FALLS, day(10), a_round("f60", day(9), pace=50.0, holes=1))
    lake.bring_to_gold()
    return first, {table: lake.rounds(table) for table in BY_ROUND}


def test_new_days_are_added(after_two_builds):
    first, second = after_two_builds
    assert first["fact_rounds"] >= {"f1", "f2", "f3", "f10", "f11", "h20", "h21"}
    assert second["fact_rounds"] >= {"f1", "f2", "f3", "f10", "f11", "h20", "h21"}


def test_late_rounds_and_those_of_a_summary_without_dates_are_added(after_two_builds):
    first, second = after_two_builds
    assert "h51" in first["fact_rounds"]
    assert second["fact_rounds"] >= {"f50", "f51", "h51"}


def test_rounds_that_are_gone_go_from_every_table(after_two_builds):
    """From a file landed again, as padding only, and with a delivery that is quarantined whole now."""
    first, second = after_two_builds
    assert first["fact_rounds"] >= {"f40", "h31", "h50"}
    assert {table: left for table, rounds in second.items() if (left := rounds & {"f40", "h31", "h50"})} == {}


def test_changed_rounds_are_what_a_full_refresh_makes_of_them(lake, after_two_builds):
    """Corrected, gone, late, undated, and found under a date that no summary tells of."""
    assert lake.differences() == {}


def test_a_changed_time_zone_and_changed_columns_reach_every_row(lake):
    gold = lake.settings.db_gold_build
    profiles = dim_course_profile.TABLE.name
    lake.athena.query(f"UPDATE {profiles} SET time_zone = 'Asia/Tokyo' WHERE course_id = '{HILLS}'")
    for table, column in {"fact_rounds": "device", "dim_course": "time_zone"}.items():
        lake.athena.query(f"ALTER TABLE {table} DROP COLUMN {column}", gold)
        lake.athena.query(f"ALTER TABLE {table} ADD COLUMNS (of_old string)", gold)
    lake.bring_to_gold()

    assert "of_old" not in lake.athena.query("SELECT * FROM fact_rounds LIMIT 1", gold).columns
    assert lake.differences() == {}


def test_killed_and_partial_builds_are_made_good_by_the_next(lake):
    """Killed when the first table by round was done; then only that table built. One round came, one went."""
    lake.deliver(FALLS, day(11), a_round("f70", day(11), pace=50.0))
    lake.bring_to_gold()
    lake.deliver(FALLS, day(11), a_round("f71", day(11)))

    def kill(node):
        if node.name == "fact_rounds":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lake.bring_to_gold(on_node=kill)
    lake.bring_to_gold(["changed_inputs", "changed_rounds", "fact_rounds", "consumed_inputs"])
    assert {table for table in BY_ROUND if "f70" in lake.rounds(table)}

    lake.bring_to_gold()
    assert lake.differences() == {}


def test_a_second_build_commits_nothing(lake):
    lake.bring_to_gold()
    before = lake.snapshots()
    lake.bring_to_gold()

    assert lake.snapshots() == before


def test_no_build_drops_a_table_or_takes_a_snapshot_from_its_readers(lake):
    def created():
        listed = boto3.client("glue").get_tables(DatabaseName=gold)["TableList"]
        return {table["Name"]: (table["CreateTime"], table["StorageDescriptor"]["Location"]) for table in listed}

    gold = lake.settings.db_gold_build
    tables, snapshots = created(), lake.snapshots()
    published = f'SELECT * FROM "{gold}"."fact_rounds" FOR VERSION AS OF {snapshots["fact_rounds"][-1]} ORDER BY 1, 2'
    content = lake.athena.query(published).rows
    lake.bring_to_gold(full_refresh=True)

    assert created() == tables
    now = lake.snapshots()
    assert all(now[table][: len(snapshots[table])] == snapshots[table] for table in tables)
    assert all(len(now[table]) <= len(snapshots[table]) + 1 for table in tables)
    assert lake.athena.query(published).rows == content


def test_a_full_refresh_takes_away_rows_that_came_twice(lake):
    gold = lake.settings.db_gold_build
    for table in ("fact_rounds", "dim_course"):
        lake.athena.query(f"INSERT INTO {table} SELECT * FROM {table}", gold)
    lake.bring_to_gold(["fact_rounds", "dim_course"], full_refresh=True)

    assert lake.differences() == {}


def test_tests_hold_after_all_this_and_look_at_what_a_build_changed(lake):
    lake.deliver(FALLS, day(20), [*a_round("f60", day(20)), *a_round("f61", day(20))])
    lake.bring_to_gold([])

    lake.deliver(FALLS, day(21), [*a_round("f62", day(21)), *a_round("f62", day(21))])
    with pytest.raises(AssertionError, match="fact_telemetry_event_has_sound_rows"):
        lake.bring_to_gold([])
    lake.deliver(FALLS, day(21), a_round("f62", day(21)))
    lake.bring_to_gold([])
