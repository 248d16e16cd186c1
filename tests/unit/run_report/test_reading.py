"""What is read of a run, and what is told where it can't be read."""

import datetime as dt
import io
import json
from dataclasses import asdict

import boto3
import pytest
from botocore.exceptions import ClientError
from planted_run import AT, ERIN, GOLD_ID, PINE, SILVER_ID, glue_run, gold_summary, quarantined, summary
from unit_settings import SETTINGS

from tm_lakehouse.athena import QueryFailedError, QueryResult
from tm_lakehouse.landing_to_silver.run_records import write_failure, write_summary
from tm_lakehouse.run_report import sql
from tm_lakehouse.run_report.attempts import Attempts
from tm_lakehouse.run_report.facts import Fix, GoldCounts, Score, SilverCounts, SilverRun
from tm_lakehouse.run_report.read_gold import gold_reader, gold_run_ids, gold_summary_of
from tm_lakehouse.run_report.read_quarantine import read_quarantine
from tm_lakehouse.run_report.read_silver import glue_run_of, read_landed, read_silver_runs
from tm_lakehouse.run_report.read_tables import MOST_FIXES, Tables

TOLD_BY_GLUE = {
    "Id": SILVER_ID, "JobName": "silver", "JobRunState": "SUCCEEDED", "StartedOn": AT, "ExecutionTime": 120,
    "CompletedOn": AT + dt.timedelta(minutes=2), "DPUSeconds": 240.0, "MaxCapacity": 2.0, "GlueVersion": "5.1",
    "Arguments": {"--bronze-prefixes": f"{ERIN.key},{PINE.key}", "--other": "x"},
}  # fmt: skip


def test_a_glue_run_tells_what_it_was_asked_for_and_what_it_held():
    assert glue_run_of(TOLD_BY_GLUE) == glue_run()


def test_a_run_that_goes_on_has_no_end_and_one_with_unreadable_arguments_no_deliveries():
    running = glue_run_of(TOLD_BY_GLUE | {"JobRunState": "RUNNING"})
    unreadable = glue_run_of(TOLD_BY_GLUE | {"Arguments": {"--bronze-prefixes": "nonsense"}})

    assert running.finished_at is None
    assert unreadable.prefixes == ()


def test_summaries_and_failures_of_the_run_alone_are_read(store):
    write_summary(store, "observability", summary(ERIN))
    write_summary(store, "observability", summary(ERIN, run_id="jr_0"))
    write_failure(store, "observability", SILVER_ID, PINE, "the file is no CSV")

    (run,) = read_silver_runs(store, SETTINGS, [glue_run()])

    assert run.summaries == (summary(ERIN),)
    assert [(each.course_id, each.reason) for each in run.failures] == [("pinehurst4", "the file is no CSV")]


@pytest.fixture
def heads(monkeypatch):
    """S3 that tells objects' metadata, or the error it is given; `heads.rows` is by the end of the key."""

    class Heads:
        rows: dict[str, str] = {}  # noqa: RUF012
        code: str | None = None

        def head_object(self, Bucket, Key):  # noqa: N803
            if self.code:
                raise ClientError({"Error": {"Code": self.code, "Message": "no"}}, "HeadObject")
            rows = self.rows.get(Key.rpartition("/")[2])
            return {"Metadata": {"rows": rows} if rows else {}}

    found = Heads()
    monkeypatch.setattr(boto3, "client", lambda _: found)
    return found


def test_what_is_landed_is_counted_by_file_and_by_record(store, heads):
    for name, content in {"a.csv": b"12345", "b.csv": b"123"}.items():
        store.put(f"s3://landing/{ERIN.key}{name}", content)
    heads.rows = {"a.csv": "7", "b.csv": "3"}

    landed = read_landed(store, SETTINGS, [ERIN, PINE], may_read_files=True)

    assert (landed[ERIN].files, landed[ERIN].bytes, landed[ERIN].records) == (2, 8, 10)
    assert (landed[PINE].files, landed[PINE].records) == (0, 0)


def test_records_that_nobody_counted_are_no_zero(store, heads):
    store.put(f"s3://landing/{ERIN.key}a.csv", b"1")
    store.put(f"s3://landing/{ERIN.key}b.csv", b"2")
    heads.rows = {"a.csv": "7"}

    assert read_landed(store, SETTINGS, [ERIN], may_read_files=True)[ERIN].records is None


def test_who_may_not_read_landed_files_sees_how_many_there_are(store, heads):
    store.put(f"s3://landing/{ERIN.key}a.csv", b"1")
    heads.code = "403"

    (landed,) = read_landed(store, SETTINGS, [ERIN], may_read_files=True).values()
    assert (landed.files, landed.records) == (1, None)
    heads.code = "SlowDown"
    with pytest.raises(ClientError, match="SlowDown"):
        read_landed(store, SETTINGS, [ERIN], may_read_files=True)


def test_who_reads_no_files_does_not_ask_for_them(store, heads):
    store.put(f"s3://landing/{ERIN.key}a.csv", b"1")
    heads.code = "SlowDown"

    (landed,) = read_landed(store, SETTINGS, [ERIN], may_read_files=False).values()
    assert (landed.files, landed.records) == (1, None)


def put_lines(store, prefix, *lines, run_id=SILVER_ID):
    body = "".join(each.to_json() + "\n" for each in lines).encode()
    store.put(f"s3://quarantine/silver/{prefix.key}run_id={run_id}/part-0.json", body)


def test_quarantined_lines_are_counted_by_reason_with_a_few_examples(store):
    put_lines(store, ERIN, *[quarantined(record_position=number, slots=2) for number in range(5)])
    put_lines(store, PINE, quarantined(course_id="pinehurst4", reason="no_locations", slots=0))
    put_lines(store, ERIN, quarantined(reason="of another run"), run_id="jr_0")

    found = read_quarantine(store, "quarantine", [summary(ERIN), summary(PINE)])

    assert found.lines == {(SILVER_ID, ERIN, "coordinates_out_of_bounds"): 5, (SILVER_ID, PINE, "no_locations"): 1}
    assert found.slots == {(SILVER_ID, ERIN): 10, (SILVER_ID, PINE): 0}
    assert [(each.reason, each.record_position) for each in found.examples] == [
        ("coordinates_out_of_bounds", 0), ("coordinates_out_of_bounds", 1), ("coordinates_out_of_bounds", 2),
        ("no_locations", 3),
    ]  # fmt: skip
    assert found.is_whole


def test_a_quarantine_that_is_too_large_is_not_read_whole_and_says_so(store):
    put_lines(store, ERIN, quarantined())
    put_lines(store, PINE, quarantined(course_id="pinehurst4"))
    size = sum(each.size for each in store.list(f"s3://quarantine/silver/{ERIN.key}"))

    found = read_quarantine(store, "quarantine", [summary(ERIN), summary(PINE)], most_bytes=size)

    assert not found.is_whole
    assert [each.course_id for each in found.examples] == ["erinhills"]


class FakeS3:
    """Summaries of Gold's runs by key."""

    class exceptions:  # noqa: N801
        class NoSuchKey(Exception): ...  # noqa: N818

    def __init__(self, **bodies):
        self.bodies = bodies
        self.reads = []

    def get_paginator(self, _):
        return self

    def paginate(self, **_):
        return [{"CommonPrefixes": [{"Prefix": f"dbt_artifacts/run_id={run_id}/"}]} for run_id in self.bodies] + [{}]

    def get_object(self, Bucket, Key):  # noqa: N803
        self.reads.append(Key)
        run_id = Key.split("/")[1].removeprefix("run_id=")
        if self.bodies.get(run_id) is None:
            raise self.exceptions.NoSuchKey
        return {"Body": io.BytesIO(json.dumps(self.bodies[run_id]).encode())}


def test_a_summary_of_gold_is_read_as_it_was_written_and_once():
    s3 = FakeS3(**{GOLD_ID: gold_summary().as_dict(), "killed": None})
    read = gold_reader(s3, "observability")

    assert gold_run_ids(s3, "observability") == [GOLD_ID, "killed"]
    assert read(GOLD_ID) == read(GOLD_ID) == gold_summary()
    assert read("killed") is None
    assert len(s3.reads) == 2


def test_a_summary_of_another_version_is_read_as_far_as_it_is_known():
    kept = gold_summary().as_dict() | {"of_a_later_version": 1}
    del kept["freshness"]
    kept["nodes"] = [{**asdict(node), "new": 2} for node in gold_summary().nodes]

    assert gold_summary_of(kept).freshness == ()
    assert gold_summary_of(kept).nodes == gold_summary().nodes


class Answers:
    """Athena that gives the same rows to whatever is asked."""

    def __init__(self, columns, *rows):
        self.asked = []
        self._columns, self._rows = columns, [list(row) for row in rows]

    def query(self, statement):
        self.asked.append(statement)
        return QueryResult(self._columns, [], self._rows, 1, 1, "q", bytes_billed=10)


COUNTED = ["course_id", "ingest_date", *sql.SILVER_COUNTS]


def test_silver_is_counted_at_each_runs_own_snapshot():
    answers = Answers(COUNTED, ("erinhills", "2025-09-01", "390", "380", "9", "8"))
    tables = Tables(answers, SETTINGS)
    runs = [
        SilverRun(glue_run(), (summary(ERIN),)),
        SilverRun(glue_run(run_id="jr_2"), (summary(ERIN, snapshot_id=78),)),
    ]

    found = tables.silver_counts([*runs, SilverRun(glue_run(run_id="jr_3"), (summary(ERIN, snapshot_id=None),))])

    assert found == {(run_id, ERIN): SilverCounts(390, 380, 9, 8) for run_id in (SILVER_ID, "jr_2")}
    assert sorted(text.partition("FOR VERSION AS OF ")[2].split()[0] for text in answers.asked) == ["77", "78"]
    assert tables.bytes_billed == 20


def test_gold_is_counted_and_scored_at_the_snapshot_that_was_tested():
    answers = Answers(["course_id", "ingest_date", "rounds", "fixes"], ("erinhills", "2025-09-01", "8", "380"))
    assert Tables(answers, SETTINGS).gold_counts(gold_summary(), [ERIN]) == {ERIN: GoldCounts(8, 380)}
    assert '"gold_build"."fact_rounds" FOR VERSION AS OF 88 ' in answers.asked[0]

    scored = Answers(["course_id", *sql.SCORES], ("erinhills", "1.5", "2", "3", "4", None))
    assert Tables(scored, SETTINGS).scores(gold_summary()) == (Score("erinhills", 1.5, 2.0, 3.0, 4.0, None),)
    assert '"data_quality_overview" FOR VERSION AS OF 89 ' in scored.asked[0]


def test_what_was_not_tested_is_not_asked_for():
    answers = Answers([])
    tables = Tables(answers, SETTINGS)
    failed = gold_summary(tested_snapshots={})

    assert tables.gold_counts(failed, [ERIN]) is None
    assert tables.gold_counts(gold_summary(), []) is None
    assert tables.scores(failed) is None
    assert tables.course_map([summary(ERIN, rows_written=0)]) is None
    assert answers.asked == []


def test_the_map_is_of_the_delivery_with_most_rows():
    answers = Answers(["longitude"], ("-88.5", "43.25", "1", "7"), ("-88.6", "43.26", None, None))

    found = Tables(answers, SETTINGS).course_map([summary(ERIN, rows_written=9_000), summary(PINE)])

    assert found.course_id == "erinhills"
    assert found.fixes == (Fix(-88.5, 43.25, 1, 7), Fix(-88.6, 43.26, None, None))
    assert f", {-(-9_000 // MOST_FIXES)}) = 0" in answers.asked[0]


def test_names_are_quoted_and_only_the_days_of_the_rows_are_read():
    evil = ERIN._replace(course_id="o'hara")
    dated = summary(evil, first_event_date="2025-08-01", last_event_date="2025-08-31", rows_without_event_date=0)

    text = sql.silver_counts('"silver"."t"', 5, [dated])
    assert "course_id IN ('o''hara')" in text
    assert text.count("event_date BETWEEN DATE '2025-08-01' AND DATE '2025-08-31'") == 1
    assert "event_date IS NULL" not in text
    with_none = summary(evil, rows_without_event_date=3)
    assert "(event_date IS NULL OR event_date BETWEEN" in sql.silver_counts("t", 5, [with_none])
    assert "event_date" not in sql.silver_counts("t", 5, [summary(evil, rows_without_event_date=None)])


def test_what_can_not_be_read_is_told_and_the_rest_goes_on():
    attempts = Attempts()

    def refused():
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not\nyours"}}, "GetObject")

    def failed():
        raise QueryFailedError("Athena: the snapshot is gone", "q1", "FAILED")

    assert (attempts.read("a", refused), attempts.read("b", failed), attempts.read("c", lambda: 3)) == (None, None, 3)
    assert [each.what for each in attempts.unread] == ["a", "b"]
    assert "not yours" in attempts.unread[0].reason
    with pytest.raises(ZeroDivisionError):
        attempts.read("d", lambda: 1 // 0)
