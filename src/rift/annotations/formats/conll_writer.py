"""Layers written as columns of tokens and IOB2 tags."""

import bisect
import itertools
import pathlib
from collections.abc import Iterator, Mapping, Sequence

from rift.annotations.formats.codes import finding
from rift.annotations.formats.held import held_parts, ordered
from rift.annotations.formats.tags import label_of
from rift.annotations.geometry import span_where
from rift.annotations.layer import Layer, Markup, Span
from rift.corpus.document import Document
from rift.corpus.tokens import Token, sentences, tokenize
from rift.issues import Issue, Where
from rift.paths import write_whole


def write_conll(path: pathlib.Path, layer: Layer, documents: Mapping[str, Document]) -> list[Issue]:
    """Write a layer as token, tab, tag (IOB2), and return what the format cannot hold, each as `not-held`.

    Tokens are those of `rift.corpus.tokens`, cut further where a span begins or ends inside one. Where spans of two
    labels overlap there is a column a label, in order of their names. A sentence goes on where a span does. Not held:
    ids, attributes and links; spans that overlap one of the same label, are empty, or begin or end with white space;
    documents that are not among `documents`. An empty layer gives an empty file.
    """
    where = Where(str(path))
    issues = list(held_parts(layer, where, "id", "attributes", "links"))
    held = [
        (markup, documents[markup.doc], _held(markup, documents[markup.doc], where, issues))
        for markup in ordered(layer, documents, where, issues)
    ]
    labels = sorted({span.label for _, _, spans in held for span in spans})
    nested = any(one.end > other.start for _, _, spans in held for one, other in itertools.pairwise(spans))
    groups = [[label] for label in labels] if nested else [labels]
    lines = [line for markup, document, spans in held for line in _lines(markup.doc, document.text, spans, groups)]
    write_whole(path, "".join(f"{line}\n" for line in lines).encode())
    return issues


def _held(markup: Markup, document: Document, where: Where, issues: list[Issue]) -> list[Span]:
    """Return the spans that columns can hold, by start; the others are reported."""
    kept: list[Span] = []
    ends: dict[str, int] = {}
    for span in sorted(markup.spans, key=lambda span: (span.start, -span.end)):
        surface = document.text[span.start : span.end]
        reason = ""
        if span.end > len(document.text) or not surface or surface != surface.strip():
            reason = "is empty, outside the text, or begins or ends with white space"
        elif span.start < ends.get(span.label, 0):
            reason = "overlaps one of its label"
        elif not label_of(f"B-{span.label}") or not span.label.isprintable() or span.label != span.label.strip():
            reason = "has a label that cannot stand in a column"
        if reason:
            here = span_where(Where(where.file, 0, markup.doc), span)
            issues.append(finding("not-held", here, f"the {span.label} {reason}; it is left out"))
        else:
            kept.append(span)
            ends[span.label] = span.end
    return kept


def _lines(doc: str, text: str, spans: Sequence[Span], groups: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"# doc = {doc}"
    whole = tokenize(text)
    tokens = list(_cut(whole, sorted({edge for span in spans for edge in (span.start, span.end)})))
    columns = [_tags(tokens, [span for span in spans if span.label in group]) for group in groups]
    inside = [any(column[index].startswith("I-") for column in columns) for index in range(len(tokens))]
    stops = {whole[sentence.start].start for sentence in sentences(text, whole)}
    for index, token in enumerate(tokens):
        if index and token.start in stops and not inside[index]:
            yield ""
        yield "\t".join([text[token.start : token.end], *(column[index] for column in columns)])
    yield ""


def _cut(tokens: Sequence[Token], edges: Sequence[int]) -> Iterator[Token]:
    """Yield the tokens, cut at each of the sorted `edges` that is inside one."""
    for token in tokens:
        inner = edges[bisect.bisect_right(edges, token.start) : bisect.bisect_left(edges, token.end)]
        bounds = [token.start, *inner, token.end]
        yield from map(Token, bounds[:-1], bounds[1:])


def _tags(tokens: Sequence[Token], spans: Sequence[Span]) -> list[str]:
    tags = ["O"] * len(tokens)
    starts = [token.start for token in tokens]
    for span in spans:
        first, last = bisect.bisect_left(starts, span.start), bisect.bisect_left(starts, span.end)
        tags[first:last] = [f"B-{span.label}", *([f"I-{span.label}"] * (last - first - 1))]
    return tags
