"""The catalogue: what the front page searches, filters, draws and lists."""

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from rift.annotations.records import Record
from rift.browse.atlas import Atlas, atlas
from rift.browse.document import View
from rift.browse.facts import Fact
from rift.browse.timeline import Timeline, period, timeline
from rift.browse.words import actor_words, lineage, place_words
from rift.guidelines import Knowledge, Scheme

FACETS = ("collection", "split", "label", "actor", "place", "outcome")
"""What documents may be filtered by. An actor or a place stands for all that is a part of it too."""


class Searchable(msgspec.Struct, frozen=True):
    """What the page knows of a document: its id, title and text for the search, surfaces by label, values by facet.

    `text` is "" where it is not shown; the surfaces are then all there is to search.
    """

    doc: str
    title: str
    text: str
    surfaces: Mapping[str, Sequence[str]]
    facets: Mapping[str, Sequence[str]]


class TollKey(msgspec.Struct, frozen=True):
    """What the page knows of a toll: the number of its document, its outcome, the places that it is in."""

    doc: int
    outcome: str
    places: Sequence[str]


class Data(msgspec.Struct, frozen=True):
    """What the front page's script reads, as JSON."""

    documents: Sequence[Searchable]
    tolls: Sequence[TollKey]


@dataclasses.dataclass(frozen=True, slots=True)
class Option:
    """One value of a facet: itself, its name, and how many documents have it."""

    value: str
    name: str
    documents: int


@dataclasses.dataclass(frozen=True, slots=True)
class TollRow:
    """One toll of the timeline's table, by its number in `Data.tolls`."""

    number: int
    view: View
    fact: Fact


@dataclasses.dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place of the map's table: its id, name and kind, what it lies in, its documents and tolls, and whether drawn.

    Both counts are of the place and of all that lies in it.
    """

    key: str
    name: str
    kind: str
    within: str
    documents: int
    tolls: int
    drawn: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Catalogue:
    """The documents with all that the front page shows of them; tolls by date, those without one last."""

    views: Sequence[View]
    spans: int
    facets: Mapping[str, Sequence[Option]]
    data: Data
    tolls: Sequence[TollRow]
    timeline: Timeline
    places: Sequence[PlaceRow]
    atlas: Atlas


def catalogue(views: Sequence[View], knowledge: Knowledge, scheme: Scheme) -> Catalogue:
    """Return the catalogue of documents; of none, an empty one."""
    documents = [_searchable(view, knowledge) for view in views]
    tolls = [(number, view, fact) for number, view in enumerate(views) for fact in view.facts]
    keys = [TollKey(number, fact.outcome, _places(fact.record, knowledge)) for number, _, fact in tolls]
    counts = {facet: Counter(value for item in documents for value in item.facets[facet]) for facet in FACETS}
    drawn = atlas(counts["place"], knowledge.places)
    rows = [TollRow(number, view, fact) for number, (_, view, fact) in enumerate(tolls)]
    return Catalogue(
        views=views,
        spans=sum(sum(view.counts.values()) for view in views),
        facets={facet: _options(facet, counts[facet], knowledge, scheme) for facet in FACETS},
        data=Data(documents, keys),
        tolls=sorted(rows, key=_by_date),
        timeline=timeline([fact.record for _, _, fact in tolls]),
        places=_place_rows(counts["place"], keys, drawn, knowledge),
        atlas=drawn,
    )


def _searchable(view: View, knowledge: Knowledge) -> Searchable:
    surfaces: dict[str, dict[str, None]] = {}
    for mark in view.marks:
        if mark.span.surface is not None:
            surfaces.setdefault(mark.span.label, {})[mark.span.surface] = None
    actors = (key for named in view.actors for key in lineage(named.key, knowledge.actors))
    places = (key for named in view.places for key in lineage(named.key, knowledge.places))
    return Searchable(
        doc=view.entry.doc,
        title=view.entry.title,
        text=view.entry.text or "",
        surfaces={label: list(found) for label, found in surfaces.items()},
        facets={
            "collection": [view.entry.collection],
            "split": [view.entry.split],
            "label": list(view.counts),
            "actor": list(dict.fromkeys(actors)),
            "place": list(dict.fromkeys(places)),
            "outcome": sorted({fact.outcome for fact in view.facts} - {""}),
        },
    )


def _places(record: Record, knowledge: Knowledge) -> Sequence[str]:
    return list(dict.fromkeys(key for place in record.where for key in lineage(place, knowledge.places)))


def _options(facet: str, counts: Mapping[str, int], knowledge: Knowledge, scheme: Scheme) -> Sequence[Option]:
    """Return the values that occur: actors and places by name, labels and outcomes as in the scheme, others as met."""
    words = {"actor": actor_words, "place": place_words}.get(facet)
    names = {value: words(value, knowledge) if words else value for value in counts}
    order = [*scheme.labels, *outcomes(scheme)]
    if words:
        listed = sorted(counts, key=lambda value: (names[value].casefold(), value))
    else:
        listed = sorted(counts, key=lambda value: order.index(value) if value in order else len(order))
    return [Option(value, names[value], counts[value]) for value in listed]


def outcomes(scheme: Scheme) -> Sequence[str]:
    """Return the outcomes of a toll in the scheme's order; () for a scheme without tolls."""
    toll = scheme.labels.get("TOLL")
    return toll.attributes["outcome"].values if toll and "outcome" in toll.attributes else ()


def _by_date(row: TollRow) -> tuple[bool, int, int, int]:
    when = period(row.fact.record.when)
    return (when is None, *((when[0].toordinal(), when[1].toordinal()) if when else (0, 0)), row.number)


def _place_rows(
    counts: Mapping[str, int], tolls: Sequence[TollKey], drawn: Atlas, knowledge: Knowledge
) -> Sequence[PlaceRow]:
    at = Counter(place for toll in tolls for place in toll.places)
    spots = {spot.key for spot in drawn.spots}
    rows = []
    for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        place = knowledge.places[key]
        within = knowledge.places[place.parent].name if place.parent else ""
        rows.append(PlaceRow(key, place.name, place.kind, within, count, at[key], key in spots))
    return rows
