"""Which nine a slot lies on, and which pass of the round over that nine it belongs to."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from tm_lakehouse.landing_to_silver.topology import SECTIONS_PER_NINE, NineRange


def nine_number(nines: Sequence[NineRange]) -> pl.Expr:
    """By the topology's sections, else by hole, else by section, else the round's current nine."""
    hole, section = pl.col("hole_number"), pl.col("section_number")
    by_hole = pl.when(hole >= 19).then(3).when(hole >= 10).then(2)
    by_section = (
        by_hole.when(section.is_between(1, 27))
        .then(1)
        .when(section.is_between(28, 54))
        .then(2)
        .when(section.is_between(55, 81))
        .then(3)
    )
    fallback = by_section.when(hole.is_between(1, 9)).then(1).otherwise(pl.col("current_nine"))
    known = [pl.when(section.is_between(nine.section_start, nine.section_end)).then(nine.nine_number) for nine in nines]
    return pl.coalesce(*known, fallback).cast(pl.Int32)


def loop_number(rows: pl.DataFrame, nines: Sequence[NineRange]) -> pl.Series:
    """Which pass over the same nine, from 1; NULL without section or nine.

    `rows` must hold the rows that are written, by `round_rank` and `location_index`. A drop of the section by more
    than half the nine's sections begins the next pass, counted from the section where the round began its first hole
    on that nine: a shotgun round from section 13 round to section 12 is one pass.
    """
    placed = (
        rows.select("round_rank", "nine_number", "section_number", "hole_section")
        .with_row_index("row")
        .drop_nulls(["section_number", "nine_number"])
        .sort("round_rank", "nine_number", "row")
    )
    loops = _loops(placed, nines)
    by_row = pl.DataFrame({"row": placed["row"], "loop_number": loops}).sort("row")
    all_rows = pl.DataFrame({"row": pl.int_range(rows.height, dtype=pl.UInt32, eager=True)})
    return all_rows.join(by_row, on="row", how="left", maintain_order="left")["loop_number"]


def _loops(placed: pl.DataFrame, nines: Sequence[NineRange]) -> pl.Series:
    if placed.is_empty():
        return pl.Series("loop_number", [], dtype=pl.Int32)
    nine = placed["nine_number"]
    lengths = _lengths(nine, nines)
    section = placed["section_number"].to_numpy().astype(np.int64)
    is_first = np.ones(placed.height, dtype=bool)
    is_first[1:] = (np.diff(placed["round_rank"].to_numpy().astype(np.int64)) != 0) | (np.diff(nine.to_numpy()) != 0)
    dropped = np.zeros(placed.height, dtype=np.int64)
    dropped[1:] = -np.diff(section) * 2 > lengths[1:]
    dropped[is_first] = 0
    first = np.maximum.accumulate(np.where(is_first, np.arange(placed.height), 0))
    drops = np.cumsum(dropped)
    drops -= drops[first]
    hole_section = placed["hole_section"].fill_null(1).to_numpy().astype(np.int64)
    start = (section - hole_section + 1)[first]
    loops = 1 + (section + drops * lengths - start) // lengths
    return pl.Series("loop_number", np.maximum(loops, 1).astype(np.int32))


def _lengths(nine: pl.Series, nines: Sequence[NineRange]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    known = {each.nine_number: each.sections for each in nines}
    return (
        nine.cast(pl.Int64)
        .replace_strict(list(known), list(known.values()), default=SECTIONS_PER_NINE, return_dtype=pl.Int64)
        .to_numpy()
        if known
        else np.full(len(nine), SECTIONS_PER_NINE, dtype=np.int64)
    )
