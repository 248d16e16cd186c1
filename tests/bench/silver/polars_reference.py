"""The bound: the same transformation in one process with Polars, to zstd Parquet. No Spark, S3, Iceberg or accounts.

Left out, though the job does it: several files that name one round, unreadable values (they become NULL uncounted),
broken lines, quarantine rows, loops, re-delivery, the run summary.
"""

import re
import sys
from pathlib import Path

import polars as pl

SLOT = {
    "hole": pl.Int32, "sectionNumber": pl.Int32, "holeSection": pl.Int32, "startTime": pl.Float64,
    "fixCoordinates[0]": pl.Float64, "fixCoordinates[1]": pl.Float64, "isProjected": pl.Boolean,
    "isProblem": pl.Boolean, "isCache": pl.Boolean, "paceGap": pl.Float64, "positionalGap": pl.Float64,
    "pace": pl.Float64, "batteryPercentage": pl.Float64,
}  # fmt: skip
BOOLEANS = {"true": True, "false": False}


def main(out: Path, files: list[Path]) -> None:
    """Transform each file by itself."""
    for file in files:
        rows = transform(file)
        rows.write_parquet(out / f"{file.stem}.parquet", compression="zstd")
        print(file.name, rows.height)


def transform(file: Path) -> pl.DataFrame:
    """One row per slot with a value, typed and derived."""
    wide = pl.read_csv(file, infer_schema=False, truncate_ragged_lines=True)
    numbers = sorted({int(match[1]) for name in wide.columns if (match := re.match(r"locations\[(\d+)\]", name))})
    rounds = [name for name in wide.columns if not name.startswith("locations[")]
    slots = pl.concat([_slot(wide, number, rounds) for number in numbers])
    filled = slots.filter(pl.any_horizontal(pl.col(f"slot.{name}").is_not_null() for name in SLOT))
    typed = filled.with_columns(_typed(name, dtype) for name, dtype in SLOT.items())
    return _derived(typed).unique(["_id", "location_index"], keep="first")


def _slot(wide: pl.DataFrame, number: int, rounds: list[str]) -> pl.DataFrame:
    names = {name: f"locations[{number}].{name}" for name in SLOT}
    values = [
        (pl.col(source) if source in wide.columns else pl.lit(None, dtype=pl.String)).alias(f"slot.{name}")
        for name, source in names.items()
    ]
    return wide.select(*rounds, pl.lit(number).alias("location_index"), *values)


def _typed(name: str, dtype: type[pl.DataType]) -> pl.Expr:
    column = pl.col(f"slot.{name}")
    if dtype == pl.Boolean:
        return column.replace_strict(BOOLEANS, default=None, return_dtype=pl.Boolean)
    if dtype == pl.Int32:
        return column.cast(pl.Float64, strict=False).cast(pl.Int32, strict=False)
    return column.cast(dtype, strict=False)


def _derived(rows: pl.DataFrame) -> pl.DataFrame:
    start = pl.col("startTime").str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="us", strict=False)
    fix = start + pl.duration(milliseconds=(pl.col("slot.startTime") * 1000).round())
    longitude, latitude = pl.col("slot.fixCoordinates[0]"), pl.col("slot.fixCoordinates[1]")
    section, hole = pl.col("slot.sectionNumber"), pl.col("slot.hole")
    located = rows.filter(
        longitude.is_between(-180, 180).fill_null(value=True) & latitude.is_between(-90, 90).fill_null(value=True)
    )
    return located.with_columns(
        fix_timestamp=fix,
        event_date=fix.dt.date(),
        event_year=fix.dt.year(),
        event_month=fix.dt.month(),
        event_day=fix.dt.day(),
        event_weekday=fix.dt.weekday() % 7 + 1,
        geometry_wkt=pl.format("POINT ({} {})", longitude, latitude),
        nine_number=pl.when(hole >= 19).then(3).when(hole >= 10).then(2).otherwise((section - 1) // 27 + 1),
        pace=pl.col("slot.pace").round(3),
        pace_gap=pl.col("slot.paceGap").round(3),
        positional_gap=pl.col("slot.positionalGap").round(3),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
