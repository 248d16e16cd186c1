"""What a source text means. None where it is no value of its kind."""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

BLANKS = " \t\r\n\v\f"
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?([Zz]|[+-]\d\d(?::?\d\d)?)?", re.ASCII
)


def cleaned(text: str | None) -> str | None:
    """Blanks around are no part of a value, and nothing is no value."""
    return (text.strip(BLANKS) or None) if text is not None else None


def number(text: str) -> float | None:
    if not NUMBER.fullmatch(text):
        return None
    value = float(text)
    return None if value in (float("inf"), float("-inf")) else value


def integer(text: str) -> int | None:
    value = number(text)
    if value is None or value != int(value) or not -(2**31) <= value < 2**31:
        return None
    return int(value)


def boolean(text: str) -> bool | None:
    lower = text.lower()
    if lower in ("t", "true", "y", "yes", "1"):
        return True
    return False if lower in ("f", "false", "n", "no", "0") else None


def time(text: str) -> datetime | None:
    """UTC without zone; a text without zone is UTC already."""
    match = TIME.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        microsecond = int((fraction or "0")[:6].ljust(6, "0"))
        parts = [int(each) for each in (year, month, day, hour, minute, second or 0)]
        return datetime(*parts, microsecond, tzinfo=_zone(zone)).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _zone(text: str | None) -> timezone:
    if text in (None, "Z", "z"):
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    if int(digits[2:]) > 59:
        raise ValueError(text)
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def half_away(value: float, decimals: int) -> float:
    """Round on the shortest decimal text, halves away from zero."""
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def after_seconds(start: datetime, seconds: float) -> datetime:
    """A moment so many seconds later, the seconds rounded half up to milliseconds."""
    milliseconds = (Decimal(repr(seconds)) * 1000 + Decimal("0.5")).to_integral_value(ROUND_FLOOR)
    return start + timedelta(milliseconds=int(milliseconds))


def minutes_between(start: datetime, end: datetime) -> float:
    """Minutes with 2 decimals, halves up."""
    microseconds = (end - start) // timedelta(microseconds=1)
    hundredths = (Decimal(microseconds) / 600_000 + Decimal("0.5")).to_integral_value(ROUND_FLOOR)
    return float(hundredths / 100)


def plain(value: float) -> str:
    """The shortest decimal text of a double, without exponent."""
    return format(Decimal(repr(value)), "f").removesuffix(".0")
