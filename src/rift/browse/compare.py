"""Gold beside two annotators: three readings of a document, and where they differ."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

from rift.annotations.layer import Layer, Markup, Span
from rift.browse.entry import Entry
from rift.browse.reading import Mark, Paragraph, mark_all, read
from rift.browse.words import plain, span_words
from rift.eval.decisions import Decision, decide
from rift.eval.differences import Side
from rift.guidelines import Knowledge

_SETTLED: Mapping[str, str] = {
    "neither": "neither",
    "added": "added, both had missed it",
    "dropped": "left out, though both had it",
    "changed": "changed, though both agreed",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One layer's reading of a document: its name and its paragraphs, the differing spans with their numbers."""

    name: str
    paragraphs: Sequence[Paragraph]


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One difference: its number from 1, what it is about, what either annotator says ("" for nothing), and gold."""

    number: int
    kind: str
    a: str
    b: str
    gold: str


@dataclasses.dataclass(frozen=True, slots=True)
class Beside:
    """Three columns, gold between the annotators (two where there is no gold), and the differences."""

    entry: Entry
    columns: Sequence[Column]
    rows: Sequence[Row]


def beside(entry: Entry, knowledge: Knowledge) -> Beside | None:
    """Return gold beside the annotators of a document; None where the two have not both marked it.

    Where the layer shown does not hold the document, only the two stand beside each other.
    """
    if not entry.annotators:
        return None
    a, b = entry.annotators
    gold = entry.markup
    found = _decisions(a, b, gold)
    sides = {"a": _numbered(found, "a"), "b": _numbered(found, "b"), "gold": _numbered(found, "gold")}
    middle = [_column(gold, sides["gold"], entry.text, knowledge)] if gold else []
    return Beside(
        entry,
        [_column(a, sides["a"], entry.text, knowledge), *middle, _column(b, sides["b"], entry.text, knowledge)],
        [_row(number, item, a, b, gold) for number, item in enumerate(found, start=1)],
    )


def _decisions(a: Markup, b: Markup, gold: Markup | None) -> Sequence[Decision]:
    """Return how gold settles the differences; without gold, the differences as if it followed the first."""
    settled, _ = decide(Layer("a", [a]), Layer("b", [b]), Layer("gold", [gold or a]), [], "")
    return settled


Stretch = tuple[int, int, str]
"""Start, end and label of a span."""


def _numbered(found: Sequence[Decision], name: str) -> Mapping[Stretch, Sequence[int]]:
    """Return the numbers of the differences by the span that one side has there."""
    numbers: dict[Stretch, list[int]] = {}
    for number, item in enumerate(found, start=1):
        if side := _said(item, name):
            numbers.setdefault((side.start, side.end, side.label), []).append(number)
    return numbers


def _said(item: Decision, name: str) -> Side | None:
    """Return what `a`, `b` or `gold` says at a difference."""
    match name, item.choice:
        case ("a", _) | ("gold", "a"):
            return item.a
        case ("b", _) | ("gold", "b"):
            return item.b
    return item.gold


def _column(markup: Markup, numbers: Mapping[Stretch, Sequence[int]], text: str | None, knowledge: Knowledge) -> Column:
    marks = mark_all(markup.spans, lambda span: span_words(span, knowledge))
    return Column(markup.layer, read(text, list(_with_numbers(marks, numbers))))


def _with_numbers(marks: Sequence[Mark], numbers: Mapping[Stretch, Sequence[int]]) -> Iterator[Mark]:
    for mark in marks:
        span = mark.span
        yield dataclasses.replace(mark, numbers=numbers.get((span.start, span.end, span.label), ()))


def _row(number: int, item: Decision, a: Markup, b: Markup, gold: Markup | None) -> Row:
    about = f"{plain(item.kind)}: {plain(item.name)}" if item.name else plain(item.kind.replace("-", " "))
    settled = ""
    if gold is not None:
        said = _shown(_said(item, "gold"), gold.spans)
        names = {"a": a.layer, "b": b.layer}
        settled = names.get(item.choice) or ": ".join(filter(None, [_SETTLED[item.choice], said]))
    return Row(number, about, _shown(item.a, a.spans), _shown(item.b, b.spans), settled)


def _shown(side: Side | None, spans: Sequence[Span]) -> str:
    """Return what one side says: surface, label, and the value of an attribute or link."""
    if side is None:
        return ""
    stretch = (side.start, side.end, side.label)
    surface = next((span.surface for span in spans if (span.start, span.end, span.label) == stretch), None)
    words = f"{surface or f'[{side.start}, {side.end})'} ({side.label})"
    return f"{words}: {side.value}" if side.value else words
