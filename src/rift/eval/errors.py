"""Errors explained: every gold and every predicted span in one class, and what the classes add up to."""

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, get_args

import msgspec

from rift.annotations.layer import Layer, Span, reading_order
from rift.eval.match import match

Kind = Literal["correct", "label", "boundary", "label_and_boundary", "missed", "spurious"]
"""The classes: same boundaries and label; same boundaries, other label; overlap, same label; overlap, other label;
a gold span without a partner; a predicted span without one."""

KINDS: tuple[Kind, ...] = get_args(Kind)

NONE = "none"
"""What stands in a confusion matrix for the partner that a missed or spurious span lacks."""

TOLL = "TOLL"

Range = tuple[int | None, int | None]
"""The least and the greatest number that a toll asserts; None where it asserts none."""


@dataclasses.dataclass(frozen=True, slots=True)
class Error:
    """A gold and a predicted span that belong together, or one that is alone (the other is None), and their class.

    `correct` is a class like the others, so that all spans are accounted for.
    """

    doc: str
    kind: Kind
    gold: Span | None
    predicted: Span | None

    @property
    def span(self) -> Span:
        """The span that the error is counted under: the gold one, for a spurious span the predicted one."""
        found = self.gold or self.predicted
        if found is None:
            raise ValueError("an error has a gold span, a predicted span or both")
        return found

    @property
    def label(self) -> str:
        """The label that the error is counted under."""
        return self.span.label


@dataclasses.dataclass(frozen=True, slots=True)
class Confusion:
    """A confusion matrix: `counts[gold][predicted]`, both in the order of `labels`, of which NONE is the last."""

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Frequent:
    """An error that recurs: the same surface, label and class, `count` times.

    `documents` are the documents that have it, by id; `taken_as` is the most frequent partner, its surface and label,
    None for a missed or spurious span.
    """

    surface: str
    label: str
    kind: Kind
    count: int
    documents: tuple[str, ...]
    taken_as: tuple[str, str] | None


@dataclasses.dataclass(frozen=True, slots=True)
class TollPair:
    """A pair of tolls, of the class `correct` or `boundary`, and the ranges that the two assert."""

    error: Error
    gold: Range
    predicted: Range


def errors(gold: Layer, predicted: Layer) -> list[Error]:
    """Put every span of the documents of `gold` into one class; by document id, then in reading order.

    Pairs are those of the mode `partial`, which begins with those of `strict` and of `exact`: as many are correct as in
    the strict scores. A gold document that `predicted` lacks counts as predicted empty; other documents are passed
    over. The order in which spans are listed has no influence. Without gold documents there is no error.
    """
    return [
        error
        for doc in sorted(gold.markups)
        for error in _document_errors(doc, gold.markups[doc].spans, _spans(predicted, doc))
    ]


def _spans(layer: Layer, doc: str) -> Sequence[Span]:
    markup = layer.markups.get(doc)
    return markup.spans if markup else ()


def _document_errors(doc: str, gold: Sequence[Span], predicted: Sequence[Span]) -> list[Error]:
    pairs = match(gold, predicted, "partial")
    paired_gold, paired_predicted = {pair.gold for pair in pairs}, {pair.predicted for pair in pairs}
    both = [(gold[pair.gold], predicted[pair.predicted]) for pair in pairs]
    found = [
        *(Error(doc, _kind(ours, theirs), ours, theirs) for ours, theirs in both),
        *(Error(doc, "missed", span, None) for index, span in enumerate(gold) if index not in paired_gold),
        *(Error(doc, "spurious", None, span) for index, span in enumerate(predicted) if index not in paired_predicted),
    ]
    return sorted(found, key=_place)


def _kind(gold: Span, predicted: Span) -> Kind:
    same_label = gold.label == predicted.label
    if (gold.start, gold.end) == (predicted.start, predicted.end):
        return "correct" if same_label else "label"
    return "boundary" if same_label else "label_and_boundary"


def _place(error: Error) -> tuple[tuple[int, int, bool, str], Kind, bytes]:
    """Sort key: by place, and equals by all that they carry, so that the order of a file does not show."""
    rest = msgspec.json.encode((error.gold, error.predicted), order="deterministic")
    return reading_order(error.span), error.kind, rest


def count_by_label(found: Iterable[Error], labels: Iterable[str] = ()) -> dict[str, dict[Kind, int]]:
    """Count the classes by label: those in `labels`, in their order, then all others that occur, by name.

    Pairs and missed spans count under the gold label, spurious ones under the predicted label. Every class has a
    number, 0 if need be. In a row all but `spurious` add up to the gold spans of that label.
    """
    tally = Counter((error.label, error.kind) for error in found)
    listed = tuple(dict.fromkeys(labels))
    names = (*listed, *sorted({label for label, _ in tally} - set(listed)))
    return {name: {kind: tally[name, kind] for kind in KINDS} for name in names}


def confusion(found: Iterable[Error], labels: Iterable[str] = ()) -> Confusion:
    """Count gold labels against predicted labels over the pairs, and against NONE for missed and spurious spans.

    The diagonal holds the spans whose label is right, be their boundaries right or not. Labels as in `count_by_label`,
    with those that occur on either side. Without errors and labels there is only the empty cell of NONE.
    """
    tally = Counter((_label(error.gold), _label(error.predicted)) for error in found)
    listed = tuple(dict.fromkeys(labels))
    occurring = {label for cell in tally for label in cell if label is not None}
    names = (*listed, *sorted(occurring - set(listed)))
    cells = (*names, None)
    return Confusion((*names, NONE), tuple(tuple(tally[row, column] for column in cells) for row in cells))


def _label(span: Span | None) -> str | None:
    return None if span is None else span.label


def frequent_errors(found: Iterable[Error], limit: int = 30) -> list[Frequent]:
    """Return the most frequent errors by surface, at most `limit`; the most frequent first, equals by their names.

    Correct spans are left out, and so are spans without a surface (see `with_surfaces`). Upper and lower case differ.
    """
    groups: dict[tuple[str, str, Kind], list[Error]] = defaultdict(list)
    for error in found:
        if error.kind != "correct" and error.span.surface is not None:
            groups[error.span.surface, error.label, error.kind].append(error)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        Frequent(*key, len(same), tuple(sorted({error.doc for error in same})), _taken_as(same))
        for key, same in ordered[:limit]
    ]


def _taken_as(same: Sequence[Error]) -> tuple[str, str] | None:
    partners = Counter(
        (error.predicted.surface or "", error.predicted.label)
        for error in same
        if error.gold is not None and error.predicted is not None
    )
    return min(partners, key=lambda partner: (-partners[partner], partner), default=None)


def toll_pairs(found: Iterable[Error]) -> list[TollPair]:
    """Return the pairs of tolls (classes `correct` and `boundary`) with the ranges that either side asserts."""
    return [
        TollPair(error, _range(error.gold), _range(error.predicted))
        for error in found
        if error.gold is not None and error.predicted is not None
        if error.gold.label == error.predicted.label == TOLL
    ]


def _range(span: Span) -> Range:
    return _number(span, "low"), _number(span, "high")


def _number(span: Span, name: str) -> int | None:
    value = span.attributes.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def figure(asserted: Range) -> float | None:
    """Return one number for a range: its middle, or the end that is there; None where neither is."""
    known = [end for end in asserted if end is not None]
    return sum(known) / len(known) if known else None


def with_surfaces(layer: Layer, texts: Mapping[str, str]) -> Layer:
    """Return the layer with the surfaces that it leaves out filled in, for the documents in `texts` (by id)."""
    return Layer(
        layer.name,
        (
            msgspec.structs.replace(markup, spans=tuple(_filled(span, texts[markup.doc]) for span in markup.spans))
            if markup.doc in texts
            else markup
            for markup in layer
        ),
    )


def _filled(span: Span, text: str) -> Span:
    return span if span.surface is not None else msgspec.structs.replace(span, surface=text[span.start : span.end])
