"""What two layers say differently of the same documents, one difference at a time: the input of an adjudication."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from rift.annotations.layer import Layer, Markup, Span, reading_order
from rift.annotations.records import TOLL, actor_value, date_value
from rift.eval.match import match

Kind = Literal["only-a", "only-b", "extent", "label", "attribute", "link"]

Key = tuple[str, Kind, str, int, int]
"""What tells one difference from another: document, kind, attribute or link, start and end (of `a`, or else of `b`)."""


class Side(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one of two layers says: a span, and for an attribute or link its value there ("" for none)."""

    start: int
    end: int
    label: str
    value: str = ""


class Difference(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One difference between two layers; `number` counts from 1 within the document, in reading order.

    `only-a` and `only-b`: a span that the other has nothing for; `extent`: overlapping spans of one label with other
    boundaries; `label`: overlapping spans of two labels; `attribute` and `link`: spans of one label that belong
    together but differ in the attribute or link `name`. Links are compared by what they lead to: entity, place, date,
    or the toll.
    """

    doc: str
    number: int
    kind: Kind
    name: str = ""
    a: Side | None = None
    b: Side | None = None

    @property
    def key(self) -> Key:
        """Return what tells the difference from all others."""
        side = self.a or self.b
        return (
            (self.doc, self.kind, self.name, side.start, side.end) if side else (self.doc, self.kind, self.name, 0, 0)
        )


def differences(a: Layer, b: Layer) -> list[Difference]:
    """Return every difference of two layers in the documents of both, by document and in reading order; [] for none.

    Spans are paired as in the modes `strict`, then `type`, then `partial` of the track `spans`.
    """
    shared = sorted(a.markups.keys() & b.markups.keys())
    return [found for doc in shared for found in _of_document(a.markups[doc], b.markups[doc])]


def paired(a: Sequence[Span], b: Sequence[Span]) -> list[tuple[Span, Span]]:
    """Return the spans of two sides that belong together: alike, else overlapping with one label, else overlapping."""
    pairs: list[tuple[Span, Span]] = []
    ours, theirs = list(a), list(b)
    for mode in ("strict", "type", "partial"):
        found = match(ours, theirs, mode)
        pairs.extend((ours[pair.gold], theirs[pair.predicted]) for pair in found)
        taken, others = {pair.gold for pair in found}, {pair.predicted for pair in found}
        ours = [span for place, span in enumerate(ours) if place not in taken]
        theirs = [span for place, span in enumerate(theirs) if place not in others]
    return pairs


def _of_document(a: Markup, b: Markup) -> Iterator[Difference]:
    pairs = paired(a.spans, b.spans)
    known = {id(span) for pair in pairs for span in pair}
    home = {id(theirs): ours for ours, theirs in pairs}
    targets = (_Targets(a.spans, {}), _Targets(b.spans, home))
    found: list[_Found] = [
        *((span, "only-a", "", _side(span), None) for span in a.spans if id(span) not in known),
        *((span, "only-b", "", None, _side(span)) for span in b.spans if id(span) not in known),
        *(item for ours, theirs in pairs for item in _of_pair(ours, theirs, *targets)),
    ]
    found.sort(key=lambda item: (*reading_order(item[0]), item[1], item[2]))
    for number, (_, kind, name, one, other) in enumerate(found, start=1):
        yield Difference(doc=a.doc, number=number, kind=kind, name=name, a=one, b=other)


_Found = tuple[Span, Kind, str, Side | None, Side | None]


def _of_pair(ours: Span, theirs: Span, one: "_Targets", other: "_Targets") -> Iterator[_Found]:
    if ours.label != theirs.label:
        yield ours, "label", "", _side(ours), _side(theirs)
        return
    if (ours.start, ours.end) != (theirs.start, theirs.end):
        yield ours, "extent", "", _side(ours), _side(theirs)
    for name in sorted(ours.attributes.keys() | theirs.attributes.keys()):
        mine, yours = attribute_value(ours, name), attribute_value(theirs, name)
        if mine != yours:
            yield ours, "attribute", name, _side(ours, mine), _side(theirs, yours)
    for name in sorted(ours.links.keys() | theirs.links.keys()):
        mine, yours = one.of(ours, name), other.of(theirs, name)
        if mine != yours:
            yield ours, "link", name, _side(ours, mine), _side(theirs, yours)


def attribute_value(span: Span, name: str) -> str:
    """Return an attribute as it is compared: "" where it is left out, `approx` false likewise, dates normalised."""
    value = span.attributes.get(name)
    if value is None or value is False:
        return ""
    if name == "value":
        return date_value(str(value))
    return "true" if value is True else str(value)


def target_value(target: Span, home: Mapping[int, Span]) -> str:
    """Return what a link to `target` means: entity or `generic:<kind>`, place, date, or the toll by its start.

    "" where the span says nothing. `home` gives, by identity, the spans of the other layer that spans stand for.
    """
    match target.label:
        case "ACTOR":
            return actor_value(target) or ""
        case "LOCATION":
            return attribute_value(target, "place")
        case "DATE":
            return attribute_value(target, "value")
        case _:
            return f"{TOLL} at {home.get(id(target), target).start}"


class _Targets:
    """What the links of one side lead to; spans of the other side stand for those that they are paired with."""

    def __init__(self, spans: Sequence[Span], home: Mapping[int, Span]) -> None:
        self._by_id = {span.id: span for span in spans}
        self._home = home

    def of(self, toll: Span, name: str) -> str:
        targets = (self._by_id.get(target) for target in toll.links.get(name, ()))
        return ", ".join(sorted({target_value(target, self._home) for target in targets if target}))


def _side(span: Span, value: str = "") -> Side:
    return Side(span.start, span.end, span.label, value)
