"""Records as MongoDB extended JSON: an array as Compass exports it (relaxed), or lines (canonical)."""

import json
from dataclasses import dataclass

import polars as pl

from tm_lakehouse.generator.records import LATITUDE, LONGITUDE, ROUND_FIELDS, SLOT_FIELDS

_OBJECT_IDS = frozenset({"_id", "fix", "firstFix", "lastFix", "device"})
_TIMES = frozenset({"endTime", "date"})
_DOUBLES = frozenset(
    {"pace", "paceGap", "positionalGap", "lastSectionStart", "goalTimeFraction", "heldUp", "holdingUp"}
)
_TEXTS = frozenset({"course", "goalName"})
_NUMBER = r"^-?\d+(\.\d+)?(e[+-]?\d+)?$"
_FLAG = r"^(true|false)$"
_ISO_TIME = r"^\d{4}-\d\d-\d\dT"


@dataclass(frozen=True)
class _Layout:
    """Line breaks and the form of numbers and times."""

    is_canonical: bool
    round_break: str
    slot_break: str


_RELAXED = _Layout(is_canonical=False, round_break="\n  ", slot_break="\n      ")
_CANONICAL = _Layout(is_canonical=True, round_break="", slot_break="")


def json_array(rounds: pl.DataFrame, slots: pl.DataFrame, absent: frozenset[str]) -> bytes:
    """One indented array with plain numbers and ISO dates."""
    texts = _round_texts(rounds, slots, absent, _RELAXED)
    return ("[" + ",\n".join(texts) + "]\n").encode()


def json_lines(rounds: pl.DataFrame, slots: pl.DataFrame, absent: frozenset[str]) -> bytes:
    """One round per line with typed numbers and dates."""
    texts = _round_texts(rounds, slots, absent, _CANONICAL)
    return ("\n".join(texts) + "\n").encode()


def broken_element(identifier: str) -> str:
    """An element of an array that is no round."""
    return json.dumps(f"round {identifier} lost")


def truncated_json_line(identifier: str) -> str:
    """A line that ends in the middle of its record."""
    return f'{{"_id": {{"$oid": "{identifier}"}}, "course": "'


def _round_texts(rounds: pl.DataFrame, slots: pl.DataFrame, absent: frozenset[str], layout: _Layout) -> pl.Series:
    located = _locations(slots, absent, layout)
    fields = [name for name in ROUND_FIELDS if name not in absent]
    members = [_member(name, layout, is_time=name in ("startTime", "endTime")) for name in fields]
    joined = rounds.join(located, on="record", how="left", maintain_order="left")
    locations = pl.lit('"locations": [') + pl.col("locations").fill_null("") + pl.lit("]")
    text = _object([*members, locations], layout.round_break)
    return joined.select(pl.coalesce("raw", text)).to_series()


def _locations(slots: pl.DataFrame, absent: frozenset[str], layout: _Layout) -> pl.DataFrame:
    fields = [name for name in SLOT_FIELDS if name not in absent and name not in (LONGITUDE, LATITUDE)]
    members = [_member(name, layout, is_time=name == "date") for name in fields]
    place = fields.index("startTime") + 1
    members.insert(place, _coordinates(layout))
    text = _object(members, layout.slot_break)
    separator = ", " if not layout.slot_break else ",\n    "
    return (
        slots.select("record", text=text)
        .group_by("record", maintain_order=True)
        .agg(locations=pl.col("text").str.join(separator))
    )


def _object(members: list[pl.Expr], line_break: str) -> pl.Expr:
    separator = "," + line_break if line_break else ", "
    closing = line_break[:-2] if line_break else ""
    body = pl.concat_str(members, separator=separator, ignore_nulls=True)
    return pl.lit("{" + line_break) + body + pl.lit(closing + "}")


def _member(name: str, layout: _Layout, *, is_time: bool) -> pl.Expr:
    """`"name": value`, or null (left out) where there is no value."""
    return pl.lit(f'"{name}": ') + _value(name, layout, is_time=is_time)


def _value(name: str, layout: _Layout, *, is_time: bool) -> pl.Expr:
    text = pl.col(name)
    quoted = pl.lit('"') + text.str.replace_all('"', '\\"', literal=True) + pl.lit('"')
    if name in _OBJECT_IDS:
        return pl.lit('{"$oid": "') + text + pl.lit('"}')
    if name in _TEXTS:
        return quoted
    if is_time:
        return pl.when(text.str.contains(_ISO_TIME)).then(_time(text, layout)).otherwise(quoted)
    number = pl.when(text.str.contains(_NUMBER)).then(_number(name, text, layout)).otherwise(quoted)
    return pl.when(text.str.contains(_FLAG)).then(text).otherwise(number)


def _time(text: pl.Expr, layout: _Layout) -> pl.Expr:
    if not layout.is_canonical:
        return pl.lit('{"$date": "') + text + pl.lit('"}')
    milliseconds = (
        text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.3fZ", time_unit="ms", strict=False).dt.epoch("ms").cast(pl.String)
    )
    return pl.lit('{"$date": {"$numberLong": "') + milliseconds + pl.lit('"}}')


def _number(name: str, text: pl.Expr, layout: _Layout) -> pl.Expr:
    if not layout.is_canonical:
        return text
    is_double = name in _DOUBLES or name in ("startTime", LONGITUDE, LATITUDE)
    return pl.lit(f'{{"${"numberDouble" if is_double else "numberInt"}": "') + text + pl.lit('"}')


def _coordinates(layout: _Layout) -> pl.Expr:
    """`[lon, lat]`; `[]` where both are missing."""
    pair = [_value(name, layout, is_time=False).fill_null("null") for name in (LONGITUDE, LATITUDE)]
    has_any = pl.col(LONGITUDE).is_not_null() | pl.col(LATITUDE).is_not_null()
    values = pl.when(has_any).then(pl.concat_str(pair, separator=", ")).otherwise(pl.lit(""))
    return pl.lit('"fixCoordinates": [') + values + pl.lit("]")
