"""Publications and rollbacks of small tables, as readers see them through Athena."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

import pytest

from tm_lakehouse.athena import Athena, QueryFailedError
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.gold_publication import publish as publishing
from tm_lakehouse.gold_publication.gold import Gold
from tm_lakehouse.gold_publication.move import move_all, read_pointers, resume
from tm_lakehouse.gold_publication.publish import built_snapshots, publish
from tm_lakehouse.gold_publication.records import read_record
from tm_lakehouse.gold_publication.rollback import plan_rollback, roll_back

TABLES = ("rounds", "totals")
NAMES = (*TABLES, "latest")


@dataclass(frozen=True)
class Trial:
    """A build database whose tables all hold one number, the version, and readers that query what is published."""

    gold: Gold
    builder: Athena
    reader: Athena
    versions: count

    def make(self, *tables):
        for table in tables:
            where = f"{self.gold.warehouse}/{self.gold.build}/{table}/made-{next(self.versions)}"
            self.builder.query(
                f"CREATE TABLE {table} (course_id string, version int) LOCATION '{where}' "
                "TBLPROPERTIES ('table_type' = 'ICEBERG', 'vacuum_max_snapshot_age_seconds' = '0')"
            )

    def build(self):
        """As an in-place build does it: no table is dropped or renamed."""
        version = next(self.versions)
        for table in TABLES:
            self.builder.query(f"DELETE FROM {table}")
            self.builder.query(f"INSERT INTO {table} VALUES ('erinhills', {version}), ('pinehurst4', {version})")
        return version

    def publish(self, names=NAMES):
        return publish(self.gold, "run", built_snapshots(self.gold, names))

    def seen(self):
        sql = ", ".join(f"(SELECT max(version) FROM {name})" for name in NAMES)
        return [int(value) for value in self.reader.query(f"SELECT {sql}").rows[0]]

    def rows(self, sql):
        return self.reader.query(sql).rows


@pytest.fixture(scope="module")
def trial(lakehouse) -> Trial:
    gold = Gold.of(lakehouse)
    trial = Trial(
        gold, Athena(gold.athena.workgroup, gold.build), Athena(gold.athena.workgroup, gold.database), count(1)
    )
    trial.make(*TABLES)
    trial.builder.query(f'CREATE VIEW latest AS SELECT version FROM "{gold.build}"."rounds"')
    return trial


@pytest.fixture
def published(trial):
    """A version that readers see: (version, publication)."""
    version = trial.build()
    return version, trial.publish()


def test_readers_see_a_build_when_it_is_published_and_not_before(trial, published):
    version, record = published
    assert trial.seen() == [version] * 3
    assert {table.rows for table in record.tables} == {2, None}

    later = trial.build()
    assert trial.seen() == [version] * 3
    trial.publish()
    assert trial.seen() == [later] * 3


def test_published_table_is_an_iceberg_table_whose_history_is_what_readers_saw(trial, published):
    version, record = published
    between = datetime.fromisoformat(record.finished_at)
    trial.build()
    later = trial.publish()

    tag = f"publication_{record.record_id}"
    assert trial.rows(f"SELECT DISTINCT version FROM rounds FOR VERSION AS OF '{tag}'") == [[str(version)]]
    moment = f"TIMESTAMP '{between:%Y-%m-%d %H:%M:%S.%f} UTC'"
    assert trial.rows(f"SELECT DISTINCT version FROM rounds FOR TIMESTAMP AS OF {moment}") == [[str(version)]]
    published_ids = {str(each.snapshot_id) for each in later.tables if each.name == "rounds"}
    assert (
        trial.rows('SELECT snapshot_id FROM "rounds$snapshots" ORDER BY committed_at DESC LIMIT 1')[0][0]
        in published_ids
    )
    described = [(line[0] or "").split()[:2] for line in trial.rows("DESCRIBE rounds")]
    assert [line for line in described if line and line[0] in ("course_id", "version")] == [
        ["course_id", "string"],
        ["version", "int"],
    ]


def test_upkeep_of_build_tables_takes_nothing_from_readers_and_frees_what_is_published_no_more(
    trial, published, monkeypatch
):
    monkeypatch.setattr(publishing, "KEPT_PUBLICATIONS", 2)
    version, kept = published
    rows = trial.rows("SELECT * FROM rounds ORDER BY 1")
    for _ in range(3):
        trial.build()
    for table in TABLES:
        trial.builder.query(f"OPTIMIZE {table} REWRITE DATA USING BIN_PACK")
        trial.builder.query(f"VACUUM {table}")

    assert trial.seen() == [version] * 3
    assert trial.rows("SELECT * FROM rounds ORDER BY 1") == rows
    first = kept.tables[1].manifest_list
    assert trial.gold.catalog.exists(first)

    for _ in range(2):
        trial.build()
        last = trial.publish()
    trial.builder.query("VACUUM rounds")
    tags = {row[0] for row in trial.builder.query("SELECT name FROM \"rounds$refs\" WHERE type = 'TAG'").rows}
    assert tags == {f"publication_{last.number - 1:06d}", f"publication_{last.number:06d}"}
    assert not trial.gold.catalog.exists(first), "nothing was expired, so the test showed nothing"
    assert trial.rows("SELECT count(*) FROM rounds") == [["2"]]


def test_nothing_can_be_expired_through_a_published_table(trial, published):
    with pytest.raises(QueryFailedError, match="GC is disabled"):
        trial.rows("VACUUM rounds")


def test_rollback_moves_all_tables_together_and_leaves_an_audit_record(trial, published, lakehouse, client):
    version, record = published
    trial.build()
    trial.publish()

    planned = plan_rollback(trial.gold, record.record_id, reason="wrong time zone")
    assert trial.seen() != [version] * 3, "a plan changes nothing"
    done = roll_back(trial.gold, planned)

    assert trial.seen() == [version] * 3
    key = f"rollbacks/rollback_id={done.record_id}/record.json"
    kept = json.loads(client("s3").get_object(Bucket=lakehouse.bucket_observability, Key=key)["Body"].read())
    assert (kept["reason"], kept["to"], kept["status"]) == ("wrong time zone", record.record_id, "finished")
    assert kept["by"] == client("sts").get_caller_identity()["Arn"]
    assert kept["before"]["rounds"] != kept["tables"][1]["table_input"]["Parameters"]["metadata_location"]

    newest = trial.build()
    trial.publish()
    assert trial.seen() == [newest] * 3, "the next build publishes anew"


def test_rollback_to_a_time_brings_what_readers_saw_then(trial, published):
    version, record = published
    trial.build()
    trial.publish()
    moment = datetime.fromisoformat(record.finished_at) + timedelta(milliseconds=1)
    roll_back(trial.gold, plan_rollback(trial.gold, moment.isoformat()))
    assert trial.seen() == [version] * 3


def test_rollback_of_one_table_by_its_snapshot_leaves_the_others(trial, published):
    version, record = published
    later = trial.build()
    trial.publish()
    snapshot = next(table.snapshot_id for table in record.tables if table.name == "totals")
    roll_back(trial.gold, plan_rollback(trial.gold, str(snapshot), ["totals"]))
    assert trial.seen() == [later, version, later]


def test_of_two_records_that_are_moved_at_once_the_newer_wins(trial, published):
    _, older = published
    stale = read_pointers(trial.gold, NAMES)
    newer = trial.build()
    trial.publish()
    late = read_record(older.to_json())
    trial.gold.catalog.move(trial.gold.database, late.tables[1].table_input, read_pointers(trial.gold, NAMES)["rounds"])

    with pytest.raises(LakehouseError, match="has taken over"):
        move_all(trial.gold, late, {**stale, "rounds": stale["totals"]})

    assert trial.seen()[1] == newer


def test_what_stopped_between_two_tables_is_finished_by_resume(trial, published):
    version, record = published
    trial.build()
    trial.publish()
    half = trial.gold.journal.change(replace(record, number=record.number + 2), "started", finished_at=None)
    target = next(table for table in half.tables if table.name == "rounds")
    trial.gold.catalog.move(trial.gold.database, target.table_input, read_pointers(trial.gold, ["rounds"])["rounds"])
    assert len(set(trial.seen())) == 2

    assert resume(trial.gold).record_id == half.record_id
    assert trial.seen() == [version] * 3
    assert resume(trial.gold) is None


def test_a_number_is_taken_once(trial, published):
    _, record = published
    with pytest.raises(LakehouseError, match="was just taken"):
        trial.gold.journal.create(record)


def test_table_without_a_model_stays_and_is_named(trial):
    trial.make("retired")
    trial.build()
    trial.builder.query("INSERT INTO retired VALUES ('erinhills', 1)")
    trial.publish((*NAMES, "retired"))
    trial.build()
    record = trial.publish()
    assert record.not_built == ("retired",)
    assert trial.rows("SELECT version FROM retired") == [["1"]]


def test_table_that_never_held_a_row_is_published_empty(trial):
    trial.make("empty")
    trial.build()
    trial.publish((*NAMES, "empty"))
    assert trial.rows("SELECT count(*) FROM empty") == [["0"]]


def test_publication_whose_files_are_gone_is_refused_and_readers_keep_what_they_see(trial, published):
    _, record = published
    trial.builder.query("DROP TABLE totals")
    trial.make("totals")
    version = trial.build()
    trial.publish()

    with pytest.raises(LakehouseError, match="can't be read any more"):
        plan_rollback(trial.gold, record.record_id)
    assert trial.seen() == [version] * 3


def test_a_snapshot_that_is_gone_is_not_published(trial, published):
    version, _ = published
    tested = built_snapshots(trial.gold, NAMES)
    trial.build()
    for table in TABLES:
        trial.builder.query(f"VACUUM {table}")
    with pytest.raises(LakehouseError, match="no longer holds the tested snapshot"):
        publish(trial.gold, "run", {**tested, "rounds": 1})
    assert trial.seen() == [version] * 3
