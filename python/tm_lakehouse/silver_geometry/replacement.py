"""Replace the rows of courses in one commit, and only of courses whose rows have changed."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from tm_lakehouse.tables.contract import TableContract
from tm_lakehouse.tables.iceberg_evolution import evolve
from tm_lakehouse.tables.spark_sql import create_statement

COURSE = "course_id"
_PROVENANCE = ("source_snapshot_id", "updated_at")


def replace_courses(
    spark: SparkSession,
    contract: TableContract,
    name: str,
    location: str,
    rows: DataFrame,
    courses: Collection[str] | None,
    snapshot_id: int,
) -> list[str]:
    """Bring the table's rows of `courses` (None: of all) to `rows`; the courses that changed.

    One Iceberg commit, or none where nothing changed. A course that has no rows any more loses those it had.
    """
    spark.sql(create_statement(contract, name, location))
    jvm: Any = spark._jvm
    evolve(jvm, jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(spark._jsparkSession, name), contract, name)
    kept = spark.table(name)
    if courses is not None:
        kept = kept.where(F.col(COURSE).isin(*courses))
    rows = rows.cache()
    try:
        changed = changed_courses(rows, kept.select(*_content(contract)))
        if changed:
            _overwrite(contract, name, rows, changed, snapshot_id)
    finally:
        rows.unpersist()
    return changed


def changed_courses(wanted: DataFrame, existing: DataFrame) -> list[str]:
    """The courses whose rows differ between two tables of the same columns, in their order."""
    same_order = existing.select(*wanted.columns)
    differing = wanted.exceptAll(same_order).select(COURSE).union(same_order.exceptAll(wanted).select(COURSE))
    return [row[COURSE] for row in differing.distinct().orderBy(COURSE).collect()]


def _content(contract: TableContract) -> list[str]:
    return [column for column in contract.column_names if column not in _PROVENANCE]


def _overwrite(contract: TableContract, name: str, rows: DataFrame, courses: list[str], snapshot_id: int) -> None:
    """Swap the courses' partitions for the new rows."""
    of_courses = F.col(COURSE).isin(*courses)
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    complete = (
        rows.where(of_courses)
        .withColumn("source_snapshot_id", F.lit(snapshot_id).cast("bigint"))
        .withColumn("updated_at", F.lit(now.isoformat()).cast("timestamp_ntz"))
        .select(*contract.column_names)
        .repartition(COURSE)
        .sortWithinPartitions(COURSE, *contract.sort_order)
    )
    complete.writeTo(name).overwrite(of_courses)
