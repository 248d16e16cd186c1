"""Random draws that hit a known mean or share whatever their number, and helpers for ragged arrays."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def quota(count: int, shares: Sequence[float], rng: np.random.Generator) -> Ints:
    """`count` category numbers in random order, each category as often as its share says (largest remainder)."""
    exact = np.asarray(shares, float) / sum(shares) * count
    sizes = np.floor(exact).astype(np.int64)
    by_remainder = np.argsort(sizes - exact, kind="stable")
    sizes[by_remainder[: count - sizes.sum()]] += 1
    return rng.permutation(np.repeat(np.arange(len(sizes)), sizes))


def share_of(count: int, share: float, rng: np.random.Generator) -> Flags:
    """`count` flags of which exactly `share` (rounded) are set."""
    flags = np.zeros(count, bool)
    flags[rng.permutation(count)[: round(count * share)]] = True
    return flags


def share_first(preferred: Flags, share: float, rng: np.random.Generator) -> Flags:
    """As `share_of`, but the preferred places are taken first."""
    order = np.argsort(rng.random(len(preferred)) - preferred, kind="stable")
    flags = np.zeros(len(preferred), bool)
    flags[order[: round(len(preferred) * share)]] = True
    return flags


def share_by_group(group_sizes: Ints, share: float, rng: np.random.Generator) -> Flags:
    """Choose whole groups that together hold about `share` of all members."""
    order = rng.permutation(len(group_sizes))
    chosen = np.zeros(len(group_sizes), bool)
    reached = np.cumsum(group_sizes[order]) - group_sizes[order] / 2
    chosen[order[reached < share * group_sizes.sum()]] = True
    return chosen


def whole_with_mean(mean: float, spread: float, low: Ints, high: Ints, rng: np.random.Generator) -> Ints:
    """Whole numbers within their bounds whose mean is `mean`, as far as the bounds allow."""
    values = np.clip(np.rint(rng.normal(mean, spread, len(low))).astype(np.int64), low, high)
    missing = round(mean * len(values)) - int(values.sum())
    while missing:
        step = 1 if missing > 0 else -1
        movable = np.flatnonzero(values < high if step > 0 else values > low)
        if not len(movable):
            break
        moved = rng.permutation(movable)[: abs(missing)]
        values[moved] += step
        missing -= step * len(moved)
    return values


def spread_over(weights: Floats, count: int, rng: np.random.Generator) -> Ints:
    """`count` ascending positions drawn by weight, evenly enough that even few draws show the weights."""
    points = (np.arange(count) + rng.random(count)) / max(count, 1)
    return np.minimum(np.searchsorted(np.cumsum(weights) / weights.sum(), points), len(weights) - 1)


def group_of(sizes: Ints) -> Ints:
    """The group number of every member, for groups that lie one after the other."""
    return np.repeat(np.arange(len(sizes)), sizes)


def position_in_group(sizes: Ints) -> Ints:
    """0, 1, 2 ... anew in every group."""
    return np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)


def running_sum(values: Floats, sizes: Ints) -> Floats:
    """The sum of the values before each member, within its group."""
    before = np.cumsum(values) - values
    firsts = np.cumsum(sizes) - sizes
    sums: Floats = before - np.repeat(before[firsts], sizes)
    return sums
