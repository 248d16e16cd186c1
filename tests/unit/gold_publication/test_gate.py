"""Which run may be shown to readers."""

from dataclasses import dataclass, replace

import pytest

from tm_lakehouse.gold_publication import gate
from tm_lakehouse.gold_publication.gate import what_readers_see, with_tested
from tm_lakehouse.gold_publication.records import Record
from tm_lakehouse.silver_to_gold.artifacts import NodeResult, RunFacts, summarise

MODEL = NodeResult("fact", "model", "success", 1.0, 1, 1, None, None, "gold_build.fact")
TEST = NodeResult("fact_has_key", "test", "pass", 1.0, None, 1, 0, None)
SOUND = replace(summarise(RunFacts("r", "", "", 1.0, 0), None), nodes=(MODEL, TEST))


@dataclass(frozen=True)
class FakeGold:
    """The journal's records."""

    journal: object = None
    build: str = "gold_build"


@dataclass(frozen=True)
class FakeJournal:
    """Nothing but what it was given."""

    records: tuple

    def read(self):
        return list(self.records)


@pytest.fixture(autouse=True)
def _snapshots(monkeypatch):
    monkeypatch.setattr(gate, "built_snapshots", lambda _, names: dict.fromkeys(names, 7))


def test_whole_run_whose_tests_held_may_be_shown():
    assert with_tested(FakeGold(), SOUND, is_whole=True).tested_snapshots == {"fact": 7}


def test_tables_of_other_databases_are_none_of_golds():
    elsewhere = replace(MODEL, name="other", relation="elsewhere.other")
    summary = replace(SOUND, nodes=(MODEL, elsewhere))
    assert set(with_tested(FakeGold(), summary, is_whole=True).tested_snapshots) == {"fact"}


@pytest.mark.parametrize(
    ("summary", "is_whole"),
    [
        (SOUND, False),
        (replace(SOUND, succeeded=False, exit_code=1), True),
        (replace(SOUND, nodes=(MODEL, replace(MODEL, status="skipped"))), True),
        (replace(SOUND, nodes=()), True),
    ],
)
def test_selections_failures_and_models_left_out_are_not_shown(summary, is_whole):
    assert with_tested(FakeGold(), summary, is_whole=is_whole).tested_snapshots == {}


def test_what_readers_see_is_named_after_a_rollback_too():
    first = Record(1, "publication", "finished", "me", "2025-09-01T01:00", finished_at="2025-09-01T01:01")
    back = Record(3, "rollback", "finished", "me", "2025-09-01T03:00", finished_at="2025-09-01T03:01", to="000001")
    assert what_readers_see(FakeGold(FakeJournal(()))) == "readers see nothing yet"
    assert what_readers_see(FakeGold(FakeJournal((first,)))) == "readers keep publication 000001 of 2025-09-01T01:01"
    assert "000001 of 2025-09-01T03:01" in what_readers_see(FakeGold(FakeJournal((first, back))))
