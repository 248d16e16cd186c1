"""What one delivery becomes: typed, judged, unique rows, the same from every format, everything else counted."""

import datetime as dt
import gzip
import json
from dataclasses import asdict
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tm_lakehouse.generator.course import generate_course
from tm_lakehouse.generator.profiles import find_profile
from tm_lakehouse.landing_to_silver.decimals import decimal_text, round_to_thousandths
from tm_lakehouse.landing_to_silver.delivery import read_delivery
from tm_lakehouse.landing_to_silver.judge import Rules
from tm_lakehouse.landing_to_silver.landed_object import LandedObject
from tm_lakehouse.landing_to_silver.quarantine import Origin
from tm_lakehouse.landing_to_silver.read_file import read_file
from tm_lakehouse.landing_to_silver.silver_rows import SilverRows, to_silver
from tm_lakehouse.landing_to_silver.topology import NineRange

EXAMPLE = Path(__file__).parents[2] / "scenarios" / "worked_example"
DATE = dt.date(2024, 9, 2)
LANDED_AT = dt.datetime(2024, 9, 2, tzinfo=dt.UTC)


def delivered(files: dict[str, bytes], course="erinhills", rules=Rules(), nines=(), superseded=()) -> SilverRows:  # noqa: B008
    """What becomes of files that are landed together; of two files the later one named is the newer."""
    objects = [
        LandedObject(name, name, len(content), LANDED_AT + dt.timedelta(seconds=number))
        for number, (name, content) in enumerate(files.items())
    ]
    delivery = read_delivery(objects, lambda landed: read_file(landed.name, files[landed.name]))
    return to_silver(delivery, Origin("run", course, DATE), rules, nines, superseded)


def rounds(*records: dict) -> dict[str, bytes]:
    return {"rounds.json": json.dumps(records).encode()}


def a_round(*slots: dict, **fields) -> dict:
    """A sound round of the course, with the slots given."""
    return {"_id": "r1", "course": "Erin Hills", "startTime": "2024-09-01T10:00:00Z", "locations": slots, **fields}


def without_source(result: SilverRows) -> pl.DataFrame:
    return result.rows.drop("source_file").sort("round_id", "location_index")


def test_the_worked_example_gives_the_rows_worked_out_by_hand():
    expected = json.loads((EXAMPLE / "expected.json").read_text())["good"]["rows"]
    (file,) = (EXAMPLE / "good").iterdir()

    found = delivered({file.name: file.read_bytes()}, course="americanfalls").rows.sort("round_id", "location_index")

    texts = found.with_columns(
        pl.col(pl.Datetime).dt.strftime("%Y-%m-%d %H:%M:%S%.3f"), pl.col(pl.Date).dt.strftime("%Y-%m-%d")
    )
    assert texts.select(list(expected[0])).to_dicts() == expected


@pytest.mark.parametrize("course", ["bradshawfarmgc", "indiancreek", "americanfalls"])
def test_the_same_rounds_give_the_same_rows_from_every_format(course):
    results = []
    for file_format, is_gzip in (("csv", False), ("json", False), ("jsonl", False), ("csv", True), ("jsonl", True)):
        generated = generate_course(
            find_profile(course), rounds=40, seed=3, file_format=file_format, is_gzip=is_gzip, with_defects=False
        )
        files = {file.name: file.content for file in generated.first.files}
        results.append(without_source(delivered(files, course=course)))

    assert results[0].height > 500
    for other in results[1:]:
        assert other.equals(results[0])


@pytest.mark.parametrize("file_format", ["csv", "json", "jsonl"])
def test_planted_defects_are_counted_exactly(file_format):
    generated = generate_course(find_profile("pinehurst4"), rounds=80, seed=5, file_format=file_format)
    files = {file.name: file.content for file in generated.first.files}

    counts = asdict(delivered(files, course="pinehurst4").counts)

    truth = generated.first.truth.summary()
    assert counts == {name: truth[name] for name in counts}
    assert counts["duplicates"] > 0
    assert counts["quarantined_slots"] > 0


SLOTS = st.fixed_dictionaries(
    {},
    optional={
        "hole": st.integers(1, 27),
        "sectionNumber": st.integers(1, 81),
        "startTime": st.floats(0, 20_000).map(lambda value: round(value, 4)),
        "pace": st.floats(-4000, 4000).map(lambda value: round(value, 5)),
        "batteryPercentage": st.integers(0, 100),
        "isCache": st.booleans(),
        "fixCoordinates": st.tuples(st.floats(-180, 180), st.floats(-90, 90)).map(list),
    },
)


@settings(max_examples=40, deadline=None)
@given(st.lists(SLOTS, min_size=1, max_size=6))
def test_any_round_is_the_same_as_csv_and_as_json_of_either_kind(slots):
    record = a_round(*slots)
    relaxed = without_source(delivered(rounds(record)))

    assert without_source(delivered({"r.csv": _as_csv(record)})).equals(relaxed)
    assert without_source(delivered({"r.jsonl.gz": gzip.compress(json.dumps(_canonical(record)).encode())})).equals(
        relaxed
    )


def _as_csv(record: dict) -> bytes:
    flat = {name: value for name, value in record.items() if name != "locations"}
    for number, slot in enumerate(record["locations"]):
        for name, value in slot.items():
            parts = {f"{name}[{i}]": part for i, part in enumerate(value)} if isinstance(value, list) else {name: value}
            flat |= {f"locations[{number}].{part}": content for part, content in parts.items()}
        flat.setdefault(f"locations[{number}].hole", "")
    texts = [str(value).lower() if isinstance(value, bool) else str(value) for value in flat.values()]
    return f"{','.join(flat)}\n{','.join(texts)}\n".encode()


def _canonical(value):
    """MongoDB's canonical extended JSON: every number says its type."""
    if isinstance(value, dict):
        return {name: _canonical(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(inner) for inner in value]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return {"$numberInt" if isinstance(value, int) else "$numberDouble": str(value)}


@pytest.mark.parametrize(
    ("longitude", "latitude", "rows"),
    [(180, 90, 1), (-180, -90, 1), (180.0001, 0, 0), (0, -90.0001, 0), (200, 100, 0)],
)
def test_bounds_are_inside_and_beyond_them_is_quarantine(longitude, latitude, rows):
    result = delivered(rounds(a_round({"hole": 1, "fixCoordinates": [longitude, latitude]})))

    assert (result.counts.rows_written, result.counts.quarantined_slots) == (rows, 1 - rows)


def test_the_first_reason_that_applies_counts():
    no_id = a_round({"hole": 1, "fixCoordinates": [200, 100]}) | {"_id": ""}

    result = delivered(rounds(no_id, a_round(_id="r2"), a_round({"hole": 1, "fixCoordinates": [200, 0]}, _id="r3")))

    assert result.quarantine["reason"].to_list() == ["round_id_missing", "no_locations", "coordinates_out_of_bounds"]
    assert result.counts.records_quarantined == 3


def test_a_slot_without_any_value_is_no_row_and_keeps_its_place():
    result = delivered(rounds(a_round({"hole": 1}, {"hole": ""}, {"hole": 2})))

    assert result.rows["location_index"].to_list() == [0, 2]
    assert result.counts.empty_slots == 1


def test_of_two_copies_the_cached_one_stays():
    live = a_round({"hole": 7, "sectionNumber": 20, "isCache": False, "startTime": 5})
    cached = a_round({"hole": 8, "sectionNumber": 20, "isCache": True, "startTime": 5})

    result = delivered(rounds(live, cached))

    assert result.rows["hole_number"].to_list() == [8]
    assert (result.counts.duplicates, result.counts.rounds_duplicate) == (1, 1)


def test_a_copy_with_bad_coordinates_never_hides_a_good_one():
    bad = a_round({"hole": 8, "isCache": True, "startTime": 5, "fixCoordinates": [999, 0]})
    good = a_round({"hole": 7, "isCache": False, "startTime": 5, "fixCoordinates": [1, 1]})

    assert delivered(rounds(bad, good)).rows["hole_number"].to_list() == [7]


def test_a_superseded_round_is_counted_and_not_written():
    result = delivered(rounds(a_round({"hole": 1}), a_round({"hole": 1}, _id="r2")), superseded=["r1"])

    assert result.rows["round_id"].to_list() == ["r2"]
    assert (result.counts.superseded, result.counts.rounds_superseded) == (1, 1)


@pytest.mark.parametrize(
    ("hole", "section", "nine"),
    [(1, 27, 1), (None, 27, 1), (None, 28, 2), (None, 54, 2), (None, 55, 3), (9, None, 1), (10, None, 2), (19, 1, 3)],
)
def test_without_topology_the_nine_goes_by_hole_then_by_section(hole, section, nine):
    slot = {name: value for name, value in (("hole", hole), ("sectionNumber", section)) if value}

    assert delivered(rounds(a_round(slot))).rows["nine_number"].to_list() == [nine]


def test_a_shotgun_round_from_section_13_round_to_section_12_plays_its_nine_once():
    sections = [*range(13, 28), *range(1, 13)]
    slots = [
        {"hole": 1, "sectionNumber": section, "holeSection": 1, "startTime": n} for n, section in enumerate(sections)
    ]

    result = delivered(rounds(a_round(*slots)), nines=(NineRange(1, 1, 27),))

    assert result.rows["loop_number"].unique().to_list() == [1]


def test_a_nine_played_twice_has_two_loops():
    sections = [*range(1, 25), *range(1, 25)]
    slots = [
        {"hole": 1, "sectionNumber": section, "holeSection": 1, "startTime": n} for n, section in enumerate(sections)
    ]

    result = delivered(rounds(a_round(*slots)), nines=(NineRange(1, 1, 24),))

    assert result.rows.sort("location_index")["loop_number"].to_list() == [1] * 24 + [2] * 24


@pytest.mark.parametrize(
    ("value", "rounded"), [(1.0005, 1.001), (-0.0005, -0.001), (2.6745, 2.675), (1.0004999, 1.0), (None, None)]
)
def test_metrics_are_rounded_half_away_from_zero_on_their_decimal_text(value, rounded):
    assert round_to_thousandths(pl.Series([value], dtype=pl.Float64)).to_list() == [rounded]


@pytest.mark.parametrize(("value", "text"), [(-122.125, "-122.125"), (45.0, "45"), (1e-7, "0.0000001")])
def test_coordinates_are_written_as_the_shortest_decimals(value, text):
    assert decimal_text(pl.Series([value])).to_list() == [text]


def test_a_duration_is_the_double_nearest_to_its_two_decimals():
    record = a_round({"hole": 1}, startTime="2024-01-01T00:00:00Z", endTime="2024-04-20T12:31:21.6Z")

    assert delivered(rounds(record)).rows["round_duration_minutes"].to_list() == [159151.36]
