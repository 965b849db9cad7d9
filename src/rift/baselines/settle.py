"""Settling which of the proposed spans stand together in one markup."""

from collections.abc import Iterable, Mapping

from rift.annotations.layer import Markup, Span, Value, reading_order
from rift.baselines.analysis import Stretch
from rift.corpus.document import Document
from rift.guidelines import Scheme


def settle(scores: Mapping[Stretch, float], scheme: Scheme) -> list[Stretch]:
    """Return the stretches that the scheme lets stand together, in order of start; none for none.

    The higher score wins, then the longer stretch, then the earlier: spans of one label never overlap, spans never
    cross, and a span contains only what its label may contain.
    """

    def rank(item: tuple[Stretch, float]) -> tuple[float, int, Stretch]:
        stretch, score = item
        return -score, stretch.start - stretch.end, stretch

    kept: list[Stretch] = []
    for stretch, _ in sorted(scores.items(), key=rank):
        if all(_agree(stretch, other, scheme) for other in kept):
            kept.append(stretch)
    return sorted(kept)


def to_markup(document: Document, layer: str, spans: Iterable[tuple[Stretch, Mapping[str, Value]]]) -> Markup:
    """Return the spans as a document's markup, in reading order, with surfaces and with ids `s1`, `s2` and so on."""
    bare = [
        Span(start=start, end=end, label=label, surface=document.text[start:end], attributes=attributes)
        for (start, end, label), attributes in spans
    ]
    numbered = [
        Span(id=f"s{number}", start=s.start, end=s.end, label=s.label, surface=s.surface, attributes=s.attributes)
        for number, s in enumerate(sorted(bare, key=reading_order), start=1)
    ]
    return Markup(doc=document.id, sha256=document.sha256, layer=layer, spans=tuple(numbered))


def _agree(a: Stretch, b: Stretch, scheme: Scheme) -> bool:
    if a.end <= b.start or b.end <= a.start:
        return True
    return _may_hold(a, b, scheme) or _may_hold(b, a, scheme)


def _may_hold(outer: Stretch, inner: Stretch, scheme: Scheme) -> bool:
    inside = outer.start <= inner.start and inner.end <= outer.end
    return inside and inner.label in scheme.labels[outer.label].contains
