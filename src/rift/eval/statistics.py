"""Sufficient statistics: what each document adds to a score, and the measures of their sums."""

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from rift.annotations.layer import Layer
from rift.eval.columns import Columns, aligned, from_layer, used_labels
from rift.eval.match import match_columns
from rift.eval.tracks import Mode

Counts = npt.NDArray[np.float64]
"""An array whose last axis holds correct (gold side), correct (predicted side), gold and predicted."""

CORRECT_GOLD, CORRECT_PREDICTED, GOLD, PREDICTED = range(4)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """The counts of every document: `counts` has the shape (documents, modes, labels, 4).

    A pair's credit counts twice: on the gold side under the gold span's label, where it serves recall, and on the
    predicted side under the predicted span's label, where it serves precision. So over the labels each side adds up to
    the same total. Credits are multiples of one half, so sums of counts are exact.
    """

    documents: tuple[str, ...]
    modes: tuple[Mode, ...]
    labels: tuple[str, ...]
    counts: Counts


def collect(
    gold: Layer | Columns, predicted: Layer | Columns, modes: Sequence[Mode], labels: Iterable[str] = ()
) -> Statistics:
    """Count every document of `gold`, in the order of the ids; one that `predicted` lacks counts as predicted empty.

    The labels are those in `labels`, in their order, then all others that occur in a document of `gold` on either side,
    by name. Gold without documents gives arrays of length 0. Columns count as the layer that they were made of.
    """
    ours, theirs = aligned(_columns(gold), _columns(predicted))
    listed = tuple(dict.fromkeys(labels))
    names = (*listed, *sorted({*used_labels(ours), *used_labels(theirs)} - set(listed)))
    row = {name: index for index, name in enumerate(names)}
    rows = np.array([row.get(name, -1) for name in ours.labels], dtype=np.int64)
    shape = (len(ours), len(names))
    cells = [side.doc * np.int64(shape[1]) + rows[side.label] for side in (ours, theirs)]
    counts = np.empty((len(ours), len(modes), len(names), 4))
    for column, cell in ((GOLD, cells[0]), (PREDICTED, cells[1])):
        counts[..., column] = _tally(cell, shape)[:, None]
    found = match_columns(ours, theirs, modes)
    for position, mode in enumerate(modes):
        for column, cell, whole, half in zip((CORRECT_GOLD, CORRECT_PREDICTED), cells, *found[mode], strict=True):
            counts[:, position, :, column] = _tally(cell[whole], shape) + _tally(cell[half], shape) / 2
    return Statistics(ours.documents, tuple(modes), names, counts)


def _columns(side: Layer | Columns) -> Columns:
    return from_layer(side) if isinstance(side, Layer) else side


def _tally(cells: npt.NDArray[np.int64], shape: tuple[int, int]) -> npt.NDArray[np.int64]:
    return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)


def measures(counts: Counts) -> npt.NDArray[np.float64]:
    """Return precision, recall and F1 (last axis) of counts of any shape (..., 4), each 0 to 1 or NaN where undefined.

    Precision is correct (predicted side) / predicted, recall correct (gold side) / gold, F1 their harmonic mean; with
    one number correct on both sides that is 2 correct / (gold + predicted), which is 0 rather than undefined as soon as
    either side has a span. With no span on either side all three are undefined.
    """
    right_gold, right_predicted = counts[..., CORRECT_GOLD], counts[..., CORRECT_PREDICTED]
    gold, predicted = counts[..., GOLD], counts[..., PREDICTED]
    numerator = 2 * right_gold * right_predicted
    denominator = right_gold * predicted + right_predicted * gold
    f1 = _divide(numerator, np.where(denominator > 0, denominator, gold + predicted))
    return np.stack([_divide(right_predicted, predicted), _divide(right_gold, gold), f1], axis=-1)


def _divide(above: npt.NDArray[np.float64], below: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
