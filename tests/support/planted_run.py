"""A run whose every number is known: two courses from landing to Gold, one slot and one record set aside."""

import datetime as dt
from dataclasses import replace

from tm_lakehouse.landing_to_silver.prefixes import Prefix
from tm_lakehouse.landing_to_silver.quarantined_record import QuarantinedRecord
from tm_lakehouse.run_report.facts import (
    CourseMap,
    Facts,
    Fix,
    GlueRun,
    GoldCounts,
    LandedFiles,
    Publication,
    Quarantined,
    Score,
    SilverCounts,
    SilverRun,
)
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.silver_to_gold.artifacts import NodeResult
from tm_lakehouse.silver_to_gold.artifacts import RunSummary as GoldSummary
from tm_lakehouse.silver_to_gold.freshness import SourceFreshness

SILVER_ID, GOLD_ID, EARLIER_ID = "jr_1", "20250901T061500Z-1a2b3c4d", "20250831T061500Z-0a0b0c0d"
DAY = dt.date(2025, 9, 1)
AT = dt.datetime(2025, 9, 1, 6, tzinfo=dt.UTC)
ERIN, PINE = Prefix("erinhills", DAY), Prefix("pinehurst4", DAY)


def summary(prefix: Prefix, **changes: object) -> RunSummary:
    """A delivery of 10 records: 8 rounds written, a duplicate, and one record set aside, with all of its 4 slots."""
    sound = RunSummary(
        run_id=SILVER_ID, course_id=prefix.course_id, ingest_date=prefix.ingest_date.isoformat(),
        started_at="2025-09-01T06:01:00+00:00", finished_at="2025-09-01T06:02:00+00:00", code_version="0.1.0+abc",
        files_read=1, bytes_read=5_000, records_read=10, slots_read=1_000, rows_written=390, empty_slots=600,
        duplicates=6, superseded=0, quarantined_slots=4, rounds_written=8, rounds_superseded=0, rounds_duplicate=1,
        records_quarantined=1, rounds_replaced=0, rounds_not_replaced=0, files_written=1, bytes_written=9_000,
        source_fingerprint="f", snapshot_id=77, topology_snapshot_id=5, unreadable_values={"pace": 2},
        quarantine_reasons={"coordinates_out_of_bounds": 4},
        stage_seconds={"read": 1.5, "derive": 0.5, "tasks": 9.0, "commit": 2.0},
        first_event_date="2025-08-30", last_event_date="2025-08-31", rows_without_event_date=0,
    )  # fmt: skip
    return replace(sound, **changes)


def glue_run(**changes: object) -> GlueRun:
    """Two minutes on two DPU."""
    sound = GlueRun(SILVER_ID, "SUCCEEDED", AT, AT + dt.timedelta(minutes=2), 120.0, 2.0, (ERIN, PINE), None, "5.1")
    return replace(sound, **changes)


def node(name: str, kind: str = "model", status: str = "success", seconds: float = 1.0, **more: object) -> NodeResult:
    """One model or test of a build."""
    values = {
        "rows_affected": 16 if kind == "model" else None,
        "bytes_scanned": 2_048,
        "failures": None,
        "message": None,
    }
    return NodeResult(name, kind, status, seconds, **values | more)


def gold_summary(**changes: object) -> GoldSummary:
    """A whole build whose tests held."""
    sound = GoldSummary(
        run_id=GOLD_ID, succeeded=True, exit_code=0, reason=None, dbt_version="1.11.16",
        started_at="2025-09-01T06:15:00+00:00", finished_at="2025-09-01T06:16:00+00:00", elapsed_seconds=60.0,
        models={"success": 2}, tests={"pass": 2}, rows_affected=32, bytes_scanned=8_192,
        nodes=(
            node("fact_rounds", seconds=20), node("dim_course"),
            node("key", "test", "pass"), node("sum", "test", "pass"),
        ),
        tested_snapshots={"fact_rounds": 88, "data_quality_overview": 89}, publication="000002", statements=4,
        bytes_billed=40 << 20, dollars=0.0002, invocation_ids=("i",),
        freshness=(SourceFreshness("silver.fact_telemetry_event", "pass", "2025-09-01T06:02:00+00:00", 780.0),),
    )  # fmt: skip
    return replace(sound, **changes)


def quarantined(**changes: object) -> QuarantinedRecord:
    """One slot off the earth."""
    sound = QuarantinedRecord(
        SILVER_ID, "erinhills", "2025-09-01", "coordinates_out_of_bounds", "a.csv", 3, "65f0", 7, 1,
        '{"longitude": 200.0, "latitude": 100.0}', None,
    )  # fmt: skip
    return replace(sound, **changes)


def facts(**changes: object) -> Facts:
    """Everything was read, and all of it adds up."""
    sound = Facts(
        run_id=GOLD_ID,
        environment="local",
        made_at=AT + dt.timedelta(minutes=20),
        silver=(SilverRun(glue_run(), (summary(ERIN), summary(PINE))),),
        landed={each: LandedFiles(1, 5_000, "f", 10) for each in (ERIN, PINE)},
        quarantined=Quarantined(
            {(SILVER_ID, each, "coordinates_out_of_bounds"): 4 for each in (ERIN, PINE)},
            {(SILVER_ID, each): 4 for each in (ERIN, PINE)},
            (quarantined(),),
        ),
        silver_counts={(SILVER_ID, each): SilverCounts(390, 380, 8, 8) for each in (ERIN, PINE)},
        seen_by_gold={each: SilverCounts(390, 380, 8, 8) for each in (ERIN, PINE)},
        gold=gold_summary(),
        gold_counts={each: GoldCounts(8, 380) for each in (ERIN, PINE)},
        publication=Publication(
            "000002", "finished", "2025-09-01T06:16:01+00:00", "2025-09-01T06:16:05+00:00", 21, 999
        ),
        scores=(Score("erinhills", 90.0, 80.0, 70.0, 60.0, 79.5), Score("pinehurst4", 99.0, 98.0, 97.0, 96.0, 98.1)),
        earlier_scores=(Score("erinhills", 91.0, 81.0, 71.0, 61.0, 80.75),),
        earlier_run_id=EARLIER_ID,
        course_map=CourseMap(
            "erinhills",
            tuple(
                Fix(-88.36 + 0.0007 * (i % 20), 43.25 + 0.0005 * (i // 3), 1 + i // 54, 1 + i // 6) for i in range(108)
            ),
        ),
        bytes_billed_for_report=30 << 20,
        dollars_per_dpu_hour=0.44,
        dollars_per_tib=5.0,
        links={"Airflow": "http://127.0.0.1:8080/dags/course_pipeline"},
    )
    return replace(sound, **changes)
