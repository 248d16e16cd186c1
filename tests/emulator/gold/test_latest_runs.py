"""The views of the latest runs: each course and ingest date counts once, however often it was run."""

from dataclasses import fields, replace

import pytest

from tm_lakehouse.cli.target import project_root
from tm_lakehouse.landing_to_silver.quarantined_record import QuarantinedRecord
from tm_lakehouse.run_summary import RunSummary, athena_columns
from tm_lakehouse.silver_to_gold.dbt_runner import find_dbt
from tm_lakehouse.silver_to_gold.gold_run import build_gold

RUN = RunSummary(
    **dict.fromkeys(("run_id", "course_id", "ingest_date", "started_at", "finished_at", "code_version"), ""),
    **dict.fromkeys((each.name for each in fields(RunSummary) if each.type is int), 0),
)
LINE = QuarantinedRecord(
    run_id="", course_id="", ingest_date="", reason="coordinates_out_of_bounds", source_file="rounds.csv",
    record_position=1, round_id="r1", location_index=0, slots=1, row_json="{}", raw_text=None,
)  # fmt: skip
CHOSEN = "SELECT course_id, ingest_date, run_id, {} FROM {} ORDER BY 1, 2, 3, 4"


def run_of(course_id, ingest_date, run_id, finished_at, quarantined):
    """A run and its quarantined lines."""
    origin = {"course_id": course_id, "ingest_date": ingest_date, "run_id": run_id}
    reasons = {LINE.reason: quarantined} if quarantined else {}
    summary = replace(
        RUN, **origin, finished_at=finished_at, slots_read=5, rows_written=5 - quarantined,
        quarantined_slots=quarantined, quarantine_reasons=reasons, stage_seconds={"read": 0.5},
    )  # fmt: skip
    return summary, [replace(LINE, **origin, location_index=index) for index in range(quarantined)]


RUNS = [
    # Replayed after the coordinates were mended: the latest run set nothing aside.
    run_of("erinhills", "2024-04-01", "z-first", "2024-04-01T09:00:00+00:00", 2),
    run_of("erinhills", "2024-04-01", "a-replay", "2024-04-02T09:00:00.250000+00:00", 0),
    # A run over both dates and one over the second only: "latest" is told by course and date, not by run.
    run_of("pinehurst4", "2024-04-01", "both", "2024-04-03T10:00:00+00:00", 1),
    run_of("pinehurst4", "2024-04-02", "both", "2024-04-03T10:00:00+00:00", 3),
    run_of("pinehurst4", "2024-04-02", "again", "2024-04-03T10:00:00.000001+00:00", 2),
    # Two runs that finished at the same moment.
    run_of("americanfalls", "2024-04-01", "one", "2024-04-01T09:00:00+00:00", 4),
    run_of("americanfalls", "2024-04-01", "two", "2024-04-01T09:00:00+00:00", 1),
]


@pytest.fixture(scope="module")
def rows(lakehouse, athena):
    def query(what, table):
        return athena.query(CHOSEN.format(what, f'"{lakehouse.db_observability}"."{table}"')).rows

    return query


@pytest.fixture(scope="module")
def rows_when_empty(rows):
    return rows("rows_written", "latest_silver_runs"), rows("reason", "latest_quarantined_records")


@pytest.fixture(scope="module")
def put(lakehouse, client):
    """Put an object into a bucket; what it gives takes it away."""

    def write(bucket, key, text):
        client("s3").put_object(Bucket=bucket, Key=key, Body=text.encode())
        return lambda: client("s3").delete_object(Bucket=bucket, Key=key)

    return write


@pytest.fixture(scope="module")
def written(lakehouse, rows_when_empty, add_summaries, put):
    add_summaries([summary for summary, _ in RUNS])
    for summary, lines in RUNS:
        folder = f"silver/course_id={summary.course_id}/ingest_date={summary.ingest_date}/run_id={summary.run_id}"
        if lines:
            text = "".join(f"{line.to_json()}\n" for line in lines)
            put(lakehouse.bucket_quarantine, f"{folder}/part-0.json", text)


@pytest.fixture
def failed_tests(lakehouse, tmp_path):
    """Run dbt's tests of what the runs tell of themselves."""

    def run():
        dbt = replace(find_dbt(project_root(), "tests"), work=tmp_path / "dbt")
        summary = build_gold(dbt, lakehouse, "tests", select=["source:observability"])
        return {node.name for node in summary.failed()}

    return run


def test_the_views_are_empty_before_the_first_run(rows_when_empty):
    assert rows_when_empty == ([], [])


def test_each_course_and_date_is_there_once_with_its_latest_run(rows, written):
    assert rows("rows_written", "latest_silver_runs") == [
        ["americanfalls", "2024-04-01", "two", "4"],
        ["erinhills", "2024-04-01", "a-replay", "5"],
        ["pinehurst4", "2024-04-01", "both", "4"],
        ["pinehurst4", "2024-04-02", "again", "3"],
    ]
    assert len(rows("rows_written", "silver_run_summaries")) == len(RUNS)


def test_quarantined_are_the_records_of_the_latest_run_only(rows, written):
    assert rows("location_index", "latest_quarantined_records") == [
        ["americanfalls", "2024-04-01", "two", "0"],
        ["pinehurst4", "2024-04-01", "both", "0"],
        ["pinehurst4", "2024-04-02", "again", "0"],
        ["pinehurst4", "2024-04-02", "again", "1"],
    ]
    assert len(rows("location_index", "quarantined_records")) == sum(len(lines) for _, lines in RUNS)


def test_every_column_of_a_run_can_be_read_through_the_view(lakehouse, athena, written):
    view = f'"{lakehouse.db_observability}"."latest_silver_runs"'
    (record,) = athena.query(f"SELECT * FROM {view} WHERE course_id = 'americanfalls'").records()
    assert list(record) == [name for name, _ in athena_columns()]
    assert record["quarantine_reasons"] == "{coordinates_out_of_bounds=1}"
    assert record["stage_seconds"] == "{read=0.5}"
    assert record["snapshot_id"] is None


def test_a_line_that_is_no_json_is_seen_and_stops_publication(lakehouse, rows, written, put, failed_tests):
    remove = [
        put(lakehouse.bucket_observability, "silver/course_id=erinhills/notes.txt", "not a summary\n"),
        put(lakehouse.bucket_quarantine, "silver/broken.json", '{"run_id": "cut off\n'),
    ]
    try:
        assert [None, None, None, None] in rows("rows_written", "latest_silver_runs")
        assert [None, None, None, None] in rows("reason", "quarantined_records")
        assert failed_tests() >= {
            "silver_run_summaries_has_sound_rows",
            "quarantined_records_tells_of_every_line_why",
        }
    finally:
        for each in remove:
            each()
