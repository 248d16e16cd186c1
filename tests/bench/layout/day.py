"""One day's delivery of every course, as the source would send it: all rounds played on that day."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import polars as pl
from lakehouse import Lakehouse


def generate_day(lakehouse: Lakehouse, folder: Path, courses: Sequence[str], day: dt.date, seed: int) -> list[Path]:
    """A file per course with about 18 rounds."""
    options = ("--rounds", 18, "--seed", seed, "--format", "csv", "--no-defects")
    lakehouse.tool("generate", folder, "--courses", ",".join(courses), *options)
    files = sorted(folder.glob("*.rounds.csv"))
    for file in files:
        moved(read(file), day, seed).write_csv(file)
    return files


def send_again(files: Sequence[Path], folder: Path) -> list[Path]:
    """The first round of each of these files once more, in files of their own."""
    folder.mkdir()
    return [_first_round(file, folder / file.name.replace(".rounds", ".rounds_again")) for file in files]


def read(file: Path) -> pl.DataFrame:
    """A course file as texts."""
    return pl.read_csv(file, infer_schema=False)


def moved(rounds: pl.DataFrame, day: dt.date, seed: int) -> pl.DataFrame:
    """The same rounds on another day; ids begin with the time at which the round began."""
    midnight = int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp())
    begun = midnight + 36_000 + pl.int_range(pl.len()) * 60 + seed
    date = pl.lit(day.isoformat())
    dates = [name for name in rounds.columns if name in ("startTime", "endTime") or name.endswith("].date")]
    return rounds.with_columns(
        pl.format(
            "{}{}", begun.map_elements(lambda second: f"{second:08x}", pl.String), pl.col("_id").str.slice(8)
        ).alias("_id"),
        *(pl.when(pl.col(name).is_not_null()).then(date + pl.col(name).str.slice(10)).alias(name) for name in dates),
    )


def _first_round(file: Path, target: Path) -> Path:
    read(file).head(1).write_csv(target)
    return target
