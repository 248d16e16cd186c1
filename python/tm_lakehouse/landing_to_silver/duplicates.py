"""Which of several copies of a location stays."""

import numpy as np
import polars as pl


def without_duplicates(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep one row per (round_rank, location_index), sorted by them.

    First a row with a time, then one from the device's cache (true, false, NULL), then one that is no projection
    (false, true, NULL), then the highest battery, then the newest file, then the first in the file.
    """
    # One number for both, and rows are picked once: sorting whole rows takes several times their memory.
    key = rows["round_rank"].cast(pl.Int64) * 2**32 + rows["location_index"].cast(pl.Int64)
    order = key.arg_sort()
    is_like_last = np.diff(key.gather(order).to_numpy(), prepend=-1) == 0
    if is_like_last.any():
        is_repeated = is_like_last | np.append(is_like_last[1:], np.False_)
        best = _best(rows, order.filter(pl.Series(is_repeated)))
        order = order.filter(pl.Series(~is_repeated) | order.is_in(best.implode()))
    return rows[order]


def _best(rows: pl.DataFrame, repeated: pl.Series) -> pl.Series:
    """Of the row numbers of locations that come several times, the one that stays of each."""
    judged = ("round_rank", "location_index", "fix_timestamp", "is_cache", "is_projected", "battery_percentage")
    copies = rows.select(*judged, "file", "position")[repeated].with_columns(repeated.alias("row"))
    ranked = copies.sort(
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
    return ranked.unique(["round_rank", "location_index"], keep="first", maintain_order=True)["row"]
