"""A document to read: its text, or else the surfaces of its spans, in paragraphs of pieces with their marks."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import msgspec

from rift.annotations.layer import Span, reading_order
from rift.eval.highlight import Piece, paragraphs, pieces

LEFT_OUT = "[\N{HORIZONTAL ELLIPSIS}]"
"""What stands for a surface that is not shown."""

_BETWEEN = " \N{HORIZONTAL ELLIPSIS} "  # stands for the text between surfaces


@dataclasses.dataclass(frozen=True, slots=True)
class Mark:
    """A span as it is marked: the anchor to reach it by, what it says in words, its links, and its differences.

    `links` are pairs of a role and the anchor of a span that it leads to; `numbers` are those of the differences of two
    annotators that it is part of.
    """

    span: Span
    anchor: str
    words: str
    links: Sequence[tuple[str, str]] = ()
    numbers: Sequence[int] = ()


Paragraph = Sequence[Piece[Mark]]


def anchors(spans: Sequence[Span], prefix: str = "s") -> Mapping[int, str]:
    """Return an anchor for each span, by identity: the prefix and the number in reading order, from 1."""
    ordered = sorted(spans, key=reading_order)
    return {id(span): f"{prefix}{number}" for number, span in enumerate(ordered, start=1)}


def resolve(spans: Sequence[Span]) -> Mapping[str, Span]:
    """Return the spans by their ids, without those whose id several have."""
    uses = Counter(span.id for span in spans)
    return {span.id: span for span in spans if span.id is not None and uses[span.id] == 1}


def mark_all(spans: Sequence[Span], words: Callable[[Span], str]) -> list[Mark]:
    """Return the spans as marks in reading order; links that lead to no span, or to their own, are left out."""
    names, by_id = anchors(spans), resolve(spans)
    return [
        Mark(
            span,
            names[id(span)],
            words(span),
            [
                (role, names[id(by_id[target])])
                for role, targets in span.links.items()
                for target in targets
                if target in by_id and by_id[target] is not span
            ],
        )
        for span in sorted(spans, key=reading_order)
    ]


def read(text: str | None, marks: Sequence[Mark]) -> list[Paragraph]:
    """Return the paragraphs of `text` with its marks; without a text, one paragraph of the marks' surfaces.

    Without text and marks there is no paragraph.
    """
    if text is None:
        text, marks = from_surfaces(marks)
    return [list(pieces(text, marks, bounds)) for bounds in paragraphs(text)]


def from_surfaces(marks: Sequence[Mark]) -> tuple[str, list[Mark]]:
    """Return the surfaces in reading order as one text, and the marks moved onto it; "" without marks.

    A span within another stays within it. A surface that is not there is `LEFT_OUT`, and what it held follows it.
    """
    text = ""
    moved: list[Mark] = []
    shift, end = 0, 0  # of the outermost span so far: how far it was moved, and where it ended before
    for mark in sorted(marks, key=lambda mark: reading_order(mark.span)):
        span = mark.span
        if span.end > end:
            text += _BETWEEN if text else ""
            shown = LEFT_OUT if span.surface is None else span.surface
            start, stop = len(text), len(text) + len(shown)
            text += shown
            shift, end = start - span.start, span.end if span.surface is not None else 0
        else:
            start, stop = span.start + shift, min(span.end + shift, len(text))
        moved.append(dataclasses.replace(mark, span=msgspec.structs.replace(span, start=start, end=stop)))
    return text, moved
