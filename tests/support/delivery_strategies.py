"""Deliveries of every form and defect, for hypothesis: what is drawn are texts, then how a file writes them down."""

import csv
import gzip
import io
import json
import random
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from silver_oracle.files import File

FIRST = datetime(2023, 1, 1, tzinfo=UTC)
ROUND_IDS = [f"{number:024x}" for number in range(6)]
NUMBERS = st.one_of(
    st.integers(-5000, 5000).map(str),
    st.decimals(-5000, 5000, places=5, allow_nan=False).map(str),
    st.sampled_from(["1.0005", "-0.0005", "0", "-0.0", "+7", "7.0", "1e2", " 3 ", "007"]),
)
UNREADABLE = st.sampled_from(["x", "NaN", "inf", "1,5", ".5", "5.", "0x1f", "--1", "1_000", "²", "1e999"])
INTEGERS = st.one_of(st.integers(-3, 90).map(str), st.sampled_from(["7.0", "1e1", "2147483648", "2.5", " 4 "]))
BOOLEANS = st.sampled_from(["true", "false", "True", "F", "yes", "0", "1", "n", " t ", "maybe", "2"])
TIMES = st.one_of(
    st.integers(0, 70_000_000).map(lambda seconds: f"{FIRST + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S}.000Z"),
    st.sampled_from(
        ["2024-03-10T02:30:00-05:00", "2024-11-03 01:30:00.25", "2024-02-30T00:00:00Z", "2024-06-01T23:59:59.999+13:45",
         "2024-06-01T10:00Z", "yesterday", "2024-06-01T25:00:00Z", "2024-12-31T23:30:00-0130"]
    ),
)  # fmt: skip
NAMES = st.text(st.sampled_from('ab ",\n;ü€'), max_size=6)
OFFSETS = st.one_of(st.integers(0, 20_000).map(str), st.sampled_from(["1000.5", "1005.2", "0.0005", "1.0015", "x"]))


def rarely(usual: st.SearchStrategy[Any], seldom: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly the one; one time in eight the other."""
    return st.integers(0, 7).flatmap(lambda draw: usual if draw else seldom)


def degrees(bound: int) -> st.SearchStrategy[str]:
    return rarely(
        st.decimals(-bound, bound, places=6, allow_nan=False).map(str),
        st.sampled_from([str(bound), f"-{bound}.000001", str(bound + 1), "0.00001", "x"]),
    )


ROUNDS = st.fixed_dictionaries(
    {"_id": rarely(st.sampled_from(ROUND_IDS), st.sampled_from(["", " ", None]))},
    optional={
        "course": st.sampled_from(["erinhills", "ErinHills", "pinehurst"]),
        "startTime": TIMES,
        "endTime": TIMES,
        "startHole": INTEGERS,
        "currentNine": st.sampled_from(["1", "2", "3", "x"]),
        "isNineHole": BOOLEANS,
        "complete": BOOLEANS,
        "goalName": NAMES,
        "goalTime": INTEGERS,
        "goalTimeFraction": NUMBERS,
        "device": NAMES,
        "lastSectionStart": rarely(NUMBERS, UNREADABLE),
    },
)
SLOTS = rarely(
    st.fixed_dictionaries(
        {},
        optional={
            "hole": st.one_of(st.integers(1, 27).map(str), INTEGERS),
            "sectionNumber": st.one_of(st.integers(1, 81).map(str), INTEGERS),
            "holeSection": st.integers(1, 4).map(str),
            "startTime": OFFSETS,
            "date": TIMES,
            "fixCoordinates[0]": degrees(180),
            "fixCoordinates[1]": degrees(90),
            "isCache": BOOLEANS,
            "isProjected": BOOLEANS,
            "isProblem": BOOLEANS,
            "pace": rarely(NUMBERS, UNREADABLE),
            "paceGap": NUMBERS,
            "batteryPercentage": st.sampled_from(["10", "50.5", "95", "x"]),
            "fix": st.just("ignored"),
        },
    ),
    st.sampled_from([{}, {"pace": ""}, {"pace": "  "}, {"fix": "only what is ignored"}]),
)
RECORDS = st.tuples(ROUNDS, st.lists(SLOTS, max_size=5))


@st.composite
def sections_in_order(draw: st.DrawFn) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A round that plays a nine of 27 sections from anywhere, wraps, and may play it again."""
    start, count = draw(st.integers(1, 27)), draw(st.integers(20, 60))
    slots = [
        {"sectionNumber": str((start - 1 + step) % 27 + 1), "hole": str(((start - 1 + step) % 27) // 3 + 1),
         "holeSection": str((start - 1 + step) % 3 + 1), "startTime": str(step * 60)}
        for step in range(count)
        if step % draw(st.sampled_from([1, 2, 5])) == 0
    ]  # fmt: skip
    return {"_id": draw(st.sampled_from(ROUND_IDS)), "startTime": "2024-06-01T10:00:00.000Z"}, slots


@st.composite
def files(draw: st.DrawFn, name: str = "rounds") -> File:
    """One file of a few records, written in one of the forms."""
    records = draw(st.lists(rarely(RECORDS, sections_in_order()), min_size=1, max_size=4))
    form = draw(st.sampled_from(["csv", "json", "jsonl"]))
    luck = random.Random(draw(st.integers(0, 2**32)))
    if luck.random() < 0.3:
        record, slots = luck.choice(records)
        records.append((record, [slot | {"batteryPercentage": luck.choice(["1", "99", ""])} for slot in slots]))
    text = {"csv": as_csv, "json": as_array, "jsonl": as_lines}[form](records, luck)
    data = text.encode()
    if form == "csv" and luck.random() < 0.3:
        data = b"\xef\xbb\xbf" + data
    name = f"{name}.{form}"
    if luck.random() < 0.3:
        data, name = gzip.compress(data), f"{name}.gz"
    landed_at = datetime(2024, 7, 1, tzinfo=UTC) + timedelta(seconds=luck.randrange(3))
    return File(name, data, landed_at)


DELIVERIES = st.integers(1, 3).flatmap(lambda count: st.tuples(*(files(f"part{number}") for number in range(count))))


def as_csv(records: list[Any], luck: random.Random) -> str:
    """Any order of columns, any line ending, quotes where they must be or might be, and now and then a broken line."""
    rounds = [name for record, _ in records for name in record]
    slots = [f"locations[{n}].{name}" for _, of in records for n, slot in enumerate(of) for name in slot]
    columns = list(dict.fromkeys(["_id", "course", *rounds, *slots, "unknownColumn"]))
    luck.shuffle(columns)
    sink = io.StringIO()
    quoting = luck.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    writer = csv.writer(sink, lineterminator=luck.choice(["\n", "\r\n"]), quoting=quoting)
    writer.writerow(columns)
    for record, of in records:
        texts = record | {f"locations[{n}].{name}": text for n, slot in enumerate(of) for name, text in slot.items()}
        writer.writerow([texts.get(name) or "" for name in columns])
        if luck.random() < 0.1:
            writer.writerow(["broken"] * (len(columns) + luck.choice([-1, 1])))
    return sink.getvalue()


def as_array(records: list[Any], luck: random.Random) -> str:
    documents = [_document(record, slots, luck) for record, slots in records]
    return json.dumps(documents[0] if len(documents) == 1 and luck.random() < 0.5 else documents)


def as_lines(records: list[Any], luck: random.Random) -> str:
    lines = [json.dumps(_document(record, slots, luck)) for record, slots in records]
    if len(lines) > 1 and luck.random() < 0.2:
        lines.insert(1, '{"_id": "broken"')
    return "\n".join(lines) + luck.choice(["", "\n", "\n\n"])


def _document(record: dict[str, Any], slots: list[dict[str, Any]], luck: random.Random) -> dict[str, Any]:
    document = {name: _written(name, text, luck) for name, text in record.items()}
    return document | {"unknownField": 1, "locations": [_location(slot, luck) for slot in slots]}


def _location(slot: dict[str, Any], luck: random.Random) -> dict[str, Any]:
    location = {name: _written(name, text, luck) for name, text in slot.items() if "[" not in name}
    if "fixCoordinates[0]" in slot or "fixCoordinates[1]" in slot:
        pair = [slot.get(f"fixCoordinates[{number}]") for number in (0, 1)]
        location["fixCoordinates"] = [_written("fixCoordinates", text, luck) for text in pair]
    elif luck.random() < 0.3:
        location["fixCoordinates"] = []
    return location


def _written(name: str, text: str | None, luck: random.Random) -> Any:
    """The text as JSON: as it is, as the number or boolean that it is, or wrapped as MongoDB does."""
    if text is None:
        return None
    ways: list[Any] = [text]
    if text in ("true", "false"):
        ways += [text == "true"]
    if re.fullmatch("-?(0|[1-9][0-9]*)", text):
        ways += [int(text), {"$numberInt": text}, {"$numberLong": text}]
    if re.fullmatch("-?[0-9]+[.][0-9]+", text):
        ways += [{"$numberDouble": text}]
    if name == "_id" and text.strip():
        ways += [{"$oid": text}]
    if name in ("startTime", "endTime", "date") and text.endswith("Z") and "T" in text:
        ways += [{"$date": text}]
    return luck.choice(ways)
