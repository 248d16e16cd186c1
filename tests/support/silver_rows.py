"""Rows of Silver and its runs' summaries, put where the job leaves them."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

import boto3

from tm_lakehouse.athena import Athena
from tm_lakehouse.run_summary import RunSummary
from tm_lakehouse.settings import Settings
from tm_lakehouse.tables import fact_telemetry_event
from tm_lakehouse.tables.athena_sql import literal
from tm_lakehouse.tables.contract import Column

FACT = fact_telemetry_event.TABLE
ROWS_PER_INSERT = 500
READERS: dict[str, Callable[[Any], Any]] = {"date": date.fromisoformat, "timestamp": datetime.fromisoformat}


def insert_fixes(settings: Settings, athena: Athena, fixes: list[dict], rows_per_insert: int = ROWS_PER_INSERT) -> None:
    """Insert fixes, each given by the columns that are not NULL; makes the table when it isn't there."""
    athena.query(
        FACT.athena_ddl(settings.db_silver, f"{settings.iceberg_warehouse_silver}/{settings.db_silver}/{FACT.name}")
    )
    complete = [_with_derived(fix) for fix in fixes]
    columns = [column for column in FACT.columns if any(column.name in fix for fix in complete)]
    names = ", ".join(column.name for column in columns)
    for start in range(0, len(complete), rows_per_insert):
        rows = ",\n".join(_row(fix, columns) for fix in complete[start : start + rows_per_insert])
        athena.query(f"INSERT INTO {FACT.name} ({names}) VALUES {rows}")


def put_summaries(settings: Settings, summaries: Iterable[RunSummary]) -> None:
    """Put run summaries where the job puts them."""
    for each in summaries:
        key = f"silver/course_id={each.course_id}/ingest_date={each.ingest_date}/run_id={each.run_id}/summary.json"
        boto3.client("s3").put_object(
            Bucket=settings.bucket_observability, Key=key, Body=each.to_json().encode() + b"\n"
        )


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
