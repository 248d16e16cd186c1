"""Text to typed values: what a field's text means, and whether it is readable at all."""

from collections import Counter
from collections.abc import Sequence

import polars as pl

from tm_lakehouse.landing_to_silver.series import null_where
from tm_lakehouse.landing_to_silver.source_fields import REPORTED_AS, Field, Kind

BLANKS = " \t\r\n\v\f"
TRUE_TEXTS = ("t", "true", "y", "yes", "1")
FALSE_TEXTS = ("f", "false", "n", "no", "0")
SMALLEST_INTEGER, LARGEST_INTEGER = -(2**31), 2**31 - 1

_NUMBER = r"^[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$"
_TIME = (
    r"^(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?<minute>(?:[01][0-9]|2[0-3]):[0-5][0-9])"
    r"(?::(?<second>[0-5][0-9])(?:[.](?<fraction>[0-9]{1,9}))?)?"
    r"(?<zone>[Zz]|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?$"
)
_MINUTE_US = 60_000_000


def clean_text(text: pl.Series) -> pl.Series:
    """Blanks around are trimmed; nothing left is NULL."""
    trimmed = text.str.strip_chars(BLANKS)
    return null_where(trimmed, trimmed == "")


def typed(frame: pl.DataFrame, fields: Sequence[Field]) -> tuple[pl.DataFrame, Counter[str]]:
    """Give each field its type. Text columns must be clean; columns that have their type already stay as they are.

    Returns the frame and how many of its rows hold an unreadable value, by column of Silver.
    """
    columns: dict[str, pl.Series] = {}
    unreadable: dict[str, pl.Series] = {}
    for field in fields:
        values = frame.get_column(field.column)
        columns[field.column] = result = _typed_column(values, field.kind)
        if result.null_count() > values.null_count():
            reported = REPORTED_AS.get(field.column, field.column)
            lost = values.is_not_null() & result.is_null()
            unreadable[reported] = unreadable[reported] | lost if reported in unreadable else lost
    counts = Counter({column: int(lost.sum()) for column, lost in unreadable.items()})
    return frame.with_columns(**columns), counts


def _typed_column(values: pl.Series, kind: Kind) -> pl.Series:
    if kind is Kind.TIME:
        return to_time(values) if values.dtype == pl.String else values.cast(kind.polars_type)
    if kind is Kind.TEXT or values.dtype != pl.String:
        plain = values.cast(kind.polars_type)
        return plain + 0.0 if kind is Kind.NUMBER else plain
    if kind is Kind.BOOLEAN:
        return to_boolean(values)
    return to_integer(values) if kind is Kind.INTEGER else to_number(values)


def to_number(text: pl.Series) -> pl.Series:
    """ASCII `[+-]digits[.digits][e[+-]digits]` as a double; anything else, NaN and what overflows is NULL."""
    number = text.cast(pl.Float64, strict=False)
    readable = text.str.contains(_NUMBER) & number.is_finite()
    return null_where(number, ~readable) + 0.0


def to_integer(text: pl.Series) -> pl.Series:
    """A number without fraction, within 32 bits: "7" and "7.0"; anything else is NULL."""
    number = to_number(text)
    whole = (number.floor() == number) & number.is_between(SMALLEST_INTEGER, LARGEST_INTEGER)
    return null_where(number, ~whole).cast(pl.Int32)


def to_boolean(text: pl.Series) -> pl.Series:
    """t, true, y, yes, 1 and f, false, n, no, 0 in any case; anything else is NULL."""
    lower = text.str.to_lowercase()
    is_true = lower.is_in(TRUE_TEXTS)
    return null_where(is_true, ~(is_true | lower.is_in(FALSE_TEXTS)))


def to_time(text: pl.Series) -> pl.Series:
    """ISO 8601 date and time to the microsecond, UTC; without a zone it is UTC already. Anything else is NULL."""
    parts = text.str.extract_groups(_TIME).struct.unnest()
    parts = parts.select(pl.all().replace("", None))
    local = (parts["day"] + "T" + parts["minute"] + ":" + parts["second"].fill_null("00")).str.to_datetime(
        "%Y-%m-%dT%H:%M:%S", time_unit="us", strict=False
    )
    microseconds = parts["fraction"].str.slice(0, 6).str.pad_end(6, "0").cast(pl.Int64).fill_null(0)
    shifted = local.cast(pl.Int64) + microseconds - _zone_minutes(parts["zone"]) * _MINUTE_US
    return within_calendar(shifted).cast(pl.Datetime("us")).rename(text.name)


def _zone_minutes(zone: pl.Series) -> pl.Series:
    digits = zone.str.replace_all(r"[^0-9]", "").str.pad_end(4, "0")
    minutes = digits.str.slice(0, 2).cast(pl.Int64) * 60 + digits.str.slice(2, 2).cast(pl.Int64)
    sign = pl.select(pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)).to_series()
    return (minutes * sign).fill_null(0)


_FIRST_US = -62_135_596_800_000_000
_LAST_US = 253_402_300_799_999_999


def within_calendar(microseconds: pl.Series) -> pl.Series:
    """NULL outside the years 1 to 9999, which is what every engine's timestamp holds."""
    return null_where(microseconds, ~microseconds.is_between(_FIRST_US, _LAST_US))
