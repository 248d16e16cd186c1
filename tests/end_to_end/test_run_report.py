"""The report of a real run says what Athena, Glue and dbt's own summary say, each asked by itself."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest
from dashboard_environment import run_inside

from tm_lakehouse.athena import Athena
from tm_lakehouse.cli.progress import stage
from tm_lakehouse.cost.job_runs import read_job_runs
from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.run_report.make import DATA, PAGE, reports_prefix
from tm_lakehouse.run_report.page import MOST_BYTES
from tm_lakehouse.settings import Settings
from tm_lakehouse.silver_to_gold.publish import SUMMARY, artifacts_prefix


@dataclass(frozen=True)
class Kept:
    """What `gold` kept at its end: the report's data, and dbt's summary beside it."""

    settings: Settings
    report: dict[str, Any]
    gold: dict[str, Any]

    def numbers(self, sql: str) -> list[int]:
        """The one row of a query that counts."""
        (row,) = Athena(self.settings.athena_workgroup).query(sql).rows
        return [int(str(value)) for value in row]

    def stages(self, unit: str) -> dict[str, int]:
        (flow,) = [flow for flow in self.report["flows"] if flow["unit"] == unit]
        return {stage["name"]: stage["count"] for stage in flow["stages"]}


def body(settings: Settings, key: str) -> bytes:
    return boto3.client("s3").get_object(Bucket=settings.bucket_observability, Key=key)["Body"].read()


@pytest.fixture(scope="module")
def kept(story) -> Kept:
    """The first run of the lake, as it was before other tests changed what is there."""
    settings = Settings.from_environment()
    listed = boto3.client("s3").list_objects_v2(Bucket=settings.bucket_observability, Prefix="reports/")["Contents"]
    run_id = min(entry["Key"] for entry in listed).split("/")[1].removeprefix("run_id=")
    report = json.loads(body(settings, reports_prefix(run_id) + DATA))
    return Kept(settings, report, json.loads(body(settings, artifacts_prefix(run_id) + SUMMARY)))


def silver_then(kept: Kept) -> str:
    """Silver's table as the run left it."""
    (snapshot,) = {each["snapshot_id"] for each in kept.report["deliveries"]}
    return f'"{kept.settings.db_silver}"."fact_telemetry_event" FOR VERSION AS OF {snapshot}'


def gold_then(kept: Kept, table: str) -> str:
    """A table of Gold as the run tested it."""
    snapshot = kept.gold["tested_snapshots"][table]
    return f'"{kept.settings.db_gold_build}"."{table}" FOR VERSION AS OF {snapshot}'


def test_a_sound_run_has_no_problem_and_every_equality_was_compared(kept, story):
    assert (kept.report["status"], kept.report["problems"], kept.report["unread"]) == ("succeeded", [], [])
    deliveries = len({(landed.course_id, landed.ingest_date) for landed in story.landed})
    assert {(each["holds"], each["compared"]) for each in kept.report["accounts"]} == {(True, deliveries)}
    assert len(kept.report["accounts"]) == 9


def test_the_flow_is_what_was_delivered_and_what_athena_counts(kept, story):
    rounds, slots = kept.stages("rounds"), kept.stages("slots")

    assert rounds["landed"] == rounds["read"] == sum(delivered.records for delivered in story.delivered)
    in_silver = kept.numbers(f"SELECT count(*), count(DISTINCT (course_id, round_id)) FROM {silver_then(kept)}")
    assert [slots["in Silver"], rounds["in Silver"]] == in_silver
    in_gold = kept.numbers(f"SELECT sum(fix_count), count(*) FROM {gold_then(kept, 'fact_rounds')}")
    assert [slots["in Gold"], rounds["in Gold"]] == in_gold


def test_quarantined_lines_are_those_that_athena_reads(kept):
    table = f'"{kept.settings.db_observability}"."quarantined_records"'
    (run_id,) = {each["run_id"] for each in kept.report["deliveries"]}
    sql = f"SELECT reason, count(*) FROM {table} WHERE run_id = '{run_id}' GROUP BY 1"
    lines = {reason: int(count) for reason, count in Athena(kept.settings.athena_workgroup).query(sql).rows}

    assert {each["reason"]: each["lines"] for each in kept.report["reasons"]} == lines != {}
    assert {each["reason"] for each in kept.report["examples"]} == set(lines)


def test_scores_are_those_of_gold_and_a_first_run_compares_with_none(kept):
    sql = f"SELECT course_id, data_quality_score FROM {gold_then(kept, 'data_quality_overview')}"
    rows = Athena(kept.settings.athena_workgroup).query(sql).rows

    told = {each["score"]["course_id"]: each["score"]["total"] for each in kept.report["quality"]}
    assert told == {course: float(score) for course, score in rows}
    assert kept.report["earlier_run_id"] is None
    assert {each["before"] for each in kept.report["quality"]} == {None}


def test_models_tests_and_cost_are_those_of_dbt_and_glue(kept):
    gold, costs = kept.report["gold"], {each["unit"]: each for each in kept.report["costs"]}
    glue = kept.report["silver"][0]["glue"]
    since = datetime.fromisoformat(glue["started_at"]) - timedelta(seconds=1)
    (run,) = [each for each in read_job_runs(kept.settings.glue_job_silver, since) if each.run_id == glue["run_id"]]

    assert (gold["models"], gold["tests"]) == (kept.gold["models"], kept.gold["tests"])
    assert sorted(each["name"] for each in gold["nodes"]) == sorted(each["name"] for each in kept.gold["nodes"])
    assert len(gold["nodes"]) == sum(gold["models"].values()) + sum(gold["tests"].values()) > 0
    assert costs["bytes billed"]["dollars"] == pytest.approx(kept.gold["dollars"])
    assert costs["DPU-hours"]["quantity"] == pytest.approx(run.dpu_hours)
    assert gold["publication"]["publication_id"] == kept.gold["publication"]


def test_the_page_is_there_and_small(kept):
    page = body(kept.settings, reports_prefix(kept.report["run_id"]) + PAGE)

    assert page.startswith(b"<!DOCTYPE html>")
    assert len(page) < MOST_BYTES


@pytest.mark.nightly
@pytest.mark.browser
def test_the_page_can_be_read_by_everybody(kept, tmp_path):
    (tmp_path / PAGE).write_bytes(body(kept.settings, reports_prefix(kept.report["run_id"]) + PAGE))

    run_inside("test_pages_from_disk.py", tmp_path, {"TM_TEST_PAGES": str(tmp_path)})


def test_the_map_shows_fixes_of_the_largest_delivery(kept):
    largest = max(kept.report["deliveries"], key=lambda each: each["rows_written"])
    assert kept.report["course_map"]["course_id"] == largest["course_id"]
    these = f"FROM {silver_then(kept)} WHERE course_id = '{largest['course_id']}'"
    sql = f"SELECT longitude, latitude {these} AND longitude IS NOT NULL"
    held = {(float(x), float(y)) for x, y in Athena(kept.settings.athena_workgroup).query(sql).rows}

    drawn = {(each["longitude"], each["latitude"]) for each in kept.report["course_map"]["fixes"]}
    assert len(drawn) > 500
    assert drawn <= held


def test_the_same_run_told_later_by_a_command_tells_the_same(kept, commands, tmp_path):
    with stage("report") as progress:
        commands.run(["report", kept.report["run_id"], "--output", str(tmp_path / "page.html")], progress)
    again = json.loads(body(kept.settings, reports_prefix(kept.report["run_id"]) + DATA))

    assert (tmp_path / "page.html").read_text().startswith("<!DOCTYPE html>")
    parts = ("status", "flows", "deliveries", "quality", "reasons", "costs", "snapshots")
    assert {part: again[part] for part in parts} == {part: kept.report[part] for part in parts}


def test_an_unknown_run_is_refused_with_the_latest(kept, commands):
    with stage("report") as progress, pytest.raises(LakehouseError) as caught:
        commands.run(["report", "jr_unknown"], progress)

    assert "There is no run 'jr_unknown'" in caught.value.reason
    assert kept.report["run_id"] in commands.log.read_text()
