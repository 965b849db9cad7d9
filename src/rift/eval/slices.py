"""Slices: the scores of parts of a corpus, by what a document is or by what a span is."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from rift.annotations.layer import Layer, Markup, Span
from rift.corpus.document import Document
from rift.corpus.tokens import tokenize
from rift.eval.columns import aligned, from_layer
from rift.eval.match import Integers, match_columns
from rift.eval.metadata import UNKNOWN, DocumentSlicing, Metadata, SpanSlicing, Surfaces, surface_of
from rift.eval.resample import Bootstrap, resample
from rift.eval.scoring import DEFAULT_BOOTSTRAP, Row, make_row
from rift.eval.statistics import CORRECT_GOLD, CORRECT_PREDICTED, GOLD, PREDICTED, Counts, Statistics
from rift.eval.tracks import Mode, find_track
from rift.eval.values import meaning

OTHER, NONE = "other", "none"
"""The slice of spans that a slicing does not speak of, and that of documents without any phenomenon."""

Slicer = Callable[[str, Span], str | None]
"""Says which slice a span of a document (by id) is in; None where the span does not tell."""

_ORDER = ("name", "generic", "seen", "unseen", "0", "1", "2-3", "4+")
_LAST = (OTHER, NONE, UNKNOWN)


class Slice(msgspec.Struct, frozen=True):
    """The scores of one slice in every mode, and the number of documents that have a part in it."""

    documents: int
    modes: Mapping[Mode, Row]


class Slicing(msgspec.Struct, frozen=True):
    """The slices by one criterion, by name; `additive` says whether their counts add up to those of the whole."""

    by: str
    additive: bool
    slices: Mapping[str, Slice]


class Facts(NamedTuple):
    """What slices are made by: texts by document id (None: not at hand), metadata by id, what was seen in training."""

    documents: Mapping[str, Document | None]
    metadata: Mapping[str, Metadata]
    training: Surfaces


def slice_documents(
    statistics: Statistics, by: DocumentSlicing, facts: Facts, bootstrap: Bootstrap = DEFAULT_BOOTSTRAP
) -> Slicing:
    """Score the documents of each slice by themselves; without documents there is no slice.

    A document that the corpus does not have is in the slice `unknown`. One that tries several phenomena is in several
    slices, which then do not add up; one that tries none is in `none`. Intervals resample the slice's documents.
    """
    places: dict[str, list[int]] = {}
    for index, doc in enumerate(statistics.documents):
        for name in _document_slices(facts.metadata.get(doc), by):
            places.setdefault(name, []).append(index)
    slices = {}
    for name in sorted(places, key=_slice_order):
        counts = statistics.counts[places[name]].sum(axis=2)
        slices[name] = _slice(
            len(counts), statistics.modes, counts.sum(axis=0), resample(counts, bootstrap), len(counts)
        )
    additive = sum(map(len, places.values())) == len(statistics.documents)
    return Slicing(by, additive, slices)


def slice_spans(
    gold: Layer,
    predicted: Layer,
    track: str,
    by: SpanSlicing,
    facts: Facts,
    bootstrap: Bootstrap = DEFAULT_BOOTSTRAP,
) -> Slicing:
    """Score the spans of each slice; matching goes over all spans, as for the whole. Without spans there is no slice.

    The counts are those of `collect_slices`, so they add up to those of the whole. Intervals resample all documents.
    """
    statistics = collect_slices(gold, predicted, track, span_slicer(by, facts))
    totals, drawn = statistics.counts.sum(axis=0), resample(statistics.counts, bootstrap)
    present = statistics.counts.any(axis=(1, 3)).sum(axis=0)
    slices = {
        name: _slice(int(present[at]), statistics.modes, totals[:, at], drawn[:, :, at], len(statistics.counts))
        for at, name in enumerate(statistics.labels)
    }
    return Slicing(by, additive=True, slices=slices)


def collect_slices(gold: Layer, predicted: Layer, track: str, slicer: Slicer) -> Statistics:
    """Count as `rift.eval.scoring.collect` does for a track that scores spans, with slices in the place of labels.

    Each gold span is in the slice that `slicer` says, or in `unknown`. A predicted span is in the slice that it says by
    itself, else in that of the gold span that it is paired with in the mode, else in `unknown`. A pair's credit goes
    to the slice of either span on that span's side. Raises ValueError for a track that does not score spans.
    """
    if track not in _MATCHED:
        raise ValueError(f"the track {track!r} has no spans to slice")
    documents = sorted(gold.markups)
    layers = [_sorted(side, documents) for side in (gold, predicted)]
    modes, matched = tuple(find_track(track).modes), _MATCHED[track]
    sides = aligned(*(from_layer(Layer(layer.name, map(matched, layer))) for layer in layers))
    pairs = match_columns(*sides, modes)
    of_gold, of_predicted = ([slicer(m.doc, span) for m in layer for span in m.spans] for layer in layers)
    names = sorted({UNKNOWN, *filter(None, of_gold), *filter(None, of_predicted)}, key=_slice_order)
    place = {name: at for at, name in enumerate(names)}
    gold_at = np.array([place[name or UNKNOWN] for name in of_gold], dtype=np.int64)
    own_at = np.array([place[name] if name else -1 for name in of_predicted], dtype=np.int64)
    counts = np.zeros((len(documents), len(modes), len(names), 4))
    shape = (len(documents), len(names))
    for number, mode in enumerate(modes):
        whole, half = pairs[mode]
        at = [gold_at, _borrowed(own_at, gold_at, np.hstack([whole, half]), place[UNKNOWN])]
        cells = [side.doc * np.int64(len(names)) + of_side for side, of_side in zip(sides, at, strict=True)]
        for cell, full, partly, column, right in zip(
            cells, whole, half, (GOLD, PREDICTED), (CORRECT_GOLD, CORRECT_PREDICTED), strict=True
        ):
            counts[:, number, :, column] = _tally(cell, shape)
            counts[:, number, :, right] = _tally(cell[full], shape) + _tally(cell[partly], shape) / 2
    used = np.flatnonzero(counts.any(axis=(0, 1, 3)))
    return Statistics(tuple(documents), tuple(modes), tuple(names[at] for at in used), counts[:, :, used])


def span_slicer(by: SpanSlicing, facts: Facts) -> Slicer:
    """Return what puts spans into slices.

    `label` goes by the label. `form` goes by the attribute of an ACTOR (`name`, `generic`); other labels are in
    `other`. `seen` asks whether the training gold has the casefolded surface with that label (`seen`, `unseen`).
    `length` goes by the tokens of the surface (`0`, `1`, `2-3`, `4+`).
    """

    def surface(doc: str, span: Span) -> str | None:
        return surface_of(doc, span, facts.documents)

    def by_seen(doc: str, span: Span) -> str | None:
        found = surface(doc, span)
        return None if found is None else _SEEN[(span.label, found.casefold()) in facts.training]

    def by_length(doc: str, span: Span) -> str | None:
        found = surface(doc, span)
        return None if found is None else _length(len(tokenize(found)))

    return {"label": _by_label, "form": _by_form, "seen": by_seen, "length": by_length}[by]


_SEEN = {True: "seen", False: "unseen"}


def _by_label(doc: str, span: Span) -> str:
    del doc
    return span.label


def _by_form(doc: str, span: Span) -> str | None:
    del doc
    form = span.attributes.get("form")
    return OTHER if span.label != "ACTOR" else str(form) if form is not None else None


def _length(tokens: int) -> str:
    return str(tokens) if tokens < 2 else "2-3" if tokens < 4 else "4+"  # noqa: PLR2004 - the slices' names say it


def _document_slices(metadata: Metadata | None, by: DocumentSlicing) -> Sequence[str]:
    if metadata is None:
        return (UNKNOWN,)
    if by == "phenomenon":
        return metadata.phenomena or (NONE,)
    return ({"collection": metadata.collection, "split": metadata.split, "outlet": metadata.outlet}[by],)


def _with_meaning(markup: Markup) -> Markup:
    """Let labels say the values too: the spans that then match strictly are those that the track `values` has right."""
    spans = [msgspec.structs.replace(span, label=_said(span)) for span in markup.spans]
    return msgspec.structs.replace(markup, spans=spans)


def _said(span: Span) -> str:
    return msgspec.json.encode([span.label, meaning(span)]).decode()


_MATCHED: Mapping[str, Callable[[Markup], Markup]] = {"spans": lambda markup: markup, "values": _with_meaning}


def _sorted(layer: Layer, documents: Sequence[str]) -> Layer:
    """Return the layer over `documents`, in their order, with the spans of each by what they say.

    Which of several alike is paired then never depends on the order of a file.
    """
    held = (layer.markups[doc] for doc in documents if doc in layer.markups)
    return Layer(layer.name, (msgspec.structs.replace(markup, spans=_by_content(markup)) for markup in held))


def _by_content(markup: Markup) -> list[Span]:
    return sorted(markup.spans, key=lambda span: msgspec.json.encode(span, order="deterministic"))


def _borrowed(own: Integers, of_gold: Integers, pairs: Integers, unknown: int) -> Integers:
    """Return the slices of the predicted spans: their own, else (-1) their partner's, else the unknown one."""
    found = np.full_like(own, unknown)
    found[pairs[1]] = of_gold[pairs[0]]
    return np.where(own < 0, found, own)


def _tally(cells: Integers, shape: tuple[int, int]) -> Integers:
    return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)


def _slice_order(name: str) -> tuple[int, int, str]:
    if name in _LAST:
        return 2, _LAST.index(name), name
    return (0, _ORDER.index(name), name) if name in _ORDER else (1, 0, name)


def _slice(documents: int, modes: Sequence[Mode], totals: Counts, drawn: Counts, resampled: int) -> Slice:
    """Make a slice of the counts (modes, 4) and the counts (resamples, modes, 4) of so many `resampled` documents."""
    rows = {mode: make_row(totals[at], drawn[:, at], resampled) for at, mode in enumerate(modes)}
    return Slice(documents, rows)
