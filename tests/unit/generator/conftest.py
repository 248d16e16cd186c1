"""A slow reader of course files that knows nothing of the generator: plain csv and json, value by value."""

import csv
import gzip
import io
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tm_lakehouse.generator.course import generate_course

INTEGERS = {"hole": "hole_number", "sectionNumber": "section_number", "holeSection": "hole_section"}
NUMBERS = {
    "fixCoordinates[0]": "longitude", "fixCoordinates[1]": "latitude", "pace": "pace", "paceGap": "pace_gap",
    "positionalGap": "positional_gap", "batteryPercentage": "battery_percentage", "startTime": "fix_timestamp",
}  # fmt: skip
FLAGS = {"isCache": "is_cache", "isProjected": "is_projected", "isProblem": "is_problem"}
TIMES = {"date": "fix_timestamp"}
ROUND_INTEGERS = {
    "startHole": "start_hole", "startSection": "start_section", "endSection": "end_section", "goalTime": "goal_time",
    "currentNine": "current_nine", "currentSection": "current_section", "currentHole": "current_hole",
    "currentHoleSection": "current_hole_section",
}  # fmt: skip
ROUND_NUMBERS = {"goalTimeFraction": "goal_time_fraction", "lastSectionStart": "last_section_start"}
ROUND_FLAGS = {
    "isNineHole": "is_nine_hole", "complete": "is_complete", "isIncomplete": "is_incomplete",
    "isSecondary": "is_secondary", "isAutoAssigned": "is_auto_assigned",
}  # fmt: skip
ROUND_TIMES = {"startTime": "round_start_time", "endTime": "round_end_time"}
SILVER_SLOT_FIELDS = {**INTEGERS, **NUMBERS, **FLAGS, **TIMES}


@dataclass
class Round:
    """One record. `slots` are all of them, empty or not, without the fields that Silver ignores."""

    values: dict[str, str]
    slots: list[dict[str, str]] = field(default_factory=list)
    is_broken: bool = False


def read_rounds(name: str, content: bytes) -> list[Round]:
    if name.endswith(".gz"):
        name, content = name.removesuffix(".gz"), gzip.decompress(content)
    text = content.decode("utf-8-sig")
    if name.endswith(".csv"):
        return list(_csv_rounds(text))
    if name.endswith(".json"):
        return [_json_round(element) for element in json.loads(text)]
    return [_json_line(line) for line in text.splitlines()]


def _csv_rounds(text: str):
    rows = csv.reader(io.StringIO(text, newline=""))
    header = next(rows)
    places = [re.fullmatch(r"locations\[(\d+)\]\.(.+)", name) for name in header]
    slots = 1 + max(int(place[1]) for place in places if place)
    for row in rows:
        if len(row) != len(header):
            yield Round({}, is_broken=True)
            continue
        one = Round({}, [{} for _ in range(slots)])
        for name, place, value in zip(header, places, row, strict=True):
            if value and place is None:
                one.values[name] = value
            elif value and place and place[2] in SILVER_SLOT_FIELDS:
                one.slots[int(place[1])][place[2]] = value
        yield one


def _json_line(line: str) -> Round:
    try:
        return _json_round(json.loads(line))
    except ValueError:
        return Round({}, is_broken=True)


def _json_round(element: Any) -> Round:
    if not isinstance(element, dict):
        return Round({}, is_broken=True)
    values = {name: _text(value) for name, value in element.items() if name != "locations"}
    return Round(values, [_json_slot(slot) for slot in element["locations"]])


def _json_slot(slot: dict[str, Any]) -> dict[str, str]:
    named = {name: value for name, value in slot.items() if name != "fixCoordinates"}
    for place, value in enumerate(slot.get("fixCoordinates", [])):
        named[f"fixCoordinates[{place}]"] = value
    return {name: _text(value) for name, value in named.items() if name in SILVER_SLOT_FIELDS and value is not None}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        [(kind, inner)] = value.items()
        if kind == "$date" and isinstance(inner, dict):
            return datetime.fromtimestamp(int(inner["$numberLong"]) / 1000, UTC).isoformat()
        assert kind in ("$oid", "$date", "$numberInt", "$numberDouble"), kind
        return inner
    return str(value)


def plain(text: str) -> Any:
    """The value that a text means, whatever its spelling."""
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if re.fullmatch(r"\d{4}-\d\d-\d\dT.*", text):
        return datetime.fromisoformat(text)
    return float(text) if _is_number(text) else text


def account(rounds: list[Round]) -> dict[str, Any]:
    """The run's counts, by the rules, over all records of a course in the order of its files."""
    books = SimpleNamespace(
        reasons=Counter(), slot_reasons=Counter(), unreadable=Counter(), empty=0, rows={}, slots=0, good=0, names=[]
    )
    for one in rounds:
        books.slots += len(one.slots)
        _account_round(one, books)
    written = set(books.names)
    return {
        "records_read": len(rounds),
        "rounds_written": len(written),
        "rounds_duplicate": len(books.names) - len(written),
        "records_quarantined": books.reasons.total(),
        "records_quarantined_by_reason": dict(books.reasons),
        "slots_read": books.slots,
        "rows_written": len(books.rows),
        "empty_slots": books.empty,
        "duplicates": books.good - len(books.rows),
        "quarantined_slots": books.slot_reasons.total(),
        "quarantined_slots_by_reason": dict(books.slot_reasons),
        "unreadable_values": dict(books.unreadable),
        "rows_without_timestamp": sum(not has_time for has_time, _ in books.rows.values()),
        "padding_rows": sum(not has_place for _, has_place in books.rows.values()),
        "rounds_superseded": 0,
        "superseded": 0,
    }


def _account_round(one: Round, books: SimpleNamespace) -> None:
    if one.is_broken:
        books.reasons["unreadable_record"] += 1
        return
    books.unreadable += _unreadable(one.values, ROUND_INTEGERS, ROUND_NUMBERS, ROUND_FLAGS, ROUND_TIMES)
    for slot in one.slots:
        books.unreadable += _unreadable(slot, INTEGERS, NUMBERS, FLAGS, TIMES)
    if "_id" not in one.values:
        books.reasons["round_id_missing"] += 1
        books.slot_reasons["round_id_missing"] += len(one.slots)
        return
    books.empty += sum(not slot for slot in one.slots)
    if not any(one.slots):
        books.reasons["no_locations"] += 1
        return
    bad = [slot for slot in one.slots if _is_off(slot)]
    books.slot_reasons += Counter({"coordinates_out_of_bounds": len(bad)})
    if len(bad) == sum(bool(slot) for slot in one.slots):
        books.reasons["coordinates_out_of_bounds"] += 1
        return
    books.names.append(one.values["_id"])
    for index, slot in enumerate(one.slots):
        if slot and not _is_off(slot):
            books.good += 1
            has_time = "date" in slot or ("startTime" in slot and "startTime" in one.values)
            has_place = _is_integer(slot.get("hole", "")) or _is_integer(slot.get("sectionNumber", ""))
            books.rows[one.values["_id"], index] = (has_time, has_place)


def _is_off(slot: dict[str, str]) -> bool:
    longitude, latitude = slot.get("fixCoordinates[0]", ""), slot.get("fixCoordinates[1]", "")
    return (_is_number(longitude) and abs(float(longitude)) > 180) or (
        _is_number(latitude) and abs(float(latitude)) > 90
    )


def _unreadable(values: dict[str, str], integers, numbers, flags, times) -> Counter[str]:
    judged = chain(
        ((column, _is_integer(values[name])) for name, column in integers.items() if name in values),
        ((column, _is_number(values[name])) for name, column in numbers.items() if name in values),
        ((column, _is_flag(values[name])) for name, column in flags.items() if name in values),
        ((column, _is_time(values[name])) for name, column in times.items() if name in values),
    )
    return Counter({column: 1 for column, is_readable in judged if not is_readable})


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", text) is not None


def _is_integer(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+(\.0)?", text) is not None and abs(float(text)) < 2**31


def _is_flag(text: str) -> bool:
    return text.lower() in ("t", "true", "y", "yes", "1", "f", "false", "n", "no", "0")


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


@pytest.fixture(scope="session")
def naive() -> SimpleNamespace:
    """The slow reader's functions."""
    return SimpleNamespace(read_rounds=read_rounds, account=account, plain=plain)


@pytest.fixture
def delivered(naive, tmp_path: Path):
    """Generate a course and read its first delivery back naively."""

    def build(profile, **options) -> list[Round]:
        course = generate_course(profile, **options)
        return [one for file in course.first.files for one in naive.read_rounds(file.name, file.content)]

    return build
