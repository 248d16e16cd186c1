"""What is landed, by listing."""

import datetime as dt

import pytest

from tm_lakehouse.landing_to_silver.landed import Selection, landed_deliveries, source_fingerprint
from tm_lakehouse.landing_to_silver.prefixes import Prefix

MAY, JUNE = dt.date(2024, 5, 31), dt.date(2024, 6, 1)


@pytest.fixture
def landing(store):
    for course in ("erinhills", "indiancreek"):
        for date in (MAY, JUNE):
            store.put(f"s3://landing/{Prefix(course, date).key}rounds.csv", b"_id,course")
    for stray in ("readme.txt", "course_id=erinhills/notes.txt", "course_id=erinhills/ingest_date=soon/x.csv"):
        store.put(f"s3://landing/{stray}", b"")
    return store


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), [("erinhills", MAY), ("erinhills", JUNE), ("indiancreek", MAY), ("indiancreek", JUNE)]),
        (Selection(first=JUNE, last=JUNE), [("erinhills", JUNE), ("indiancreek", JUNE)]),
        (Selection(frozenset({"indiancreek"}), first=JUNE), [("indiancreek", JUNE)]),
        (Selection(last=MAY), [("erinhills", MAY), ("indiancreek", MAY)]),
        (Selection(frozenset({"nowhere"})), []),
    ],
)
def test_deliveries_are_found_by_course_and_date_and_strays_are_none(landing, selection, expected):
    found = landed_deliveries(landing, "landing", selection)

    assert list(found) == expected
    assert all([each.name for each in objects] == ["rounds.csv"] for objects in found.values())


def test_the_fingerprint_changes_with_name_and_content_and_not_with_order_or_time(landing):
    prefix = Prefix("erinhills", MAY)

    def fingerprint() -> str:
        return source_fingerprint(landed_deliveries(landing, "landing", Selection())[prefix])

    before = fingerprint()
    landing.put(f"s3://landing/{prefix.key}rounds.csv", b"_id,course")
    assert fingerprint() == before
    landing.put(f"s3://landing/{prefix.key}rounds.csv", b"_id,COURSE")
    changed = fingerprint()
    landing.put(f"s3://landing/{prefix.key}more.csv", b"_id,course")
    assert len({before, changed, fingerprint()}) == 3
