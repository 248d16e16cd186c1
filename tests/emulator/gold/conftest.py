"""A lakehouse of its own for each test module: a bucket, its databases, a workgroup that enforces where results go."""

import secrets
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import boto3
import pytest

from tm_lakehouse.athena import Athena
from tm_lakehouse.run_summary import RunSummary, athena_columns
from tm_lakehouse.settings import Settings
from tm_lakehouse.tables import fact_telemetry_event
from tm_lakehouse.tables.athena_sql import literal
from tm_lakehouse.tables.contract import Column

FACT = fact_telemetry_event.TABLE
ROWS_PER_INSERT = 500
READERS: dict[str, Callable[[Any], Any]] = {"date": date.fromisoformat, "timestamp": datetime.fromisoformat}


@pytest.fixture(scope="module")
def lakehouse(aws) -> Iterator[Settings]:
    """Empty databases; everything goes when the module is done."""
    name = f"gold-test-{secrets.token_hex(4)}"
    settings = _settings(name)
    _create(settings)
    with pytest.MonkeyPatch.context() as patch:
        for field, value in settings.model_dump().items():
            patch.setenv(f"TM_{field.upper()}", str(value))
        patch.setenv("AWS_REGION", boto3.Session().region_name or "us-east-1")
        yield settings
    _remove(settings)


@pytest.fixture(scope="module")
def athena(lakehouse) -> Athena:
    """The module's workgroup, with Silver as the database."""
    return Athena(lakehouse.athena_workgroup, lakehouse.db_silver)


@pytest.fixture(scope="module")
def add_fixes(lakehouse, athena) -> Callable[[list[dict]], None]:
    """Insert fixes into Silver, each given by the columns that are not NULL; makes the table when it isn't there."""
    location = f"{lakehouse.iceberg_warehouse_silver}/{lakehouse.db_silver}/{FACT.name}"

    def add(fixes: list[dict]) -> None:
        athena.query(FACT.athena_ddl(lakehouse.db_silver, location))
        complete = [_with_derived(fix) for fix in fixes]
        columns = [column for column in FACT.columns if any(column.name in fix for fix in complete)]
        names = ", ".join(column.name for column in columns)
        for start in range(0, len(complete), ROWS_PER_INSERT):
            rows = ",\n".join(_row(fix, columns) for fix in complete[start : start + ROWS_PER_INSERT])
            athena.query(f"INSERT INTO {FACT.name} ({names}) VALUES {rows}")

    return add


@pytest.fixture(scope="module")
def add_summaries(lakehouse, athena) -> Callable[[list[RunSummary]], None]:
    """Put run summaries where the job puts them; makes the external table over them."""

    def add(summaries: list[RunSummary]) -> None:
        columns = ", ".join(f"`{name}` {kind}" for name, kind in athena_columns())
        athena.query(
            f"CREATE EXTERNAL TABLE IF NOT EXISTS `{lakehouse.db_observability}`.`silver_run_summaries` ({columns}) "
            "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' "
            f"LOCATION 's3://{lakehouse.bucket_observability}/silver/'"
        )
        for each in summaries:
            key = f"silver/course_id={each.course_id}/ingest_date={each.ingest_date}/run_id={each.run_id}/summary.json"
            boto3.client("s3").put_object(
                Bucket=lakehouse.bucket_observability, Key=key, Body=each.to_json().encode() + b"\n"
            )

    return add


def _with_derived(fix: dict) -> dict:
    unknown = fix.keys() - set(FACT.column_names)
    assert not unknown, f"no columns of Silver: {unknown}"
    return fix | {
        "is_timestamp_missing": fix.get("fix_timestamp") is None,
        "is_location_padding": fix.get("hole_number") is None and fix.get("section_number") is None,
    }


def _row(fix: dict, columns: list[Column]) -> str:
    return f"({', '.join(literal(_value(column, fix.get(column.name)), column) for column in columns)})"


def _value(column: Column, value: Any) -> Any:
    return READERS[column.type](value) if column.type in READERS and value is not None else value


def _settings(name: str) -> Settings:
    database = name.replace("-", "_")
    return Settings(
        bucket_landing=name,
        bucket_source=name,
        bucket_serve=name,
        bucket_quarantine=name,
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


def _databases(settings: Settings) -> tuple[str, ...]:
    return settings.db_silver, settings.db_gold, settings.db_gold_build, settings.db_observability


def _create(settings: Settings) -> None:
    boto3.client("s3").create_bucket(Bucket=settings.bucket_source)
    for database in _databases(settings):
        boto3.client("glue").create_database(DatabaseInput={"Name": database})
    boto3.client("athena").create_work_group(
        Name=settings.athena_workgroup,
        Configuration={
            "EnforceWorkGroupConfiguration": True,
            "ResultConfiguration": {"OutputLocation": settings.athena_results},
        },
    )


def _remove(settings: Settings) -> None:
    boto3.client("athena").delete_work_group(WorkGroup=settings.athena_workgroup, RecursiveDeleteOption=True)
    glue = boto3.client("glue")
    for database in _databases(settings):
        for page in glue.get_paginator("get_tables").paginate(DatabaseName=database):
            for table in page["TableList"]:
                glue.delete_table(DatabaseName=database, Name=table["Name"])
        glue.delete_database(Name=database)
    bucket = boto3.resource("s3").Bucket(settings.bucket_source)
    bucket.objects.delete()
    bucket.delete()
