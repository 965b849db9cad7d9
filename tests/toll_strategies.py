"""Hypothesis strategies and builders for tolls with attributes and links, shared by the tests of records and tracks."""

import hashlib
from collections.abc import Mapping, Sequence

import msgspec
from hypothesis import strategies as st

from rift.annotations.layer import Layer, Markup, Span

ENTITIES = ("al-nusra-front", "isis")
KINDS = ("armed_group", "state_force")
PLACES = ("aleppo", "hama")
TIMES = ("2014-01-07", "2014-01", "2014-01-07/2014-01-07")
TOLL_LINKS = ("part_of", "same_as")
LINK_TARGETS = {
    "victim": "ACTOR",
    "by": "ACTOR",
    "source": "ACTOR",
    "where": "LOCATION",
    "when": "DATE",
    "part_of": "TOLL",
    "same_as": "TOLL",
}


def actor(at: int, entity: str | None = None, kind: str = "armed_group", key: str | None = None) -> Span:
    """Mark a name with an entity, or a generic of a kind."""
    attributes = {"form": "name", "kind": kind, "entity": entity} if entity else {"form": "generic", "kind": kind}
    return Span(id=key, start=at, end=at + 5, label="ACTOR", attributes=attributes)


def location(at: int, place: str, key: str | None = None) -> Span:
    return Span(id=key, start=at, end=at + 5, label="LOCATION", attributes={"kind": "settlement", "place": place})


def date(at: int, value: str, key: str | None = None) -> Span:
    return Span(id=key, start=at, end=at + 5, label="DATE", attributes={"value": value})


def toll(  # noqa: PLR0913 - one parameter an attribute
    at: int,
    low: int | None = None,
    high: int | None = None,
    *,
    key: str | None = None,
    outcome: str = "killed",
    scope: str = "incident",
    victims: str = "combatants",
    approx: bool = False,
    links: Mapping[str, Sequence[str]] | None = None,
) -> Span:
    """Mark a toll of 10 characters at `at`."""
    given = {"outcome": outcome, "low": low, "high": high, "victims": victims, "scope": scope, "approx": approx or None}
    attributes = {name: value for name, value in given.items() if value is not None}
    return Span(id=key, start=at, end=at + 10, label="TOLL", attributes=attributes, links=links or {})


def markup(*spans: Span, doc: str = "doc-a", layer: str = "gold") -> Markup:
    """Mark up a document whose text depends on its id alone."""
    return Markup(doc=doc, sha256=hashlib.sha256(doc.encode()).hexdigest(), layer=layer, spans=spans)


def one(name: str, *spans: Span) -> Layer:
    """Return a layer of one document."""
    return Layer(name, [markup(*spans, layer=name)])


def renamed_ids(found: Markup) -> Markup:
    """Give every id another name, and let the links follow."""

    def rename(name: str) -> str:
        return f"x-{name[::-1]}"

    change = msgspec.structs.replace
    spans = [
        change(
            span,
            id=span.id and rename(span.id),
            links={link: [rename(name) for name in names] for link, names in span.links.items()},
        )
        for span in found.spans
    ]
    return change(found, spans=tuple(spans))


counts = st.none() | st.integers(0, 60)
places_in_text = st.integers(0, 30)

_targets = st.one_of(
    st.builds(actor, places_in_text, st.none() | st.sampled_from(ENTITIES), st.sampled_from(KINDS)),
    st.builds(location, places_in_text, st.sampled_from(PLACES)),
    st.builds(date, places_in_text, st.sampled_from(TIMES)),
)
_tolls = st.builds(
    toll,
    places_in_text,
    counts,
    counts,
    outcome=st.sampled_from(["killed", "killed", "wounded"]),
    scope=st.sampled_from(["incident", "cumulative"]),
    approx=st.booleans(),
)


@st.composite
def documents(draw: st.DrawFn, layer: str = "gold") -> Markup:
    """Draw a markup with linked tolls; they nest, cross, repeat and go in circles more than real ones do."""
    spans = draw(st.lists(st.one_of(_targets, _tolls), max_size=9))
    named = [msgspec.structs.replace(span, id=f"s{number}") for number, span in enumerate(spans)]
    by_label: dict[str, list[str]] = {}
    for span in named:
        by_label.setdefault(span.label, []).append(str(span.id))
    linked = []
    for span in named:
        links: dict[str, list[str]] = {}
        for link, label in LINK_TARGETS.items() if span.label == "TOLL" else ():
            ids = [name for name in by_label.get(label, []) if name != span.id]
            chosen = draw(st.lists(st.sampled_from(ids), max_size=2, unique=True)) if ids else []
            if chosen:
                links[link] = chosen
        linked.append(msgspec.structs.replace(span, links=links))
    return markup(*linked, layer=layer)
