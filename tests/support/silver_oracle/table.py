"""Silver over many runs: which delivery's version of a round stands."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from silver_oracle.delivery import Row, Told

Delivery = tuple[str, date]


@dataclass
class Table:
    """Rows by course, ingest date and round."""

    rounds: dict[tuple[str, date, str], list[Row]] = field(default_factory=dict)

    def run(self, deliveries: dict[Delivery, Told]) -> None:
        """One run: its deliveries are made anew, and of each round the latest version stays."""
        self.rounds = {key: rows for key, rows in self.rounds.items() if key[:2] not in deliveries}
        for (course, day), told in deliveries.items():
            for row in told.rows:
                self.rounds.setdefault((course, day, row["round_id"]), []).append(row)
        latest: dict[tuple[str, str], date] = {}
        for course, day, round_id in self.rounds:
            latest[course, round_id] = max(day, latest.get((course, round_id), day))
        self.rounds = {key: rows for key, rows in self.rounds.items() if latest[key[0], key[2]] == key[1]}

    def rows(self) -> Iterable[Row]:
        """All rows, with the columns that the delivery gives."""
        for (course, day, _), rows in self.rounds.items():
            for row in rows:
                yield row | {"course_id": course, "ingest_date": day}
