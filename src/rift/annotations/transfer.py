"""Gold that other people made, as a layer of ours: what of it is taken, and what becomes of each other entity."""

import collections
import enum
import hashlib
import pathlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from rift.annotations.collection import GOLD, releasable
from rift.annotations.geometry import trim
from rift.annotations.layer import Layer, Markup, Span
from rift.corpus.build import build, collection_folder, find_rows
from rift.corpus.document import Document
from rift.corpus.manifest import Manifest, RowEntry, Transfer, read_manifest
from rift.corpus.re3d import ENTITIES, Entity, read_entities
from rift.corpus.table import Row, row_text
from rift.corpus.trace import kept_offsets
from rift.issues import InputError, Issue, Level, Where, has_errors


class Fate(enum.StrEnum):
    """What becomes of an entity; the first that applies."""

    OTHER_TYPE = "other type"
    REJECTED = "rejected"
    DOUBTFUL = "doubtful"
    ACROSS_LINES = "across lines"
    BROKEN = "broken"
    NOT_IN_TEXT = "not in text"
    OVERLAPPING = "overlapping"
    NESTED = "nested"
    GOLD = "gold"


MEANINGS: Mapping[Fate, str] = {
    Fate.OTHER_TYPE: "of a type that no label stands for",
    Fate.REJECTED: "of confidence 0: put to people and turned down",
    Fate.DOUBTFUL: "of less confidence than the manifest asks for",
    Fate.ACROSS_LINES: "from one line of the text into the next",
    Fate.BROKEN: "with a value that is not what stands at its offsets, quotation marks aside",
    Fate.NOT_IN_TEXT: "nothing but space and punctuation, or in what the recipe drops",
    Fate.OVERLAPPING: "inside or across a longer one of the same label",
    Fate.NESTED: "inside or across a longer one of another label",
    Fate.GOLD: "a span of the layer",
}


class Fates(msgspec.Struct, frozen=True):
    """What became of the entities of one type: our label for it ("" for none), how many they are, and by fate."""

    type: str
    label: str
    entities: int
    fates: Mapping[Fate, int]


class Transferred(NamedTuple):
    """The layer, what became of the entities of each type, and how many spans lost space or punctuation at an edge."""

    layer: Layer
    fates: Sequence[Fates]
    trimmed: int


class _Candidate(NamedTuple):
    """An entity on its way into a document: where in the canonical text it stands, and whether an edge was trimmed."""

    entity: Entity
    start: int
    end: int
    label: str
    trimmed: bool


def transfer(collection: str, sources: pathlib.Path) -> Transferred:
    """Return the gold of a collection as its manifest's `[transfer]` makes it of the entities in `sources`.

    Raises InputError: `no-collection`, `no-transfer` for a collection whose gold is made here, and everything that
    keeps a document from being built or an entity from being read; `source-altered` for entities other than the
    pinned ones, `unknown-document` for those of another document.
    """
    manifest = read_manifest(collection_folder(collection))
    if manifest.transfer is None:
        message = f"the gold of {collection} is not taken over from others"
        raise InputError([Issue("no-transfer", Level.ERROR, Where(str(manifest.path)), message)])
    built = build(manifest, sources)
    entities, issues = _entities(manifest, sources)
    if has_errors(found := [*built.issues, *issues]):
        raise InputError(found)
    rows, _ = find_rows(manifest, sources)
    markups, fates, trimmed = [], collections.Counter[tuple[str, Fate]](), 0
    for item in built.documents:
        document = item.document
        kept, outcomes = _settle(entities[document.id], document, rows[document.id], manifest.transfer)
        markups.append(_markup(document, kept))
        fates.update(outcomes)
        trimmed += sum(candidate.trimmed for candidate in kept)
    counts = [_fates(type_, manifest.transfer, fates) for type_ in _types(manifest.transfer, fates)]
    return Transferred(releasable(Layer(GOLD, markups)), counts, trimmed)


def _entities(manifest: Manifest, sources: pathlib.Path) -> tuple[Mapping[str, Sequence[Entity]], list[Issue]]:
    """Return the entities of each document, and every issue with their files."""
    ids = {entry.row: doc for doc, entry in manifest.documents.items() if isinstance(entry, RowEntry)}
    found: dict[str, list[Entity]] = collections.defaultdict(list)
    issues: list[Issue] = []
    for table in manifest.tables.values():
        name = pathlib.PurePosixPath(table.path).with_name(ENTITIES)
        path = sources / name
        entities, faults = read_entities(path)
        issues.extend(faults)
        pinned = manifest.files.get(str(name))
        if not faults and pinned and (digest := hashlib.sha256(path.read_bytes()).hexdigest()) != pinned.sha256:
            message = f"the file was altered (SHA-256 {digest}, expected {pinned.sha256})"
            hint = "put an unchanged copy in its place, see docs/sources.md"
            issues.append(Issue("source-altered", Level.ERROR, Where(str(path)), message, hint))
        for entity in entities:
            if entity.document in ids:
                found[ids[entity.document]].append(entity)
            else:
                where = Where(str(path), span=entity.id)
                message = f"the entity belongs to the document {entity.document!r}, which is none of {manifest.name}"
                issues.append(Issue("unknown-document", Level.ERROR, where, message, "check the manifest"))
    return found, issues


def _settle(
    entities: Iterable[Entity], document: Document, row: Row, rules: Transfer
) -> tuple[list[_Candidate], list[tuple[str, Fate]]]:
    """Return what of the entities goes into the gold of a document, and the fate of each with its type."""
    raw = row_text(row)
    offsets = kept_offsets(raw, document.text)
    fates: list[tuple[str, Fate]] = []
    candidates: list[_Candidate] = []
    for entity in entities:
        found = _place(entity, raw, offsets, len(raw) - len(row.body), rules)
        if isinstance(found, Fate):
            fates.append((entity.type, found))
        else:
            candidates.append(found)
    kept: list[_Candidate] = []
    for one in sorted(candidates, key=lambda it: (it.start - it.end, -it.entity.confidence, it.start, it.label)):
        rivals = {other.label for other in kept if other.start < one.end and one.start < other.end}
        fate = Fate.GOLD if not rivals else Fate.OVERLAPPING if one.label in rivals else Fate.NESTED
        fates.append((one.entity.type, fate))
        if fate is Fate.GOLD:
            kept.append(one)
    return kept, fates


_QUOTES = re.compile("[\"'\u2018\u2019\u201c\u201d]")


def _place(entity: Entity, raw: str, offsets: Sequence[int | None], body: int, rules: Transfer) -> _Candidate | Fate:
    """Return where an entity stands in the canonical text; `body` is where its offsets begin to count in `raw`."""
    label = rules.labels.get(entity.type)
    if label is None:
        return Fate.OTHER_TYPE
    if entity.confidence < rules.confidence or entity.confidence == 0:
        return Fate.DOUBTFUL if entity.confidence else Fate.REJECTED
    start, end = body + entity.begin, body + entity.end
    words = raw[start:end]
    if "\n" in words.strip():
        return Fate.ACROSS_LINES
    if _QUOTES.sub("'", words) != _QUOTES.sub("'", entity.value):
        return Fate.BROKEN
    first, after = trim(raw, start, end)
    begin, last = (offsets[first], offsets[after - 1]) if first < after else (None, None)
    if begin is None or last is None:
        return Fate.NOT_IN_TEXT
    return _Candidate(entity, begin, last + 1, label, (first, after) != (start, end))


def _markup(document: Document, kept: Iterable[_Candidate]) -> Markup:
    ordered = sorted(kept, key=lambda one: one.start)
    spans = [
        Span(id=f"s{number}", start=one.start, end=one.end, label=one.label, surface=document.text[one.start : one.end])
        for number, one in enumerate(ordered, start=1)
    ]
    return Markup(doc=document.id, sha256=document.sha256, layer=GOLD, spans=spans)


def _types(rules: Transfer, fates: Mapping[tuple[str, Fate], int]) -> list[str]:
    """Return the types that have a label, in the manifest's order, then all others by name."""
    return [*rules.labels, *sorted({type_ for type_, _ in fates} - rules.labels.keys())]


def _fates(type_: str, rules: Transfer, fates: Mapping[tuple[str, Fate], int]) -> Fates:
    own = {fate: fates.get((type_, fate), 0) for fate in Fate}
    return Fates(type_, rules.labels.get(type_, ""), sum(own.values()), own)
