"""Which landed deliveries Silver does not hold as they are landed. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from tm_lakehouse.landing_to_silver.prefixes import Prefix, parse_date
from tm_lakehouse.run_summary import RunSummary

NEVER_DONE = "no run has brought it to Silver"
FILES_CHANGED = "its files changed after the last run"
LATER_CHANGED = "a later delivery, which may have replaced its rounds, was landed anew without some"


def pending(landed: Mapping[Prefix, str], summaries: Iterable[RunSummary]) -> dict[Prefix, str]:
    """The deliveries to run, with the reason of each, by course and date.

    `landed` gives the fingerprint of each delivery's files; `summaries` are all that runs have written for these
    courses from the earliest of these dates on. A delivery is done when its latest summary read the files that are
    landed now, and no later date of its course has since let rounds go: a round that a later date had replaced comes
    back only by running the older date again.
    """
    runs = _runs_by_delivery(summaries)
    dropped_at = _last_drop_by_course(runs)
    reasons = {prefix: _reason(prefix, landed[prefix], runs, dropped_at) for prefix in sorted(landed)}
    return {prefix: reason for prefix, reason in reasons.items() if reason}


def latest_summaries(summaries: Iterable[RunSummary]) -> dict[Prefix, RunSummary]:
    """The summary of each delivery's last run."""
    return {prefix: runs[-1] for prefix, runs in sorted(_runs_by_delivery(summaries).items())}


def prefix_of(summary: RunSummary) -> Prefix:
    """The delivery that a summary tells of."""
    return Prefix(summary.course_id, parse_date(summary.ingest_date))


_Runs = dict[Prefix, list[RunSummary]]


def _runs_by_delivery(summaries: Iterable[RunSummary]) -> _Runs:
    runs: _Runs = defaultdict(list)
    for summary in sorted(summaries, key=lambda each: (each.finished_at, each.run_id)):
        runs[prefix_of(summary)].append(summary)
    return dict(runs)


def _last_drop_by_course(runs: _Runs) -> dict[str, list[tuple[Prefix, RunSummary]]]:
    """Per course, the last run of each date that may have let rounds go: of other files, or fewer rounds."""
    drops: dict[str, list[tuple[Prefix, RunSummary]]] = defaultdict(list)
    for prefix, of_prefix in runs.items():
        changed = [
            each
            for number, each in enumerate(of_prefix)
            if each.rounds_dropped or (number and each.source_fingerprint != of_prefix[number - 1].source_fingerprint)
        ]
        if changed:
            drops[prefix.course_id].append((prefix, changed[-1]))
    return drops


def _reason(
    prefix: Prefix, fingerprint: str, runs: _Runs, drops: Mapping[str, list[tuple[Prefix, RunSummary]]]
) -> str | None:
    if prefix not in runs:
        return NEVER_DONE
    last = runs[prefix][-1]
    if last.source_fingerprint != fingerprint:
        return FILES_CHANGED
    is_behind = any(
        later.ingest_date > prefix.ingest_date and drop.run_id != last.run_id and drop.finished_at > last.started_at
        for later, drop in drops.get(prefix.course_id, ())
    )
    return LATER_CHANGED if is_behind else None
