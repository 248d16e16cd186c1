"""Small tools for Polars series."""

import polars as pl


def null_where(values: pl.Series, condition: pl.Series) -> pl.Series:
    """NULL where the condition holds; a NULL condition doesn't hold."""
    return pl.select(pl.when(~condition.fill_null(value=False)).then(values)).to_series().rename(values.name)
