"""Sizes of layers: documents and spans, by label."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from rift.annotations.layer import Layer


class LayerSize(msgspec.Struct, frozen=True):
    """The size of one layer of a collection: documents, spans, spans by label."""

    collection: str
    layer: str
    documents: int
    spans: int
    labels: Mapping[str, int]


def layer_size(collection: str, layer: Layer, labels: Sequence[str]) -> LayerSize:
    """Count a layer's documents and spans; `labels` are counted first and even where they do not occur."""
    counts = Counter(span.label for markup in layer for span in markup.spans)
    ordered = {label: counts[label] for label in dict.fromkeys([*labels, *sorted(counts)])}
    return LayerSize(collection, layer.name, len(layer), counts.total(), ordered)


def label_names(sizes: Iterable[LayerSize]) -> list[str]:
    """Return every label that the sizes count, in their order; [] for no size."""
    return list(dict.fromkeys(label for size in sizes for label in size.labels))
