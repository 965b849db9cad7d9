"""Knowledge against its use: entries that no layer mentions, and names that two entries claim."""

import collections
from collections.abc import Iterable, Iterator, Mapping

from rift.annotations.layer import Layer
from rift.guidelines import Actor, Knowledge, Place, names
from rift.issues import Issue, Level, Where

Entries = Mapping[str, Actor] | Mapping[str, Place]


def knowledge_issues(layers: Iterable[Layer], knowledge: Knowledge) -> Iterator[Issue]:
    """Yield a warning for each entry that no span of `layers` refers to, be it by way of a child, and for shared names.

    Codes: `unused-entry`, `shared-name` (letters compared without case). Without layers every entry is unused.
    """
    used: dict[str, set[str]] = {"entity": set(), "place": set()}
    for layer in layers:
        for markup in layer:
            for span in markup.spans:
                for name, found in used.items():
                    if name in span.attributes:
                        found.add(str(span.attributes[name]))
    for file, name, entries in (
        ("actors.toml", "entity", knowledge.actors),
        ("places.toml", "place", knowledge.places),
    ):
        yield from _unused(file, entries, used[name])
        yield from _shared(file, entries)


def _unused(file: str, entries: Entries, used: set[str]) -> Iterator[Issue]:
    reached: set[str] = set()
    for key in used:
        parent: str | None = key
        while parent is not None and parent in entries and parent not in reached:
            reached.add(parent)
            parent = entries[parent].parent
    for key in entries:
        if key not in reached:
            message = "no layer mentions this entry or a part of it"
            yield Issue("unused-entry", Level.WARNING, Where(file, span=key), message, "take it out, or correct an id")


def _shared(file: str, entries: Entries) -> Iterator[Issue]:
    givers: dict[str, list[str]] = collections.defaultdict(list)
    for key, entry in entries.items():
        for name in {name.casefold() for name in names(entry)}:
            givers[name].append(key)
    for name, keys in sorted(givers.items()):
        if len(keys) > 1:
            message = f"the name {name!r} belongs to {', '.join(keys)}"
            yield Issue("shared-name", Level.WARNING, Where(file, span=keys[0]), message, "leave it with one of them")
