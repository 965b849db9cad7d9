"""Highlighting: a text cut into pieces, each with the spans that cover it."""

import dataclasses
import itertools
from collections.abc import Iterator, Sequence

from rift.annotations.layer import Span, reading_order


@dataclasses.dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that the same spans cover, the outermost first; `closing` are those that end with it."""

    text: str
    covering: Sequence[Span]
    closing: Sequence[Span]


def pieces(text: str, spans: Sequence[Span]) -> Iterator[Piece]:
    """Cut `text` at every edge of `spans`; the pieces together are the text.

    Spans may nest, cross, repeat or reach outside the text, which clips them; an empty span covers nothing. Without
    spans the text is one piece, the empty text none.
    """
    ordered = sorted((span for span in spans if span.start < span.end), key=reading_order)
    edges = {min(edge, len(text)) for span in ordered for edge in (span.start, span.end)}
    cuts = sorted({0, len(text), *edges})
    for start, end in itertools.pairwise(cuts):
        covering = [span for span in ordered if span.start <= start and span.end >= end]
        yield Piece(text[start:end], covering, [span for span in covering if min(span.end, len(text)) == end])
