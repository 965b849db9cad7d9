"""Sufficient statistics: what each document adds to a score, and the measures of their sums."""

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from rift.annotations.layer import Layer, Span
from rift.eval.match import match
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


def collect(gold: Layer, predicted: Layer, modes: Sequence[Mode], labels: Iterable[str] = ()) -> Statistics:
    """Count every document of `gold`, in the order of the ids; one that `predicted` lacks counts as predicted empty.

    The labels are those in `labels`, in their order, then all others that occur in a document of `gold` on either side,
    by name. A layer without documents gives arrays of length 0.
    """
    documents = tuple(sorted(gold.markups))
    spans = [(_spans(gold, document), _spans(predicted, document)) for document in documents]
    listed = tuple(dict.fromkeys(labels))
    found = {span.label for sides in spans for side in sides for span in side}
    names = (*listed, *sorted(found - set(listed)))
    counts = np.zeros((len(documents), len(modes), len(names), 4))
    row = {name: index for index, name in enumerate(names)}
    for number, (ours, theirs) in enumerate(spans):
        for position, mode in enumerate(modes):
            table = counts[number, position]
            for span in ours:
                table[row[span.label], GOLD] += 1
            for span in theirs:
                table[row[span.label], PREDICTED] += 1
            for pair in match(ours, theirs, mode):
                table[row[ours[pair.gold].label], CORRECT_GOLD] += pair.credit
                table[row[theirs[pair.predicted].label], CORRECT_PREDICTED] += pair.credit
    return Statistics(documents, tuple(modes), names, counts)


def _spans(layer: Layer, document: str) -> Sequence[Span]:
    markup = layer.markups.get(document)
    return markup.spans if markup else ()


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
