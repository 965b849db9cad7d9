"""Uncertainty: the bootstrap over documents."""

import math

import msgspec
import numpy as np
import numpy.typing as npt

from rift.eval.statistics import Counts

LEVEL = 0.95
"""Coverage that the intervals aim at."""

_CELLS = 1 << 20  # draws held at a time: bounds memory to some 30 MiB


class Bootstrap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How intervals are made: `seed` (from 0) and the number of `resamples` (0: no intervals)."""

    seed: int = 0
    resamples: int = 10_000

    def __post_init__(self) -> None:
        """Raise ValueError for a negative number."""
        if self.seed < 0 or self.resamples < 0:
            raise ValueError("the seed and the number of resamples must not be negative")


def resample(counts: Counts, bootstrap: Bootstrap) -> Counts:
    """Return the sums of resampled documents: (documents, ...) to (resamples, ...).

    Each resample draws as many documents as there are, with replacement (Efron and Tibshirani 1993). The draws come
    from the raw stream of PCG64, which numpy keeps the same over versions, and the sums are exact, so that a seed gives
    the same everywhere. Without documents all sums are 0.
    """
    number = len(counts)
    flat = counts.reshape(number, math.prod(counts.shape[1:]))
    sums = np.zeros((bootstrap.resamples, flat.shape[1]))
    stream = np.random.PCG64(bootstrap.seed)
    step = max(1, _CELLS // max(1, number))
    for first in range(0, bootstrap.resamples if number else 0, step):
        rows = min(step, bootstrap.resamples - first)
        uniform = (stream.random_raw(rows * number) >> np.uint64(11)) * 2.0**-53
        drawn = (uniform * number).astype(np.int64).reshape(rows, number) + number * np.arange(rows)[:, None]
        weights = np.bincount(drawn.ravel(), minlength=rows * number).reshape(rows, number)
        sums[first : first + rows] = weights.astype(np.float64) @ flat
    return sums.reshape(bootstrap.resamples, *counts.shape[1:])


def interval(values: npt.NDArray[np.float64]) -> tuple[float, float] | None:
    """Return the percentile interval of a measure's resampled values; NaN is left out, None says nothing is left."""
    defined = values[~np.isnan(values)]
    if not defined.size:
        return None
    low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
