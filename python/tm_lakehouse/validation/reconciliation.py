"""Landing = Silver + quarantine + everything else, for each course and ingest date."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tm_lakehouse.validation.checks import Check, empty, equal, positive

SLOT_OUTCOMES = ("rows_written", "empty_slots", "duplicates", "superseded", "quarantined_slots")
RECORD_OUTCOMES = ("rounds_written", "rounds_superseded", "rounds_duplicate", "records_quarantined")

Prefix = tuple[str, str]


@dataclass(frozen=True)
class Counted:
    """What was counted for one (course_id, ingest_date) in four independent places.

    `landed_records` comes from the landing records, `summary` from the latest run's summary, `silver_rows` from the
    table and `quarantined_slots` from the lines of the quarantine.
    """

    landed_records: int
    summary: Mapping[str, int]
    silver_rows: int
    quarantined_slots: int


def reconcile(counted: Mapping[Prefix, Counted]) -> list[Check]:
    """Every landed record and every read slot is accounted for, and the table holds what the summaries say."""
    return [
        positive("courses and dates loaded", len(counted)),
        empty("every landed record was read", _wrong(counted, _records_were_read)),
        empty("records read = written + superseded + duplicate + quarantined", _wrong(counted, _records_add_up)),
        empty("slots read = written + empty + duplicate + superseded + quarantined", _wrong(counted, _slots_add_up)),
        empty("Silver holds the rows that the runs wrote", _wrong(counted, _rows_are_there)),
        empty("quarantine holds what the runs set aside", _wrong(counted, _quarantine_is_there)),
    ]


def against_truth(
    truth: Mapping[Prefix, Mapping[str, object]], summaries: Mapping[Prefix, Mapping[str, object]]
) -> Check:
    """The runs counted exactly the defects that the generator planted."""
    differences = [
        f"{course} {field}: planted {planted}, counted {summaries[course, date].get(field)}"
        for (course, date), expected in truth.items()
        for field, planted in expected.items()
        if summaries[course, date].get(field) != planted
    ]
    return empty("the counts are those of the planted defects", differences)


def _wrong(counted: Mapping[Prefix, Counted], holds: Callable[[Counted], Check]) -> Iterable[str]:
    for (course, date), figures in counted.items():
        check = holds(figures)
        if not check.passed:
            yield f"{course} {date}: {check.figures}"


def _records_were_read(figures: Counted) -> Check:
    return equal("records", landed=figures.landed_records, read=figures.summary["records_read"])


def _records_add_up(figures: Counted) -> Check:
    outcomes = sum(figures.summary[name] for name in RECORD_OUTCOMES)
    return equal("records", read=figures.summary["records_read"], accounted_for=outcomes)


def _slots_add_up(figures: Counted) -> Check:
    outcomes = sum(figures.summary[name] for name in SLOT_OUTCOMES)
    return equal("slots", read=figures.summary["slots_read"], accounted_for=outcomes)


def _rows_are_there(figures: Counted) -> Check:
    return equal("rows", written=figures.summary["rows_written"], in_silver=figures.silver_rows)


def _quarantine_is_there(figures: Counted) -> Check:
    return equal("slots", set_aside=figures.summary["quarantined_slots"], in_quarantine=figures.quarantined_slots)
