"""Which landed files and quarantined lines hold a round or a device."""

import gzip
import json

import pytest

from tm_lakehouse.erasure.subject import Round, Subject
from tm_lakehouse.erasure.traces import lines_in_quarantine, records_in_file
from tm_lakehouse.landing_to_silver.quarantined_record import QuarantinedRecord

ROUND, DEVICE = Subject("round", "r1", "erinhills"), Subject("device", "d1")
CSV = b"_id,course,device,goalName\nr1,Erin Hills,d1,r2\nr2,Erin Hills,d1,\nr11,Erin Hills,d11,r1\n"
JSON = b"\n".join(
    json.dumps({"_id": {"$oid": round_id}, "course": "Erin Hills", "device": device}).encode()
    for round_id, device in (("r1", "d1"), ("r2", "d1"), ("r11", "d11"))
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", CSV),
        ("a.csv.gz", gzip.compress(CSV, mtime=0)),
        ("a.jsonl", JSON),
        ("a.jsonl.gz", gzip.compress(JSON, mtime=0)),
    ],
)
def test_records_are_counted_by_their_own_field_in_every_format(name, content):
    assert records_in_file(f"course_id=erinhills/ingest_date=2024-01-01/{name}", content, ROUND) == 1
    assert records_in_file(name, content, DEVICE) == 2
    assert records_in_file(name, content, Subject("round", "r3")) == 0
    assert records_in_file(name, content, Subject("device", "d-3")) == 0


def test_a_broken_record_counts_when_its_text_names_the_id():
    broken = CSV + b"r9,Erin Hills,d1,,too many\n"

    assert records_in_file("a.csv", broken, DEVICE) == 3


def test_a_file_that_cannot_be_read_counts_when_its_bytes_name_the_id():
    assert records_in_file("a.json", b'[{"_id": "r1", ', ROUND) == 1
    assert records_in_file("a.json", b'[{"_id": "r2", ', ROUND) == 0


def test_an_id_that_json_may_write_otherwise_is_found():
    content = b'{"_id": "r1", "course": "x", "device": "caf\\u00e9 1"}'

    assert records_in_file("a.jsonl", content, Subject("device", "café 1")) == 1


def line(**difference) -> QuarantinedRecord:
    sound = {
        "run_id": "run", "course_id": "erinhills", "ingest_date": "2024-01-01", "reason": "no_locations",
        "source_file": "a.csv", "record_position": 1, "round_id": "r1", "location_index": None, "slots": 0,
        "row_json": '{"device": "d1"}', "raw_text": None,
    }  # fmt: skip
    return QuarantinedRecord(**(sound | difference))


@pytest.mark.parametrize(
    ("difference", "of_round", "of_device"),
    [
        ({}, 1, 1),
        ({"round_id": "r2", "row_json": '{"pace": 1.0}'}, 0, 1),
        ({"round_id": "r2", "row_json": '{"pace": 1.0}', "course_id": "pinehurst4"}, 0, 0),
        ({"round_id": None}, 0, 1),
        ({"round_id": "r3", "row_json": '{"device": null}'}, 0, 0),
        ({"round_id": None, "row_json": None, "raw_text": "r1,Erin Hills,d1"}, 1, 1),
        ({"round_id": None, "row_json": None, "raw_text": "r2,Erin Hills,d2"}, 0, 0),
    ],
)
def test_quarantined_lines_are_told_by_round_by_device_and_by_raw_text(difference, of_round, of_device):
    content = (line(**difference).to_json() + "\n").encode()
    rounds = {Round("erinhills", "r1"), Round("erinhills", "r2")}

    assert lines_in_quarantine(content, ROUND, rounds) == of_round
    assert lines_in_quarantine(content, DEVICE, rounds) == of_device
