"""What Athena shows of the lake: run summaries, Silver's rows, the quarantine."""

import json
from collections.abc import Mapping
from typing import Any

from tm_lakehouse.athena import Athena
from tm_lakehouse.settings import Settings
from tm_lakehouse.validation.reconciliation import Prefix

SUMMARY_COUNTS = (
    "records_read", "rounds_written", "rounds_superseded", "rounds_duplicate", "records_quarantined", "slots_read",
    "rows_written", "empty_slots", "duplicates", "superseded", "quarantined_slots",
    "rounds_replaced", "rounds_not_replaced",
)  # fmt: skip
SUMMARY_MAPS = ("unreadable_values", "quarantine_reasons")


class ObservedLake:
    """Counts by (course_id, ingest_date), each from the latest run of that prefix."""

    def __init__(self, athena: Athena, settings: Settings) -> None:
        self._athena = athena
        self._silver = f'"{settings.db_silver}"."fact_telemetry_event"'
        observability = settings.db_observability
        self._latest_runs = f'"{observability}"."latest_silver_runs"'
        self._quarantine = f'"{observability}"."latest_quarantined_records"'

    def numbers(self, sql: str) -> list[int]:
        """The one row of a query that counts."""
        (row,) = self._athena.query(sql).rows
        return [int(value or 0) for value in row]

    def rows(self, sql: str) -> list[list[str | None]]:
        """All rows of a query, as Athena's texts."""
        return self._athena.query(sql).rows

    def summaries(self) -> dict[Prefix, dict[str, Any]]:
        """The latest run's summary of each prefix: counts as numbers, maps as dictionaries."""
        maps = [f"json_format(CAST({name} AS json)) AS {name}" for name in SUMMARY_MAPS]
        selected = ", ".join(("course_id", "ingest_date", *SUMMARY_COUNTS, *maps))
        result = self._athena.query(f"SELECT {selected} FROM {self._latest_runs}")
        return {_prefix(record): _typed(record) for record in result.records()}

    def silver_rows(self) -> dict[Prefix, int]:
        """Rows of Silver by prefix."""
        return self._by_prefix(f"count(*) AS total FROM {self._silver}", "CAST(ingest_date AS varchar)")

    def quarantined_slots(self) -> dict[Prefix, int]:
        """Slots that the quarantine's lines account for, of each prefix's latest run."""
        return self._by_prefix(f"sum(slots) AS total FROM {self._quarantine}", "ingest_date")

    def _by_prefix(self, counted: str, date: str) -> dict[Prefix, int]:
        result = self._athena.query(f"SELECT course_id, {date} AS ingest_date, {counted} GROUP BY 1, 2")
        return {_prefix(record): int(record["total"] or 0) for record in result.records()}


def _prefix(record: Mapping[str, str | None]) -> Prefix:
    return str(record["course_id"]), str(record["ingest_date"])


def _typed(record: Mapping[str, str | None]) -> dict[str, Any]:
    counts = {name: int(record[name] or 0) for name in SUMMARY_COUNTS}
    return counts | {name: json.loads(record[name] or "{}") for name in SUMMARY_MAPS}
