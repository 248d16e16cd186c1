"""Which landed deliveries Silver does not hold as they are landed. Pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tm_lakehouse.landing_to_silver.prefixes import Prefix, parse_date
from tm_lakehouse.run_summary import RunSummary

NEVER_DONE = "no run has brought it to Silver"
FILES_CHANGED = "its files changed after the last run"
LATER_CHANGED = "a later delivery that had replaced some of its rounds has changed since"


def pending(
    landed: Mapping[Prefix, str], summaries: Iterable[RunSummary], plans: Iterable[RunSummary] = ()
) -> dict[Prefix, str]:
    """The deliveries to run, with the reason of each, by course and date.

    `landed` gives the fingerprint of each delivery's files; `summaries` are all that runs have written for these
    courses from the earliest of these dates on. A delivery is done when its latest summary read the files that are
    landed now, and no later date that has rounds of it may have let some go since: a round that a later date had
    replaced comes back only by running the older date again. `plans` tell of runs that may have died between their
    commit and their summary.
    """
    told = list(summaries)
    runs = _runs_by_delivery(told)
    changes = _changes_by_course(_runs_by_delivery([*told, *_untold(plans, told)]))
    reasons = {prefix: _reason(prefix, landed[prefix], runs, changes) for prefix in sorted(landed)}
    return {prefix: reason for prefix, reason in reasons.items() if reason}


def latest_summaries(summaries: Iterable[RunSummary]) -> dict[Prefix, RunSummary]:
    """The summary of each delivery's last run."""
    return {prefix: runs[-1] for prefix, runs in sorted(_runs_by_delivery(summaries).items())}


def prefix_of(summary: RunSummary) -> Prefix:
    """The delivery that a summary tells of."""
    return Prefix(summary.course_id, parse_date(summary.ingest_date))


_Runs = dict[Prefix, list[RunSummary]]


def _untold(plans: Iterable[RunSummary], summaries: Iterable[RunSummary]) -> list[RunSummary]:
    finished = {(each.run_id, prefix_of(each)) for each in summaries}
    return [plan for plan in plans if (plan.run_id, prefix_of(plan)) not in finished]


class _Change(NamedTuple):
    """A delivery's last run that may have let rounds go, and the dates from which any of its runs took some."""

    ingest_date: dt.date
    run: RunSummary
    taken_from: frozenset[dt.date]


def _runs_by_delivery(summaries: Iterable[RunSummary]) -> _Runs:
    runs: _Runs = defaultdict(list)
    for summary in sorted(summaries, key=lambda each: (each.finished_at, each.run_id)):
        runs[prefix_of(summary)].append(summary)
    return dict(runs)


def _changes_by_course(runs: _Runs) -> dict[str, list[_Change]]:
    """The last run of each delivery that may have let rounds go: of other files than before, or of fewer rounds."""
    changes: dict[str, list[_Change]] = defaultdict(list)
    for prefix, of_prefix in runs.items():
        changed = [
            each
            for number, each in enumerate(of_prefix)
            if each.rounds_dropped or (number and each.source_fingerprint != of_prefix[number - 1].source_fingerprint)
        ]
        if changed:
            taken_from = frozenset(parse_date(date) for each in of_prefix for date in each.rounds_taken_from)
            changes[prefix.course_id].append(_Change(prefix.ingest_date, changed[-1], taken_from))
    return changes


def _reason(prefix: Prefix, fingerprint: str, runs: _Runs, changes: Mapping[str, list[_Change]]) -> str | None:
    if prefix not in runs:
        return NEVER_DONE
    last = runs[prefix][-1]
    if last.source_fingerprint != fingerprint:
        return FILES_CHANGED
    is_behind = any(_may_owe(change, prefix, last) for change in changes.get(prefix.course_id, ()))
    return LATER_CHANGED if is_behind else None


def _may_owe(change: _Change, prefix: Prefix, last: RunSummary) -> bool:
    """Whether a later delivery has taken rounds from this one and may have let them go after its last run."""
    if change.ingest_date <= prefix.ingest_date:
        return False
    is_seen = change.run.run_id == last.run_id or change.run.finished_at <= last.started_at
    has_taken = change.ingest_date.isoformat() in last.rounds_superseded_by or prefix.ingest_date in change.taken_from
    return has_taken and not is_seen
