"""What a report shows of a system: its errors, added up, and its documents, gold beside predicted."""

import dataclasses
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rift.annotations.layer import Layer, Span
from rift.corpus.document import Document
from rift.eval.errors import (
    Confusion,
    Error,
    Frequent,
    Kind,
    Range,
    TollPair,
    confusion,
    count_by_label,
    errors,
    figure,
    frequent_errors,
    toll_pairs,
    with_surfaces,
)
from rift.eval.highlight import Piece, paragraphs, pieces

_EXAMPLES = 5  # documents linked from a frequent error
_WORST = 10  # tolls listed


class Example(NamedTuple):
    """A document to go to: the anchor of the span there, and the document's id."""

    anchor: str
    doc: str


@dataclasses.dataclass(frozen=True, slots=True)
class Tolls:
    """The pairs of tolls: all, those with a figure on both sides, those with the same range, and the worst of all."""

    pairs: Sequence[TollPair]
    figured: int
    same: int
    worst: Sequence[tuple[TollPair, Example]]


@dataclasses.dataclass(frozen=True, slots=True)
class Analysis:
    """The errors of one system on one set of documents, added up, with examples to go to."""

    counts: Mapping[str, Mapping[Kind, int]]
    confusion: Confusion
    frequent: Sequence[tuple[Frequent, Sequence[Example]]]
    tolls: Tolls


@dataclasses.dataclass(frozen=True, slots=True)
class Mark:
    """A span to highlight, the error that it belongs to, and the anchor to reach it by ("" for none)."""

    span: Span
    error: Error
    anchor: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Comparison:
    """One document as one system saw it: gold and predicted pieces by paragraph, None without the text at hand."""

    system: str
    errors: Sequence[Error]
    anchors: Mapping[int, str]
    rows: Sequence[tuple[Sequence[Piece[Mark]], Sequence[Piece[Mark]]]] | None

    @property
    def counts(self) -> Mapping[Kind, int]:
        """How many errors there are of each class that occurs."""
        return Counter(error.kind for error in self.errors)

    def anchor(self, error: Error) -> str:
        """Return the anchor of an error, "" for none."""
        return self.anchors.get(id(error), "")


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """One document: its id, what is known of it where its text is at hand, and every system's comparison."""

    doc: str
    document: Document | None
    split: str
    comparisons: Sequence[Comparison]


@dataclasses.dataclass(frozen=True, slots=True)
class Examined:
    """A system examined: its errors added up, and its comparisons by document."""

    analysis: Analysis
    comparisons: Mapping[str, Comparison]


def examine(
    gold: Layer,
    predicted: Layer,
    documents: Iterable[Document],
    labels: Iterable[str],
    prefix: str,
) -> Examined:
    """Explain `predicted` against `gold`; `prefix` keeps this system's anchors apart from those of others.

    A text in `documents` is used where the gold counts on it (same id, same SHA-256); other documents have no rows.
    """
    digests = {markup.doc: markup.sha256 for markup in gold}
    texts = {document.id: document.text for document in documents if digests.get(document.id) == document.sha256}
    found = errors(with_surfaces(gold, texts), with_surfaces(predicted, texts))
    anchors: dict[int, str] = {}

    def example(error: Error) -> Example:
        return Example(anchors.setdefault(id(error), f"{prefix}{len(anchors)}"), error.doc)

    first = {(error.span.surface, error.label, error.kind, error.doc): error for error in reversed(found)}
    frequent = [
        (row, [example(first[row.surface, row.label, row.kind, doc]) for doc in row.documents[:_EXAMPLES]])
        for row in frequent_errors(found)
    ]
    pairs = toll_pairs(found)
    worst = [(pair, example(pair.error)) for pair in _worst_first(pairs)[:_WORST]]
    figured = [pair for pair in pairs if _distance(pair) < math.inf]
    tolls = Tolls(pairs, len(figured), sum(1 for pair in figured if pair.gold == pair.predicted), worst)
    labels = tuple(labels)
    by_doc: dict[str, list[Error]] = {doc: [] for doc in sorted(gold.markups)}
    for error in found:
        by_doc[error.doc].append(error)
    return Examined(
        Analysis(count_by_label(found, labels), confusion(found, labels), frequent, tolls),
        {
            doc: Comparison(predicted.name, here, anchors, _rows(texts[doc], here, anchors) if doc in texts else None)
            for doc, here in by_doc.items()
        },
    )


def _rows(
    text: str, found: Sequence[Error], anchors: Mapping[int, str]
) -> list[tuple[Sequence[Piece[Mark]], Sequence[Piece[Mark]]]]:
    gold = [Mark(error.gold, error, anchors.get(id(error), "")) for error in found if error.gold is not None]
    predicted = [
        Mark(error.predicted, error, "" if error.gold else anchors.get(id(error), ""))
        for error in found
        if error.predicted is not None
    ]
    return [(list(pieces(text, gold, part)), list(pieces(text, predicted, part))) for part in paragraphs(text)]


def _worst_first(pairs: Sequence[TollPair]) -> list[TollPair]:
    """Return the pairs that assert different figures, the farthest apart first."""
    wrong = [pair for pair in pairs if pair.gold != pair.predicted and _distance(pair) < math.inf]
    return sorted(wrong, key=lambda pair: (-_distance(pair), pair.error.doc, pair.error.span.start))


def _distance(pair: TollPair) -> float:
    """Return the distance of the figures on a logarithmic scale from 0; infinite where one is not there."""
    gold, predicted = figure(pair.gold), figure(pair.predicted)
    return math.inf if gold is None or predicted is None else abs(math.log1p(gold) - math.log1p(predicted))


def show_range(asserted: Range) -> str:
    """Return a toll's range in words."""
    low, high = asserted
    if low is None:
        return "no figure" if high is None else f"at most {high:,}"
    if high is None:
        return f"at least {low:,}"
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def show_attributes(span: Span) -> str:
    """Return a span's attributes on one line."""
    return ", ".join(f"{name} {value}" for name, value in sorted(span.attributes.items()))
