"""What is kept of a run: artifacts, work folders, and the reason of a failure."""

import json
import re
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest
from unit_settings import SETTINGS

from tm_lakehouse.cost import statements
from tm_lakehouse.cost.statements import Statement
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.silver_to_gold.dbt_runner import DbtOutcome
from tm_lakehouse.silver_to_gold.gold_run import WORK_FOLDERS_KEPT, build_gold, forget_old_work
from tm_lakehouse.silver_to_gold.run_id import new_run_id


@dataclass
class PlayedDbt:
    """A dbt that leaves the given files in its target folder."""

    work: Path
    outcome: DbtOutcome
    leaves: list[str] = field(default_factory=list)
    sources: dict | None = None
    looked: DbtOutcome = field(default_factory=lambda: DbtOutcome(0))

    def started(self):
        return nullcontext(self)

    @property
    def target(self):
        return self.work / "target"

    def build(self, *_, **__):
        self._leave("manifest.json")
        return self.outcome

    def freshness(self):
        if self.sources:
            self.target.mkdir(parents=True, exist_ok=True)
            (self.target / "sources.json").write_text(json.dumps(self.sources), encoding="utf-8")
        return self.looked

    def docs(self):
        self._leave("catalog.json", "static_index.html", "index.html")
        return DbtOutcome(0)

    def _leave(self, *names):
        self.target.mkdir(parents=True, exist_ok=True)
        for name in set(names) & set(self.leaves):
            (self.target / name).write_text(name, encoding="utf-8")


@pytest.fixture
def bucket(monkeypatch):
    """What was put into the bucket, in order."""
    put = {}

    class Keeping:
        def put_object(self, **call):
            put[call["Key"]] = call["Body"].decode()

    monkeypatch.setattr(boto3, "client", lambda _: Keeping())
    return put


def test_artifacts_lie_below_the_run_with_the_summary_last(bucket, tmp_path):
    left = ["manifest.json", "catalog.json", "static_index.html", "index.html"]
    build_gold(PlayedDbt(tmp_path / "r1", DbtOutcome(0), left), SETTINGS, "r1")
    names = ["manifest.json", "catalog.json", "index.html", "summary.json"]
    assert list(bucket) == [f"dbt_artifacts/run_id=r1/{name}" for name in names]
    assert bucket["dbt_artifacts/run_id=r1/index.html"] == "static_index.html"


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (DbtOutcome(2, "no profile", ["Error"]), "no profile"),
        (DbtOutcome(1, None, ["Traceback", "RuntimeError: broken", ""]), "RuntimeError: broken"),
        (DbtOutcome(1), "dbt said nothing."),
    ],
)
def test_run_that_failed_at_once_leaves_its_reason(bucket, tmp_path, outcome, reason):
    summary = build_gold(PlayedDbt(tmp_path / "r1", outcome), SETTINGS, "r1")
    assert not summary.succeeded
    assert list(bucket) == ["dbt_artifacts/run_id=r1/summary.json"]
    assert json.loads(bucket["dbt_artifacts/run_id=r1/summary.json"])["reason"] == reason


RUN_RESULTS = {
    "metadata": {
        "dbt_schema_version": "https://schemas.getdbt.com/dbt/run-results/v6.json",
        "dbt_version": "1.11.16",
        "generated_at": "2025-09-01T00:00:00Z",
        "invocation_id": "i1",
        "env": {},
    },
    "results": [],
    "elapsed_time": 1.0,
    "args": {},
}


@pytest.fixture
def dbt_that_ran(tmp_path):
    """A dbt that has sent statements, as its results say."""
    dbt = PlayedDbt(tmp_path / "r1", DbtOutcome(0))
    dbt.target.mkdir(parents=True)
    (dbt.target / "run_results.json").write_text(json.dumps(RUN_RESULTS), encoding="utf-8")
    return dbt


def test_the_summary_that_is_kept_tells_what_the_runs_own_statements_cost(bucket, dbt_that_ran, monkeypatch):
    own, other = (
        Statement(name, datetime.now(UTC), "DML", "SUCCEEDED", 7, 1, False, "SELECT 1", name) for name in ("i1", "i2")
    )
    monkeypatch.setattr(statements, "read_statements", lambda *_: [own, other])
    summary = build_gold(dbt_that_ran, SETTINGS, "r1")
    kept = json.loads(bucket["dbt_artifacts/run_id=r1/summary.json"])
    assert (summary.statements, kept["statements"], kept["bytes_scanned"]) == (1, 1, 7)


def test_artifacts_are_kept_when_athena_does_not_tell_what_the_run_cost(bucket, dbt_that_ran, monkeypatch):
    def untold(*_):
        raise LakehouseError("untold", "again")

    monkeypatch.setattr(statements, "read_statements", untold)
    with pytest.raises(LakehouseError, match="untold"):
        build_gold(dbt_that_ran, SETTINGS, "r1")
    assert {Path(key).name for key in bucket} == {"run_results.json", "summary.json"}


def test_only_the_latest_work_folders_stay(tmp_path):
    runs = [f"2024010{day}T000000Z-a" for day in range(1, 8)]
    for run in runs:
        (tmp_path / run).mkdir()
    forget_old_work(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == runs[-WORK_FOLDERS_KEPT:]


def test_run_ids_sort_by_time_and_differ():
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{8}", new_run_id())
    assert new_run_id() != new_run_id()


def test_summary_tells_how_fresh_the_sources_are_also_of_a_build_that_failed(bucket, tmp_path):
    broken = {"unique_id": "source.tm_lakehouse.silver.a", "error": "no such table", "status": "runtime error"}
    metadata = {"dbt_schema_version": "https://schemas.getdbt.com/dbt/sources/v3.json"}
    sources = {"metadata": metadata, "results": [broken], "elapsed_time": 1.0}
    summary = build_gold(PlayedDbt(tmp_path / "r1", DbtOutcome(1, "no"), sources=sources), SETTINGS, "r1")
    assert [(each.source, each.message) for each in summary.freshness] == [("silver.a", "no such table")]
    kept = json.loads(bucket["dbt_artifacts/run_id=r1/summary.json"])
    assert kept["freshness"][0]["source"] == "silver.a"


def test_summary_tells_why_dbt_could_not_look_how_fresh_the_sources_are(bucket, tmp_path):
    looked = DbtOutcome(2, lines=["starting", "Runtime Error: no such profile", ""])
    summary = build_gold(PlayedDbt(tmp_path / "r1", DbtOutcome(0), looked=looked), SETTINGS, "r1")
    assert [str(each) for each in summary.freshness] == [
        "age of all sources is unknown: Runtime Error: no such profile"
    ]
