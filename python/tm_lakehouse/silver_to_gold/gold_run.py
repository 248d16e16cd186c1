"""One run of dbt from Silver to Gold, and what is kept of it."""

import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tm_lakehouse.cost.statements import Statement, read_dbt_statements
from tm_lakehouse.settings import Settings
from tm_lakehouse.silver_to_gold.artifacts import RunFacts, RunSummary, invocation_id, summarise
from tm_lakehouse.silver_to_gold.dbt_runner import Dbt, DbtOutcome, OnNode, ignore_progress
from tm_lakehouse.silver_to_gold.freshness import SourceFreshness, read_freshness
from tm_lakehouse.silver_to_gold.publish import upload, upload_summary

WORK_FOLDERS_KEPT = 5


def build_gold(
    dbt: Dbt,
    settings: Settings,
    run_id: str,
    select: Sequence[str] = (),
    *,
    full_refresh: bool = False,
    on_node: OnNode = ignore_progress,
) -> RunSummary:
    """Run dbt and keep its artifacts for observability, also when it failed: the summary says how it ended.

    How fresh the sources are is looked up first, since a build's manifest is the one to keep.
    """
    started = datetime.now(UTC)
    clock = time.monotonic()
    freshness = _freshness(dbt.freshness(), dbt.target)
    outcome = dbt.build(select, full_refresh=full_refresh, on_node=on_node)
    run_results = _artifact(dbt.target / "run_results.json")
    if (dbt.target / "manifest.json").is_file():
        dbt.docs()
    facts = RunFacts(
        run_id=run_id,
        started_at=started.isoformat(),
        finished_at=datetime.now(UTC).isoformat(),
        elapsed_seconds=time.monotonic() - clock,
        exit_code=outcome.exit_code,
        reason=_reason(outcome),
    )
    # First of all: the artifacts are kept even where Athena doesn't tell what the run cost.
    summary = replace(summarise(facts, run_results), freshness=freshness)
    upload(settings.bucket_observability, dbt.target, summary)
    if statements := _statements(settings.athena_workgroup, started, run_results):
        priced = summarise(facts, run_results, statements, settings.price_athena_tib)
        summary = replace(priced, freshness=freshness)
        upload_summary(settings.bucket_observability, run_id, summary.as_dict())
    forget_old_work(dbt.work.parent)
    return summary


def forget_old_work(folder: Path) -> None:
    """Keep the work folders of the latest runs, for looking into; their artifacts are in the bucket."""
    for old in sorted(path for path in folder.iterdir() if path.is_dir())[:-WORK_FOLDERS_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def _statements(workgroup: str, since: datetime, run_results: dict[str, Any] | None) -> list[Statement]:
    """What the run sent to Athena, its documentation and the look at freshness left out."""
    if run_results is None:
        return []
    return read_dbt_statements(workgroup, invocation_id(run_results), since)


def _freshness(looked: DbtOutcome, target: Path) -> tuple[SourceFreshness, ...]:
    """How fresh each source is; where dbt could not look, why."""
    if found := _artifact(target / "sources.json"):
        return read_freshness(found)
    reason = _reason(looked)
    return (SourceFreshness("all sources", "runtime error", message=reason),) if reason else ()


def _artifact(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _reason(outcome: DbtOutcome) -> str | None:
    """dbt's own reason; where it crashed without one, the last thing it said."""
    if outcome.exit_code == 0 or outcome.reason:
        return outcome.reason
    said = [line for line in outcome.lines if line.strip()]
    return said[-1] if said else "dbt said nothing."
