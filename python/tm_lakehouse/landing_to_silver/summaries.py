"""The run's summaries: made before the commit, checked, and written after it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, replace

from tm_lakehouse import code_version
from tm_lakehouse.landing_to_silver.parquet_files import WrittenFile
from tm_lakehouse.landing_to_silver.replacement import Replacement
from tm_lakehouse.landing_to_silver.tasks import Outcome
from tm_lakehouse.run_summary import RunSummary


class BrokenAccountsError(Exception):
    """A run's counts don't add up: nothing may be committed."""


def summarise(
    outcome: Outcome,
    files: Sequence[WrittenFile],
    replacement: Replacement,
    run_id: str,
    started_at: dt.datetime,
    topology_snapshot_id: int | None,
) -> RunSummary:
    """The summary of one delivery, as it is before the commit. `rows_written` is what its data files hold.

    Raises:
        BrokenAccountsError: an invariant doesn't hold.
    """
    assert outcome.counts is not None
    prefix = outcome.prefix
    own_files = [file for file in files if prefix in file.rows_of]
    counts = asdict(outcome.counts) | {"rows_written": sum(file.rows_of[prefix] for file in own_files)}
    summary = RunSummary(
        run_id=run_id,
        course_id=prefix.course_id,
        ingest_date=prefix.ingest_date.isoformat(),
        started_at=started_at.isoformat(),
        finished_at="",
        code_version=code_version.CODE_VERSION,
        files_read=outcome.files_read,
        bytes_read=outcome.bytes_read,
        rounds_replaced=replacement.rounds_replaced[prefix],
        rounds_not_replaced=replacement.rounds_not_replaced[prefix],
        rounds_dropped=replacement.rounds_dropped[prefix],
        rounds_taken_from={date.isoformat(): n for date, n in replacement.rounds_taken_from[prefix].items()},
        rounds_superseded_by={date.isoformat(): n for date, n in replacement.superseded_by[prefix].items()},
        source_fingerprint=outcome.source_fingerprint,
        files_written=len(own_files),
        bytes_written=sum(file.share_of(prefix) for file in own_files),
        topology_snapshot_id=topology_snapshot_id,
        unreadable_values=dict(sorted(outcome.unreadable.items())),
        quarantine_reasons=dict(sorted(outcome.quarantine_reasons.items())),
        unknown_columns=dict(sorted(outcome.unknown_columns.items())),
        first_event_date=_iso(outcome.event_dates.first_event_date),
        last_event_date=_iso(outcome.event_dates.last_event_date),
        rows_without_event_date=outcome.event_dates.rows_without_event_date,
        **counts,
    )
    if broken := summary.broken_invariants():
        raise BrokenAccountsError(f"{prefix.key}: {'; '.join(broken)}")
    return replace(summary, stage_seconds=outcome.seconds)


def planned_change(summary: RunSummary) -> RunSummary | None:
    """What must be known of a run that dies between its commit and its summary: that it let rounds go, and whose."""
    if not (summary.rounds_dropped or summary.rounds_taken_from):
        return None
    return replace(summary, finished_at=dt.datetime.now(dt.UTC).isoformat())


def committed(summary: RunSummary, snapshot_id: int | None, seconds: dict[str, float]) -> RunSummary:
    """The summary with what is known only after the commit."""
    return replace(
        summary,
        snapshot_id=snapshot_id,
        finished_at=dt.datetime.now(dt.UTC).isoformat(),
        stage_seconds=summary.stage_seconds | seconds,
    )


def _iso(date: dt.date | None) -> str | None:
    return date.isoformat() if date else None
