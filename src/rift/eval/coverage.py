"""Gold that does not mark all that the guidelines ask for: what of a prediction counts, and how that is told."""

import dataclasses
from collections.abc import Iterable

import msgspec
import numpy as np

from rift.annotations.collection import Coverage
from rift.annotations.layer import Layer, Span
from rift.eval.columns import Columns
from rift.eval.scoring import Side
from rift.eval.tracks import find_track
from rift.issues import InputError, Issue, Level, Where

SPANS = "spans"
"""The track that asks for no attributes."""


def covered(side: Side, coverage: Coverage | None) -> Side:
    """Return of a layer or its columns what the gold covers: spans of its labels that begin where it begins, or later.

    The documents stay, spans of a document that the gold does not have too. All stays without `coverage`.
    """
    if coverage is None:
        return side
    if isinstance(side, Layer):
        return covered_layer(side, coverage)
    starts = np.array([coverage.starts.get(doc, 0) for doc in side.documents], dtype=np.int64)
    wanted = np.array([label in coverage.labels for label in side.labels], dtype=bool)
    kept = wanted[side.label] & (side.start >= starts[side.doc])
    return dataclasses.replace(
        side, doc=side.doc[kept], start=side.start[kept], end=side.end[kept], label=side.label[kept]
    )


def covered_layer(layer: Layer, coverage: Coverage | None) -> Layer:
    """Return what `covered` does, of a layer."""
    if coverage is None:
        return layer

    def counts(doc: str, span: Span) -> bool:
        return span.label in coverage.labels and span.start >= coverage.starts.get(doc, 0)

    return Layer(
        layer.name,
        (
            msgspec.structs.replace(markup, spans=tuple(span for span in markup.spans if counts(markup.doc, span)))
            for markup in layer
        ),
    )


def coverage_issues(side: Side, coverage: Coverage | None, where: Where) -> Iterable[Issue]:
    """Yield the warning `unscored-spans` where a prediction for the gold's documents holds what that does not cover."""
    if coverage is None:
        return
    spans = _size(side)
    if left_out := spans - _size(covered(side, coverage)):
        labels = ", ".join(coverage.labels)
        later = sum(start > 0 for start in coverage.starts.values())
        message = f"{left_out} of {spans} predicted spans are not scored: this gold marks {labels} alone" + (
            f", and not the titles of {later} documents" if later else ""
        )
        yield Issue("unscored-spans", Level.WARNING, where, message, "docs/evaluation.md says what counts")


def check_track(track: str, gold: str, coverage: Coverage | None) -> None:
    """Raise InputError (`spans-only`) where a track reads attributes that the gold of that name does not have."""
    if coverage is not None and find_track(track).name != SPANS:
        message = f"the gold is spans alone, without the attributes and links that the track {track!r} scores"
        raise InputError([Issue("spans-only", Level.ERROR, Where(gold), message, f"score it with --track {SPANS}")])


def portion_name(split: str, coverage: Coverage | None) -> str:
    """Return the name of a split as signatures give it: with the labels that are scored, where those are not all."""
    return split if coverage is None else f"{split}[{','.join(coverage.labels)}]"


def _size(side: Side) -> int:
    return len(side.doc) if isinstance(side, Columns) else sum(len(markup.spans) for markup in side)
