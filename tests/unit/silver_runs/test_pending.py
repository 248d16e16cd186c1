"""Which deliveries are to be run, by what is landed and what runs have told."""

import datetime as dt
from itertools import permutations

import pytest

from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.silver_runs.pending import FILES_CHANGED, LATER_CHANGED, NEVER_DONE, latest_summaries, pending

COURSE = "erinhills"
FIRST, SECOND = Prefix(COURSE, dt.date(2024, 6, 1)), Prefix(COURSE, dt.date(2024, 6, 2))
COUNTS = dict.fromkeys(
    ["files_read", "bytes_read", "records_read", "slots_read", "rows_written", "empty_slots", "duplicates",
     "superseded", "quarantined_slots", "rounds_written", "rounds_superseded", "rounds_duplicate",
     "records_quarantined", "rounds_replaced", "rounds_not_replaced", "files_written", "bytes_written"],
    0,
)  # fmt: skip


def told(
    prefix: Prefix,
    hour: int,
    fingerprint: str = "a",
    *,
    run: str | None = None,
    dropped: int = 0,
    superseded_by: Prefix | None = None,
    taken_from: Prefix | None = None,
) -> RunSummary:
    """A run that took the first minute of an hour."""
    return RunSummary(
        run_id=run or f"{prefix.key}{hour}",
        course_id=prefix.course_id,
        ingest_date=prefix.ingest_date.isoformat(),
        started_at=f"2024-07-01T{hour:02}:00:00+00:00",
        finished_at=f"2024-07-01T{hour:02}:01:00+00:00",
        code_version="test",
        rounds_dropped=dropped,
        source_fingerprint=fingerprint,
        rounds_taken_from={taken_from.ingest_date.isoformat(): 1} if taken_from else {},
        rounds_superseded_by={superseded_by.ingest_date.isoformat(): 1} if superseded_by else {},
        **COUNTS,
    )


def test_what_no_run_has_brought_is_pending():
    assert pending({FIRST: "a", SECOND: "a"}, [told(SECOND, 1)]) == {FIRST: NEVER_DONE}


def test_what_was_run_as_it_is_landed_is_done():
    assert pending({FIRST: "a"}, [told(FIRST, 1)]) == {}


def test_other_files_than_the_last_run_read_are_pending():
    assert pending({FIRST: "b"}, [told(FIRST, 1, "a")]) == {FIRST: FILES_CHANGED}


@pytest.mark.parametrize("order", list(permutations([("a", 1), ("b", 2), ("a", 3)])))
def test_the_last_run_counts_whatever_the_order_of_the_summaries(order):
    assert pending({FIRST: "a"}, [told(FIRST, hour, fingerprint) for fingerprint, hour in order]) == {}


def test_summaries_of_what_is_no_longer_landed_do_not_matter():
    assert pending({FIRST: "a"}, [told(FIRST, 1), told(SECOND, 2)]) == {}


def test_a_later_date_that_took_rounds_and_was_run_with_other_files_makes_the_older_one_pending():
    runs = [told(FIRST, 1), told(SECOND, 2, "a", taken_from=FIRST), told(SECOND, 3, "b")]

    assert pending({FIRST: "a", SECOND: "b"}, runs) == {FIRST: LATER_CHANGED}


def test_a_later_date_that_took_rounds_and_dropped_some_makes_the_older_one_pending():
    runs = [told(FIRST, 1), told(SECOND, 2, taken_from=FIRST), told(SECOND, 3, dropped=1)]

    assert pending({FIRST: "a"}, runs) == {FIRST: LATER_CHANGED}


def test_rounds_left_out_for_a_later_date_may_come_back_when_it_changes():
    runs = [told(SECOND, 1, "a"), told(FIRST, 2, superseded_by=SECOND), told(SECOND, 3, "b")]

    assert pending({FIRST: "a", SECOND: "b"}, runs) == {FIRST: LATER_CHANGED}


def test_a_changed_later_date_that_has_no_round_of_the_older_one_leaves_it_done():
    runs = [told(FIRST, 1), told(SECOND, 2, "a"), told(SECOND, 3, "b", dropped=1)]

    assert pending({FIRST: "a", SECOND: "b"}, runs) == {}


def test_an_older_date_run_after_the_change_is_done():
    runs = [told(FIRST, 1), told(SECOND, 2, taken_from=FIRST), told(SECOND, 3, dropped=1), told(FIRST, 4)]

    assert pending({FIRST: "a"}, runs) == {}


def test_dates_of_one_run_saw_the_same_change():
    runs = [told(SECOND, 1, "a", taken_from=FIRST), told(FIRST, 2, run="both"),
            told(SECOND, 2, "b", run="both", dropped=1)]  # fmt: skip

    assert pending({FIRST: "a", SECOND: "b"}, runs) == {}


def test_a_change_of_an_earlier_date_or_of_another_course_does_not_matter():
    other = Prefix("pinehurst4", SECOND.ingest_date)
    runs = [told(FIRST, 3, dropped=1), told(SECOND, 1, superseded_by=FIRST)]
    runs += [told(other, 4, dropped=1, taken_from=FIRST)]

    assert pending({FIRST: "a", SECOND: "a", other: "a"}, runs) == {}


def test_the_latest_summary_of_each_delivery():
    last = told(FIRST, 5)

    assert latest_summaries([last, told(FIRST, 1), told(SECOND, 1)])[FIRST] is last
