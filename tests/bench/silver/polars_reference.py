"""The bound: the same transformation in one process with Polars, to zstd Parquet. No Spark, S3, Iceberg or accounts.

Written to be as fast as Polars goes: values are parsed as their types, and slots are picked by position.
Left out, though the job does it: several files that name one round, unreadable values (they become NULL uncounted),
broken lines, quarantine rows, loops, re-delivery, the run summary.
"""

import re
import sys
from pathlib import Path

import numpy as np
import polars as pl

SLOT = {
    "hole": pl.Int32, "sectionNumber": pl.Int32, "holeSection": pl.Int32, "startTime": pl.Float64,
    "fixCoordinates[0]": pl.Float64, "fixCoordinates[1]": pl.Float64, "isProjected": pl.Boolean,
    "isProblem": pl.Boolean, "isCache": pl.Boolean, "paceGap": pl.Float64, "positionalGap": pl.Float64,
    "pace": pl.Float64, "batteryPercentage": pl.Float64,
}  # fmt: skip
SLOT_COLUMN = re.compile(r"locations\[(\d+)\]\.(.+)")


def main(out: Path, files: list[Path]) -> None:
    """Transform each file by itself."""
    for file in files:
        rows = transform(file)
        rows.write_parquet(out / f"{file.parent.name}-{file.stem}.parquet", compression="zstd")
        print(file.name, rows.height)


def transform(file: Path) -> pl.DataFrame:
    """One row per slot with a value, typed and derived."""
    with file.open(encoding="utf-8-sig") as lines:
        header = next(lines).rstrip("\r\n").split(",")
    slots = {name: match for name in header if (match := SLOT_COLUMN.fullmatch(name)) and match[2] in SLOT}
    rounds = [name for name in header if not name.startswith("locations[")]
    types = {name: SLOT[match[2]] for name, match in slots.items()} | dict.fromkeys(rounds, pl.String)
    wide = pl.read_csv(
        file, columns=list(types), schema_overrides=types, ignore_errors=True, truncate_ragged_lines=True
    )
    numbers = sorted({int(match[1]) for match in slots.values()})
    return _derived(_filled(wide, numbers, rounds)).unique(["_id", "location_index"], keep="first")


def _filled(wide: pl.DataFrame, numbers: list[int], rounds: list[str]) -> pl.DataFrame:
    """The slots that hold anything, record after record."""
    values = {name: _stacked(wide, numbers, name) for name in SLOT}
    held = np.zeros(wide.height * len(numbers), dtype=bool)
    for column in values.values():
        held |= column.is_not_null().to_numpy()
    record, slot = np.divmod(np.flatnonzero(held.reshape(len(numbers), wide.height).T), len(numbers))
    rows = pl.Series((slot * wide.height + record).astype(np.uint32))
    picked = pl.DataFrame([column.gather(rows).alias(f"slot.{name}") for name, column in values.items()])
    position = pl.Series("location_index", np.asarray(numbers, dtype=np.int32)[slot])
    return picked.with_columns(position).hstack(wide.select(rounds)[pl.Series(record.astype(np.uint32))])


def _stacked(wide: pl.DataFrame, numbers: list[int], name: str) -> pl.Series:
    absent = pl.Series([None], dtype=SLOT[name]).new_from_index(0, wide.height)
    columns = (f"locations[{number}].{name}" for number in numbers)
    return pl.concat([wide.get_column(each).alias(name) if each in wide.columns else absent for each in columns])


def _derived(rows: pl.DataFrame) -> pl.DataFrame:
    start, end = (
        pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="us", strict=False)
        for name in ("startTime", "endTime")
    )
    fix = start + pl.duration(milliseconds=(pl.col("slot.startTime") * 1000).round())
    longitude, latitude = pl.col("slot.fixCoordinates[0]"), pl.col("slot.fixCoordinates[1]")
    section, hole = pl.col("slot.sectionNumber"), pl.col("slot.hole")
    located = rows.filter(
        longitude.is_between(-180, 180).fill_null(value=True) & latitude.is_between(-90, 90).fill_null(value=True)
    )
    return located.with_columns(
        round_duration_minutes=((end - start).dt.total_microseconds() / 6e7).round(2),
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
