"""A lakehouse of its own for each test module: buckets, a workgroup, and the catalog as Terraform makes it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import boto3
import pytest
from gold_lakehouse import gold_lakehouse

from tm_lakehouse.athena import Athena
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.settings import Settings
from tm_lakehouse.tables import fact_telemetry_event
from tm_lakehouse.tables.athena_sql import literal
from tm_lakehouse.tables.contract import Column

FACT = fact_telemetry_event.TABLE
ROWS_PER_INSERT = 500
READERS: dict[str, Callable[[Any], Any]] = {"date": date.fromisoformat, "timestamp": datetime.fromisoformat}


@pytest.fixture(scope="module")
def lakehouse(aws, apply_catalog) -> Iterator[Settings]:
    """Empty databases; everything goes when the module is done."""
    with gold_lakehouse(apply_catalog) as settings:
        yield settings


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
def add_summaries(lakehouse) -> Callable[[list[RunSummary]], None]:
    """Put run summaries where the job puts them."""

    def add(summaries: list[RunSummary]) -> None:
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
