"""Landing to Silver, step by step: which deliveries, one run for all, and whether it did what it should."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.landing_to_silver.landed import Selection
from tm_lakehouse.landing_to_silver.object_store import ObjectStore
from tm_lakehouse.landing_to_silver.prefixes import Prefix, parse_date, parse_prefix
from tm_lakehouse.orchestration.glue import failure, followed, where_it_is_told
from tm_lakehouse.settings import Settings
from tm_lakehouse.silver_runs.choice import selected, still_pending
from tm_lakehouse.silver_runs.launch import RunOutcome, outcome_of, start_run
from tm_lakehouse.silver_runs.plan import MOST_DELIVERIES, split_into_runs


def landed_prefixes(store: ObjectStore, settings: Settings, ingest_date: str, courses: Collection[str]) -> list[str]:
    """The landed deliveries of a date, of all courses or of some.

    Raises:
        LakehouseError: nothing is landed, or more than one run takes.
    """
    day = parse_date(ingest_date)
    found = selected(store, settings, Selection(frozenset(courses), day, day))
    if len(found) > MOST_DELIVERIES:
        raise LakehouseError(
            f"{len(found):,} deliveries are too many for one run, which takes {MOST_DELIVERIES:,}.",
            "Name some of the courses.",
        )
    return [prefix.key for prefix in found]


def pending_prefixes(store: ObjectStore, settings: Settings, courses: Collection[str]) -> list[str]:
    """What is landed and not yet in Silver as it is landed: the oldest first, as much as one run takes."""
    runs = planned_runs(store, settings, None, None, courses)
    return runs[0] if runs else []


def planned_runs(
    store: ObjectStore, settings: Settings, first: str | None, last: str | None, courses: Collection[str]
) -> list[list[str]]:
    """What is landed of a range of dates and not yet in Silver, in runs of a good size, the oldest first."""
    days = [parse_date(each) if each else None for each in (first, last)]
    found = still_pending(store, settings, Selection(frozenset(courses), *days))
    runs = split_into_runs({prefix: chosen.size for prefix, chosen in found.items()})
    return [[prefix.key for prefix in run] for run in runs]


def still_owed(store: ObjectStore, settings: Settings, prefixes: Collection[str]) -> list[str]:
    """Those of some deliveries that are not yet in Silver as they are landed."""
    wanted = [parse_prefix(each) for each in prefixes]
    days = [each.ingest_date for each in wanted]
    chosen = still_pending(
        store, settings, Selection(frozenset(each.course_id for each in wanted), min(days), max(days))
    )
    return [each.key for each in wanted if each in chosen]


def overdue(store: ObjectStore, settings: Settings, before: datetime) -> list[str]:
    """Deliveries whose newest file was landed before a moment, and that Silver still does not hold."""
    found = still_pending(store, settings, Selection())
    return [prefix.key for prefix, chosen in found.items() if max(each.landed_at for each in chosen.objects) < before]


def start(settings: Settings, prefixes: Sequence[str]) -> str:
    """Start one run over all of them; its id."""
    return start_run(settings, [parse_prefix(each) for each in prefixes]).run_id


def finish(
    store: ObjectStore, settings: Settings, prefixes: Sequence[str], run_id: str, on_line: Callable[[str], None]
) -> dict[str, Any]:
    """Wait for a run's end, check it, and tell what it did. Whoever lost the run before can wait for it again.

    Raises:
        LakehouseError: it did not succeed, left a delivery out, or its accounts don't add up.
    """
    finished, last = followed(settings.glue_job_silver, run_id, on_line)
    outcome = outcome_of(store, settings, [parse_prefix(each) for each in prefixes], finished)
    if problems := problems_of(outcome, last):
        raise LakehouseError(f"The run {run_id} is not sound: {'; '.join(problems)}", where_it_is_told(run_id))
    return told(outcome)


def problems_of(outcome: RunOutcome, last_lines: Collection[str] = ()) -> list[str]:
    """What is wrong with a run, in words; empty for one that did all it was asked."""
    ended = failure(outcome.finished, last_lines)
    problems = [ended] if ended else []
    problems += [f"{each.course_id} {each.ingest_date} was left out: {each.reason}" for each in outcome.failures]
    for each in outcome.summaries:
        problems += [f"{each.course_id} {each.ingest_date}: {broken}" for broken in each.broken_invariants()]
    done = {Prefix(each.course_id, parse_date(each.ingest_date)) for each in outcome.summaries}
    left_out = {Prefix(each.course_id, parse_date(each.ingest_date)) for each in outcome.failures}
    untold = [each for each in outcome.prefixes if each not in done | left_out]
    return problems + [f"nothing is told of {each.key}" for each in untold]


def told(outcome: RunOutcome) -> dict[str, Any]:
    """What a sound run did, in numbers."""
    counts = ("records_read", "rounds_written", "rows_written", "duplicates", "quarantined_slots")
    sums = {name: sum(getattr(each, name) for each in outcome.summaries) for name in counts}
    return {"deliveries": len(outcome.summaries), **sums, **asdict(outcome.finished)}
