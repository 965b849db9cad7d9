"""How the spans of a layer are cut: counts of habits in which guidelines differ."""

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import msgspec

from rift.annotations.layer import Layer

_PRONOUNS = (
    *("i", "me", "my", "we", "us", "our", "you", "your", "he", "him", "his", "she", "her", "it", "its"),
    *("they", "them", "their", "this", "that", "these", "those", "who", "which"),
)
_FORMS = frozenset((*_PRONOUNS, *(pronoun.capitalize() for pronoun in _PRONOUNS)))  # but not the US
_ARTICLE = re.compile(r"(?:the|an?)\s", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\w(?:['\u2019]s|s['\u2019])(?!\w)")
_LONG = 4

HABITS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "article": lambda surface: bool(_ARTICLE.match(surface)),
        "pronoun": lambda surface: surface in _FORMS,
        "no capital": lambda surface: surface.islower() and surface not in _FORMS,
        "possessive": lambda surface: bool(_POSSESSIVE.search(surface)),
        "digit": lambda surface: any(map(str.isdigit, surface)),
        "5+ words": lambda surface: len(surface.split()) > _LONG,
    }
)
"""What is counted of surfaces: those that begin with an article; that are a pronoun; that are none and have letters,
but no capital; that hold a possessive; that hold a digit; that have five words or more."""


class Extents(msgspec.Struct, frozen=True):
    """The spans of one label of a collection's layer whose surface it gives, and how many have each of `HABITS`."""

    collection: str
    label: str
    spans: int
    habits: Mapping[str, int]


def extents(collection: str, layer: Layer, labels: Sequence[str]) -> list[Extents]:
    """Count the habits of a layer by label, in the order of `labels`; a label without spans is left out."""
    surfaces: dict[str, list[str]] = {label: [] for label in labels}
    for markup in layer:
        for span in markup.spans:
            if span.surface is not None and span.label in surfaces:
                surfaces[span.label].append(span.surface)
    return [
        Extents(collection, label, len(found), {name: sum(map(has, found)) for name, has in HABITS.items()})
        for label, found in surfaces.items()
        if found
    ]
