"""Identifiers as MongoDB writes them, many at a time."""

import numpy as np
import polars as pl
import pyarrow as pa

from tm_lakehouse.generator.draws import Ints

_DIGITS = np.frombuffer(b"0123456789abcdef", np.uint8)
_LENGTH = 24


def object_ids(seconds: Ints, rng: np.random.Generator) -> pl.Series:
    """One ObjectId (24 hex digits) per entry: its second, a random part and a counter, so that none comes twice."""
    count = len(seconds)
    machine = np.broadcast_to(rng.integers(0, 16, 10), (count, 10))
    counter = int(rng.integers(0, 1 << 20)) + np.arange(count)
    nibbles = np.concatenate([_nibbles(seconds, 8), machine, _nibbles(counter, 6)], axis=1)
    text = np.ascontiguousarray(_DIGITS[nibbles])
    offsets = np.arange(count + 1, dtype=np.int32) * _LENGTH
    array = pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(text))
    series = pl.from_arrow(array)
    assert isinstance(series, pl.Series)
    return series


def _nibbles(values: Ints, digits: int) -> Ints:
    shifts = 4 * np.arange(digits - 1, -1, -1)
    return (values[:, None] >> shifts) & 15
