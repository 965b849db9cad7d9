"""Krippendorff's alpha for unitizing: how far two observers find the same units in the same texts."""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rift.eval.collected import ratios
from rift.eval.statistics import Counts

_OBSERVERS = 2

Bounds = tuple[int, int]
"""A unit, half-open."""


class Continuum(NamedTuple):
    """A document as two observers unitized it: its length in code points, and where each found units of one kind.

    The units of an observer lie within `[0, length)` and do not overlap; their order does not matter.
    """

    length: int
    one: Sequence[Bounds]
    other: Sequence[Bounds]


class Units(NamedTuple):
    """What each document adds to alpha: `counts` has the shape (documents, 2 + 2 lengths), whole numbers all of them.

    The last axis holds the observed differences, the length of the document, then for each of the `lengths` that units
    have how many there are of it, then in how many places of the gaps such a unit would fit.
    """

    lengths: npt.NDArray[np.int64]
    counts: Counts


def unitized_alpha(documents: Sequence[Continuum]) -> float | None:
    """Return Krippendorff's alpha for unitizing of two observers; None where neither has a unit.

    Krippendorff 1995, in the form of 2004 (pp. 251-256), for one kind of units: 1 is full agreement, 0 what units
    placed by chance would give, less than 0 worse than that. The documents are one continuum, but no unit and no gap
    reaches over the end of a document, so that their order does not matter; of one document it is the formula as
    printed. None too where chance cannot disagree (a text of one character). Raises ValueError for units that overlap
    or lie outside.
    """
    units = count_units(documents)
    alpha = float(alphas(disagreements(units.counts.sum(axis=0), units.lengths)))
    return None if np.isnan(alpha) else alpha


def count_units(documents: Sequence[Continuum]) -> Units:
    """Return what each of the documents adds to alpha; raises ValueError as `unitized_alpha` does."""
    sides = [[_ordered(side, found.length) for side in (found.one, found.other)] for found in documents]
    found = [[end - start for side in pair for start, end in side] for pair in sides]
    lengths = np.unique(np.array(list(itertools.chain.from_iterable(found)), dtype=np.int64))
    counts = np.zeros((len(documents), 2 + 2 * len(lengths)))
    for row, document, (one, other), own in zip(counts, documents, sides, found, strict=True):
        gaps = np.array([gap for side in (one, other) for gap in _gaps(side, document.length)], dtype=np.int64)
        row[0] = _differences(one, other)
        row[1] = document.length
        row[2 : 2 + len(lengths)] = np.bincount(np.searchsorted(lengths, own), minlength=len(lengths))
        row[2 + len(lengths) :] = np.maximum(0, gaps[:, None] - lengths + 1).sum(axis=0)
    return Units(lengths, counts)


def disagreements(sums: Counts, lengths: npt.NDArray[np.int64]) -> Counts:
    """Return observed and expected disagreement (last axis) of sums over documents of any shape (..., 2 + 2 lengths).

    They are the D of Krippendorff 2004, so those of several kinds of units may be added up before alpha is taken.
    Without units both are 0.
    """
    size = lengths.astype(np.float64)
    number, places = np.split(sums[..., 2:], 2, axis=-1)
    whole = sums[..., 1]
    among_units = (number.sum(axis=-1) - 1) / 3 * (number @ (size * (size - 1) * (2 * size - 1)))
    in_gaps = (number * places) @ size**2
    joined = _OBSERVERS * whole
    pairs = joined * (joined - 1) - number @ (size * (size - 1))
    observed = np.stack([sums[..., 0], whole**2], axis=-1)
    expected = np.stack([2 * (among_units + in_gaps), whole * pairs], axis=-1)
    return np.nan_to_num(np.stack([ratios(observed), ratios(expected)], axis=-1))


def alphas(found: Counts) -> npt.NDArray[np.float64]:
    """Return alpha of observed and expected disagreement (last axis); NaN where none is expected."""
    return 1 - ratios(found)


def _ordered(side: Sequence[Bounds], length: int) -> list[Bounds]:
    """Return the units in order, without those that cover nothing."""
    units = sorted((start, end) for start, end in side if start < end)
    if any(right < left for left, right in itertools.pairwise([0, *itertools.chain(*units), length])):
        raise ValueError("the units of an observer must lie in the text and must not overlap")
    return units


def _gaps(side: Sequence[Bounds], length: int) -> list[int]:
    edges = [0, *itertools.chain(*side), length]
    return [end - start for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _differences(one: Sequence[Bounds], other: Sequence[Bounds]) -> int:
    """Return the squared differences: of the bounds of units that overlap, of the length of one that meets none."""
    ours = np.array(one, dtype=np.int64).reshape(-1, 1, 2)
    theirs = np.array(other, dtype=np.int64).reshape(1, -1, 2)
    met = (ours[..., 0] < theirs[..., 1]) & (theirs[..., 0] < ours[..., 1])
    alone = (ours[~met.any(axis=1), 0], theirs[0, ~met.any(axis=0)])
    return int(((ours - theirs) ** 2).sum(axis=-1)[met].sum() + sum(((a[:, 1] - a[:, 0]) ** 2).sum() for a in alone))
