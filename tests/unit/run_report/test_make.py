"""A report is made of what can be read, and says what can't."""

import pytest
from planted_run import AT, ERIN, GOLD_ID, PINE, SILVER_ID, glue_run, gold_summary, summary
from unit_settings import SETTINGS

from tm_lakehouse.athena import QueryFailedError, QueryResult
from tm_lakehouse.landing_to_silver.run_records import write_summary
from tm_lakehouse.run_report import make, sql
from tm_lakehouse.run_report.choice import Chosen
from tm_lakehouse.run_report.make import SilverPart, choose_since, make_report, read_silver_part
from tm_lakehouse.run_report.page import render
from tm_lakehouse.run_report.read_silver import read_silver_runs

ANSWERS = {
    "row_count": (["course_id", "ingest_date", *sql.SILVER_COUNTS], ["390", "380", "8", "8"]),
    "fix_count": (["course_id", "ingest_date", "rounds", "fixes"], ["8", "380"]),
}


class FakeAthena:
    """Answers by what the statement counts; `refused` names tables that it can't read."""

    refused: tuple[str, ...] = ()
    asked: list[str] = []  # noqa: RUF012

    def __init__(self, workgroup):
        self.workgroup = workgroup

    def query(self, statement):
        self.asked.append(statement)
        if found := [each for each in self.refused if each in statement]:
            raise QueryFailedError(f"Athena: {found[0]} is gone", "q", "FAILED")
        for mark, (columns, counts) in ANSWERS.items():
            if mark in statement:
                rows = [[prefix.course_id, str(prefix.ingest_date), *counts] for prefix in (ERIN, PINE)]
                return QueryResult(columns, [], rows, 1, 1, "q", bytes_billed=10)
        return QueryResult([], [], [], 1, 1, "q", bytes_billed=10)


@pytest.fixture
def athena(monkeypatch):
    monkeypatch.setattr(make, "Athena", FakeAthena)
    monkeypatch.setattr(FakeAthena, "refused", ())
    monkeypatch.setattr(FakeAthena, "asked", [])
    monkeypatch.setattr(make, "_publication", lambda *_: None)
    return FakeAthena


@pytest.fixture
def part(store):
    for prefix in (ERIN, PINE):
        write_summary(
            store, "observability", summary(prefix, quarantined_slots=0, slots_read=996, quarantine_reasons={})
        )
    return SilverPart(read_silver_runs(store, SETTINGS, [glue_run()]), {})


def test_all_that_was_asked_is_in_the_report_and_what_it_cost(athena, store, part):
    report = make_report(store, SETTINGS, Chosen((glue_run(),), gold_summary()), part, {"Airflow": "https://a.test"})

    assert (report.run_id, report.status, report.unread) == (GOLD_ID, "succeeded", ())
    assert [stage.name for stage in report.flows[1].stages] == ["read", "in Silver", "in Gold"]
    assert report.bytes_billed_for_report == 10 * len(athena.asked) == 40
    assert dict(report.links)["Airflow"] == "https://a.test"


def test_what_athena_can_not_read_is_told_and_nothing_is_said_to_hold_for_it(athena, store, part, monkeypatch):
    monkeypatch.setattr(athena, "refused", ("fact_telemetry_event", "data_quality_overview"))
    report = make_report(store, SETTINGS, Chosen((glue_run(),), gold_summary(), gold_summary(run_id="r0")), part, {})

    assert [each.what for each in report.unread] == [
        "Silver's rows", "Silver's rows when Gold was built", "data quality", "data quality of the run before",
        "the map's fixes",
    ]  # fmt: skip
    verdicts = {account.name: account.holds for account in report.accounts}
    assert verdicts["Silver holds the rows that the run wrote"] is None
    assert verdicts["Gold counts every real row of Silver"] is None
    assert "fact_telemetry_event is gone" in render(report)


def test_several_runs_are_compared_with_gold_at_the_newest_snapshot(athena, store, part):
    later = summary(ERIN, run_id="jr_2", snapshot_id=78, finished_at="2025-09-01T06:10:00+00:00")
    write_summary(store, "observability", later)
    runs = (glue_run(), glue_run(run_id="jr_2", prefixes=(ERIN,)))
    both = SilverPart(read_silver_runs(store, SETTINGS, runs), {})

    make_report(store, SETTINGS, Chosen(runs, gold_summary()), both, {})

    at = [each.partition("FOR VERSION AS OF ")[2].split()[0] for each in athena.asked if "row_count" in each]
    assert sorted(at) == ["77", "78", "78"]


def test_of_very_many_runs_the_last_are_told_and_the_others_are_counted(monkeypatch, store):
    monkeypatch.setattr(make, "read_landed", lambda *_, **__: {})
    runs = [glue_run(run_id=f"jr_{number}", prefixes=()) for number in range(25)]

    part = read_silver_part(store, SETTINGS, runs)

    assert [run.glue.run_id for run in part.runs] == [f"jr_{number}" for number in range(5, 25)]
    assert [each.what for each in part.attempts.unread] == ["5 earlier runs of the Silver job"]


def test_a_run_without_a_delivery_asks_nothing_of_silver(athena, store):
    report = make_report(store, SETTINGS, Chosen((), gold_summary()), SilverPart(), {})

    assert report.flows == ()
    assert not [each for each in athena.asked if "fact_telemetry_event" in each]


@pytest.mark.parametrize(("runs", "ids", "expected"), [
    ((), [], None), ((glue_run(),), [], SILVER_ID), ((), [GOLD_ID], GOLD_ID), ((glue_run(),), [GOLD_ID], GOLD_ID),
])  # fmt: skip
def test_a_pipelines_run_is_what_ran_since_it_began(monkeypatch, runs, ids, expected):
    monkeypatch.setattr(make, "_s3", lambda: None)
    monkeypatch.setattr(make, "gold_run_ids", lambda *_: ["20250831T061500Z-00", *ids])
    summaries = {GOLD_ID: gold_summary(), "20250831T061500Z-00": gold_summary(started_at="2025-08-31T06:15:00+00:00")}
    monkeypatch.setattr(make, "gold_reader", lambda *_: summaries.get)

    chosen = choose_since(SETTINGS, runs, AT)

    assert (chosen.run_id if chosen else None) == expected
    assert not chosen or not chosen.gold or chosen.earlier == summaries["20250831T061500Z-00"]
