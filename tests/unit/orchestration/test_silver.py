"""What is wrong with a Silver run, whatever way it ended."""

import datetime as dt
from dataclasses import replace

import pytest
from folder_store import FolderStore

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.glue_run import FinishedRun
from tm_lakehouse.landing_to_silver.landed import Selection, fingerprints, landed_deliveries
from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.landing_to_silver.run_records import Failure, write_summary
from tm_lakehouse.orchestration.silver import (
    landed_prefixes,
    overdue,
    pending_prefixes,
    planned_runs,
    problems_of,
    still_owed,
    told,
)
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.settings import Settings
from tm_lakehouse.silver_runs.launch import RunOutcome

DAY = dt.date(2025, 9, 1)
SUCCEEDED = FinishedRun("jr_1", "SUCCEEDED", None, 12, 24.0)
COUNTS = {
    "files_read": 1,
    "bytes_read": 10,
    "records_read": 2,
    "slots_read": 5,
    "rows_written": 3,
    "empty_slots": 1,
    "duplicates": 1,
    "superseded": 0,
    "quarantined_slots": 0,
    "rounds_written": 2,
    "rounds_superseded": 0,
    "rounds_duplicate": 0,
    "records_quarantined": 0,
    "rounds_replaced": 0,
    "rounds_not_replaced": 0,
    "files_written": 1,
    "bytes_written": 5,
}
SOUND = RunSummary("jr_1", "erinhills", DAY.isoformat(), "", "", "", **COUNTS)
SETTINGS = Settings(
    bucket_landing="landing",
    bucket_source="source",
    bucket_serve="serve",
    bucket_quarantine="quarantine",
    bucket_observability="observability",
    iceberg_warehouse_silver="s3://source/warehouse",
    iceberg_warehouse_gold="s3://serve/warehouse",
    athena_workgroup="lake",
    athena_results="s3://observability/athena-results/",
    glue_job_silver="silver",
)
OUTCOME = RunOutcome([Prefix("erinhills", DAY)], SUCCEEDED, [SOUND], [])


def test_a_sound_run_has_no_problem_and_tells_its_numbers():
    assert problems_of(OUTCOME) == []
    assert told(OUTCOME)["rows_written"] == 3
    assert (told(OUTCOME)["deliveries"], told(OUTCOME)["dpu_seconds"]) == (1, 24.0)


@pytest.mark.parametrize("state", ["FAILED", "STOPPED", "TIMEOUT", "ERROR", "EXPIRED"])
def test_any_end_but_success_is_told_with_glues_message_and_the_last_lines(state):
    ended = replace(OUTCOME, finished=replace(SUCCEEDED, state=state, message="no memory"))

    assert problems_of(ended, ["one", "two"]) == [f"it ended as {state}: no memory (its last lines: one | two)"]


def test_a_delivery_left_out_is_told_with_its_cause():
    failure = Failure("jr_1", "erinhills", DAY.isoformat(), "", "no file can be read")
    found = problems_of(replace(OUTCOME, summaries=[], failures=[failure]))

    assert found == ["erinhills 2025-09-01 was left out: no file can be read"]


def test_accounts_that_do_not_add_up_are_a_problem_of_a_run_that_succeeded():
    found = problems_of(replace(OUTCOME, summaries=[replace(SOUND, rows_written=2)]))

    assert found == ["erinhills 2025-09-01: 5 slots read, 4 accounted for"]


def test_a_delivery_that_nothing_is_told_of_is_a_problem():
    both = [Prefix("erinhills", DAY), Prefix("pinehurst4", DAY)]

    assert problems_of(replace(OUTCOME, prefixes=both)) == [
        "nothing is told of course_id=pinehurst4/ingest_date=2025-09-01/"
    ]


@pytest.fixture
def lake(tmp_path):
    """A store in which two courses were landed on one day, and one on the day before."""
    for course, day in (("erinhills", "2025-09-01"), ("pinehurst4", "2025-09-01"), ("erinhills", "2025-08-31")):
        folder = tmp_path / "landing" / f"course_id={course}" / f"ingest_date={day}"
        folder.mkdir(parents=True)
        (folder / "file.csv").write_text("one")
    (tmp_path / "observability").mkdir()
    return FolderStore(str(tmp_path))


def test_a_date_means_its_deliveries_and_a_course_its_own(lake):
    first, second = (f"course_id={course}/ingest_date=2025-09-01/" for course in ("erinhills", "pinehurst4"))

    assert landed_prefixes(lake, SETTINGS, "2025-09-01", []) == [first, second]
    assert landed_prefixes(lake, SETTINGS, "2025-09-01", ["pinehurst4"]) == [second]


def test_a_date_without_deliveries_is_an_error_that_names_it(lake):
    with pytest.raises(LakehouseError, match="Nothing is landed for any course on 2025-09-02"):
        landed_prefixes(lake, SETTINGS, "2025-09-02", [])


def test_what_is_owed_is_told_the_oldest_first_until_a_run_has_told_of_it(lake):
    owed = pending_prefixes(lake, SETTINGS, [])
    assert owed[0] == "course_id=erinhills/ingest_date=2025-08-31/"
    assert len(owed) == 3

    day = dt.date(2025, 8, 31)
    files = fingerprints(landed_deliveries(lake, "landing", Selection(first=day, last=day)))
    done = replace(SOUND, ingest_date=day.isoformat(), source_fingerprint=files[Prefix("erinhills", day)])
    write_summary(lake, "observability", done)
    assert pending_prefixes(lake, SETTINGS, []) == owed[1:]


def _done(lake, course, day):
    """A run tells that a delivery is in Silver as it is landed."""
    files = fingerprints(landed_deliveries(lake, "landing", Selection(frozenset([course]), day, day)))
    print_of = files[Prefix(course, day)]
    told_of = replace(SOUND, course_id=course, ingest_date=day.isoformat(), source_fingerprint=print_of)
    write_summary(lake, "observability", told_of)


def test_a_history_is_what_is_owed_of_its_dates_and_goes_on_where_it_stopped(lake):
    first, second = (f"course_id={course}/ingest_date=2025-09-01/" for course in ("erinhills", "pinehurst4"))
    assert planned_runs(lake, SETTINGS, "2025-09-01", "2025-09-01", []) == [[first, second]]
    assert planned_runs(lake, SETTINGS, "2025-09-01", "2025-09-30", ["pinehurst4"]) == [[second]]

    _done(lake, "erinhills", DAY)
    assert planned_runs(lake, SETTINGS, "2025-09-01", "2025-09-01", []) == [[second]]
    assert still_owed(lake, SETTINGS, [first, second]) == [second]

    _done(lake, "pinehurst4", DAY)
    assert planned_runs(lake, SETTINGS, "2025-09-01", "2025-09-01", []) == []
    assert still_owed(lake, SETTINGS, [first, second]) == []


def test_a_delivery_is_overdue_from_a_time_after_it_landed_until_silver_holds_it(lake):
    now = dt.datetime.now(dt.UTC)
    assert overdue(lake, SETTINGS, now - dt.timedelta(hours=1)) == []
    assert len(overdue(lake, SETTINGS, now + dt.timedelta(hours=1))) == 3

    _done(lake, "pinehurst4", DAY)
    assert len(overdue(lake, SETTINGS, now + dt.timedelta(hours=1))) == 2
