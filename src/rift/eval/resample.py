"""Uncertainty: the bootstrap over documents."""

import functools
import math
from collections.abc import Iterator

import msgspec
import numpy as np
import numpy.typing as npt
import scipy.special

from rift.eval.statistics import Counts

LEVEL = 0.95
"""Coverage that the intervals aim at."""

_FEWEST = 2  # documents that have a spread
_DRAWS = 1 << 17  # drawn at a time: they stay in the processor's cache
_WEIGHTS = 1 << 22  # multiplied at a time: few large products, and at most 32 MiB
_EXACT = 1 << 23  # single precision holds all multiples of one half below it


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

    Each resample draws as many documents as there are, with replacement (Efron and Tibshirani 1993). A draw is a 32-bit
    half of the raw stream of PCG64, which numpy keeps the same over versions, times the number of documents, above the
    point (Lemire 2019, without his rejection: no document's chance is off by more than 2**-32). Where the counts are
    multiples of one half the sums are exact, so that a seed gives the same everywhere. Without documents all are 0.
    """
    number = len(counts)
    columns, column = _distinct(counts.reshape(number, math.prod(counts.shape[1:])))
    sums = np.zeros((bootstrap.resamples, columns.shape[1]))
    stream = np.random.PCG64(bootstrap.seed)
    for block in _steps(bootstrap.resamples if number else 0, _WEIGHTS // max(1, number)):
        weights = np.empty((block.stop - block.start, number), dtype=columns.dtype)
        for part in _steps(len(weights), _DRAWS // number):
            weights[part] = _times_drawn(stream, part.stop - part.start, number)
        sums[block] = weights @ columns
    return sums[:, column].reshape(bootstrap.resamples, *counts.shape[1:])


def _distinct(flat: Counts) -> tuple[npt.NDArray[np.floating], list[int]]:
    """Return the different columns of `flat`, in single precision where sums stay exact, and each column's place there.

    Many are alike: the numbers of gold and predicted spans are the same in every mode.
    """
    places: dict[bytes, int] = {}
    column = [places.setdefault(each.tobytes(), len(places)) for each in np.ascontiguousarray(flat.T)]
    different = np.frombuffer(b"".join(places)).reshape(len(places), len(flat)).T
    exact = len(flat) * flat.max(initial=0) < _EXACT
    return np.ascontiguousarray(different, dtype=np.float32 if exact else np.float64), column


def _steps(length: int, step: int) -> Iterator[slice]:
    """Cut `range(length)` into slices of `step` entries, or of one where that is less."""
    step = max(1, step)
    return (slice(first, min(first + step, length)) for first in range(0, length, step))


def _times_drawn(stream: np.random.PCG64, rows: int, number: int) -> npt.NDArray[np.int64]:
    """Return how often each of `number` documents is drawn in each of the next `rows` resamples."""
    words = (number + 1) // 2  # each resample begins with a new word, so that the size of a step does not matter
    halves = stream.random_raw(rows * words).astype("<u8", copy=False).view("<u4").reshape(rows, 2 * words)[:, :number]
    drawn = (halves.astype(np.uint64) * np.uint64(number) >> np.uint64(32)).view(np.int64)
    drawn += number * np.arange(rows)[:, None]
    return np.bincount(drawn.ravel(), minlength=rows * number).reshape(rows, number)


def interval(values: npt.NDArray[np.float64], documents: int) -> tuple[float, float] | None:
    """Return the expanded percentile interval of a measure's resampled values (Hesterberg 2015, section 5.3).

    The plain percentile interval is too narrow where documents are few: it has the bootstrap's factor (n - 1) / n in
    its variance and a normal quantile in place of Student's. So further percentiles are taken, those of the normal
    distribution at `sqrt(n / (n - 1))` times Student's quantile with n - 1 degrees of freedom. NaN is left out; None
    says that nothing is left, or that there are fewer than two `documents`, which have no spread to resample.
    """
    defined = values[~np.isnan(values)]
    if not defined.size or documents < _FEWEST:
        return None
    low, high = np.quantile(defined, [tail(documents), 1 - tail(documents)])
    return float(low), float(high)


@functools.cache
def tail(documents: int) -> float:
    """Return the share of resamples beyond either end of the interval for a number of documents, at least 2."""
    student = scipy.special.stdtrit(documents - 1, (1 + LEVEL) / 2)
    return float(scipy.special.ndtr(-math.sqrt(documents / (documents - 1)) * student))
