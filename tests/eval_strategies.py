"""Hypothesis strategies and builders shared by the tests of the evaluation."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from hypothesis import strategies as st

from rift.annotations.layer import Layer, Markup, Span
from rift.eval.resample import Bootstrap

LABELS = ("ACTOR", "DATE", "TOLL")
NO_INTERVALS = Bootstrap(resamples=0)

Corpus = Mapping[str, tuple[Sequence[Span], Sequence[Span]]]
"""Gold and predicted spans by document."""


def span(start: int, end: int, label: str = "ACTOR") -> Span:
    return Span(start=start, end=end, label=label)


def layer(name: str, documents: Mapping[str, Iterable[Span]]) -> Layer:
    """Mark up documents whose text depends on their id alone."""
    return Layer(
        name,
        [
            Markup(doc=doc, sha256=hashlib.sha256(doc.encode()).hexdigest(), layer=name, spans=tuple(spans))
            for doc, spans in documents.items()
        ],
    )


spans = st.builds(
    lambda start, length, label: span(start, start + length, label),
    st.integers(0, 12),
    st.integers(0, 6),
    st.sampled_from(LABELS),
)
sides = st.lists(spans, max_size=7)
"""The spans of one side: they nest, cross and repeat more than real ones do."""

small_sides = st.lists(spans, max_size=4)

corpora: st.SearchStrategy[Corpus] = st.dictionaries(
    st.sampled_from(["doc-a", "doc-b", "doc-c", "doc-d"]), st.tuples(sides, sides), max_size=4
)


def both(corpus: Corpus) -> tuple[Layer, Layer]:
    gold = layer("gold", {doc: ours for doc, (ours, _) in corpus.items()})
    return gold, layer("system", {doc: theirs for doc, (_, theirs) in corpus.items()})
