"""Silver to geometry, the story: one snapshot of the fixes, two tables, one commit each."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from tm_lakehouse.errors import LakehouseError
from tm_lakehouse.settings import Settings
from tm_lakehouse.silver_geometry.density import fix_density
from tm_lakehouse.silver_geometry.fixes import measured_fixes
from tm_lakehouse.silver_geometry.outlines import register_functions, section_outlines
from tm_lakehouse.silver_geometry.replacement import COURSE, replace_courses
from tm_lakehouse.spark_job import CATALOG
from tm_lakehouse.tables import course_fix_density, dim_section_geometry, fact_telemetry_event

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class GeometryReport:
    """What a run changed: the courses with other outlines or other density than before."""

    snapshot_id: int
    outlined: list[str]
    counted: list[str]


def run(spark: SparkSession, settings: Settings, courses: Sequence[str]) -> GeometryReport:
    """Derive outlines and density of these courses (none named: of all) from Silver as it stands.

    Raises:
        LakehouseError: Silver holds no fixes, or none of a course that was named.
    """
    database = f"{CATALOG}.{settings.db_silver}"
    warehouse = f"{settings.iceberg_warehouse_silver.rstrip('/')}/silver"
    register_functions(spark)
    silver, snapshot_id = _read(spark, f"{database}.{fact_telemetry_event.TABLE.name}")
    if courses:
        silver = silver.where(F.col(COURSE).isin(*courses))
        _check_known(silver, courses)
    fixes = measured_fixes(silver)
    wanted = {
        dim_section_geometry.TABLE: section_outlines(fixes, settings.topology_min_fixes_per_section),
        course_fix_density.TABLE: fix_density(fixes),
    }
    changed = {}
    for table, rows in wanted.items():
        name, location = f"{database}.{table.name}", f"{warehouse}/{table.name}"
        changed[table] = replace_courses(spark, table, name, location, rows, courses or None, snapshot_id)
        logger.info("%s: %s", table.name, f"changed {', '.join(changed[table])}" if changed[table] else "unchanged")
    return GeometryReport(snapshot_id, changed[dim_section_geometry.TABLE], changed[course_fix_density.TABLE])


def _read(spark: SparkSession, name: str) -> tuple[DataFrame, int]:
    """The table at its current snapshot: both results come from the same rows, whatever is committed meanwhile."""
    empty = LakehouseError("Silver holds no fixes yet.", "Bring a delivery to Silver with `tm-lakehouse silver`.")
    if not spark.catalog.tableExists(name):
        raise empty
    jvm: Any = spark._jvm
    table = jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(spark._jsparkSession, name)
    table.refresh()
    snapshot = table.currentSnapshot()
    if snapshot is None:
        raise empty
    snapshot_id = int(snapshot.snapshotId())
    return spark.read.option("snapshot-id", snapshot_id).table(name), snapshot_id


def _check_known(silver: DataFrame, courses: Sequence[str]) -> None:
    known = {row[COURSE] for row in silver.select(COURSE).distinct().collect()}
    if missing := sorted(set(courses) - known):
        raise LakehouseError(
            f"Silver holds no fixes of {', '.join(missing)}.", "Check the course id, or bring the course to Silver."
        )
