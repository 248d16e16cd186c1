"""Density of fixes over Uber's H3 grid."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

# Cells of about 2,000 m2, 25 m along an edge: coarser than a device's error, finer than a section.
H3_RESOLUTION = 11


def h3_cell(longitude: float, latitude: float) -> str:
    """Index of the cell that holds a position in degrees."""
    import h3

    return str(h3.latlng_to_cell(latitude, longitude, H3_RESOLUTION))


def fix_density(fixes: DataFrame) -> DataFrame:
    """One row per course and cell that holds a fix."""
    cell = F.udf(h3_cell, "string")
    # Silver keeps pace with 3 decimals. Summed as decimals it doesn't depend on the order, as doubles it would.
    exact_pace = F.col("pace").cast("decimal(18,3)")
    counted = fixes.withColumn("h3_cell", cell("longitude", "latitude")).groupBy("course_id", "h3_cell")
    return counted.agg(
        F.count("*").alias("fixes"),
        F.count_distinct("round_id").alias("rounds"),
        F.round(F.avg(exact_pace), 3).cast("double").alias("mean_pace_seconds"),
    ).withColumn("h3_resolution", F.lit(H3_RESOLUTION))
