"""Columns of Silver that follow from others."""

import polars as pl

from tm_lakehouse.landing_to_silver.decimals import decimal_text, round_to_thousandths, to_milliseconds
from tm_lakehouse.landing_to_silver.typed_values import within_calendar

ROUNDED = ("pace", "pace_gap", "positional_gap")
_HUNDREDTH_OF_A_MINUTE_US = 600_000


def fix_timestamp(fix_date: pl.Series, round_start: pl.Series, offset_seconds: pl.Series) -> pl.Series:
    """The slot's own date, else the round's start plus the offset to the millisecond; NULL if neither can be told."""
    computed = round_start.cast(pl.Int64) + to_milliseconds(offset_seconds) * 1000
    chosen = fix_date.cast(pl.Int64).zip_with(fix_date.is_not_null(), computed)
    return within_calendar(chosen).cast(pl.Datetime("us"))


def round_duration_minutes(start: pl.Series, end: pl.Series) -> pl.Series:
    """End minus start in minutes, 2 decimals, half up."""
    microseconds = end.cast(pl.Int64) - start.cast(pl.Int64)
    hundredths = (microseconds + _HUNDREDTH_OF_A_MINUTE_US // 2) // _HUNDREDTH_OF_A_MINUTE_US
    # Polars multiplies by the inverse of a single number, which is off in the last digit.
    return hundredths / pl.repeat(100, hundredths.len(), eager=True)


def event_date() -> pl.Expr:
    """The UTC date of fix_timestamp."""
    return pl.col("fix_timestamp").dt.date().alias("event_date")


def calendar_columns() -> list[pl.Expr]:
    """What else follows from fix_timestamp. The week begins on Sunday, day 1."""
    time = pl.col("fix_timestamp")
    return [
        time.is_null().alias("is_timestamp_missing"),
        time.dt.year().cast(pl.Int32).alias("event_year"),
        time.dt.month().cast(pl.Int32).alias("event_month"),
        time.dt.day().cast(pl.Int32).alias("event_day"),
        (time.dt.weekday().cast(pl.Int32) % 7 + 1).alias("event_weekday"),
    ]


def geometry_wkt(longitude: pl.Series, latitude: pl.Series) -> pl.Series:
    """`POINT (<longitude> <latitude>)` in shortest decimals; NULL if either is missing."""
    point = pl.format("POINT ({} {})", decimal_text(longitude), decimal_text(latitude))
    return pl.select(geometry_wkt=point).to_series()


def rounded_metrics(rows: pl.DataFrame) -> list[pl.Series]:
    """Pace and gaps to 3 decimals, half away from zero."""
    return [round_to_thousandths(rows[column]) for column in ROUNDED]
