"""What a layer holds, as a paper's table on a corpus would say it: spans, attributes, links, figures, distances."""

import bisect
import collections
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
import numpy as np

from rift.annotations.layer import Layer, Markup, Span
from rift.annotations.records import TOLL
from rift.corpus.document import Document
from rift.corpus.tokens import sentences, tokenize

SIZES: Sequence[tuple[str, int]] = (
    ("0", 0),
    ("1", 1),
    ("2-9", 2),
    ("10-99", 10),
    ("100-999", 100),
    ("1,000-9,999", 1_000),
    ("10,000+", 10_000),
)
"""The classes of figures, each with its least number."""

QUANTILES = (0.25, 0.5, 0.75, 0.95)

DISTANT = ("where", "when")
"""The links whose distance is told."""


class Distance(msgspec.Struct, frozen=True):
    """How far tolls stand from the nearest span that a link leads to.

    `tolls` have such a link; `quantiles` are the quartiles and the 95th percentile in characters between the two spans
    (0 where they touch or overlap), None without any; `outside` is the share of pairs in two sentences, among those
    whose text is at hand, None without any.
    """

    tolls: int
    quantiles: Sequence[float] | None
    outside: float | None


class Unseen(msgspec.Struct, frozen=True):
    """The share of spans whose surface, and of names and places whose id, no training gold has; None: no such span."""

    surfaces: Mapping[str, float | None]
    ids: Mapping[str, float | None]


class Profile(msgspec.Struct, frozen=True):
    """What a layer holds over some documents; `attributes` counts the values of each `LABEL.attribute` with few values.

    `sizes` counts tolls by `low`, or by `high` where there is no `low`; `ranges` counts them by what they assert:
    exact, range, least, greatest, none.
    """

    documents: int
    spans: Mapping[str, int]
    attributes: Mapping[str, Mapping[str, int]]
    links: Mapping[str, int]
    sizes: Mapping[str, int]
    ranges: Mapping[str, int]
    distances: Mapping[str, Distance]


_CLOSED = ("form", "kind", "outcome", "victims", "scope", "breakdown", "approx")


def profile(layer: Layer, texts: Mapping[str, Document | None], labels: Sequence[str]) -> Profile:
    """Return what `layer` holds; `labels` are counted first and even where they do not occur.

    `texts` serve the distances in sentences. A layer without documents has zeros and undefined distances. The order of
    spans and documents does not matter.
    """
    spans = [span for markup in layer for span in markup.spans]
    tolls = [span for span in spans if span.label == TOLL]
    counts = collections.Counter(span.label for span in spans)
    attributes: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for span in spans:
        for name in _CLOSED:
            if name in span.attributes:
                attributes[f"{span.label}.{name}"][_written(span.attributes[name])] += 1
    roles = collections.Counter(role for toll in tolls for role, targets in toll.links.items() for _ in targets)
    sizes = collections.Counter(size for toll in tolls if (size := _size(toll)))
    ranges = collections.Counter(map(_range, tolls))
    return Profile(
        documents=len(layer),
        spans={label: counts[label] for label in dict.fromkeys([*labels, *sorted(counts)])},
        attributes={name: dict(sorted(found.items())) for name, found in sorted(attributes.items())},
        links=dict(sorted(roles.items())),
        sizes={name: sizes[name] for name, _ in SIZES},
        ranges={name: ranges[name] for name in ("exact", "range", "least", "greatest", "none")},
        distances={role: _distance(layer, role, texts) for role in DISTANT},
    )


def unseen(layer: Layer, training: Iterable[Layer], labels: Sequence[str]) -> Unseen:
    """Return how much of `layer` no training gold has: surfaces without case, by label, and ids of names and places.

    A span whose surface is not given is left out.
    """
    known = set(_surfaces(training))
    ids = {(name, value) for _, name, value in _ids(training)}
    surfaces = _surfaces([layer])
    found = list(_ids([layer]))
    return Unseen(
        {label: _share((item not in known) for item in surfaces if item[0] == label) for label in labels},
        {
            f"{label}.{name}": _share(
                (name, value) not in ids for its, kind, value in found if (its, kind) == (label, name)
            )
            for label, name in (("ACTOR", "entity"), ("LOCATION", "place"))
        },
    )


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(toll: Span, name: str) -> int | None:
    value = toll.attributes.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _size(toll: Span) -> str | None:
    low, high = _number(toll, "low"), _number(toll, "high")
    figure = low if low is not None else high
    if figure is None:
        return None
    return SIZES[bisect.bisect_right([least for _, least in SIZES], figure) - 1][0]


def _range(toll: Span) -> str:
    match _number(toll, "low"), _number(toll, "high"):
        case None, None:
            return "none"
        case _, None:
            return "least"
        case None, _:
            return "greatest"
        case low, high:
            return "exact" if low == high else "range"


def _distance(layer: Layer, role: str, texts: Mapping[str, Document | None]) -> Distance:
    gaps: list[int] = []
    outside: list[bool] = []
    for markup in layer:
        document = texts.get(markup.doc)
        starts = _sentence_starts(document) if document else None
        for toll, target in _nearest(markup, role):
            gaps.append(_gap(toll, target))
            if starts is not None:
                outside.append(bisect.bisect_right(starts, toll.start) != bisect.bisect_right(starts, target.start))
    quantiles = [float(value) for value in np.quantile(gaps, QUANTILES)] if gaps else None
    return Distance(len(gaps), quantiles, _share(outside))


def _nearest(markup: Markup, role: str) -> Iterator[tuple[Span, Span]]:
    by_id = {span.id: span for span in markup.spans}
    for toll in markup.spans:
        targets = [by_id[name] for name in toll.links.get(role, ()) if name in by_id]
        if toll.label == TOLL and targets:
            yield toll, min(targets, key=lambda target: (_gap(toll, target), target.start))


def _gap(one: Span, other: Span) -> int:
    return max(0, max(one.start, other.start) - min(one.end, other.end))


def _sentence_starts(document: Document) -> list[int]:
    tokens = tokenize(document.text)
    return [tokens[found.start].start for found in sentences(document.text, tokens)]


def _surfaces(layers: Iterable[Layer]) -> list[tuple[str, str]]:
    spans = (span for layer in layers for markup in layer for span in markup.spans)
    return [(span.label, span.surface.casefold()) for span in spans if span.surface is not None]


def _ids(layers: Iterable[Layer]) -> Iterator[tuple[str, str, str]]:
    for layer in layers:
        for markup in layer:
            for span in markup.spans:
                for name in ("entity", "place"):
                    if name in span.attributes:
                        yield span.label, name, str(span.attributes[name])


def _share(flags: Iterable[bool]) -> float | None:
    listed = list(flags)
    return sum(listed) / len(listed) if listed else None
