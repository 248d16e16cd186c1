"""One line of the quarantine: the single source of its field names."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a record or slot may not enter Silver, in the order of judgement: the first that applies counts."""

    UNREADABLE_RECORD = "unreadable_record"
    ROUND_ID_MISSING = "round_id_missing"
    COURSE_MISMATCH = "course_mismatch"
    NO_LOCATIONS = "no_locations"
    COORDINATES_OUT_OF_BOUNDS = "coordinates_out_of_bounds"


@dataclass(frozen=True)
class QuarantinedRecord:
    """One row per quarantined record, or per quarantined slot where only the slot is bad.

    All fields are strings or whole numbers (`string`, `bigint` in Athena), in this order.
    """

    run_id: str
    course_id: str
    ingest_date: str
    reason: str
    source_file: str
    record_position: int
    """1 for the first record of the file; a CSV's header is not counted."""
    round_id: str | None
    location_index: int | None
    """NULL where the whole record is quarantined."""
    slots: int
    """How many slots this line accounts for."""
    row_json: str | None
    """The record's or slot's typed values as a JSON object."""
    raw_text: str | None
    """The text as landed, only for unreadable records."""

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "QuarantinedRecord":
        """Read one line of the quarantine."""
        return cls(**json.loads(text))
