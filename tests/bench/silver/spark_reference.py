"""The usual way: one Spark application per course; wide select, explode, a window over everything, passes that count.

It leaves out what the Polars reference leaves out, and reads and writes local files.
"""

import re
import sys

from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

SLOT = {
    "hole": "int", "sectionNumber": "int", "holeSection": "int", "startTime": "double", "fixCoordinates[0]": "double",
    "fixCoordinates[1]": "double", "isProjected": "boolean", "isProblem": "boolean", "isCache": "boolean",
    "paceGap": "double", "positionalGap": "double", "pace": "double", "batteryPercentage": "double",
}  # fmt: skip


def main(out: str, files: list[str]) -> None:
    """Transform a course's files."""
    spark = SparkSession.builder.appName("reference").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    for number, file in enumerate(files):
        landed = spark.read.option("header", True).option("maxColumns", 20000).csv(file)
        rounds = landed.count()
        rows = derived(exploded(landed))
        off = rows.where("off_bounds").count()
        kept = best(rows.where("NOT off_bounds")).drop("off_bounds")
        kept.write.mode("overwrite").option("compression", "zstd").partitionBy("event_month").parquet(f"{out}/{number}")
        written = spark.read.parquet(f"{out}/{number}").count()
        print(file, rounds, off, written)
    spark.stop()


def exploded(landed: DataFrame) -> DataFrame:
    """One row per slot with a value."""
    numbers = sorted({int(match[1]) for name in landed.columns if (match := re.match(r"locations\[(\d+)\]", name))})
    slots = [
        F.struct(
            F.lit(number).alias("location_index"),
            *(_value(landed, number, name, kind).alias(re.sub(r"[\[\]]", "_", name)) for name, kind in SLOT.items()),
        )
        for number in numbers
    ]
    rounds = [
        F.col(f"`{name}`") for name in landed.columns if not name.startswith("locations[") and name != "startTime"
    ]
    start = F.to_timestamp("startTime").alias("round_start_time")
    rows = landed.select(*rounds, start, F.explode(F.array(*slots)).alias("slot")).select("*", "slot.*").drop("slot")
    names = [re.sub(r"[\[\]]", "_", name) for name in SLOT]
    return rows.where(F.coalesce(*(F.col(name).cast("string") for name in names)).isNotNull())


def derived(rows: DataFrame) -> DataFrame:
    """Timestamps, calendar, point and nine."""
    fix = (F.col("round_start_time").cast("double") + F.col("startTime")).cast("timestamp")
    longitude, latitude = F.col("fixCoordinates_0_"), F.col("fixCoordinates_1_")
    is_off = ~F.coalesce(longitude.between(-180, 180), F.lit(True)) | ~F.coalesce(
        latitude.between(-90, 90), F.lit(True)
    )
    return rows.select(
        "*",
        fix.alias("fix_timestamp"),
        F.to_date(fix).alias("event_date"),
        F.year(fix).alias("event_year"),
        F.month(fix).alias("event_month"),
        F.dayofmonth(fix).alias("event_day"),
        F.dayofweek(fix).alias("event_weekday"),
        F.concat(F.lit("POINT ("), longitude, F.lit(" "), latitude, F.lit(")")).alias("geometry_wkt"),
        F.when(F.col("hole") >= 19, 3).when(F.col("hole") >= 10, 2).otherwise(F.ceil(F.col("sectionNumber") / 27))
        .alias("nine_number"),
        is_off.alias("off_bounds"),
    )  # fmt: skip


def best(rows: DataFrame) -> DataFrame:
    """One row per round and slot."""
    order = Window.partitionBy("_id", "location_index").orderBy(
        F.col("fix_timestamp").isNull(), F.desc_nulls_last("isCache"), F.asc_nulls_last("isProjected"),
        F.desc_nulls_last("batteryPercentage"),
    )  # fmt: skip
    return rows.withColumn("rank", F.row_number().over(order)).where("rank = 1").drop("rank")


def _value(landed: DataFrame, number: int, name: str, kind: str):
    column = f"locations[{number}].{name}"
    return F.col(f"`{column}`").cast(kind) if column in landed.columns else F.lit(None).cast(kind)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
