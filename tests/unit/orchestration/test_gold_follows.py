"""Gold is behind when Silver's rounds changed after the build that was published last had begun."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tm_lakehouse.gold_publication.catalog import Pointer
from tm_lakehouse.gold_publication.gold import Gold
from tm_lakehouse.gold_publication.records import Record
from tm_lakehouse.orchestration.gold_follows import is_behind
from tm_lakehouse.settings import Settings

SETTINGS = SimpleNamespace(db_silver="silver")
NOTHING_YET = object()


def snapshot(time, operation="append"):
    moment = datetime.fromisoformat(f"2026-03-01T{time}+00:00")
    return {"snapshot-id": 1, "timestamp-ms": int(moment.timestamp() * 1_000), "summary": {"operation": operation}}


def publication(number, built, kind="publication"):
    run_id = f"20260301T{built}Z-abcd" if built else None
    return Record(number, kind, "finished", "me", datetime.now(UTC).isoformat(), run_id=run_id)


@pytest.fixture
def behind(monkeypatch):
    """The answer, for a state of Silver and a journal."""

    def ask(silver, *journal):
        table = {"Parameters": {"metadata_location": "s3://silver/m.json"}}
        catalog = SimpleNamespace(
            pointer=lambda database, name: None if silver is NOTHING_YET else Pointer(table, "1"),
            read_metadata=lambda location: {"snapshots": silver},
        )
        gold = SimpleNamespace(catalog=catalog, journal=SimpleNamespace(read=lambda: list(journal)))
        monkeypatch.setattr(Gold, "of", classmethod(lambda cls, settings: gold))
        settings: Settings = SETTINGS
        return is_behind(settings)

    return ask


def test_gold_that_was_built_after_the_last_change_follows(behind):
    assert not behind([snapshot("10:00:00")], publication(1, "090000"), publication(2, "100001"))


def test_gold_that_was_built_before_or_while_silver_changed_is_behind(behind):
    assert behind([snapshot("09:00:00"), snapshot("10:00:00")], publication(1, "095959"))
    assert behind([snapshot("10:00:00")], publication(1, "100000"))


def test_gold_that_was_never_published_is_behind_what_silver_holds(behind):
    assert behind([snapshot("10:00:00")])


def test_a_silver_that_never_held_a_row_is_followed(behind):
    assert not behind(NOTHING_YET)
    assert not behind([])


def test_compaction_changes_no_row(behind):
    silver = [snapshot("10:00:00"), snapshot("12:00:00", operation="replace")]
    assert not behind(silver, publication(1, "110000"))


def test_a_rollback_is_no_reason_to_build(behind):
    assert not behind([snapshot("10:00:00")], publication(1, "110000"), publication(2, None, kind="rollback"))
