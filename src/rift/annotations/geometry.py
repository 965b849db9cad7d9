"""Checks of spans against their text and against one another."""

import re
from collections.abc import Iterator, Sequence

from rift.annotations.codes import finding
from rift.annotations.layer import Span, reading_order
from rift.guidelines import Scheme
from rift.issues import Issue, Where

_EDGE = re.compile(r"[.,;:!?\"'\u2018\u2019\u201c\u201d\u2026()\[\]{}\u2013\u2014-]")
_PAIRS = {"(": ")", "[": "]", "{": "}"}


def span_where(where: Where, span: Span) -> Where:
    """Return the place of a span, by its id or else by its offsets."""
    return Where(where.file, where.line, where.doc, span.id or f"{span.start}-{span.end}")


def text_issues(spans: Sequence[Span], text: str, where: Where) -> Iterator[Issue]:
    """Yield what is wrong between each span and the text; nothing for no spans.

    Codes: `empty-span`, `offset-outside`, `surface-differs`, `edge-space`, `edge-punctuation`.
    """
    for span in spans:
        here = span_where(where, span)
        surface = text[span.start : span.end]
        if span.start >= span.end:
            yield finding("empty-span", here, f"the span {span.start}-{span.end} covers no text")
        elif span.end > len(text):
            message = f"the span {span.start}-{span.end} ends after the text, which has {len(text)} characters"
            yield finding("offset-outside", here, message, _offset_hint(span, text))
        elif span.surface is not None and span.surface != surface:
            message = f"the surface is {_short(span.surface)}, but the text there is {_short(surface)}"
            yield finding("surface-differs", here, message, _offset_hint(span, text))
        elif surface != surface.strip():
            yield finding("edge-space", here, f"{_short(surface)} begins or ends with white space")
        elif _has_edge_punctuation(surface):
            yield finding("edge-punctuation", here, f"{_short(surface)} begins or ends with punctuation")


def _has_edge_punctuation(surface: str) -> bool:
    return _begins_outside(surface) or _ends_outside(surface)


def _begins_outside(surface: str) -> bool:
    """A bracket whose partner is inside belongs to the span."""
    return bool(_EDGE.match(surface[0])) and _PAIRS.get(surface[0], "\0") not in surface


def _ends_outside(surface: str) -> bool:
    """So does the full stop of an abbreviation (`U.S.`)."""
    last = surface[-1]
    abbreviation = last == "." and "." in surface[:-1]
    closes = any(last == closing and opening in surface for opening, closing in _PAIRS.items())
    return bool(_EDGE.match(last)) and not abbreviation and not closes


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the longest part of a span of `text` that has no space or punctuation at its edges; it may be empty.

    What may stand at an edge is what `text_issues` lets pass.
    """
    while start < end:
        surface = text[start:end]
        if surface[0].isspace() or _begins_outside(surface):
            start += 1
        elif surface[-1].isspace() or _ends_outside(surface):
            end -= 1
        else:
            break
    return start, end


def _offset_hint(span: Span, text: str) -> str:
    """Say what the offsets seem to count, where the surface shows it."""
    surface = span.surface
    if not surface:
        return ""
    if text[span.start : span.end + 1] == surface:
        return "the end seems to be the last character: it must be the one after"
    units = text.encode("utf-16-le", "surrogatepass")[2 * span.start : 2 * span.end]
    if units.decode("utf-16-le", "replace") == surface:
        return "the offsets seem to count UTF-16 units, as JavaScript does: they must count code points"
    if text.encode()[span.start : span.end].decode(errors="replace") == surface:
        return "the offsets seem to count bytes: they must count code points"
    starts = [found.start() for found in re.finditer(re.escape(surface), text)]
    if not starts:
        return "the surface does not occur in the text"
    nearest = min(starts, key=lambda start: abs(start - span.start))
    return f"the nearest place where the surface stands is {nearest}-{nearest + len(surface)}"


def _short(text: str, width: int = 40) -> str:
    return repr(text if len(text) <= width else f"{text[:width]}\u2026")


def nesting_issues(spans: Sequence[Span], scheme: Scheme, where: Where) -> Iterator[Issue]:
    """Yield spans that stand against one another in a way that the scheme forbids; nothing for fewer than two spans.

    Codes: `duplicate-id`, `overlap`, `crossing`, `nesting`. Two spans of one label never overlap, spans never cross,
    and a span contains only what its label may contain; of two equal stretches either may be the container.
    """
    ids: set[str] = set()
    open_spans: list[Span] = []
    for span in sorted(spans, key=reading_order):
        here = span_where(where, span)
        if span.id is not None and span.id in ids:
            yield finding("duplicate-id", here, f"the id {span.id!r} stands twice")
        if span.id is not None:
            ids.add(span.id)
        open_spans = [outer for outer in open_spans if outer.end > span.start]
        for outer in open_spans:
            yield from _pair_issues(outer, span, scheme, here)
        if span.start < span.end:
            open_spans.append(span)


def _pair_issues(outer: Span, inner: Span, scheme: Scheme, here: Where) -> Iterator[Issue]:
    other = f"the {outer.label} at {outer.start}-{outer.end}"
    same = (outer.start, outer.end) == (inner.start, inner.end)
    if inner.start >= inner.end:
        return
    if outer.label == inner.label:
        yield finding("overlap", here, f"the {inner.label} at {inner.start}-{inner.end} overlaps {other}")
    elif inner.end > outer.end:
        yield finding("crossing", here, f"the {inner.label} at {inner.start}-{inner.end} crosses {other}")
    elif not _may_contain(scheme, outer, inner) and not (same and _may_contain(scheme, inner, outer)):
        yield finding("nesting", here, f"the {inner.label} at {inner.start}-{inner.end} stands inside {other}")


def _may_contain(scheme: Scheme, outer: Span, inner: Span) -> bool:
    """Labels that the scheme does not know are reported as such, not for their place too."""
    label = scheme.labels.get(outer.label)
    return label is None or inner.label not in scheme.labels or inner.label in label.contains
