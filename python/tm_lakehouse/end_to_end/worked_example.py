"""The small example with rows worked out by hand: two rounds, and a round again with coordinates off the earth."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tm_lakehouse.end_to_end.deliveries import Delivered, read_json
from tm_lakehouse.validation.checks import Check, empty
from tm_lakehouse.validation.observed import ObservedLake
from tm_lakehouse.validation.reconciliation import Prefix

FOLDER = Path("tests/scenarios/worked_example")
# Folder of each delivery, and the ingest date it is landed under.
DELIVERIES = {"good": date(2024, 1, 16), "bad_coordinates": date(2024, 1, 17)}


class WorkedExample:
    """The example's files and what must become of them."""

    def __init__(self, project: Path) -> None:
        self._folder = project / FOLDER
        self._expected: dict[str, Any] = read_json(self._folder / "expected.json")

    def deliveries(self) -> list[Delivered]:
        """The two deliveries, to be landed each under its own ingest date."""
        return [
            Delivered(self._folder / name, ingest_date, self._expected[name]["summary"]["records_read"])
            for name, ingest_date in DELIVERIES.items()
        ]

    def truth(self) -> dict[Prefix, dict[str, Any]]:
        """The counts of the run summaries, by course and ingest date."""
        return {
            (self._course, ingest_date.isoformat()): self._expected[name]["summary"]
            for name, ingest_date in DELIVERIES.items()
        }

    def check(self, lake: ObservedLake, silver_table: str) -> Check:
        """Silver holds exactly the rows that were worked out by hand, value by value."""
        rows = [row for name in DELIVERIES for row in self._expected[name]["rows"]]
        dates = ", ".join(f"DATE '{ingest_date}'" for ingest_date in DELIVERIES.values())
        found = lake.rows(
            f"SELECT {', '.join(rows[0])} FROM {silver_table} WHERE course_id = '{self._course}' "
            f"AND ingest_date IN ({dates}) ORDER BY round_id, location_index"
        )
        return empty("the worked example's rows are exact", differences(rows, found))

    @property
    def _course(self) -> str:
        return str(self._expected["good"]["rows"][0]["course_id"])


def differences(expected: Sequence[Mapping[str, Any]], found: Sequence[Sequence[str | None]]) -> list[str]:
    """Every value that isn't the expected one, and every row too many or too few."""
    if len(expected) != len(found):
        return [f"{len(found)} rows instead of {len(expected)}"]
    return [
        f"row {number} {name}: {value} instead of {_text(row[name])}"
        for number, (row, values) in enumerate(zip(expected, found, strict=True), 1)
        for name, value in zip(row, values, strict=True)
        if value != _text(row[name])
    ]


def _text(value: object) -> str | None:
    """A value as Athena writes it."""
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
