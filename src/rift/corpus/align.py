"""Aligning a fingerprint to a copy of its text, as genome aligners do it (MUMmer: Delcher et al. 1999).

Runs of digits that occur once on either side are anchors, wherever they stand, so that paragraphs may have changed
places; between two that follow one another on both sides edit distance fills in. A digit that matches alone counts for
nothing: over a whole page one in sixteen does by chance.
"""

import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

ANCHOR = 8
"""Digits in an anchor: two texts of 5,000 words share one by chance in less than one case of a hundred."""

NEAR = 5
"""Digits in an anchor that is looked for only between two neighbours already aligned."""

RUN = 3
"""Fewest digits that must match in a row to count where edit distance fills a gap."""

GAP = 120
"""Most words on either side of a gap that is filled."""

REPLACED = 4
"""Most words between two neighbours that may be others, as many on both sides."""

REACH = 8
"""Most words from the end of a run to a word that is sought beyond it at the same distance on both sides."""


class Match(NamedTuple):
    """A run of words alike on both sides: `size` words from `ours` in the fingerprint and from `theirs` in the copy."""

    ours: int
    theirs: int
    size: int


@dataclasses.dataclass(frozen=True, slots=True)
class Alignment:
    """Which word of the copy each word of the fingerprint is.

    `alike` maps words whose digits match; `replaced` those that stand alone between two aligned neighbours where the
    copy has as many words of another digit (a name transliterated in another way, a corrected misprint); `near` says
    where a word would be that stands within `REACH` of an aligned one, if nothing were lost or put in between, which
    digits alone cannot tell.
    """

    alike: Mapping[int, int]
    replaced: Mapping[int, int]
    near: Mapping[int, Sequence[int]]
    words: int

    @property
    def share(self) -> float:
        """Return the share of the fingerprint's words that were found, 0 for an empty one."""
        return len(self.alike) / self.words if self.words else 0.0


def align(ours: str, theirs: str) -> Alignment:
    """Align the digits of a fingerprint with those of a copy; nothing is aligned where either is empty."""
    found = _filled(_extended(_anchors(ours, theirs, ANCHOR, 0, 0), ours, theirs), ours, theirs)
    found = _filled(_without_conflicts([*found, *_between(found, ours, theirs)]), ours, theirs)
    alike = {run.ours + step: run.theirs + step for run in found for step in range(run.size)}
    return Alignment(alike, dict(_replaced(found)), _near(found, len(ours), len(theirs)), len(ours))


def _anchors(ours: str, theirs: str, size: int, first: int, other: int) -> Iterator[Match]:
    """Yield the pieces of `size` digits that occur once on either side; `first` and `other` are added to the places."""
    once = _unique(theirs, size)
    for piece, place in _unique(ours, size).items():
        if piece in once:
            yield Match(first + place, other + once[piece], size)


def _unique(digits: str, size: int) -> dict[str, int]:
    places: dict[str, int] = {}
    often: set[str] = set()
    for place in range(len(digits) - size + 1):
        piece = digits[place : place + size]
        if places.setdefault(piece, place) != place:
            often.add(piece)
    return {piece: place for piece, place in places.items() if piece not in often}


def _extended(anchors: Iterator[Match], ours: str, theirs: str) -> list[Match]:
    """Return the longest runs of equal digits through `anchors`, each once, in the order of `ours`."""
    reached: dict[int, int] = {}
    runs: list[Match] = []
    for anchor in sorted(anchors):
        diagonal = anchor.theirs - anchor.ours
        if anchor.ours < reached.get(diagonal, 0):
            continue
        start, end = anchor.ours, anchor.ours + anchor.size
        while start and start + diagonal and ours[start - 1] == theirs[start - 1 + diagonal]:
            start -= 1
        while end < len(ours) and end + diagonal < len(theirs) and ours[end] == theirs[end + diagonal]:
            end += 1
        reached[diagonal] = end
        runs.append(Match(start, start + diagonal, end - start))
    return _without_conflicts(runs)


def _without_conflicts(runs: Sequence[Match]) -> list[Match]:
    """Return runs that share no word on either side, the longer before the shorter, cut where they overlap."""
    taken_ours: set[int] = set()
    taken_theirs: set[int] = set()
    kept: list[Match] = []
    for run in sorted(runs, key=lambda item: -item.size):
        free = [
            step
            for step in range(run.size)
            if run.ours + step not in taken_ours and run.theirs + step not in taken_theirs
        ]
        for _, group in itertools.groupby(enumerate(free), key=lambda item: item[1] - item[0]):
            steps = [step for _, step in group]
            if len(steps) < min(RUN, run.size):
                continue
            kept.append(Match(run.ours + steps[0], run.theirs + steps[0], len(steps)))
            taken_ours.update(run.ours + step for step in steps)
            taken_theirs.update(run.theirs + step for step in steps)
    return sorted(kept)


def _follows(one: Match, other: Match) -> bool:
    ours = other.ours - one.ours - one.size
    theirs = other.theirs - one.theirs - one.size
    return 0 <= ours <= GAP and 0 <= theirs <= GAP


def _filled(runs: Sequence[Match], ours: str, theirs: str) -> list[Match]:
    """Return the runs with those that edit distance finds between two that follow one another."""
    more = [
        filled
        for one, other in itertools.pairwise(runs)
        if _follows(one, other)
        for filled in _fill(one.ours + one.size, other.ours, one.theirs + one.size, other.theirs, ours, theirs)
    ]
    return sorted([*runs, *more])


def _fill(start: int, end: int, first: int, last: int, ours: str, theirs: str) -> Iterator[Match]:
    """Yield the runs of a gap that are long enough, or reach an end of the gap on both sides."""
    here, there = ours[start:end], theirs[first:last]
    for step in Levenshtein.opcodes(here, there):
        size = step.src_end - step.src_start
        at_an_end = (step.src_start == step.dest_start == 0) or (
            step.src_end == len(here) and step.dest_end == len(there)
        )
        if step.tag == "equal" and (size >= RUN or at_an_end or len(here) == len(there)):
            yield Match(start + step.src_start, first + step.dest_start, size)


def _between(found: Sequence[Match], ours: str, theirs: str) -> Iterator[Match]:
    """Yield the runs in what is left of the fingerprint, looked for in what is left of the copy.

    A stretch that has no anchor of its own, being short and changed, is sought next to its neighbours.
    """
    kept = sorted(found)
    if not kept:
        return
    free = _free([(run.theirs, run.theirs + run.size) for run in kept], len(theirs))
    for start, end in _free([(run.ours, run.ours + run.size) for run in kept], len(ours)):
        if end - start < RUN:
            continue
        for first, last in free:
            if last - first < RUN or not _beside(kept, (start, end), (first, last)):
                continue
            shorter = [*_anchors(ours[start:end], theirs[first:last], NEAR, start, first)]
            runs = [run for run in _extended(iter(shorter), ours, theirs) if run.ours >= start and run.theirs >= first]
            yield from _filled(runs, ours, theirs)


def _beside(kept: Sequence[Match], here: tuple[int, int], there: tuple[int, int]) -> bool:
    """Say whether two free stretches have an aligned neighbour in common, before or after them."""
    before = any(run.ours + run.size == here[0] and run.theirs + run.size == there[0] for run in kept)
    after = any(run.ours == here[1] and run.theirs == there[1] for run in kept)
    return before or after


def _free(taken: Sequence[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    """Return the stretches of 0 to `size` that none of `taken` covers."""
    free, at = [], 0
    for start, end in sorted(taken):
        if start > at:
            free.append((at, start))
        at = max(at, end)
    return [*free, (at, size)] if at < size else free


def _replaced(found: Sequence[Match]) -> Iterator[tuple[int, int]]:
    """Yield the words between two neighbouring runs where both sides have as many."""
    for one, other in itertools.pairwise(found):
        ours, theirs = one.ours + one.size, one.theirs + one.size
        if 0 < other.ours - ours == other.theirs - theirs <= REPLACED:
            yield from zip(range(ours, other.ours), range(theirs, other.theirs), strict=True)


def _near(found: Sequence[Match], ours: int, theirs: int) -> dict[int, list[int]]:
    """Return where each word within reach of a run would be, the place by the nearest run first."""
    places: dict[int, list[tuple[int, int]]] = {}
    for run in found:
        for step in range(1, REACH + 1):
            for one, other in (
                (run.ours - step, run.theirs - step),
                (run.ours + run.size - 1 + step, run.theirs + run.size - 1 + step),
            ):
                if 0 <= one < ours and 0 <= other < theirs:
                    places.setdefault(one, []).append((step, other))
    return {one: [other for _, other in sorted(others)] for one, others in places.items()}
