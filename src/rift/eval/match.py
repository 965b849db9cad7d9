"""Matching: the spans of two layers made into pairs, in all documents at once."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from rift.annotations.layer import Span
from rift.eval.columns import Columns, aligned, from_spans
from rift.eval.tracks import MODES, Mode

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Pair(NamedTuple):
    """A gold and a predicted span that belong together, by their indices, and the credit that they earn, 1 or 0.5."""

    gold: int
    predicted: int
    credit: float


class Pairs(NamedTuple):
    """Pairs as columns: the indices of the gold and the predicted spans, `whole` with credit 1, `half` with 0.5.

    Each of the two has the shape (2, pairs): the gold spans' indices, then those of the predicted spans.
    """

    whole: Integers
    half: Integers


def match(gold: Sequence[Span], predicted: Sequence[Span], mode: Mode) -> list[Pair]:
    """Pair the spans of one document one to one under `mode`; the order in which spans are listed has no influence.

    Pairs come sorted by their indices; with an empty side there are none. The rules are those of `match_columns`, which
    pairs many documents much faster. Of spans alike in boundaries and label, what else they carry says which comes
    first. Raises ValueError for an offset beyond `rift.eval.columns.FARTHEST`.
    """
    ours, theirs = _by_content(gold), _by_content(predicted)
    sides = aligned(from_spans([gold[at] for at in ours]), from_spans([predicted[at] for at in theirs]))
    pairs = match_columns(*sides, [mode])[mode]
    return sorted(
        Pair(ours[left], theirs[right], credit)
        for found, credit in ((pairs.whole, 1.0), (pairs.half, 0.5))
        for left, right in found.T.tolist()
    )


def _by_content(spans: Sequence[Span]) -> list[int]:
    return sorted(range(len(spans)), key=lambda index: msgspec.json.encode(spans[index], order="deterministic"))


def match_columns(gold: Columns, predicted: Columns, modes: Collection[Mode] = MODES) -> Mapping[Mode, Pairs]:
    """Pair the spans of every document one to one under each of `modes`; takes what `rift.eval.columns.aligned` gives.

    Spans may nest and overlap within a side; an empty side gives no pair. The rules, after Segura-Bedmar et al. 2013,
    in turn:

    1. Spans with the same boundaries and label are paired. This is all of `strict`.
    2. Surplus copies are put aside, spurious (on the gold side: missed): a span that is left while its like is paired,
       and all but one of several alike that are left.
    3. Where labels are ignored, spans with the same boundaries are paired. This is all of `exact`.
    4. `partial` and `type` pair the rest, `type` within a label, so that the total overlap in code points is greatest;
       of equal totals the one with more pairs, then more equal labels, then boundaries closer together.

    A zero-length span overlaps nothing, so only step 1 or 3 can pair it.
    """
    marks = _joined(gold, predicted)
    keys = _fold(marks.doc, marks.start, marks.end, marks.label)
    order = np.argsort(keys, kind="stable")  # of equals the gold spans come first
    marks, keys = _take(marks, order), keys[order]
    whole, left = _equal(keys, marks.side)
    rest = _take(marks, np.flatnonzero(left & _changes(keys)))
    whole = marks.at[whole]
    found = {"strict": Pairs(whole, _NONE)}
    if "type" in modes:
        by_label = _take(rest, np.argsort(_fold(rest.doc, rest.label), kind="stable"))
        pairs = _overlapping(by_label, _fold(by_label.doc, by_label.label))
        found["type"] = Pairs(np.hstack([whole, by_label.at[pairs]]), _NONE)
    if "exact" in modes or "partial" in modes:
        bounds = _fold(rest.doc, rest.start, rest.end, rest.side)
        order = np.argsort(bounds, kind="stable")
        bounded, left = _equal(bounds[order] // 2, rest.side[order])
        whole = np.hstack([whole, rest.at[order[bounded]]])
        found["exact"] = Pairs(whole, _NONE)
    if "partial" in modes:
        rest = _take(rest, np.sort(order[left]))
        found["partial"] = Pairs(whole, rest.at[_overlapping(rest, rest.doc)])
    return {mode: found[mode] for mode in modes}


_NONE = np.zeros((2, 0), dtype=np.int64)


class _Marks(NamedTuple):
    """Spans of both sides as columns; `side` is 0 for gold and 1 for predicted, `at` the index on that side."""

    doc: Integers
    start: Integers
    end: Integers
    label: Integers
    side: Integers
    at: Integers


def _joined(gold: Columns, predicted: Columns) -> _Marks:
    sides = [
        (side.doc, side.start, side.end, side.label, np.full_like(side.doc, number), np.arange(len(side.doc)))
        for number, side in enumerate((gold, predicted))
    ]
    return _Marks(*map(np.concatenate, zip(*sides, strict=True)))


def _take(marks: _Marks, index: Integers) -> _Marks:
    return _Marks(*(column[index] for column in marks))


def _fold(*columns: Integers) -> Integers:
    """Return a number for each row of `columns`, none negative; the numbers are ordered as the rows are."""
    key = columns[0].astype(np.int64)
    for column in columns[1:]:
        base = int(column.max(initial=0)) + 1
        if (int(key.max(initial=0)) + 1) * base >= 1 << 63:
            key = np.unique(key, return_inverse=True)[1]  # ranks are below 2**32, and so are columns
        key = key * base + column
    return key


def _changes(keys: Integers) -> Flags:
    """Say where in sorted keys a new one begins."""
    return np.concatenate([np.ones(min(1, len(keys)), dtype=np.bool_), keys[1:] != keys[:-1]])


def _equal(keys: Integers, side: Integers) -> tuple[Integers, Flags]:
    """Pair the k-th gold with the k-th predicted mark of each key; return the pairs, and whether a mark is left.

    The keys are sorted, and of equals those of gold come first.
    """
    opens = _changes(keys)
    first = np.flatnonzero(opens)
    run = np.cumsum(opens) - 1
    nth = np.arange(len(keys)) - first[run]
    predicted = np.bincount(run[side == 1], minlength=len(first))
    gold = np.bincount(run[side == 0], minlength=len(first))
    ours = np.flatnonzero(nth < np.minimum(gold, predicted)[run])
    theirs = ours + gold[run[ours]]
    left = np.ones(len(keys), dtype=np.bool_)
    left[ours] = left[theirs] = False
    return np.stack([ours, theirs]), left


def _overlapping(marks: _Marks, segment: Integers) -> Integers:
    """Pair overlapping marks of each segment by maximum-weight assignment.

    The marks are sorted by segment, start, end and label. They are split into groups between which no mark reaches, so
    that every overlap lies inside one; nearly all groups have but one mark on one of their sides.
    """
    far = int(max(marks.start.max(initial=0), marks.end.max(initial=0))) + 1
    place = far * np.cumsum(_changes(segment))
    reach = np.maximum.accumulate(place + marks.end)
    opens = place + marks.start >= np.concatenate([[0], reach[:-1]])[: len(reach)]
    group, first = np.cumsum(opens) - 1, np.flatnonzero(opens)
    predicted = np.bincount(group[marks.side == 1], minlength=len(first))
    gold = np.diff(first, append=len(group)) - predicted
    fewer = np.minimum(gold, predicted)
    pairs = [_best_of_one(marks, group, fewer == 1, (gold > 1).astype(np.int64))]
    for number in np.flatnonzero(fewer > 1):
        within = np.arange(first[number], first[number] + gold[number] + predicted[number])
        side = marks.side[within]
        pairs.append(_assign(marks, within[side == 0], within[side == 1]))
    return np.hstack(pairs)


def _best_of_one(marks: _Marks, group: Integers, chosen: Flags, lone_side: Integers) -> Integers:
    """Pair the only mark on `lone_side` of each `chosen` group with the best of the other side; the first of equals."""
    inside = chosen[group]
    alone = marks.side == lone_side[group]
    lone, others = np.flatnonzero(inside & alone), np.flatnonzero(inside & ~alone)
    partner = np.zeros(len(chosen), dtype=np.int64)
    partner[group[lone]] = lone
    overlap, same, distance = _merits(marks, others, partner[group[others]])
    demerit = _fold(overlap.max(initial=0) - overlap, 1 - same, distance)
    order = np.lexsort((demerit, group[others]))
    best = order[_changes(group[others[order]])]
    one = others[best[overlap[best] > 0]]
    pairs = np.stack([one, partner[group[one]]])
    return np.where(marks.side[one] == 0, pairs, pairs[::-1])


def _merits(marks: _Marks, one: Integers, other: Integers) -> tuple[Integers, Integers, Integers]:
    """Return overlap (0 or less: none), equality of labels (0 or 1) and distance of boundaries for pairs of marks."""
    start, other_start = marks.start[one].astype(np.int64), marks.start[other]
    end, other_end = marks.end[one].astype(np.int64), marks.end[other]
    return (
        np.minimum(end, other_end) - np.maximum(start, other_start),
        (marks.label[one] == marks.label[other]).astype(np.int64),
        np.abs(start - other_start) + np.abs(end - other_end),
    )


def _assign(marks: _Marks, left: Integers, right: Integers) -> Integers:
    """Pair the marks of one group; the sides may be swapped without changing the pairs.

    One weight holds the four criteria as digits of a number with mixed bases, so that no sum of a lower one reaches a
    unit of the next. It is exact below 2**53, far above any document's; beyond that a tie could be settled otherwise.
    """
    if _keys(marks, right) < _keys(marks, left):  # the solver breaks ties by position
        return _assign(marks, right, left)[::-1]
    overlap, same, distance = _merits(marks, left[:, None], right[None, :])
    base = min(overlap.shape) + 1
    farthest = float(distance.max())
    weight = ((overlap * float(base) + 1) * base + same) * (base * farthest + 1) + (farthest - distance)
    rows, columns = linear_sum_assignment(np.where(overlap > 0, weight, 0), maximize=True)
    taken = overlap[rows, columns] > 0
    return np.stack([left[rows[taken]], right[columns[taken]]])


def _keys(marks: _Marks, index: Integers) -> list[tuple[int, ...]]:
    columns = (column[index].tolist() for column in (marks.start, marks.end, marks.label))
    return list(zip(*columns, strict=True))
