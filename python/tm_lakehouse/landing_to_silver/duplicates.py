"""Which of several copies of a location stays."""

import polars as pl


def without_duplicates(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep one row per (round_rank, location_index), sorted by them.

    First a row with a time, then one from the device's cache (true, false, NULL), then one that is no projection
    (false, true, NULL), then the highest battery, then the newest file, then the first in the file.
    """
    key = ["round_rank", "location_index"]
    is_repeated = rows.select(pl.struct(key).is_duplicated()).to_series()
    if not is_repeated.any():
        return rows.sort(key)
    ranked = rows.filter(is_repeated).sort(
        "round_rank",
        "location_index",
        pl.col("fix_timestamp").is_null(),
        pl.col("is_cache").not_(),
        "is_projected",
        pl.col("battery_percentage").neg(),
        "file",
        "position",
        nulls_last=True,
    )
    best = ranked.unique(key, keep="first", maintain_order=True)
    return pl.concat([rows.filter(~is_repeated), best]).sort(key)
