"""The geometry job as Glue runs it, with Sedona's jar and h3's wheel: a generated course, whose centers are known.

Its artifacts (81 MB) are downloaded once; pip, Maven or the registries failing fails these tests.
"""

import io
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import numpy as np
import polars as pl
import pytest

from tm_lakehouse.athena import Athena
from tm_lakehouse.generator.course_map import CourseMap, course_map
from tm_lakehouse.generator.profiles import PILOT_COURSES
from tm_lakehouse.generator.rounds import draw_rounds
from tm_lakehouse.generator.slots import draw_slots
from tm_lakehouse.packaging.build import GEOMETRY, Sources, build
from tm_lakehouse.packaging.wheels import cache_directory
from tm_lakehouse.settings import Settings
from tm_lakehouse.tables.fact_telemetry_event import TABLE

PROJECT = Path(__file__).resolve().parents[3]
PROFILE = next(profile for profile in PILOT_COURSES.values() if profile.course_id == "pinehurst4")
COURSE, SMALL, LINE = PROFILE.course_id, "small", "line"
# Where the tests' own courses lie, and the H3 cell of resolution 11 that holds it.
PLACE, CELL = (-80.1397, 25.8748), "8b44a1023b6dfff"
ROUNDS, STRAY_EVERY, STRAY_DEGREES = 150, 23, 0.01
# A device's jitter is 12 m, so nearly all fixes of a section lie within 45 m of its center.
LARGEST_AREA_M2 = np.pi * 45**2
SEED_SCRIPT = """
import sys
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from tm_lakehouse.settings import Settings
from tm_lakehouse.spark_job import lakehouse_variables, session_builder
from tm_lakehouse.tables.fact_telemetry_event import TABLE
from tm_lakehouse.tables.spark_sql import create_statement

settings = Settings.from_environment(lakehouse_variables(sys.argv[1:]))
spark = session_builder(settings, "seed").getOrCreate()
name = f"lakehouse.{settings.db_silver}.{TABLE.name}"
spark.sql(create_statement(TABLE, name, f"{settings.iceberg_warehouse_silver}/silver/{TABLE.name}"))
found = spark.read.parquet(sys.argv[sys.argv.index("--rows") + 1])
columns = [
    (F.col(each.name) if each.name in found.columns else F.lit(None)).cast(each.spark_type).alias(each.name)
    for each in TABLE.columns
]
found.select(*columns).writeTo(name).append()
"""


@dataclass(frozen=True)
class Lake:
    """A Silver with fixes, and what is known about them."""

    settings: Settings
    arguments: dict[str, str]
    job: str
    fixes: pl.DataFrame
    course: CourseMap

    def query(self, statement: str) -> list[list[str | None]]:
        return Athena(self.settings.athena_workgroup, self.settings.db_silver).query(statement).rows


@pytest.fixture(scope="module")
def artifacts(tmp_path_factory) -> Path:
    """What `tm-lakehouse package` builds where geometry is asked for."""
    directory: Path = tmp_path_factory.mktemp("package")
    build(Sources(PROJECT), directory, cache_directory(), GEOMETRY)
    return directory


@pytest.fixture(scope="module")
def settings(bucket) -> Iterator[Settings]:
    """A database and a workgroup of the tests' own."""
    name = f"geometry-{secrets.token_hex(4)}"
    root, database = f"s3://{bucket}/{name}", name.replace("-", "_")
    boto3.client("glue").create_database(DatabaseInput={"Name": database})
    results = {"EnforceWorkGroupConfiguration": True, "ResultConfiguration": {"OutputLocation": f"{root}/results/"}}
    boto3.client("athena").create_work_group(Name=name, Configuration=results)
    buckets = {f"bucket_{zone}": bucket for zone in ("landing", "source", "serve", "quarantine", "observability")}
    yield Settings(
        **buckets,
        iceberg_warehouse_silver=f"{root}/warehouse",
        iceberg_warehouse_gold=f"{root}/warehouse",
        db_silver=database,
        athena_workgroup=name,
        athena_results=f"{root}/results/",
        glue_job_silver="none",
    )
    boto3.client("athena").delete_work_group(WorkGroup=name, RecursiveDeleteOption=True)
    for table in boto3.client("glue").get_tables(DatabaseName=database)["TableList"]:
        boto3.client("glue").delete_table(DatabaseName=database, Name=table["Name"])
    boto3.client("glue").delete_database(Name=database)


@pytest.fixture(scope="module")
def lake(settings, artifacts, bucket, role, finish) -> Iterator[Lake]:
    """Silver with a generated course, a course with too few fixes and one whose fixes lie on a line."""
    s3, key = boto3.client("s3"), settings.athena_workgroup
    for name in GEOMETRY.artifacts:
        s3.upload_file(str(artifacts / name), bucket, f"{key}/{name}")
    fixes, course = _fixes()
    rows = io.BytesIO()
    fixes.write_parquet(rows)
    s3.put_object(Bucket=bucket, Key=f"{key}/rows.parquet", Body=rows.getvalue())
    s3.put_object(Bucket=bucket, Key=f"{key}/seed.py", Body=SEED_SCRIPT)
    arguments = {
        "--datalake-formats": "iceberg",
        "--extra-jars": f"s3://{bucket}/{key}/sedona.jar",
        "--additional-python-modules": f"s3://{bucket}/{key}/{GEOMETRY.wheels_with_package}",
        "--python-modules-installer-option": "--no-index",
        **{f"--TM_{name.upper()}": str(value) for name, value in settings.model_dump(exclude_defaults=True).items()},
    }
    jobs = {script: f"{key}-{script.partition('.')[0]}" for script in (*GEOMETRY.scripts, "seed.py")}
    for script, job in jobs.items():
        command = {"Name": "glueetl", "ScriptLocation": f"s3://{bucket}/{key}/{script}"}
        size = {"GlueVersion": "5.1", "WorkerType": "G.1X", "NumberOfWorkers": 2}
        boto3.client("glue").create_job(Name=job, Role=role, Command=command, DefaultArguments=arguments, **size)
    assert finish(jobs["seed.py"], {"--rows": f"s3://{bucket}/{key}/rows.parquet"})["JobRunState"] == "SUCCEEDED"
    yield Lake(settings, arguments, jobs["course_geometry.py"], fixes, course)
    for job in jobs.values():
        boto3.client("glue").delete_job(JobName=job)


@pytest.fixture(scope="module")
def finish(wait_until) -> Callable[..., dict]:
    """Start a run, and give it when it has ended."""
    glue = boto3.client("glue")

    def run(job: str, arguments: dict[str, str] | None = None) -> dict:
        run_id = glue.start_job_run(JobName=job, Arguments=arguments or {})["JobRunId"]

        def ended() -> dict | None:
            found = glue.get_job_run(JobName=job, RunId=run_id)["JobRun"]
            return found if found["JobRunState"] not in ("STARTING", "RUNNING") else None

        return wait_until(ended, 300, f"the end of {run_id}")

    return run


@pytest.fixture(scope="module")
def derived(lake, finish) -> Lake:
    """The lake after a run over all courses."""
    run = finish(lake.job)
    assert (run["JobRunState"], run.get("ErrorMessage")) == ("SUCCEEDED", None)
    return lake


def test_every_section_with_enough_fixes_has_one_outline(derived):
    found = derived.query("SELECT course_id, nine_number, section_number FROM dim_section_geometry ORDER BY 1, 2, 3")

    expected = sorted((COURSE, int(nine), section) for section, nine in enumerate(derived.course.nine, start=1))
    assert [(course, int(nine), int(section)) for course, nine, section in found] == expected


def test_outlines_contain_the_planted_centers_and_their_own(derived):
    planted = zip(derived.course.longitude, derived.course.latitude, strict=True)
    values = ", ".join(f"({section}, {x!r}e0, {y!r}e0)" for section, (x, y) in enumerate(_floats(planted), start=1))
    outside = derived.query(
        f"""
        SELECT section_number FROM dim_section_geometry JOIN (VALUES {values}) AS planted (section, x, y)
            ON section_number = section
        WHERE NOT ST_Contains(ST_GeometryFromText(outline_wkt), ST_Point(x, y))
            OR NOT ST_Contains(ST_GeometryFromText(outline_wkt), ST_Point(center_longitude, center_latitude))
        """
    )
    assert outside == []


def test_stray_fixes_are_dropped_and_inflate_no_area(derived):
    rows = derived.query("SELECT section_number, fixes_used, fixes_dropped, area_m2 FROM dim_section_geometry")
    measured = derived.fixes.filter((pl.col("course_id") == COURSE) & ~pl.col("is_projected"))
    counts = measured.drop_nulls("longitude").group_by("section_number").agg(pl.len(), strays=pl.col("strays").sum())
    expected = {section: (fixes, strays) for section, fixes, strays in counts.iter_rows()}

    found = {int(section): (int(used) + int(dropped), int(dropped)) for section, used, dropped, _ in rows}
    assert {section: fixes for section, (fixes, _) in found.items()} == {each: n for each, (n, _) in expected.items()}
    planted, dropped = (sum(strays for _, strays in counts.values()) for counts in (expected, found))
    assert planted > 100
    assert all(found[section][1] >= strays for section, (_, strays) in expected.items())
    # Of sound fixes, a device's own jitter carries about one in 10,000 as far.
    assert dropped - planted <= 2
    assert max(float(area) for *_, area in rows) < LARGEST_AREA_M2


def test_density_counts_every_measured_fix_once(derived):
    is_measured = ~pl.col("is_projected") & ~pl.col("is_location_padding")
    measured = derived.fixes.filter(is_measured).drop_nulls("longitude")
    paces = measured.filter(pl.col("course_id") == COURSE).get_column("pace")
    found = derived.query("SELECT course_id, sum(fixes), max(rounds) FROM course_fix_density GROUP BY 1 ORDER BY 1")
    mean = derived.query(
        f"SELECT sum(fixes * mean_pace_seconds) / sum(fixes) FROM course_fix_density WHERE course_id = '{COURSE}'"
    )

    counts = dict(measured.group_by("course_id").len().iter_rows())
    assert {course: int(fixes) for course, fixes, _ in found} == counts
    assert all(int(rounds) <= counts[course] for course, _, rounds in found)
    assert float(mean[0][0]) == pytest.approx(paces.mean(), abs=0.001)


def test_a_known_place_falls_into_its_h3_cell(derived):
    found = derived.query(
        f"SELECT h3_resolution, h3_cell, fixes, rounds FROM course_fix_density WHERE course_id = '{SMALL}'"
    )
    assert found == [["11", CELL, "10", "2"]]


def test_a_second_run_changes_nothing_and_commits_nothing(derived, finish):
    tables = ("dim_section_geometry", "course_fix_density")
    before = [(_version(derived, table), derived.query(f"SELECT * FROM {table} ORDER BY 1, 2, 3")) for table in tables]

    run = finish(derived.job, {"--course-ids": f"{COURSE},{SMALL}"})

    assert (run["JobRunState"], run.get("ErrorMessage")) == ("SUCCEEDED", None)
    assert before[0][1]
    assert before[1][1]
    after = [(_version(derived, table), derived.query(f"SELECT * FROM {table} ORDER BY 1, 2, 3")) for table in tables]
    assert after == before


def test_a_course_that_silver_does_not_hold_is_named(derived, finish):
    run = finish(derived.job, {"--course-ids": f"{COURSE},augusta"})

    assert run["JobRunState"] == "FAILED"
    assert "Silver holds no fixes of augusta" in run["ErrorMessage"]


def _version(lake: Lake, table: str) -> str:
    found = boto3.client("glue").get_table(DatabaseName=lake.settings.db_silver, Name=table)["Table"]
    return found["Parameters"]["metadata_location"]


def _fixes() -> tuple[pl.DataFrame, CourseMap]:
    """Rows of Silver, and the map of the generated course; `strays` marks those that were moved away."""
    rng = np.random.default_rng(11)
    course = course_map(PROFILE)
    slots = draw_slots(PROFILE, course, draw_rounds(PROFILE, course, ROUNDS, 2024, rng), rng)
    generated = pl.DataFrame(
        {
            "course_id": COURSE,
            "round_id": [f"r{number}" for number in slots.round_number],
            "location_index": slots.location_index,
            "nine_number": slots.nine,
            "section_number": slots.section,
            "longitude": slots.longitude,
            "latitude": slots.latitude,
            "pace": slots.pace,
            "is_projected": slots.is_projected,
        }
    ).with_columns(pl.col("longitude", "latitude", "pace").fill_nan(None))
    number = pl.int_range(pl.len())
    moved = generated.with_columns(strays=(number % STRAY_EVERY == 0) & ~pl.col("is_projected"))
    # Projected fixes lie anywhere: they must not count.
    away = pl.when(pl.col("strays") | pl.col("is_projected")).then(STRAY_DEGREES).otherwise(0.0)
    moved = moved.with_columns(longitude=pl.col("longitude") + away, latitude=pl.col("latitude") - away)
    few = [_own(SMALL, f"r{place % 2}", place, PLACE) for place in range(10)]
    line = [_own(LINE, "r0", place, (PLACE[0] + place * 1e-5, PLACE[1])) for place in range(30)]
    padding = _own(SMALL, "r1", 99, PLACE) | {"section_number": None, "nine_number": None, "is_location_padding": True}
    own = pl.DataFrame([*few, *line, padding], schema_overrides={"longitude": pl.Float64})
    whole = pl.concat([moved.with_columns(is_location_padding=False), own], how="diagonal_relaxed")
    names = [name for name in whole.columns if name in TABLE.column_names]
    assert len(names) == len(whole.columns) - 1
    return whole.with_columns(pl.col("strays").fill_null(False), pl.lit(None, pl.Date).alias("event_date")), course


def _own(course: str, round_id: str, place: int, position: tuple[float, float]) -> dict[str, object]:
    return {
        "course_id": course, "round_id": round_id, "location_index": place, "nine_number": 1, "section_number": 1,
        "longitude": position[0], "latitude": position[1], "is_projected": False, "is_location_padding": False,
    }  # fmt: skip


def _floats(pairs: Iterator[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    return ((float(x), float(y)) for x, y in pairs)
