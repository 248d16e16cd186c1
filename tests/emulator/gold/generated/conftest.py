"""Gold of generated courses over two deliveries, built once for all of these tests; the rows are the oracle's."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path

import boto3
import pytest
from gold_lakehouse import gold_lakehouse
from silver_oracle.delivery import Nine, tell
from silver_oracle.files import File
from silver_oracle.table import Table
from silver_rows import insert_fixes, put_summaries

from tm_lakehouse.athena import Athena
from tm_lakehouse.cli.target import project_root
from tm_lakehouse.generator.delivery import CourseOrder, Options, generate_folder
from tm_lakehouse.generator.profiles import find_profile
from tm_lakehouse.landing_to_silver.quarantined_record import QuarantinedRecord
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.settings import Settings
from tm_lakehouse.silver_to_gold.dbt_runner import find_dbt
from tm_lakehouse.silver_to_gold.gold_run import build_gold
from tm_lakehouse.tables.fact_telemetry_event import TABLE
from tm_lakehouse.topology.refresh import refresh

# 18 holes, a shotgun start; 27 holes; loops of nine; and one that no profile knows, so that it has no time zone.
COURSES = {"indiancreek": 14, "erinhills": 12, "bradshawfarmgc": 12, "americanfalls": 10, "synthetic-001": 8}
DATES = (date(2024, 9, 2), date(2024, 9, 9))
OF_FIX = (
    "fix_timestamp", "hole_number", "section_number", "hole_section", "nine_number", "loop_number", "longitude",
    "is_cache", "is_projected", "is_problem", "pace", "pace_gap", "positional_gap", "battery_percentage",
)  # fmt: skip
OF_ROUND = (
    "start_hole", "start_section", "end_section", "is_nine_hole", "current_nine", "goal_time", "is_complete",
    "is_incomplete", "is_secondary", "is_auto_assigned", "device",
)  # fmt: skip
REDELIVERED = 3
NINES = {
    "americanfalls": [Nine(1, 1, 24)],
    "bradshawfarmgc": [Nine(1, 1, 27), Nine(2, 28, 54), Nine(3, 55, 80)],
    "indiancreek": [Nine(1, 1, 27), Nine(2, 28, 54)],
}
ROWS_AT_ONCE = 150
RUN = RunSummary(
    **dict.fromkeys(("started_at", "finished_at", "code_version"), "2024-09-10T00:00:00+00:00"),
    **dict.fromkeys((each.name for each in fields(RunSummary) if each.type is int), 0),
    run_id="run", course_id="", ingest_date="",
)  # fmt: skip
SET_ASIDE = QuarantinedRecord(
    run_id="run", course_id="americanfalls", ingest_date="2024-09-02", reason="no_locations",
    source_file="rounds.jsonl", record_position=1, round_id="r1", location_index=None, slots=0,
    row_json="{}", raw_text=None,
)  # fmt: skip


@dataclass(frozen=True)
class Built:
    """Where Gold's tables are, and dbt's artifacts."""

    database: str
    target: Path


@pytest.fixture(scope="package")
def lakehouse(aws, apply_catalog) -> Iterator[Settings]:
    """One for all modules here."""
    with gold_lakehouse(apply_catalog) as settings:
        yield settings


@pytest.fixture(scope="package")
def athena(lakehouse) -> Athena:
    """Its workgroup, with Silver as the database."""
    return Athena(lakehouse.athena_workgroup, lakehouse.db_silver)


@pytest.fixture(scope="package")
def courses() -> dict[str, int]:
    """The courses, with their rounds."""
    return COURSES


@pytest.fixture(scope="package")
def silver(tmp_path_factory):
    """Rows of generated courses over two deliveries, by the oracle; here and there a value is taken away."""
    folder = tmp_path_factory.mktemp("courses")
    orders = [CourseOrder(find_profile(course), rounds) for course, rounds in COURSES.items()]
    generate_folder(folder, orders, Options(seed=5, file_format="jsonl"), is_forced=True)
    table = Table()
    for course in COURSES:
        lines = [line for path in sorted(folder.glob(f"{course}.rounds*")) for line in path.read_bytes().splitlines()]
        table.run({(course, DATES[0]): _told(course, lines)})
        table.run({(course, DATES[1]): _told(course, lines[:REDELIVERED])})
    return _thinned(list(table.rows()))


@pytest.fixture(scope="package")
def loaded(silver, lakehouse, athena) -> None:
    """Silver holds the rows, its dimensions are fresh, and its runs have told of themselves."""
    stored = [{name: _stored(row.get(name)) for name in TABLE.column_names} for row in silver]
    insert_fixes(lakehouse, athena, stored, ROWS_AT_ONCE)
    refresh(lakehouse)
    put_summaries(lakehouse, _summaries(silver))
    key = "silver/course_id=americanfalls/ingest_date=2024-09-02/run_id=run/part-0.json"
    body = f"{SET_ASIDE.to_json()}\n{replace(SET_ASIDE, record_position=2).to_json()}\n"
    boto3.client("s3").put_object(Bucket=lakehouse.bucket_quarantine, Key=key, Body=body.encode())


@pytest.fixture(scope="package")
def built(loaded, lakehouse, tmp_path_factory) -> Built:
    """Gold by dbt through Athena."""
    dbt = replace(find_dbt(project_root(), "generated"), work=tmp_path_factory.mktemp("dbt") / "generated")
    summary = build_gold(dbt, lakehouse, "generated")
    assert summary.failed() == []
    assert summary.succeeded
    assert [(each.source, each.status) for each in summary.freshness] == [("silver.fact_telemetry_event", "pass")]
    return Built(lakehouse.db_gold_build, dbt.target)


def _summaries(silver):
    rows = Counter((row["course_id"], row["ingest_date"].isoformat()) for row in silver)
    for (course, day), written in rows.items():
        yield replace(RUN, course_id=course, ingest_date=day, slots_read=written, rows_written=written)


def _told(course, lines):
    return tell(
        course, [File("rounds.jsonl", b"\n".join(lines), datetime(2024, 9, 2, tzinfo=UTC))], NINES.get(course, [])
    )


def _thinned(rows):
    """The same rows with values taken away, weak batteries and secondary rounds, by a fixed dice."""
    dice = random.Random(11)
    of_rounds = {}
    for row in rows:
        changed = of_rounds.setdefault((row["course_id"], row["round_id"]), _changed_round(dice))
        row |= changed
        if dice.random() < 0.15:
            row[dice.choice(OF_FIX)] = None
        if dice.random() < 0.1:
            row["battery_percentage"] = dice.choice((3.25, 9.999, 10.0, 19.5, 20.0))
        row["is_timestamp_missing"] = row["fix_timestamp"] is None
        row["is_location_padding"] = row["hole_number"] is None and row["section_number"] is None
        day = row["fix_timestamp"] and row["fix_timestamp"].date()
        row |= {"event_date": day, "event_year": day and day.year, "event_month": day and day.month}
    return rows


def _changed_round(dice):
    """What all rows of a round have in common."""
    if dice.random() < 0.5:
        return {dice.choice(OF_ROUND): None}
    return {"is_secondary": True} if dice.random() < 0.3 else {}


def _stored(value):
    """As what inserts rows takes them."""
    return value.isoformat() if isinstance(value, date) else value
