"""What a Silver run tells about one (course, ingest date): the single source of the summary's field names.

One JSON object per line and file; the external table over these files has one column per field, in this order.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, get_type_hints

_ATHENA_TYPES: Mapping[Any, str] = {
    str: "string",
    int: "bigint",
    int | None: "bigint",
    str | None: "string",
    float: "double",
    dict[str, int]: "map<string,bigint>",
    dict[str, float]: "map<string,double>",
}


@dataclass(frozen=True)
class RunSummary:
    """One row per run, course and ingest date, written after the commit: a summary says that its rows are in Silver.

    Slots: `slots_read = rows_written + empty_slots + duplicates + superseded + quarantined_slots`.
    Records: `records_read = rounds_written + rounds_superseded + rounds_duplicate + records_quarantined`.
    Times are ISO 8601 in UTC; durations are seconds; sizes are bytes. `rows_without_event_date` is None where the run
    didn't tell where its rows lie in time, as older runs don't.
    """

    run_id: str
    course_id: str
    ingest_date: str
    started_at: str
    finished_at: str
    code_version: str
    files_read: int
    bytes_read: int
    records_read: int
    slots_read: int
    rows_written: int
    empty_slots: int
    duplicates: int
    superseded: int
    quarantined_slots: int
    rounds_written: int
    rounds_superseded: int
    rounds_duplicate: int
    records_quarantined: int
    rounds_replaced: int
    rounds_not_replaced: int
    files_written: int
    bytes_written: int
    rounds_dropped: int = 0
    source_fingerprint: str = ""
    snapshot_id: int | None = None
    topology_snapshot_id: int | None = None
    unreadable_values: dict[str, int] = field(default_factory=dict)
    quarantine_reasons: dict[str, int] = field(default_factory=dict)
    unknown_columns: dict[str, int] = field(default_factory=dict)
    rounds_taken_from: dict[str, int] = field(default_factory=dict)
    rounds_superseded_by: dict[str, int] = field(default_factory=dict)
    stage_seconds: dict[str, float] = field(default_factory=dict)
    first_event_date: str | None = None
    last_event_date: str | None = None
    rows_without_event_date: int | None = None

    def broken_invariants(self) -> list[str]:
        """The accounts that don't add up, in words; empty for a sound summary."""
        slots = self.rows_written + self.empty_slots + self.duplicates + self.superseded + self.quarantined_slots
        records = self.rounds_written + self.rounds_superseded + self.rounds_duplicate + self.records_quarantined
        broken = []
        if slots != self.slots_read:
            broken.append(f"{self.slots_read} slots read, {slots} accounted for")
        if records != self.records_read:
            broken.append(f"{self.records_read} records read, {records} accounted for")
        return broken

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "RunSummary":
        """Read what `to_json` wrote; fields that this version doesn't know are dropped."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in json.loads(text).items() if name in known})


def athena_columns() -> list[tuple[str, str]]:
    """Name and Athena type of each field, in order."""
    hints = get_type_hints(RunSummary)
    return [(each.name, _ATHENA_TYPES[hints[each.name]]) for each in fields(RunSummary)]
