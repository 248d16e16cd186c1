"""Years of Silver rows without a run of the job for each day: real rows of one season, moved in time and to courses."""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from tm_lakehouse.landing_to_silver.delivery import read_delivery
from tm_lakehouse.landing_to_silver.judge import Rules
from tm_lakehouse.landing_to_silver.landed_object import LandedObject
from tm_lakehouse.landing_to_silver.quarantine import Origin
from tm_lakehouse.landing_to_silver.read_file import read_file
from tm_lakehouse.landing_to_silver.silver_rows import to_silver

_TIMES = ("fix_timestamp", "round_start_time", "round_end_time")


def season(files: Sequence[Path]) -> pl.DataFrame:
    """The Silver rows of generated course files, by the job's own rules, with times; rounds are numbered in `round`."""
    rows = pl.concat([_rows(file) for file in files]).filter(pl.col("fix_timestamp").is_not_null())
    numbered = rows.with_columns(pl.struct("course_id", "round_id").rank("dense").alias("round") - 1)
    return numbered.sort("round", "location_index")


def months_of(
    rows: pl.DataFrame, courses: Sequence[str], months: Sequence[dt.date], rows_per_month: int, seed: int
) -> Iterator[pl.DataFrame]:
    """For each month, whole rounds drawn from the season with new ids, spread over its days and the courses.

    A round is a delivery of the day it was played. Ids begin with the round's time, as the source's do.
    """
    draw = np.random.default_rng(seed)
    starts = (
        rows.with_row_index("first").group_by("round").agg(pl.col("first").min(), pl.len()).sort("round").cast(pl.Int64)
    )
    first, length = starts["first"].to_numpy(), starts["len"].to_numpy()
    for month in months:
        rounds = draw.integers(0, len(first), max(round(rows_per_month / length.mean()), 1))
        lengths = length[rounds]
        new_round = np.repeat(np.arange(len(rounds)), lengths)
        offset = np.arange(len(new_round)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        picked = rows[np.repeat(first[rounds], lengths) + offset]
        yield _moved(picked, new_round, _drawn(draw, len(rounds), courses, month))


def _rows(file: Path) -> pl.DataFrame:
    landed = LandedObject(str(file), file.name, file.stat().st_size, dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
    delivery = read_delivery([landed], lambda each: read_file(each.name, Path(each.uri).read_bytes()))
    origin = Origin("history", file.name.partition(".")[0], dt.date(2024, 1, 1))
    return to_silver(delivery, origin, Rules()).rows


def _drawn(draw: np.random.Generator, rounds: int, courses: Sequence[str], month: dt.date) -> pl.DataFrame:
    days = ((month.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - month).days
    day = np.sort(draw.integers(0, days, rounds))
    at = int(dt.datetime(month.year, month.month, 1, tzinfo=dt.UTC).timestamp()) + day * 86_400
    return pl.DataFrame(
        {
            "course_id": np.asarray(courses)[draw.integers(0, len(courses), rounds)],
            "new_day": pl.Series((at // 86_400).astype(np.int32)).cast(pl.Date),
            "round_id": [
                f"{second:08x}{tail:016x}" for second, tail in zip(at, draw.integers(0, 2**63, rounds), strict=True)
            ],
        }
    )


def _moved(rows: pl.DataFrame, new_round: np.ndarray, rounds: pl.DataFrame) -> pl.DataFrame:
    """Times of day stay; a round that ends after midnight keeps its last fixes on its day, for simplicity's sake."""
    placed = rows.drop("round", "course_id", "round_id", "ingest_date").hstack(rounds[new_round])
    day = pl.col("new_day")
    return placed.with_columns(
        *(
            (day.cast(pl.Datetime("us")) + (pl.col(name) - pl.col(name).dt.truncate("1d"))).alias(name)
            for name in _TIMES
        ),
        event_date=day,
        ingest_date=day,
        event_year=day.dt.year(),
        event_month=day.dt.month().cast(pl.Int32),
        event_day=day.dt.day().cast(pl.Int32),
        event_weekday=(day.dt.weekday() % 7 + 1).cast(pl.Int32),
    ).drop("new_day")
