"""Which records and slots may not enter Silver, and why."""

from dataclasses import dataclass

import polars as pl

from tm_lakehouse.course_names import names_course
from tm_lakehouse.landing_to_silver.delivery import Delivery
from tm_lakehouse.landing_to_silver.quarantined_record import Reason


@dataclass(frozen=True)
class Rules:
    """What a deployment takes for a sound record. Bounds are degrees, inclusive."""

    min_longitude: float = -180
    max_longitude: float = 180
    min_latitude: float = -90
    max_latitude: float = 90
    strict_course_match: bool = False


@dataclass(frozen=True)
class Judged:
    """Every record and every slot with a value is in exactly one place.

    `records` are all with their `reason` (NULL: sound). `sound` are slots to write, `off_bounds` bad slots of sound
    records; slots of bad records are told by their records.
    """

    records: pl.DataFrame
    sound: pl.DataFrame
    off_bounds: pl.DataFrame


def judge(delivery: Delivery, course_id: str, rules: Rules) -> Judged:
    """The first reason that applies counts."""
    records = delivery.records.join(
        delivery.slots.group_by("record").len("filled_slots"), on="record", how="left", maintain_order="left"
    ).with_columns(pl.col("filled_slots").fill_null(0).cast(pl.Int64))
    judged = records.with_columns(_record_reason(records, course_id, rules).alias("reason"))
    sound_records = judged.filter(pl.col("reason").is_null())["record"]
    slots = delivery.slots
    if sound_records.len() < judged.height:
        slots = slots.filter(pl.col("record").is_in(sound_records.implode()))
    is_off = slots.select(_is_off_bounds(rules)).to_series()
    sound = slots.filter(~is_off) if is_off.any() else slots
    return Judged(judged, sound, slots.filter(is_off))


def _record_reason(records: pl.DataFrame, course_id: str, rules: Rules) -> pl.Expr:
    foreign = _foreign_names(records["course"], course_id) if rules.strict_course_match else []
    return (
        pl.when(pl.col("round_id").is_null())
        .then(pl.lit(Reason.ROUND_ID_MISSING.value))
        .when(pl.col("course").is_in(foreign))
        .then(pl.lit(Reason.COURSE_MISMATCH.value))
        .when(pl.col("filled_slots") == 0)
        .then(pl.lit(Reason.NO_LOCATIONS.value))
    )


def _foreign_names(courses: pl.Series, course_id: str) -> list[str]:
    return [name for name in courses.drop_nulls().unique() if not names_course(name, course_id)]


def _is_off_bounds(rules: Rules) -> pl.Expr:
    longitude_is_off = ~pl.col("longitude").is_between(rules.min_longitude, rules.max_longitude)
    latitude_is_off = ~pl.col("latitude").is_between(rules.min_latitude, rules.max_latitude)
    return longitude_is_off.fill_null(value=False) | latitude_is_off.fill_null(value=False)
