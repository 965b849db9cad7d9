"""Values in words: what a span says, by the names of the knowledge files."""

from collections.abc import Iterator, Mapping

from rift.annotations.layer import Span
from rift.annotations.records import GENERIC, TOLL, actor_value
from rift.eval.differences import attribute_value
from rift.eval.page import show_attributes, show_range
from rift.guidelines import Actor, Knowledge, Place


def actor_words(value: str, knowledge: Knowledge) -> str:
    """Return the name of an actor's value (see `actor_value`); `armed group, generic` for one without a name."""
    if value.startswith(GENERIC):
        return f"{plain(value.removeprefix(GENERIC))}, generic"
    return knowledge.actors[value].name if value in knowledge.actors else value


def place_words(key: str, knowledge: Knowledge) -> str:
    """Return the name of a place; its id where it has no entry."""
    return knowledge.places[key].name if key in knowledge.places else key


def span_words(span: Span, knowledge: Knowledge) -> str:
    """Return what a span says: actor, place, date, or figure and outcome; "" where it says nothing."""
    match span.label:
        case "ACTOR":
            return actor_words(actor_value(span) or "", knowledge)
        case "LOCATION":
            return place_words(attribute_value(span, "place"), knowledge)
        case "DATE":
            return attribute_value(span, "value")
        case _ if span.label == TOLL:
            return " ".join(filter(None, [figure_words(span), attribute_value(span, "outcome")]))
    return show_attributes(span)


def figure_words(toll: Span) -> str:
    """Return the range that a toll asserts: `64`, `at least 39`, `about 365`, `no figure`."""
    low, high = (value if isinstance(value := toll.attributes.get(end), int) else None for end in ("low", "high"))
    about = "about " if toll.attributes.get("approx") is True and low is not None and low == high else ""
    return about + show_range((low, high))


def plain(name: str) -> str:
    """Return a name of the scheme as people write it: `part of` for `part_of`."""
    return name.replace("_", " ")


def lineage(key: str, entries: Mapping[str, Actor] | Mapping[str, Place]) -> Iterator[str]:
    """Yield an id, then the ids of what it is a part of, the nearest first; the id alone where it has no entry."""
    found: str | None = key
    while found is not None:
        yield found
        found = entries[found].parent if found in entries else None
