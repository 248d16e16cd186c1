"""What is read from a file before it may land, and what is refused."""

import gzip
import hashlib
import json
import tracemalloc

import pytest

from tm_lakehouse.generator.course import generate_course
from tm_lakehouse.generator.profiles import PILOT_COURSES
from tm_lakehouse.source_to_landing.file_format import RejectedFileError, format_of
from tm_lakehouse.source_to_landing.inspect_file import inspect_file

CSV = "_id,course,startTime\na1,,2024-01-15T10:00:00Z\na2,Erin Hills,\n"
ROUNDS = [{"_id": "a1", "course": ""}, {"_id": "a2", "course": " Erin Hills "}]
LINES = "".join(json.dumps(one) + "\n" for one in ROUNDS)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", CSV, "csv"),
        ("a.csv", "[1]", "csv"),
        ("a.json", CSV, "json"),
        ("a.JSONL", LINES, "json"),
        ("a.csv.gz", gzip.compress(b"[]", mtime=0), "csv"),
        ("a.dat", CSV, "csv"),
        ("a.dat", " \n[1]", "json"),
        ("a", "{}", "json"),
        ("a", b"\xef\xbb\xbf{}", "json"),
        ("a.gz", gzip.compress(b"[]", mtime=0), "json"),
    ],
)
def test_format_by_extension_else_by_first_character(course_file, name, content, expected):
    assert format_of(course_file(name, content)) == expected


@pytest.mark.parametrize(
    ("name", "content", "rows"),
    [
        ("a.csv", CSV, 2),
        ("a.csv", CSV.replace("\n", "\r\n"), 2),
        ("a.csv", CSV.rstrip("\n"), 2),
        ("a.csv", b"\xef\xbb\xbf" + CSV.encode(), 2),
        ("a.csv", CSV + "\n\n", 2),
        ("a.csv", CSV + "broken\n", 3),
        ("a.csv", CSV + 'a3,"Erin\nHills",\n', 3),
        ("a.csv", CSV + 'a3,"Erin Hills,\na4,Erin Hills,\n', 4),
        ("a.csv", gzip.compress(CSV.encode(), mtime=0), 2),
        ("a.csv.gz", gzip.compress(CSV.encode(), mtime=0), 2),
        ("a.json", json.dumps(ROUNDS), 2),
        ("a.json", json.dumps(ROUNDS, indent=2), 2),
        ("a.json", json.dumps([*ROUNDS, 7, None, "x"]), 5),
        ("a.json", json.dumps(ROUNDS[1]), 1),
        ("a.json", json.dumps(ROUNDS[1], indent=2), 1),
        ("a.jsonl", LINES, 2),
        ("a.jsonl", LINES.rstrip(), 2),
        ("a.jsonl", "\n" + LINES + "\n", 2),
        ("a.jsonl", '{"_id": "a0", "cou\n' + LINES, 3),
        ("a.jsonl", b"\xef\xbb\xbf" + LINES.encode(), 2),
    ],
)
def test_rows_are_counted_broken_ones_too(course_file, name, content, rows):
    path = course_file(name, content)
    inspection = inspect_file(path)
    assert inspection.rows == rows
    assert inspection.course == "Erin Hills"
    assert inspection.size == path.stat().st_size
    assert inspection.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", "", "no rows"),
        ("a.csv", "\n", "no column _id or course"),
        ("a.csv", "_id,course\n", "no rows"),
        ("a.csv", "_id,course", "no rows"),
        ("a.csv", "_id,name\n1,2\n", "no column course"),
        ("a.csv", "id,course\n1,2\n", "no column _id"),
        ("a.csv", b"_id,course\n1,\xff\n", "not UTF-8"),
        ("a.csv", b"_id,course\n1,Erin\n" + b"2,Erin\n" * 9000 + b"\xff", "not UTF-8"),
        ("a.csv", gzip.compress(CSV.encode() * 50, mtime=0)[:-9], "gzip data"),
        ("a.csv", b"\x1f\x8bnothing", "gzip data"),
        ("a.csv.gz", CSV, "says gzip"),
        ("a.csv.gz", gzip.compress(b"", mtime=0), "no rows"),
        ("a.json", "", "no rows"),
        ("a.json", " \n ", "no rows"),
        ("a.json", "[]", "no rows"),
        ("a.json", "[ {} ]", "no _id or course"),
        ("a.json", '[{"_id": 1}]', "no course"),
        ("a.json", "[7]", "no JSON object"),
        ("a.json", "7", "no JSON object"),
        ("a.json", json.dumps(ROUNDS)[:-1], "breaks off"),
        ("a.json", json.dumps(ROUNDS)[:-9], "can't be read"),
        ("a.json", json.dumps(ROUNDS).replace("}, {", "} {"), "breaks off"),
        ("a.json", json.dumps(ROUNDS) + "x", "follows"),
        ("a.json", "[" * 100_000, "can't be read"),
        ("a.json", "not json", "none of its lines"),
        ("a.jsonl", "{\n{\n", "none of its lines"),
        ("a.jsonl", '{"course": "Erin Hills"}\n', "no _id"),
        ("a.json", b'[{"_id": "\xff", "course": 1}]', "not UTF-8"),
    ],
)
def test_unusable_files_are_rejected_with_the_reason(course_file, name, content, reason):
    with pytest.raises(RejectedFileError, match=reason):
        inspect_file(course_file(name, content))


def test_a_missing_file_is_rejected(tmp_path):
    with pytest.raises(RejectedFileError, match="no such file"):
        inspect_file(tmp_path / "nowhere.csv")


def test_a_file_without_course_has_none(course_file):
    assert inspect_file(course_file("a.csv", "_id,course\na1,\n")).course is None
    assert inspect_file(course_file("a.json", '[{"_id": 1, "course": null}]')).course is None


def test_a_course_is_found_behind_an_unclosed_quote_or_not_at_all(course_file):
    runaway = '_id,course\na0,"\n' + "a1,Erin Hills\n" * 20_000
    inspection = inspect_file(course_file("a.csv", runaway))
    assert inspection.rows == 20_001
    assert inspection.course is None


@pytest.mark.parametrize("file_format", ["csv", "json", "jsonl"])
@pytest.mark.parametrize("is_gzip", [False, True])
def test_generated_files_hold_the_records_that_their_truth_tells(course_file, file_format, is_gzip):
    profile = PILOT_COURSES["bradshawfarmgc"]
    for file in generate_course(profile, rounds=90, file_format=file_format, is_gzip=is_gzip).first.files:
        inspection = inspect_file(course_file(file.name, file.content))
        assert inspection.rows == file.records
        assert inspection.course == profile.course_name


def test_a_large_array_is_not_held_in_memory(course_file):
    element = json.dumps({"_id": "a1", "course": "Erin Hills", "note": "x" * 20_000})
    path = course_file("a.json", "[" + ",\n".join([element] * 2000) + "]")
    tracemalloc.start()
    rows = inspect_file(path).rows
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == 2000
    assert path.stat().st_size > 40e6
    assert peak < 12e6


def test_an_element_longer_than_the_window_is_one_record(course_file):
    long = json.dumps([{"_id": "a1", "course": "Erin Hills", "note": "x" * 5_000_000}, {"_id": "a2", "course": ""}])
    assert inspect_file(course_file("a.json", long)).rows == 2


@pytest.mark.parametrize("padding", range((1 << 20) - 12, (1 << 20) - 2))
def test_a_number_at_the_windows_edge_is_read_whole(course_file, padding):
    content = json.dumps([{"_id": "a1", "course": "Erin Hills"}]).removesuffix("]") + "," + "\n" * padding + "123456,7]"
    assert inspect_file(course_file("a.json", content)).rows == 3
