"""Quarantined records and slots as lines."""

import datetime as dt
from collections import Counter
from dataclasses import fields
from typing import NamedTuple

import polars as pl

from tm_lakehouse.landing_to_silver.delivery import Delivery
from tm_lakehouse.landing_to_silver.judge import Judged
from tm_lakehouse.landing_to_silver.quarantined_record import QuarantinedRecord, Reason
from tm_lakehouse.landing_to_silver.source_fields import ROUND_FIELDS, SLOT_FIELDS

# All slots of these are quarantined; those of a record without locations count as empty.
REASONS_WITH_SLOTS = (Reason.ROUND_ID_MISSING.value, Reason.COURSE_MISMATCH.value)

_COLUMNS = [field.name for field in fields(QuarantinedRecord)]
_SCHEMA = {
    "reason": pl.String(),
    "file": pl.Int32(),
    "record_position": pl.Int64(),
    "round_id": pl.String(),
    "location_index": pl.Int64(),
    "slots": pl.Int64(),
    "row_json": pl.String(),
    "raw_text": pl.String(),
}


class Origin(NamedTuple):
    """What all lines of one run, course and ingest date share."""

    run_id: str
    course_id: str
    ingest_date: dt.date


def quarantine_lines(delivery: Delivery, judged: Judged, origin: Origin) -> pl.DataFrame:
    """One row per `QuarantinedRecord`, by file and position."""
    lines = pl.concat([_broken(delivery), _records(judged), _slots(judged)])
    names = pl.Series("source_file", delivery.source_files, dtype=pl.String)
    return (
        lines.with_columns(names.gather(lines["file"]))
        .sort("file", "record_position", "location_index", maintain_order=True)
        .with_columns(
            run_id=pl.lit(origin.run_id),
            course_id=pl.lit(origin.course_id),
            ingest_date=pl.lit(origin.ingest_date.isoformat()),
        )
        .select(_COLUMNS)
    )


def reason_counts(lines: pl.DataFrame) -> Counter[str]:
    """Lines by reason."""
    return Counter(dict(lines.group_by("reason").len().sort("reason").iter_rows()))


def to_json_lines(lines: pl.DataFrame) -> bytes:
    """One JSON object per line."""
    return lines.write_ndjson().encode("utf-8")


def _broken(delivery: Delivery) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "reason": [Reason.UNREADABLE_RECORD.value] * len(delivery.broken),
            "file": [file for file, _ in delivery.broken],
            "record_position": [broken.position for _, broken in delivery.broken],
            "slots": [0] * len(delivery.broken),
            "raw_text": [broken.raw_text for _, broken in delivery.broken],
        },
        schema_overrides=_SCHEMA,
    ).select(
        pl.lit(None, dtype=dtype).alias(name) if name not in _OF_BROKEN else name for name, dtype in _SCHEMA.items()
    )


_OF_BROKEN = frozenset({"reason", "file", "record_position", "slots", "raw_text"})


def _records(judged: Judged) -> pl.DataFrame:
    values = pl.struct(field.column for field in ROUND_FIELDS).struct.json_encode()
    return judged.records.filter(pl.col("reason").is_not_null()).select(
        "reason",
        "file",
        pl.col("position").alias("record_position"),
        "round_id",
        pl.lit(None, dtype=pl.Int64).alias("location_index"),
        pl.when(pl.col("reason").is_in(REASONS_WITH_SLOTS)).then("slots").otherwise(0).alias("slots"),
        values.alias("row_json"),
        pl.lit(None, dtype=pl.String).alias("raw_text"),
    )


def _slots(judged: Judged) -> pl.DataFrame:
    records = judged.records.select("record", "file", "position", "round_id")
    values = pl.struct("location_index", *(field.column for field in SLOT_FIELDS)).struct.json_encode()
    return judged.off_bounds.join(records, on="record", how="left", maintain_order="left").select(
        pl.lit(Reason.COORDINATES_OUT_OF_BOUNDS.value).alias("reason"),
        "file",
        pl.col("position").alias("record_position"),
        "round_id",
        pl.col("location_index").cast(pl.Int64),
        pl.lit(1, dtype=pl.Int64).alias("slots"),
        values.alias("row_json"),
        pl.lit(None, dtype=pl.String).alias("raw_text"),
    )
