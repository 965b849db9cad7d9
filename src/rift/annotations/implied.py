"""What need not be said of a mention, since the knowledge files say it of what is mentioned."""

from collections.abc import Mapping

from rift.annotations.layer import Value
from rift.guidelines import Knowledge


def with_implied(label: str, attributes: Mapping[str, Value], knowledge: Knowledge) -> dict[str, Value]:
    """Return attributes with those that follow from them: `form` of an ACTOR, `kind` where the entry is known.

    What is given stays, also where it differs from the entry. An ACTOR without an entity is a generic one.
    """
    known: dict[str, Value] = {}
    if label == "ACTOR":
        actor = knowledge.actors.get(str(attributes.get("entity")))
        known["form"] = "name" if "entity" in attributes else "generic"
        if actor:
            known["kind"] = actor.kind
    elif place := knowledge.places.get(str(attributes.get("place"))):
        known["kind"] = place.kind
    return {**known, **attributes}


def without_implied(label: str, attributes: Mapping[str, Value], knowledge: Knowledge) -> dict[str, Value]:
    """Return attributes without those that follow from the others, so that `with_implied` gives all of them again."""
    identity = {key: value for key, value in attributes.items() if key in {"entity", "place"}}
    implied = with_implied(label, identity, knowledge)
    return {key: value for key, value in attributes.items() if key in identity or implied.get(key) != value}
