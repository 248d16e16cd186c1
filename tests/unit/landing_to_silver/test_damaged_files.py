"""Damaged files: exact accounts of what can be read, or a refusal that names the file and the cause."""

import datetime as dt
import gzip
import json

import pytest

from tm_lakehouse.landing_to_silver.delivery import read_delivery
from tm_lakehouse.landing_to_silver.judge import Rules
from tm_lakehouse.landing_to_silver.landed_object import LandedObject
from tm_lakehouse.landing_to_silver.quarantine import Origin
from tm_lakehouse.landing_to_silver.read_file import read_file
from tm_lakehouse.landing_to_silver.reading import UnreadableFileError
from tm_lakehouse.landing_to_silver.silver_rows import to_silver

HEADER = "_id,course,goalName,locations[0].pace\n"
LINES = [f"a{number},Erin Hills,Default,{number}.5\n" for number in range(4)]
CSV = (HEADER + "".join(LINES)).encode()
JSON_LINES = "\n".join(
    json.dumps({"_id": f"a{number}", "course": "Erin Hills", "locations": [{"pace": number}]}) for number in range(4)
).encode()
ZIPPED = gzip.compress(CSV, mtime=0)


def accounts(name: str, data: bytes) -> tuple[int, int, dict[str, int]]:
    """Records read, rows written, and quarantined lines by reason; the two invariants hold."""
    landed = LandedObject(name, name, len(data), dt.datetime(2024, 7, 1, tzinfo=dt.UTC))
    delivery = read_delivery([landed], lambda _: read_file(name, data))
    silver = to_silver(delivery, Origin("run", "erinhills", dt.date(2024, 7, 1)), Rules())
    counts = silver.counts
    assert counts.records_read == counts.rounds_written + counts.rounds_duplicate + counts.records_quarantined
    assert counts.slots_read == (
        counts.rows_written + counts.empty_slots + counts.duplicates + counts.quarantined_slots
    )  # fmt: skip
    reasons = dict(silver.quarantine.group_by("reason").len().sort("reason").iter_rows())
    return counts.records_read, silver.rows.height, reasons


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("header_only.csv", HEADER.encode(), (0, 0, {})),
        ("cut_in_a_record.csv", CSV[:-20], (4, 3, {"unreadable_record": 1})),
        ("cut_in_a_value.csv", CSV[:-2], (4, 4, {})),
        ("cut_in_a_record.jsonl", JSON_LINES[:-5], (4, 3, {"unreadable_record": 1})),
        ("quote_never_closed.csv", CSV.replace(b"a1,Erin", b'"a1,Erin'), (4, 3, {"unreadable_record": 1})),
        (
            "quote_within_a_value.csv",
            CSV.replace(b"a1,Erin Hills", b'a1,Erin "Hills'),
            (4, 3, {"unreadable_record": 1}),
        ),
        ("nul_in_a_text.csv", CSV.replace(b"a2,Erin Hills,Default", b"a2,Erin Hills,De\0fault"), (4, 4, {})),
        ("nul_in_a_number.csv", CSV.replace(b"2.5", b"2\0.5"), (4, 4, {})),
        ("long_line.csv", CSV.replace(b"a1,Erin Hills,Default", b"a1,Erin Hills," + b"x" * 10_000_000), (4, 4, {})),
        ("blank_lines.csv", CSV.replace(b"\n", b"\n\n"), (4, 4, {})),
        ("no_last_line_end.csv", CSV[:-1], (4, 4, {})),
        ("long_line.jsonl", JSON_LINES.replace(b'"a1"', b'"a1", "goalName": "' + b"x" * 10_000_000 + b'"'), (4, 4, {})),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_can_be_read_is_read_and_the_rest_accounted_for(name, data, expected):
    assert accounts(name, data) == expected


@pytest.mark.parametrize(
    ("name", "data", "cause"),
    [
        ("zero_bytes.csv", b"", "it is empty"),
        ("blanks_only.jsonl", b" \n\n", "it is empty"),
        ("cut.csv.gz", ZIPPED[:-12], "its gzip is broken: .*end-of-stream"),
        ("checksum.csv.gz", ZIPPED[:-8] + b"\0\0\0\0" + ZIPPED[-4:], "its gzip is broken: CRC check failed"),
        ("not_gzip.csv.gz", CSV, "its gzip is broken: Not a gzipped file"),
        ("empty_inside.csv.gz", gzip.compress(b"", mtime=0), "it is empty"),
        ("utf16.csv", CSV.decode().encode("utf-16"), "not UTF-8 at byte 0"),
        ("latin1.csv", CSV.replace(b"Default", b"D\xe9faut"), "not UTF-8 at byte"),
        ("utf16.jsonl", JSON_LINES.decode().encode("utf-16"), "not UTF-8 at byte 0"),
        ("no_header.csv", "".join(LINES).encode(), "its header has no column _id or course"),
        ("doubled.csv", CSV.replace(b"_id,course,goalName", b"_id,course,_id"), "its header names _id more than once"),
        ("cut.json", b"[" + b",".join(JSON_LINES.splitlines())[:-9], "its array breaks off at character"),
        ("followed.json", b"[" + b",".join(JSON_LINES.splitlines()) + b"] x", "text follows its array"),
        ("prose.jsonl", b"Dear all,\nthe data is attached.\n", "none of its lines is JSON"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_refused_with_the_files_name_and_the_cause(name, data, cause):
    with pytest.raises(UnreadableFileError, match=f"^{name}: {cause}"):
        accounts(name, data)


@pytest.mark.parametrize("shift", range(4))
def test_text_is_checked_to_its_last_byte_and_characters_are_not_cut_apart(shift):
    """A file is checked by the megabyte; `shift` moves a four-byte character over the border."""
    start = HEADER.encode() + b"r1,Erin Hills,"
    golfers = "\N{GOLFER}".encode() * (3 << 18)
    body = start + b"x" * (-len(start) % 4 + shift) + golfers

    for name, end in (("wrong.csv", b"\xff,1\n"), ("cut.csv", golfers[:3])):
        with pytest.raises(UnreadableFileError, match=f"^{name}: not UTF-8 at byte {len(body)}$"):
            accounts(name, body + end)
    assert accounts("whole.csv", body + b",1\n") == (1, 1, {})
