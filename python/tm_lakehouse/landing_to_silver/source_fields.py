"""The source's names of the fields that reach Silver, and what kind of value each holds."""

from enum import Enum
from typing import NamedTuple

import polars as pl


class Kind(Enum):
    """How a field's text is read."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIME = "time"

    @property
    def polars_type(self) -> pl.DataType:
        return _POLARS_TYPES[self]


_POLARS_TYPES: dict[Kind, pl.DataType] = {
    Kind.TEXT: pl.String(),
    Kind.INTEGER: pl.Int32(),
    Kind.NUMBER: pl.Float64(),
    Kind.BOOLEAN: pl.Boolean(),
    Kind.TIME: pl.Datetime("us"),
}


class Field(NamedTuple):
    """A value of the source. `column` is its name in Silver, or of an intermediate that Silver derives from."""

    column: str
    source: str
    kind: Kind


ROUND_FIELDS = (
    Field("round_id", "_id", Kind.TEXT),
    Field("course", "course", Kind.TEXT),
    Field("round_start_time", "startTime", Kind.TIME),
    Field("round_end_time", "endTime", Kind.TIME),
    Field("start_hole", "startHole", Kind.INTEGER),
    Field("start_section", "startSection", Kind.INTEGER),
    Field("end_section", "endSection", Kind.INTEGER),
    Field("is_nine_hole", "isNineHole", Kind.BOOLEAN),
    Field("current_nine", "currentNine", Kind.INTEGER),
    Field("goal_time", "goalTime", Kind.INTEGER),
    Field("goal_name", "goalName", Kind.TEXT),
    Field("goal_time_fraction", "goalTimeFraction", Kind.NUMBER),
    Field("is_complete", "complete", Kind.BOOLEAN),
    Field("is_incomplete", "isIncomplete", Kind.BOOLEAN),
    Field("is_secondary", "isSecondary", Kind.BOOLEAN),
    Field("is_auto_assigned", "isAutoAssigned", Kind.BOOLEAN),
    Field("device", "device", Kind.TEXT),
    Field("first_fix", "firstFix", Kind.TEXT),
    Field("last_fix", "lastFix", Kind.TEXT),
    Field("last_section_start", "lastSectionStart", Kind.NUMBER),
    Field("current_section", "currentSection", Kind.INTEGER),
    Field("current_hole", "currentHole", Kind.INTEGER),
    Field("current_hole_section", "currentHoleSection", Kind.INTEGER),
)

SLOT_FIELDS = (
    Field("hole_number", "hole", Kind.INTEGER),
    Field("section_number", "sectionNumber", Kind.INTEGER),
    Field("hole_section", "holeSection", Kind.INTEGER),
    Field("offset_seconds", "startTime", Kind.NUMBER),
    Field("fix_date", "date", Kind.TIME),
    Field("longitude", "fixCoordinates[0]", Kind.NUMBER),
    Field("latitude", "fixCoordinates[1]", Kind.NUMBER),
    Field("is_cache", "isCache", Kind.BOOLEAN),
    Field("is_projected", "isProjected", Kind.BOOLEAN),
    Field("is_problem", "isProblem", Kind.BOOLEAN),
    Field("pace", "pace", Kind.NUMBER),
    Field("pace_gap", "paceGap", Kind.NUMBER),
    Field("positional_gap", "positionalGap", Kind.NUMBER),
    Field("battery_percentage", "batteryPercentage", Kind.NUMBER),
)

LOCATIONS = "locations"
COORDINATES = "fixCoordinates"
IGNORED_SLOT_SOURCES = frozenset({"_id", "fix", "heldUp", "holdingUp"})

# Both sources of fix_timestamp: an unreadable one is told under the name of the column that misses it.
REPORTED_AS = {"offset_seconds": "fix_timestamp", "fix_date": "fix_timestamp"}

ROUND_SOURCES = frozenset(field.source for field in ROUND_FIELDS)
SLOT_SOURCES = frozenset(field.source for field in SLOT_FIELDS)
