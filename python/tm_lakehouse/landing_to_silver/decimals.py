"""Exact decimal arithmetic on doubles, vectorised: a double means its shortest decimal text."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import numpy.typing as npt
import polars as pl

from tm_lakehouse.landing_to_silver.series import null_where

# Below this a double has at most 15 significant digits down to the fourth decimal, so that the double nearest to a
# decimal has that decimal as its shortest text, and comparing doubles compares decimals.
_EXACT_BELOW = 1e11

Doubles = npt.NDArray[np.float64]


def round_to_thousandths(values: pl.Series) -> pl.Series:
    """Round to 3 decimals, half away from zero on the shortest decimal text: 1.0005 is 1.001, -0.0005 is -0.001."""
    magnitude = values.abs()
    rounded = _by_array(magnitude, lambda array: _thousandths_half_up(array) / 1000)
    signed = pl.select(pl.when(values < 0).then(-rounded).otherwise(rounded)).to_series() + 0.0
    return _repair_huge(values, signed, _round_text).rename(values.name)


def to_milliseconds(seconds: pl.Series) -> pl.Series:
    """Seconds as whole milliseconds, half up on the shortest decimal text; NULL beyond 3,000 years."""
    milliseconds = _by_array(seconds, _thousandths_half_up)
    return null_where(milliseconds, seconds.abs() >= _EXACT_BELOW).cast(pl.Int64)


def decimal_text(values: pl.Series) -> pl.Series:
    """Shortest decimal text without exponent and without `.0`: -122.125, 45, 0.0000001."""
    text = values.cast(pl.String).str.strip_suffix(".0")
    has_exponent = text.str.contains("e", literal=True)
    if not has_exponent.any():
        return text
    plain = values.filter(has_exponent).map_elements(_plain_text, return_dtype=pl.String)
    return text.scatter(has_exponent.arg_true(), plain)


def _thousandths_half_up(values: Doubles) -> Doubles:
    """floor(1000 x + 1/2) without the error of the product: the tie is compared as the double nearest to it."""
    below = np.floor(values * 1000)
    tie = (2 * below + 1) / 2000
    return np.asarray(below + (values >= tie), dtype=np.float64)


def _by_array(values: pl.Series, compute: Callable[[Doubles], Doubles]) -> pl.Series:
    filled = values.fill_null(0.0).to_numpy()
    return null_where(pl.Series(values.name, compute(filled)), values.is_null())


def _repair_huge(values: pl.Series, rounded: pl.Series, exact: Callable[[float], float]) -> pl.Series:
    huge = (values.abs() >= _EXACT_BELOW).fill_null(value=False)
    if not huge.any():
        return rounded
    return rounded.scatter(huge.arg_true(), values.filter(huge).map_elements(exact, return_dtype=pl.Float64))


def _round_text(value: float) -> float:
    return float(Decimal(repr(value)).quantize(Decimal("0.001"), rounding=ROUND_HALF_UP))


def _plain_text(value: float) -> str:
    return format(Decimal(repr(value)), "f")
