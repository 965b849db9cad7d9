"""What a track collects of two layers: counts, other figures as ratios of sums, and fatality estimates."""

import dataclasses
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from rift.annotations.layer import Layer, Span
from rift.annotations.records import Estimate
from rift.eval.statistics import Counts, Statistics

ABOVE, BELOW = range(2)


class Fatalities(msgspec.Struct, frozen=True):
    """The fatality estimates of one document in gold and prediction; None where nobody is told to be killed."""

    gold: Estimate | None
    predicted: Estimate | None


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Numbers that are a sum over documents divided by another: `counts` has the shape (documents, figures, 2).

    The last axis holds what each document adds above and below the line; none is negative, and sums of them are exact.
    """

    names: tuple[str, ...]
    counts: Counts


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Collected:
    """Per-document counts of a track, its figures over the same documents, and fatality estimates by document."""

    statistics: Statistics
    figures: Figures
    estimates: Mapping[str, Fatalities]


def without_figures(statistics: Statistics) -> Collected:
    """Return what a track collects that has counts alone."""
    return Collected(statistics, Figures((), np.zeros((len(statistics.documents), 0, 2))), {})


def ratios(counts: Counts) -> Counts:
    """Return above / below of counts of any shape (..., 2), NaN where nothing is below."""
    above, below = counts[..., ABOVE], counts[..., BELOW]
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


def spans_by_document(layer: Layer) -> Mapping[str, Sequence[Span]]:
    """Return the spans of every document of a layer."""
    return {markup.doc: markup.spans for markup in layer}
