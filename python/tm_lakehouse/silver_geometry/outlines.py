"""Outlines of sections, by Apache Sedona's SQL functions."""

from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from tm_lakehouse.silver_geometry.fixes import SECTION, judged_fixes

# Between the convex hull (1) and the tightest outline (0): follows a bent fairway, and ignores the gaps between fixes.
CONCAVE_RATIO = 0.5


def register_functions(spark: SparkSession) -> None:
    """Make Sedona's `ST_` functions known to the session. The job brings the jar; its Python package isn't needed."""
    jvm: Any = spark._jvm
    jvm.org.apache.sedona.sql.utils.SedonaSQLRegistrator.registerAll(spark._jsparkSession)


def section_outlines(fixes: DataFrame, least_fixes: int) -> DataFrame:
    """One row per section with at least `least_fixes` fixes that don't stray, and whose outline is a polygon.

    The same fixes give the same text: points are sorted before the hull is drawn and its ring is normalised.
    """
    point = F.when(~F.col("is_stray"), F.struct("longitude", "latitude"))
    sections = judged_fixes(fixes).groupBy(*SECTION, "center_longitude", "center_latitude")
    collected = sections.agg(
        F.sort_array(F.collect_list(point)).alias("points"),
        F.count_if("is_stray").alias("fixes_dropped"),
    )
    outlined = (
        collected.where(F.size("points") >= least_fixes)
        .withColumn("cloud", F.expr("ST_Collect(transform(points, p -> ST_Point(p.longitude, p.latitude)))"))
        .withColumn("outline", F.expr(f"ST_Normalize(ST_ConcaveHull(cloud, {CONCAVE_RATIO}, false))"))
        # Fixes on one line have no outline.
        .where(F.expr("ST_GeometryType(outline) = 'ST_Polygon'"))
    )
    return outlined.select(
        *SECTION,
        F.expr("ST_AsText(outline)").alias("outline_wkt"),
        "center_longitude",
        "center_latitude",
        F.round(F.expr("ST_AreaSpheroid(outline)"), 1).alias("area_m2"),
        F.size("points").cast("bigint").alias("fixes_used"),
        "fixes_dropped",
    )
