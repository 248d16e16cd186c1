"""A lake whose courses deliver every day, made by SQL: as many files, rows and summaries a day as the job writes."""

import os
import secrets
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import boto3
from catalog_module import apply_catalog

from tm_lakehouse.athena import Athena
from tm_lakehouse.cli.target import project_root
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.settings import Settings
from tm_lakehouse.silver_to_gold.dbt_runner import find_dbt
from tm_lakehouse.silver_to_gold.gold_run import build_gold
from tm_lakehouse.silver_to_gold.run_id import new_run_id
from tm_lakehouse.tables.fact_telemetry_event import TABLE
from tm_lakehouse.topology.refresh import refresh

FIRST_DAY = date(2024, 1, 1)
FIXES = 40
COURSES = ("americanfalls", "bradshawfarmgc", "erinhills", "indiancreek", "pinehurst4")
PAGE = 50


class History:
    """Silver day by day, and Gold's builds measured by what Athena says of their statements."""

    def __init__(self, courses: int, rounds: int, folder: Path) -> None:
        self.courses = [*COURSES, *(f"course{number:03}" for number in range(courses))][:courses]
        self.rounds = rounds
        self.folder = folder
        self.days = 0
        self.settings = _settings(f"bench-{secrets.token_hex(4)}")
        self.athena = Athena(self.settings.athena_workgroup, self.settings.db_silver)
        self._create()

    def deliver_until(self, days: int) -> None:
        """Deliver the days that are missing."""
        for number in range(self.days, days):
            self.athena.query(self._day(number))
            self._summaries(FIRST_DAY + timedelta(days=number))
        self.days = days

    def build(self, what: str, length: int, *, full_refresh: bool = False) -> dict[str, object]:
        """Build and test Gold; bytes and statements are those of the whole workgroup."""
        before = self._statements()
        dbt = replace(find_dbt(project_root(), "bench"), work=self.folder / "dbt")
        summary = build_gold(dbt, self.settings, new_run_id(), full_refresh=full_refresh)
        if not summary.succeeded:
            raise SystemExit(f"the build failed: {summary.reason or [node.name for node in summary.failed()]}")
        made = self._statements() - before
        scanned = self._scanned(sorted(made))
        return {
            "what": what,
            "days_of_history": length,
            "seconds": round(summary.elapsed_seconds, 1),
            "statements": len(made),
            "bytes_scanned": scanned,
        }

    def _create(self) -> None:
        settings = self.settings
        for bucket in (settings.bucket_source, settings.bucket_quarantine):
            boto3.client("s3").create_bucket(Bucket=bucket)
        apply_catalog(settings, self.folder)
        results = {"OutputLocation": settings.athena_results}
        boto3.client("athena").create_work_group(
            Name=settings.athena_workgroup,
            Configuration={"EnforceWorkGroupConfiguration": True, "ResultConfiguration": results},
        )
        location = f"{settings.iceberg_warehouse_silver}/{settings.db_silver}/{TABLE.name}"
        self.athena.query(TABLE.athena_ddl(settings.db_silver, location))
        refresh(settings)

    def _day(self, number: int) -> str:
        day = FIRST_DAY + timedelta(days=number)
        courses = ", ".join(f"'{course}'" for course in self.courses)
        return f"""
            INSERT INTO {TABLE.name} (
                round_id, course_id, ingest_date, fix_timestamp, is_timestamp_missing, event_date, location_index,
                hole_number, section_number, hole_section, nine_number, loop_number, is_location_padding, longitude,
                latitude, pace, pace_gap, positional_gap, battery_percentage, start_hole, is_complete, device
            )
            SELECT
                substr(to_hex(to_big_endian_64({number})), 9) || to_hex(to_big_endian_64(r)),
                course, DATE '{day}', at, false, DATE '{day}', f, f / 3 + 1, f + 1, f % 3 + 1, f / 27 + 1, 1, false,
                -80 + random(), 25 + random(), round(random() * 600, 3), round(random() * 900, 3),
                round(random() * 300, 3), 100 - f * 2.1, 1, true, 'device-' || cast(r % 50 AS varchar)
            FROM UNNEST(ARRAY[{courses}]) AS courses (course)
            CROSS JOIN UNNEST(sequence(1, {self.rounds})) AS rounds (r)
            CROSS JOIN UNNEST(sequence(0, {FIXES - 1})) AS fixes (f)
            CROSS JOIN UNNEST(ARRAY[TIMESTAMP '{day} 13:00:00' + (r % 200 + f * 6) * INTERVAL '1' MINUTE]) AS times (at)
            ORDER BY course, r, f
        """

    def _summaries(self, day: date) -> None:
        now = datetime.now(UTC).isoformat()
        counts = dict.fromkeys((each.name for each in fields(RunSummary) if each.type is int), 0)
        rows = self.rounds * FIXES
        for course in self.courses:
            summary = RunSummary(
                **counts | {"rows_written": rows, "slots_read": rows},
                run_id=f"run-{day}", course_id=course, ingest_date=day.isoformat(), started_at=now, finished_at=now,
                code_version="bench", first_event_date=day.isoformat(), last_event_date=day.isoformat(),
                rows_without_event_date=0,
            )  # fmt: skip
            key = f"silver/course_id={course}/ingest_date={day}/run_id=run-{day}/summary.json"
            body = summary.to_json().encode() + b"\n"
            boto3.client("s3").put_object(Bucket=self.settings.bucket_observability, Key=key, Body=body)

    def _statements(self) -> set[str]:
        pages = boto3.client("athena").get_paginator("list_query_executions")
        listed = pages.paginate(WorkGroup=self.settings.athena_workgroup)
        return {each for page in listed for each in page["QueryExecutionIds"]}

    def _scanned(self, statements: list[str]) -> int:
        client = boto3.client("athena")
        total = 0
        for start in range(0, len(statements), PAGE):
            found = client.batch_get_query_execution(QueryExecutionIds=statements[start : start + PAGE])
            total += sum(each["Statistics"].get("DataScannedInBytes", 0) for each in found["QueryExecutions"])
        return total


def _settings(name: str) -> Settings:
    database = name.replace("-", "_")
    settings = Settings(
        bucket_landing=name,
        bucket_source=name,
        bucket_serve=name,
        bucket_quarantine=f"{name}-quarantine",
        bucket_observability=name,
        iceberg_warehouse_silver=f"s3://{name}/warehouse",
        iceberg_warehouse_gold=f"s3://{name}/warehouse",
        db_silver=f"{database}_silver",
        db_gold=f"{database}_gold",
        db_gold_build=f"{database}_gold_build",
        db_observability=f"{database}_observability",
        athena_workgroup=name,
        athena_results=f"s3://{name}/athena-results/",
        glue_job_silver=name,
    )
    os.environ.update({f"TM_{field.upper()}": str(value) for field, value in settings.model_dump().items()})
    return settings
