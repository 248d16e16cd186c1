"""What reading a landed file gives, whatever its format."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from tm_lakehouse.landing_to_silver.source_fields import ROUND_FIELDS, SLOT_FIELDS, Field
from tm_lakehouse.landing_to_silver.typed_values import clean_text, typed


class UnreadableFileError(Exception):
    """A landed file that can't be read at all; the message is the cause."""


class BrokenRecord(NamedTuple):
    """A record whose text can't be taken apart."""

    position: int
    raw_text: str


@dataclass(frozen=True)
class Reading:
    """A batch of one file's records.

    `records`: one row per sound record: `position` (from 1), `slots` (how many it has) and the round's fields, typed.
    `slots`: one row per slot that holds any value: `record` (row of `records`), `location_index` and the slot's fields.
    """

    records: pl.DataFrame
    slots: pl.DataFrame
    broken: list[BrokenRecord]
    unreadable: Counter[str]
    unknown_columns: frozenset[str]


def reading_of(
    records: pl.DataFrame,
    slots: pl.DataFrame,
    broken: list[BrokenRecord],
    unknown_columns: frozenset[str],
    unreadable: Counter[str] | None = None,
) -> Reading:
    """Type the texts. `slots` must hold clean texts or typed values; fields that a file lacks are NULL."""
    texts = [field.column for field in ROUND_FIELDS if records.schema.get(field.column) == pl.String]
    cleaned = records.with_columns(clean_text(records[column]) for column in texts)
    typed_records, lost_of_records = typed(_complete(cleaned, ROUND_FIELDS), ROUND_FIELDS)
    typed_slots, lost_of_slots = typed(_complete(slots, SLOT_FIELDS), SLOT_FIELDS)
    lost = lost_of_records + lost_of_slots + (unreadable or Counter())
    return Reading(
        typed_records.select("position", "slots", *(field.column for field in ROUND_FIELDS)),
        typed_slots.select("record", "location_index", *(field.column for field in SLOT_FIELDS)),
        broken,
        lost,
        unknown_columns,
    )


def slots_with_values(values: pl.DataFrame) -> npt.NDArray[np.bool_]:
    """Which rows hold any value at all, readable or not."""
    held = np.zeros(values.height, dtype=bool)
    for column in values.iter_columns():
        held |= column.is_not_null().to_numpy()
    return held


def _complete(frame: pl.DataFrame, fields: Sequence[Field]) -> pl.DataFrame:
    missing = [field for field in fields if field.column not in frame.columns]
    return frame.with_columns(pl.lit(None, dtype=field.kind.polars_type).alias(field.column) for field in missing)
