"""A lake in which anything is missing, extra or uncounted fails the check that is about it."""

import dataclasses

import pytest

from tm_lakehouse.validation.reconciliation import Counted, against_truth, reconcile

KEY = ("course", "2024-01-15")
SUMMARY = {
    "records_read": 10, "rounds_written": 7, "rounds_superseded": 1, "rounds_duplicate": 1, "records_quarantined": 1,
    "slots_read": 100, "rows_written": 60, "empty_slots": 30, "duplicates": 5, "superseded": 3, "quarantined_slots": 2,
}  # fmt: skip
SOUND = Counted(landed_records=10, summary=SUMMARY, silver_rows=60, quarantined_slots=2)


def _failed(counted: Counted) -> list[str]:
    return [check.name for check in reconcile({KEY: counted}) if not check.passed]


def test_a_sound_lake_passes_every_check():
    assert _failed(SOUND) == []


@pytest.mark.parametrize(
    ("difference", "failed"),
    [
        ({"landed_records": 11}, "every landed record was read"),
        ({"silver_rows": 59}, "Silver holds the rows that the runs wrote"),
        ({"quarantined_slots": 3}, "quarantine holds what the runs set aside"),
    ],
)
def test_a_difference_between_two_places_is_found(difference, failed):
    assert _failed(dataclasses.replace(SOUND, **difference)) == [failed]


@pytest.mark.parametrize(
    ("field", "failed"),
    [
        ("rounds_duplicate", "records read = written + superseded + duplicate + quarantined"),
        ("superseded", "slots read = written + empty + duplicate + superseded + quarantined"),
    ],
)
def test_an_uncounted_outcome_is_found(field, failed):
    summary = SUMMARY | {field: 0}
    assert _failed(dataclasses.replace(SOUND, summary=summary)) == [failed]


def test_nothing_loaded_is_not_right():
    assert [check.name for check in reconcile({}) if not check.passed] == ["courses and dates loaded"]


def test_a_defect_that_was_planted_and_not_counted_is_told():
    check = against_truth({KEY: {"duplicates": 6}}, {KEY: SUMMARY})

    assert not check.passed
    assert "planted 6, counted 5" in check.figures
