"""The track `tolls`: what was told of people harmed, wherever the text tells it."""

import math
from collections.abc import Mapping, Sequence
from typing import get_args

import msgspec
import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from rift.annotations.layer import Layer
from rift.annotations.records import Estimate, Record, fatality_estimate, records
from rift.eval.collected import ABOVE, BELOW, Collected, Fatalities, Figures
from rift.eval.statistics import CORRECT_GOLD, CORRECT_PREDICTED, GOLD, PREDICTED, Statistics
from rift.eval.tracks import Figure, Slot

SLOTS: tuple[Slot, ...] = get_args(Slot)
FIGURES: tuple[Figure, ...] = get_args(Figure)

UNIT = 1 << 32
"""Parts of 1 that logarithms are counted in: whole numbers add up exactly, so a seed gives the same everywhere."""

Pairs = frozenset[tuple[Slot, str]]
"""The (slot, value) pairs of a record."""

_Integers = npt.NDArray[np.int64]


def collect_tolls(gold: Layer, predicted: Layer) -> Collected:
    """Count every document of `gold`, by id: a true positive is a (slot, value) pair of two aligned records.

    The labels of the statistics are the slots, all of them, and the one mode is `strict`. The figures are those of
    `eval/tracks.toml`. A document that `predicted` lacks counts as one without records. Neither the order of spans nor
    their ids have an influence.
    """
    documents = tuple(sorted(gold.markups))
    counts = np.zeros((len(documents), 1, len(SLOTS), 4))
    figures = np.zeros((len(documents), len(FIGURES), 2))
    estimates: dict[str, Fatalities] = {}
    for number, document in enumerate(documents):
        ours, theirs = _records(gold, document), _records(predicted, document)
        aligned = align(ours, theirs)
        counts[number, 0] = _count_slots(ours, theirs, aligned)
        estimates[document] = Fatalities(fatality_estimate(ours), fatality_estimate(theirs))
        found: Mapping[Figure, tuple[int, int]] = {
            "killed_exact": _killed_exact(ours, theirs, aligned),
            "log_error": _log_error(estimates[document]),
            "low": _f1([record.low for record in ours], [record.low for record in theirs], aligned),
            "high": _f1([record.high for record in ours], [record.high for record in theirs], aligned),
        }
        for place, name in enumerate(FIGURES):
            figures[number, place, [ABOVE, BELOW]] = found[name]
    return Collected(Statistics(documents, ("strict",), SLOTS, counts), Figures(FIGURES, figures), estimates)


def slot_pairs(record: Record) -> Pairs:
    """Return the (slot, value) pairs of a record; none for one that says nothing.

    `figure` is both ends of the range in one value, given where either is; a slot with several values gives a pair for
    each.
    """
    found: list[tuple[Slot, str]] = []
    single: Mapping[Slot, str | None] = {
        "outcome": record.outcome,
        "figure": None if record.low is record.high is None else f"{record.low}..{record.high}",
        "victims": record.victims,
        "scope": record.scope,
    }
    several: Mapping[Slot, Sequence[str]] = {
        "victim": record.victim,
        "by": record.by,
        "source": record.source,
        "where": record.where,
        "when": record.when,
    }
    found.extend((slot, value) for slot, value in single.items() if value is not None)
    found.extend((slot, value) for slot, values in several.items() for value in values)
    return frozenset(found)


def align(gold: Sequence[Record], predicted: Sequence[Record]) -> list[tuple[int, int]]:
    """Pair the records of a document one to one, by their positions, so that they share the most (slot, value) pairs.

    Of assignments that share equally many, the one whose spans overlap by the most code points is taken, then the one
    with more pairs, then the one whose boundaries lie closer together. Records that share nothing are not paired.
    Records come in an order that does not depend on their file (see `rift.annotations.records.records`); swapping the
    sides swaps the pairs.
    """
    if not gold or not predicted:
        return []
    if _content(predicted) < _content(gold):  # the solver breaks ties by position
        return sorted((ours, theirs) for theirs, ours in align(predicted, gold))
    yours = [slot_pairs(record) for record in predicted]
    shared = np.array([[len(mine & your) for your in yours] for mine in map(slot_pairs, gold)])
    rows, columns = linear_sum_assignment(_weights(shared, gold, predicted), maximize=True)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if shared[row, column]]


def _weights(shared: _Integers, gold: Sequence[Record], predicted: Sequence[Record]) -> npt.NDArray[np.float64]:
    """Fold the criteria into a number each, so that no sum of a lower one reaches a unit of the next.

    Exact below 2**53, far above any document's; beyond that a tie could be settled otherwise.
    """
    one = np.array([(record.start, record.end) for record in gold])[:, None, :]
    other = np.array([(record.start, record.end) for record in predicted])[None, :, :]
    overlap = np.maximum(0, np.minimum(one[..., 1], other[..., 1]) - np.maximum(one[..., 0], other[..., 0]))
    distance = np.abs(one - other).sum(axis=-1)
    pairs = min(shared.shape) + 1.0
    farthest = float(distance.max())
    weight = (shared * (overlap.max() * pairs + 1) + overlap) * pairs + 1
    weight = weight * (farthest * pairs + 1) + farthest - distance
    return np.where(shared > 0, weight, 0.0)


def _content(side: Sequence[Record]) -> list[bytes]:
    return [msgspec.json.encode(record) for record in side]


def _records(layer: Layer, document: str) -> tuple[Record, ...]:
    markup = layer.markups.get(document)
    return records(markup) if markup else ()


def _count_slots(
    gold: Sequence[Record], predicted: Sequence[Record], aligned: Sequence[tuple[int, int]]
) -> npt.NDArray[np.float64]:
    table = np.zeros((len(SLOTS), 4))
    row = {slot: index for index, slot in enumerate(SLOTS)}
    for side, column in ((gold, GOLD), (predicted, PREDICTED)):
        for record in side:
            for slot, _ in slot_pairs(record):
                table[row[slot], column] += 1
    for ours, theirs in aligned:
        for slot, _ in slot_pairs(gold[ours]) & slot_pairs(predicted[theirs]):
            table[row[slot], [CORRECT_GOLD, CORRECT_PREDICTED]] += 1
    return table


def _killed_exact(
    gold: Sequence[Record], predicted: Sequence[Record], aligned: Sequence[tuple[int, int]]
) -> tuple[int, int]:
    """Return how many killed records gold has that are aligned with one of the same figure, and how many in all."""
    killed = {index for index, record in enumerate(gold) if _killed(record) is not None}
    right = sum(_killed(gold[ours]) == _killed(predicted[theirs]) for ours, theirs in aligned if ours in killed)
    return right, len(killed)


def _killed(record: Record) -> tuple[int | None, int | None] | None:
    """Return the figure of a killed record; None for one of another outcome, or without figure."""
    if record.outcome != "killed" or record.low is record.high is None:
        return None
    return record.low, record.high


def _log_error(estimates: Fatalities) -> tuple[int, int]:
    """Return the error of a document and 1, both in parts of UNIT; two zeros where gold has no estimate."""
    if estimates.gold is None:
        return 0, 0
    return round(abs(_log(estimates.predicted) - _log(estimates.gold)) * UNIT), UNIT


def _log(estimate: Estimate | None) -> float:
    return math.log(1 + (estimate.best if estimate else 0))


def _f1(
    gold: Sequence[int | None], predicted: Sequence[int | None], aligned: Sequence[tuple[int, int]]
) -> tuple[int, int]:
    """Return what F1 of one end of the range has above and below the line: 2 correct, gold and predicted."""
    right = sum(gold[ours] is not None and gold[ours] == predicted[theirs] for ours, theirs in aligned)
    return 2 * right, sum(number is not None for number in (*gold, *predicted))
