"""Highlighting: a text cut into pieces, with the marks that begin and end at each."""

import dataclasses
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Generic, Protocol, TypeVar

from rift.annotations.layer import Span, reading_order

_PARAGRAPH = re.compile(r"[^\n](?:.|\n(?!\n))*")


class Marked(Protocol):
    """Anything that marks a span."""

    @property
    def span(self) -> Span:
        """The span marked."""


M = TypeVar("M", bound=Marked)


@dataclasses.dataclass(frozen=True, slots=True)
class Piece(Generic[M]):
    """A stretch of text: the marks that open before it, the outermost first, and how many close after it.

    `first` says of each opening mark whether its span begins here, rather than goes on after a break.
    """

    text: str
    opening: Sequence[tuple[M, bool]]
    closing: int


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Return the half-open bounds of the paragraphs of `text`, which blank lines part; none for an empty text."""
    return [found.span() for found in _PARAGRAPH.finditer(text)]


def pieces(text: str, marks: Sequence[M], bounds: tuple[int, int]) -> Iterator[Piece[M]]:
    """Cut the part of `text` within `bounds` at every edge of the marks; the pieces together are that part.

    Opening and closing nest as elements of a page must: a mark that crosses another is closed and opened again. Marks
    may nest, cross, repeat or reach outside, which clips them; one of an empty span covers nothing. Without marks the
    part is one piece, an empty part none.
    """
    low, high = bounds
    inside = [mark for mark in marks if max(mark.span.start, low) < min(mark.span.end, high)]
    ordered = sorted(inside, key=lambda mark: reading_order(mark.span))
    edges = {edge for mark in ordered for edge in (mark.span.start, mark.span.end) if low < edge < high}
    cuts = list(itertools.pairwise(sorted({low, high, *edges})))
    covers = [[mark for mark in ordered if mark.span.start <= start and mark.span.end >= end] for start, end in cuts]
    opened: list[M] = []
    for (start, end), (cover, after) in zip(cuts, itertools.pairwise([*covers, []]), strict=True):
        opening = [(mark, mark.span.start == start) for mark in cover[_shared(opened, cover) :]]
        yield Piece(text[start:end], opening, len(cover) - _shared(cover, after))
        opened = cover[: _shared(cover, after)]


def _shared(left: Sequence[M], right: Sequence[M]) -> int:
    """Count the marks that both begin with."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] is pair[1], zip(left, right, strict=False)))
