"""One seed is one set of rounds, however it is written."""

import csv
import io

import pytest

from tm_lakehouse.generator.course import generate_course
from tm_lakehouse.generator.profiles import PILOT_COURSES

ALL = sorted(PILOT_COURSES)


def values(naive, rounds):
    """What the records say, without how it is spelled, in the order of the file."""
    return [
        (
            one.is_broken,
            {name: naive.plain(text) for name, text in one.values.items()},
            [(i, {name: naive.plain(text) for name, text in slot.items()}) for i, slot in enumerate(one.slots) if slot],
        )
        for one in rounds
    ]


@pytest.mark.parametrize("course_id", ALL)
@pytest.mark.parametrize("file_format", ["json", "jsonl"])
def test_json_holds_the_rounds_of_the_csv(naive, delivered, course_id, file_format):
    profile = PILOT_COURSES[course_id]
    as_csv = values(naive, delivered(profile, rounds=60, seed=4))
    as_json = values(naive, delivered(profile, rounds=60, seed=4, file_format=file_format))
    assert len(as_csv) > 60
    assert as_json == as_csv


@pytest.mark.parametrize("file_format", ["csv", "json", "jsonl"])
def test_compressed_files_hold_the_same_bytes(naive, file_format):
    profile = PILOT_COURSES["pinehurst4"]
    plain = generate_course(profile, rounds=40, seed=1, file_format=file_format).first.files[0]
    packed = generate_course(profile, rounds=40, seed=1, file_format=file_format, is_gzip=True).first.files[0]
    assert packed.name == plain.name + ".gz"
    assert len(packed.content) < len(plain.content) / 2
    assert naive.read_rounds(packed.name, packed.content) == naive.read_rounds(plain.name, plain.content)


def test_json_is_extended_json():
    profile = PILOT_COURSES["indiancreek"]
    relaxed, canonical = (
        generate_course(profile, rounds=30, file_format=form).first.files[0].content.decode()
        for form in ("json", "jsonl")
    )
    assert '{"$oid": "' in relaxed
    assert '{"$date": "2024-11-' in relaxed
    assert '{"$date": {"$numberLong": "' in canonical
    assert '{"$numberInt": "' in canonical
    assert '{"$numberDouble": "' in canonical


def header(course_id, part=0):
    content = generate_course(PILOT_COURSES[course_id], rounds=60).first.files[part].content
    return next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_column_sets_and_orders_differ_from_file_to_file():
    headers = [header(course_id) for course_id in ALL] + [header("bradshawfarmgc", part=1)]
    fields = [frozenset(name.rpartition(".")[2] for name in one) for one in headers]
    assert len(set(fields)) == len(fields)
    orders = [[name for name in one if name in set.intersection(*map(set, headers))] for one in headers]
    assert len({tuple(order) for order in orders}) >= 4


@pytest.mark.parametrize("course_id", ALL)
def test_ignored_columns_are_there(course_id):
    assert {"locations[0]._id", "locations[0].fix", "locations[0].holdingUp"} <= set(header(course_id))


@pytest.mark.parametrize("course_id", ALL)
def test_a_csv_has_as_many_slots_as_its_longest_round(naive, course_id):
    for file in generate_course(PILOT_COURSES[course_id], rounds=80).first.files:
        rounds = [one for one in naive.read_rounds(file.name, file.content) if not one.is_broken]
        assert {len(one.slots) for one in rounds} == {
            max(i + 1 for one in rounds for i, s in enumerate(one.slots) if s)
        }


def test_spellings_differ_by_course():
    american, erin, pinehurst = (
        generate_course(PILOT_COURSES[course_id], rounds=30).first.files[0].content
        for course_id in ("americanfalls", "erinhills", "pinehurst4")
    )
    assert b",true," in american
    assert b",True," in pinehurst
    assert pinehurst.startswith(b"\xef\xbb\xbf")
    assert b",1.0,2.0,2.0," in erin
    assert b'"Walking, ""relaxed"""' in american
