"""What the runs of landing to Silver did. Their summaries are small objects, one a run, course and ingest date."""

from tm_lakehouse.dashboard.statement import Statement

MOST_RUNS = 1000


def latest_runs() -> Statement:
    """One row per course and ingest date: its latest run, the newest first."""
    return Statement(
        "latest_runs",
        """
SELECT course_id, ingest_date, run_id, started_at, finished_at, files_read, bytes_read, records_read, slots_read,
  rows_written, empty_slots, duplicates, superseded, quarantined_slots, rounds_written, bytes_written
FROM {observability}.latest_silver_runs
ORDER BY finished_at DESC, course_id
LIMIT :most
""",
        {"most": MOST_RUNS},
    )


def quarantine_reasons() -> Statement:
    """One row per course and reason: what the latest runs set aside."""
    return Statement(
        "quarantine_reasons",
        """
SELECT runs.course_id, reasons.reason, sum(reasons.quantity) AS quarantined
FROM {observability}.latest_silver_runs AS runs
CROSS JOIN UNNEST(runs.quarantine_reasons) AS reasons (reason, quantity)
WHERE reasons.quantity > 0
GROUP BY runs.course_id, reasons.reason
ORDER BY quarantined DESC, runs.course_id, reasons.reason
LIMIT :most
""",
        {"most": MOST_RUNS},
    )
