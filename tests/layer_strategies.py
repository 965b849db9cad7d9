"""Hypothesis strategies for layers over texts, sound and unsound, and the comparison of a layer with what came back."""

import collections
import re
from collections.abc import Mapping, Sequence

import hypothesis.strategies as st
import msgspec

from invented import document
from rift.annotations.layer import Layer, Markup, Span, Value
from rift.corpus.document import Document
from rift.guidelines import scheme

PIECES = (
    *("12", "rebels", "na\u00efve", "\U0001f600", "\U0001f469\u200d\U0001f680", "\u062d\u0644\u0628", "e\u0301"),
    *("\u0915\u094d\u0937", "-LRB-", "#", "O", "B-X", "Al-Qaida", "1,300", "U.S.", "\u200d", "_", "T1"),
    *(" ", "  ", "\t", "\n", "\n\n", ". ", "\u00a0", "\r\n"),
)
"""What texts are made of: words, emoji, combining marks, Arabic, punctuation, and every sort of white space."""

LABELS = ("ACTOR", "LOCATION", "DATE", "TOLL", "X-Y", "two words", "O", "<a>|b")
IDS = ("s1", "s2", "T1", "T2", "T03", "n-0", "#", "\u00e9", '"')

texts = st.lists(st.sampled_from(PIECES) | st.just(" "), max_size=14).map("".join)
words = st.one_of(st.sampled_from(["", "killed", "true", "12", "a b", "B-X", "x\ny"]), st.text(max_size=4))
values: st.SearchStrategy[Value] = st.one_of(st.booleans(), st.integers(-3, 10**4), st.just(10**30), words)


@st.composite
def told(draw: st.DrawFn, text: str, start: int, end: int, label: str) -> Span:
    """Draw what a span says, with names of attributes and links that its label has, and one of each that none has."""
    known = scheme().labels.get(label)
    attributes = st.sampled_from([*(known.attributes if known else ()), "note"])
    links = st.sampled_from([*(known.links if known else ()), "near"])
    ids = st.lists(st.sampled_from(IDS), min_size=1, max_size=2)
    return Span(
        id=draw(st.none() | st.sampled_from(IDS)),
        start=start,
        end=end,
        label=label,
        surface=text[start:end] if draw(st.booleans()) else None,
        attributes=draw(st.dictionaries(attributes, values, max_size=3)),
        links=draw(st.dictionaries(links, ids, max_size=2)),
    )


@st.composite
def spans(draw: st.DrawFn, text: str) -> tuple[Span, ...]:
    """Draw spans that nest, cross, touch, are empty or outside the text, no two with the same stretch and label."""
    borders = [place for piece in re.finditer(r"\s|\S+", text) for place in piece.span()]
    edges = st.sampled_from([0, *borders]) | st.integers(0, len(text) + 2)
    stretches = draw(st.lists(st.tuples(edges, edges, st.sampled_from(LABELS)), max_size=7, unique=True))
    return tuple(draw(told(text, start, end, label)) for start, end, label in stretches)


@st.composite
def layers(draw: st.DrawFn) -> tuple[Layer, dict[str, Document]]:
    """Draw a layer of up to three documents, some without spans or without any text, and the documents by id."""
    found: dict[str, Document] = {}
    markups = []
    for name in draw(st.lists(st.sampled_from(["doc-a", "doc-b", "doc-c"]), unique=True)):
        text = draw(texts)
        found[name] = document(text, name)
        markups.append(Markup(doc=name, sha256=found[name].sha256, layer="layer", spans=draw(spans(text))))
    return Layer("layer", markups), found


Key = tuple[str, int, int, str]


def by_key(layer: Layer) -> dict[Key, Span]:
    return {(markup.doc, span.start, span.end, span.label): span for markup in layer for span in markup.spans}


def typed(attributes: Mapping[str, Value]) -> set[tuple[str, str, Value]]:
    """Return attributes with their types, as 1 is not true."""
    return {(name, type(value).__name__, value) for name, value in attributes.items()}


def targets(links: Mapping[str, Sequence[str]]) -> "collections.Counter[tuple[str, str]]":
    return collections.Counter((name, target) for name, ids in links.items() for target in ids)


def missing(layer: Layer, back: Layer, documents: Mapping[str, Document]) -> dict[str, int]:
    """Count by kind what did not come back; what came back must be of the layer, its surfaces those of the text.

    A link to a span that came back under another id is the same link.
    """
    count: dict[str, int] = collections.Counter()
    before, after = by_key(layer), by_key(back)
    named = {(key[0], old.id): after[key].id for key, old in before.items() if key in after}
    assert after.keys() <= before.keys()
    assert sum(len(markup.spans) for markup in back) == len(after)
    count["documents"] = len(layer) - len(back)
    count["spans"] = len(before) - len(after)
    for key, span in after.items():
        old = before[key]
        text = documents[key[0]].text
        assert span.surface in {None, text[span.start : span.end]}
        assert typed(span.attributes) <= typed(old.attributes)
        linked = {link: [named.get((key[0], name)) or name for name in names] for link, names in old.links.items()}
        assert not targets(span.links) - targets(linked)
        count["ids"] += old.id is not None and span.id != old.id
        count["attributes"] += len(old.attributes) - len(span.attributes)
        count["links"] += (targets(linked) - targets(span.links)).total()
    return {kind: number for kind, number in count.items() if number}


def without_surfaces(layer: Layer) -> dict[str, list[Span]]:
    return {markup.doc: [msgspec.structs.replace(span, surface=None) for span in markup.spans] for markup in layer}
