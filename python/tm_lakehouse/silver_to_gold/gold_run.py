"""One run of dbt from Silver to Gold, and what is kept of it."""

import json
import shutil
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tm_lakehouse.cost.statements import Statement, read_dbt_statements
from tm_lakehouse.metrics import publish
from tm_lakehouse.settings import Settings
from tm_lakehouse.silver_to_gold.artifacts import RunSummary
from tm_lakehouse.silver_to_gold.dbt_runner import WHOLE, Dbt, DbtOutcome, OnNode, Selection, ignore_progress
from tm_lakehouse.silver_to_gold.freshness import SourceFreshness, read_freshness
from tm_lakehouse.silver_to_gold.metrics import gold_metrics
from tm_lakehouse.silver_to_gold.parts import Part, invocation_ids, joined_results, summary_of
from tm_lakehouse.silver_to_gold.publish import upload, upload_summary

WORK_FOLDERS_KEPT = 5
RUN_RESULTS = "run_results.json"


def build_gold(
    dbt: Dbt,
    settings: Settings,
    run_id: str,
    select: Sequence[str] = (),
    *,
    full_refresh: bool = False,
    on_node: OnNode = ignore_progress,
) -> RunSummary:
    """Run dbt and keep its artifacts for observability, also when it failed: the summary says how it ended."""
    selection = Selection(models=select) if select else WHOLE
    with dbt.started() as started:
        part = build_part(started, selection, full_refresh=full_refresh, on_node=on_node)
        return keep(started, settings, run_id, [part])


def build_part(
    dbt: Dbt,
    selection: Selection,
    *,
    full_refresh: bool = False,
    is_first: bool = True,
    on_node: OnNode = ignore_progress,
) -> Part:
    """One build by dbt. How fresh the sources are is looked up first: a build's manifest is the one to keep."""
    started = datetime.now(UTC)
    clock = time.monotonic()
    freshness = _freshness(dbt.freshness(), dbt.target) if is_first else ()
    outcome = dbt.build(selection, full_refresh=full_refresh, on_node=on_node)
    return Part(
        started_at=started.isoformat(),
        finished_at=datetime.now(UTC).isoformat(),
        elapsed_seconds=time.monotonic() - clock,
        exit_code=outcome.exit_code,
        reason=_reason(outcome),
        run_results=_artifact(dbt.target / RUN_RESULTS),
        freshness=freshness,
    )


def keep(dbt: Dbt, settings: Settings, run_id: str, parts: Sequence[Part]) -> RunSummary:
    """Document what the run's parts left, and upload it with their summary; `dbt` is that of the last part."""
    if (dbt.target / "manifest.json").is_file():
        dbt.docs()
    if results := joined_results(parts):
        # dbt's own, but for the other parts' results in it.
        (dbt.target / RUN_RESULTS).write_text(json.dumps(results), encoding="utf-8")
    # First of all: the artifacts are kept even where Athena doesn't tell what the run cost.
    summary = summary_of(run_id, parts)
    upload(settings.bucket_observability, dbt.target, summary)
    if statements := statements_of(settings, parts):
        summary = summary_of(run_id, parts, statements, settings.price_athena_tib)
        upload_summary(settings.bucket_observability, run_id, summary.as_dict())
    publish(settings.metric_namespace, gold_metrics(summary))
    forget_old_work(dbt.work.parent)
    return summary


def statements_of(settings: Settings, parts: Sequence[Part]) -> list[Statement]:
    """What a run sent to Athena, its documentation and the look at freshness left out."""
    ids = invocation_ids(parts)
    if not ids:
        return []
    return read_dbt_statements(settings.athena_workgroup, ids, datetime.fromisoformat(parts[0].started_at))


def forget_old_work(folder: Path) -> None:
    """Keep the work folders of the latest runs, for looking into; their artifacts are in the bucket."""
    for old in sorted(path for path in folder.iterdir() if path.is_dir())[:-WORK_FOLDERS_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


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
