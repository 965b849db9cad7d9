"""The matching of `rift.eval.match` once more, document by document and in plain Python: the two must agree."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from scipy.optimize import linear_sum_assignment

from rift.annotations.layer import Span
from rift.eval.match import Pair
from rift.eval.tracks import Mode


class _Mark(NamedTuple):
    """A span as a sort key, so that sorting undoes any order in which spans were listed."""

    start: int
    end: int
    label: str
    rest: bytes
    at: int


_MarkPair = tuple[_Mark, _Mark]


def match(gold: Sequence[Span], predicted: Sequence[Span], mode: Mode) -> list[Pair]:
    """Pair the spans of one document one to one under `mode`, by the four steps of docs/evaluation.md."""
    left, right = _marks(gold), _marks(predicted)
    whole, left, right = _equal(left, right, lambda mark: mark[:3])
    if mode == "strict":
        return _pairs(whole, [])
    paired = {mark[:3] for mark, _ in whole}
    left, right = _without_copies(left, paired), _without_copies(right, paired)
    if mode == "type":
        labels = sorted({mark.label for mark in left})
        sides = ([[mark for mark in side if mark.label == label] for side in (left, right)] for label in labels)
        return _pairs(whole + [pair for side in sides for pair in _overlapping(*side)], [])
    bounded, left, right = _equal(left, right, lambda mark: mark[:2])
    return _pairs(whole + bounded, _overlapping(left, right) if mode == "partial" else [])


def _pairs(whole: list[_MarkPair], half: list[_MarkPair]) -> list[Pair]:
    return sorted([Pair(g.at, p.at, 1.0) for g, p in whole] + [Pair(g.at, p.at, 0.5) for g, p in half])


def _marks(spans: Iterable[Span]) -> list[_Mark]:
    """Sort spans by boundaries and label, and equals by what else they carry."""
    rest = (msgspec.json.encode(span, order="deterministic") for span in spans)
    return sorted(
        _Mark(span.start, span.end, span.label, other, index)
        for index, (span, other) in enumerate(zip(spans, rest, strict=True))
    )


def _equal(
    left: list[_Mark], right: list[_Mark], key: Callable[[_Mark], tuple[object, ...]]
) -> tuple[list[_MarkPair], list[_Mark], list[_Mark]]:
    """Pair marks with equal keys in sorted order; return the pairs and what is left on either side, still sorted."""
    waiting: dict[tuple[object, ...], list[_Mark]] = defaultdict(list)
    for mark in reversed(left):
        waiting[key(mark)].append(mark)
    pairs = [(waiting[key(mark)].pop(), mark) for mark in right if waiting[key(mark)]]
    done_left, done_right = {mark.at for mark, _ in pairs}, {mark.at for _, mark in pairs}
    return (
        pairs,
        [mark for mark in left if mark.at not in done_left],
        [mark for mark in right if mark.at not in done_right],
    )


def _without_copies(marks: list[_Mark], paired: set[tuple[int, int, str]]) -> list[_Mark]:
    """Keep the first mark of each kind that has no like among `paired`."""
    first = {mark[:3]: mark for mark in reversed(marks) if mark[:3] not in paired}
    return sorted(first.values())


def _overlapping(left: list[_Mark], right: list[_Mark]) -> list[_MarkPair]:
    """Pair overlapping marks by maximum-weight assignment inside each connected group."""
    return [pair for group in _groups(left, right) if all(group) for pair in _assign(*group)]


def _groups(left: list[_Mark], right: list[_Mark]) -> Iterator[tuple[list[_Mark], list[_Mark]]]:
    """Split both sides where no span of either crosses; every overlap lies inside one group."""
    sides: tuple[list[_Mark], list[_Mark]] = [], []
    reach = 0
    for mark, side in sorted([(mark, 0) for mark in left] + [(mark, 1) for mark in right]):
        if mark.start >= reach:
            yield sides
            sides = [], []
        sides[side].append(mark)
        reach = max(reach, mark.end)
    yield sides


def _assign(left: list[_Mark], right: list[_Mark]) -> list[_MarkPair]:
    """Pair the marks of one group; the sides may be swapped without changing the pairs.

    One weight holds the four criteria as digits of a number with mixed bases, so that no sum of a lower one reaches a
    unit of the next. It is exact below 2**53, far above any document's; beyond that a tie could be settled otherwise.
    """
    if [mark[:3] for mark in right] < [mark[:3] for mark in left]:  # the solver breaks ties by position
        return [(g, p) for p, g in _assign(right, left)]
    start, end = (np.array([[mark[i]] for mark in left], dtype=np.float64) for i in (0, 1))
    other_start, other_end = (np.array([[mark[i] for mark in right]], dtype=np.float64) for i in (0, 1))
    overlap = np.minimum(end, other_end) - np.maximum(start, other_start)
    distance = np.abs(start - other_start) + np.abs(end - other_end)
    same = np.array([[g.label == p.label for p in right] for g in left], dtype=np.float64)
    base = min(len(left), len(right)) + 1
    farthest = distance.max()
    weight = ((overlap * base + 1) * base + same) * (base * farthest + 1) + (farthest - distance)
    rows, columns = linear_sum_assignment(np.where(overlap > 0, weight, 0), maximize=True)
    return [(left[row], right[column]) for row, column in zip(rows, columns, strict=True) if overlap[row, column] > 0]
