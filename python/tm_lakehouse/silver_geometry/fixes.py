"""Which fixes tell where a section lies: pure functions of DataFrames."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

SECTION = ("course_id", "nine_number", "section_number")
# Of fixes spread normally round a center, about 1 in 10,000 lies further out than four times their median distance; of
# fixes along a straight fairway none lies further than twice. Half of a section's fixes must stray to move the medians.
STRAY_FACTOR = 4.0
# A device's own error: below it no fix is stray, also where most fixes are the same point.
LEAST_STRAY_METRES = 25.0
_METRES_PER_DEGREE = 111_195.0


def measured_fixes(silver: DataFrame) -> DataFrame:
    """Fixes with a measured position: no padding, nothing projected, nothing without coordinates."""
    is_measured = ~F.coalesce("is_projected", F.lit(False)) & ~F.col("is_location_padding")
    has_position = F.col("longitude").isNotNull() & F.col("latitude").isNotNull()
    return silver.where(is_measured & has_position)


def judged_fixes(fixes: DataFrame) -> DataFrame:
    """Fixes placed in a section, with the section's center (median degrees) and whether the fix strays from it.

    The center is the median of longitude and latitude; a fix strays when its distance from there is more than
    `STRAY_FACTOR` times the section's median distance, and more than `LEAST_STRAY_METRES`.
    """
    placed = fixes.where(F.col("nine_number").isNotNull() & F.col("section_number").isNotNull())
    centers = placed.groupBy(*SECTION).agg(
        F.median("longitude").alias("center_longitude"), F.median("latitude").alias("center_latitude")
    )
    distant = placed.join(centers, on=list(SECTION), how="inner").withColumn("center_metres", _metres_from_center())
    spreads = distant.groupBy(*SECTION).agg(F.median("center_metres").alias("median_metres"))
    limit = F.greatest(F.col("median_metres") * STRAY_FACTOR, F.lit(LEAST_STRAY_METRES))
    judged = distant.join(spreads, on=list(SECTION), how="inner").withColumn("is_stray", F.col("center_metres") > limit)
    return judged.select(*SECTION, "longitude", "latitude", "center_longitude", "center_latitude", "is_stray")


def _metres_from_center() -> Column:
    """Distance on a plane that touches the earth at the center: exact to a thousandth over a golf course."""
    north = (F.col("latitude") - F.col("center_latitude")) * _METRES_PER_DEGREE
    degrees_east = F.col("longitude") - F.col("center_longitude")
    east = degrees_east * _METRES_PER_DEGREE * F.cos(F.radians("center_latitude"))
    return F.sqrt(north * north + east * east)
