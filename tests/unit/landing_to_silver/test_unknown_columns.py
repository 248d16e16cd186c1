"""What the source has and no table takes is told, whatever the format."""

import datetime as dt
import gzip
import json

import pytest

from tm_lakehouse.cli.silver import unknown_columns_told
from tm_lakehouse.landing_to_silver.delivery import read_delivery
from tm_lakehouse.landing_to_silver.landed_object import LandedObject
from tm_lakehouse.landing_to_silver.read_file import read_file
from tm_lakehouse.run_summary import RunSummary

LANDED_AT = dt.datetime(2024, 9, 2, tzinfo=dt.UTC)
ROUND = {
    "_id": "r1", "course": "Erin Hills", "weather": "rain",
    "locations": [{"hole": 1, "speed": 2.5, "heldUp": True, "fixCoordinates": [1, 2]}, {"hole": 2, "speed": 3.5}],
}  # fmt: skip
CSV = (
    b"_id,course,weather,locations[0].hole,locations[0].speed,locations[0].heldUp,"
    b"locations[1].hole,locations[1].speed,locations[0].fixCoordinates[0],locations[0].fixCoordinates[1]\n"
    b"r1,Erin Hills,rain,1,2.5,true,2,3.5,1,2\n"
)
FILES = {
    "rounds.csv": CSV,
    "rounds.csv.gz": gzip.compress(CSV),
    "rounds.json": json.dumps([ROUND]).encode(),
    "rounds.jsonl": json.dumps(ROUND).encode(),
}


def unknown_of(*names: str) -> dict[str, int]:
    landed = [LandedObject(name, name, len(FILES[name]), LANDED_AT) for name in names]
    return dict(read_delivery(landed, lambda each: read_file(each.name, FILES[each.name])).unknown_columns)


@pytest.mark.parametrize("name", FILES)
def test_each_format_tells_the_same_unknown_columns_and_neither_known_nor_ignored_ones(name):
    assert unknown_of(name) == {"weather": 1, "locations[].speed": 1}


def test_a_column_is_counted_by_file():
    assert unknown_of(*FILES) == {"weather": 4, "locations[].speed": 4}


def summary(**unknown: int) -> RunSummary:
    counts = {name: 0 for name, kind in RunSummary.__annotations__.items() if kind is int}
    texts = {name: "" for name, kind in RunSummary.__annotations__.items() if kind is str}
    return RunSummary(**(counts | texts | {"unknown_columns": unknown}))


def test_the_user_is_told_once_for_all_deliveries():
    told = unknown_columns_told([summary(weather=1), summary(), summary(weather=2, speed=1)])

    assert told == (
        "warning: no table takes these columns of the source: speed (1 file), weather (3 files); "
        'see "Add a column to Silver" in docs/data.md'
    )


def test_nothing_is_told_where_every_column_is_known():
    assert unknown_columns_told([summary()]) == ""
