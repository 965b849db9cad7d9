"""Layers written as columns: CoNLL-U Plus (https://universaldependencies.org/ext-format.html), a column a label."""

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence

from rift.annotations.formats.conll import COLUMNS, OFFSETS
from rift.annotations.formats.rendering import Context, Losses, Rendering, place, with_texts
from rift.annotations.formats.span_comments import comment_on
from rift.annotations.formats.tags import label_of
from rift.annotations.layer import Layer, Markup, Span
from rift.corpus.tokens import Token, cut, sentences, tokenize
from rift.guidelines import scheme


def render(layer: Layer, context: Context) -> Rendering:
    """Render a layer as token, start, end, and a column of tags (IOB2) a label: the scheme's, then others by name.

    Tokens are those of `rift.corpus.tokens`, cut further where a span begins or ends inside one. A sentence goes on
    where a span does. Before the sentence in which it begins, a span's id, attributes and links stand as JSON in a
    comment. Not held: spans that overlap one of the same label, are empty, or begin or end with white space; labels
    with white space; documents without a text. An empty layer gives the names of the columns alone.
    """
    losses = Losses()
    held = [
        (markup.doc, document.text, _held(markup, document.text, losses))
        for markup, document in with_texts(layer, context, losses)
    ]
    known = scheme().labels
    labels = [*known, *sorted({span.label for _, _, spans in held for span in spans} - known.keys())]
    lines = [f"{COLUMNS}{' '.join(['FORM', *OFFSETS, *labels])}"]
    for doc, text, spans in held:
        lines.append(f"# newdoc id = {doc}")
        lines.extend(_lines(text, spans, labels))
    return Rendering("".join(f"{line}\n" for line in lines).encode(), losses.listed())


def _held(markup: Markup, text: str, losses: Losses) -> list[Span]:
    """Return the spans that columns can hold, by start; the others are counted."""
    kept: list[Span] = []
    ends: dict[str, int] = {}
    for span in sorted(markup.spans, key=lambda span: (span.start, -span.end)):
        if which := _obstacle(span, text, ends.get(span.label, 0)):
            losses.add("spans", which, place(markup, span))
        else:
            kept.append(span)
            ends[span.label] = span.end
    return kept


def _obstacle(span: Span, text: str, end: int) -> str:
    """Say what keeps a span out of its label's column, in which the last one ends at `end`; "" for nothing."""
    surface = text[span.start : span.end]
    if not surface or span.end > len(text):
        return "that are empty or outside the text"
    if surface != surface.strip():
        return "that begin or end with white space"
    if span.start < end:
        return "that overlap one of their label"
    if not re.fullmatch(r"\S+", span.label) or not label_of(f"B-{span.label}"):
        return "whose label is empty or has white space"
    return ""


def _lines(text: str, spans: Sequence[Span], labels: Sequence[str]) -> Iterator[str]:
    whole = tokenize(text)
    tokens = list(cut(whole, (edge for span in spans for edge in (span.start, span.end))))
    columns = [_tags(tokens, [span for span in spans if span.label == label]) for label in labels]
    stops = {whole[sentence.start].start for sentence in sentences(text, whole)}
    starts = [
        index
        for index, token in enumerate(tokens)
        if token.start in stops and not any(column[index].startswith("I-") for column in columns)
    ]
    for start, end in itertools.pairwise([*starts, len(tokens)]):
        inside = (span for span in spans if tokens[start].start <= span.start < tokens[end - 1].end)
        yield from (comment_on(span) for span in inside if span.id or span.attributes or span.links)
        for index in range(start, end):
            token = tokens[index]
            cells = [text[token.start : token.end], str(token.start), str(token.end)]
            yield "\t".join([*cells, *(column[index] for column in columns)])
        yield ""
    if not tokens:
        yield ""


def _tags(tokens: Sequence[Token], spans: Sequence[Span]) -> list[str]:
    tags = ["O"] * len(tokens)
    starts = [token.start for token in tokens]
    for span in spans:
        first, last = bisect.bisect_left(starts, span.start), bisect.bisect_left(starts, span.end)
        tags[first:last] = [f"B-{span.label}", *([f"I-{span.label}"] * (last - first - 1))]
    return tags
