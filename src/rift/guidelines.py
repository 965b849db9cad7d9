"""The label scheme and the knowledge files: loaded, checked and looked up."""

import functools
import pathlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Literal, TypeVar

import msgspec

from rift.issues import InputError, Issue, Level, Where
from rift.paths import data_root

Key = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
ActorKind = Literal["armed_group", "state_force", "government", "coalition", "organisation", "outlet", "person"]
PlaceKind = Literal["country", "admin", "settlement", "neighbourhood", "facility", "natural", "route", "region"]


class Attribute(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One attribute of a label.

    `type` is `choice` (one of `values`), `flag`, `count` (a whole number from 0), `edtf` (a date), `actor` or `place`
    (an id of the knowledge files). `range` says which end of the asserted range a count is. `required_when` maps
    another attribute to the value that makes this one required.
    """

    gloss: str
    type: Literal["choice", "flag", "count", "edtf", "actor", "place"]
    values: Sequence[str] = ()
    required: bool = False
    required_when: Mapping[str, str] = {}
    range: Literal["low", "high"] | None = None


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One link of a label, to spans of the label `target` in the same document."""

    gloss: str
    target: str


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One label: its meaning in a line, its colour, the labels that it may contain, its attributes and its links."""

    gloss: str
    colour: str
    contains: Sequence[str] = ()
    attributes: Mapping[str, Attribute] = {}
    links: Mapping[str, Link] = {}


class Scheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The label scheme: version and labels by name, in the order of `scheme.toml`."""

    version: str
    labels: Mapping[str, Label]


class Actor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named actor: canonical name, kind, other names, and the actor that it is a part of."""

    name: str
    kind: ActorKind
    aliases: Sequence[str] = ()
    parent: Key | None = None


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named place: canonical name, kind, other names, the place that it lies in, WGS 84 degrees, GeoNames id."""

    name: str
    kind: PlaceKind
    aliases: Sequence[str] = ()
    parent: Key | None = None
    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None
    geonames: int | None = None


class Knowledge(msgspec.Struct, frozen=True):
    """The named actors and places, by id."""

    actors: Mapping[Key, Actor]
    places: Mapping[Key, Place]


ACTORS, PLACES = "actors.toml", "places.toml"
"""Names of the two knowledge files in their folder."""

T = TypeVar("T")
Entry = TypeVar("Entry", Actor, Place)


@functools.cache
def scheme() -> Scheme:
    """Return the scheme of `guidelines/scheme.toml`; raises InputError where it is not a valid one."""
    return _load(data_root() / "guidelines" / "scheme.toml", Scheme)


@functools.cache
def knowledge() -> Knowledge:
    """Return the actors and places of `guidelines/knowledge/`; raises InputError where a file or a parent is faulty."""
    return load_knowledge(knowledge_folder() / ACTORS, knowledge_folder() / PLACES)


def knowledge_folder() -> pathlib.Path:
    """Return the folder of the guidelines' knowledge files."""
    return data_root() / "guidelines" / "knowledge"


def load_knowledge(actors: pathlib.Path, places: pathlib.Path) -> Knowledge:
    """Read the two knowledge files; raises InputError with every unknown or circular parent and every double name.

    Codes: `bad-toml`, `unknown-parent`, `circular-parent`, `duplicate-alias`, `half-a-coordinate`.
    """
    found = Knowledge(_load(actors, dict[Key, Actor]), _load(places, dict[Key, Place]))
    issues = [*_parent_issues(actors, found.actors), *_parent_issues(places, found.places)]
    for key, place in found.places.items():
        if (place.latitude is None) is not (place.longitude is None):
            where = Where(str(places), span=key)
            issues.append(Issue("half-a-coordinate", Level.ERROR, where, "latitude and longitude go together"))
    if issues:
        raise InputError(issues)
    return found


def spans_only(scheme: Scheme, labels: Iterable[str]) -> Scheme:
    """Return the scheme of spans alone: those of `labels` that it has, in its order, without attributes and links."""
    chosen = {name: label for name, label in scheme.labels.items() if name in set(labels)}
    bare = {name: msgspec.structs.replace(label, attributes={}, links={}) for name, label in chosen.items()}
    return msgspec.structs.replace(scheme, labels=bare)


def names(entry: Actor | Place) -> tuple[str, ...]:
    """Return every form of an entry's name, the canonical one first."""
    return (entry.name, *entry.aliases)


def _load(path: pathlib.Path, kind: type[T]) -> T:
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), kind)
    except OSError as error:
        issue = Issue("no-file", Level.ERROR, Where(str(path)), f"cannot be read: {error.strerror}", "check the path")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        issue = Issue("bad-toml", Level.ERROR, Where(str(path)), str(error), "mend the file at that place")
    raise InputError([issue])


def _parent_issues(path: pathlib.Path, entries: Mapping[Key, Entry]) -> Iterator[Issue]:
    for key, entry in entries.items():
        where = Where(str(path), span=key)
        doubles = sorted({name for name in names(entry) if names(entry).count(name) > 1})
        if doubles:
            message = f"the name {doubles[0]!r} stands twice"
            yield Issue("duplicate-alias", Level.ERROR, where, message, "keep one of the two")
        seen = {key}
        parent = entry.parent
        while parent is not None:
            if parent not in entries:
                hint = "add an entry for it, or leave the parent out"
                yield Issue("unknown-parent", Level.ERROR, where, f"the parent {parent!r} has no entry", hint)
                break
            if parent in seen:
                message = f"the entry is its own ancestor by way of {parent!r}"
                yield Issue("circular-parent", Level.ERROR, where, message, "mend one of the parents")
                break
            seen.add(parent)
            parent = entries[parent].parent
