"""Which documents are shown, and how much of each: all that the reader has, or what everybody may see."""

import dataclasses
import pathlib
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from rift.annotations.collection import layer_file, layer_files, read_readable, releasable
from rift.annotations.layer import Markup, read_layer
from rift.annotations.sealed import find_key
from rift.browse.entry import Entry
from rift.corpus.build import SplitDocument, build, collection_folder
from rift.corpus.document import digest
from rift.corpus.manifest import Manifest, RowEntry, SourceEntry, read_manifest
from rift.issues import Issue, Level, Where

ANNOTATORS = ("annotator-a", "annotator-b")
"""The layers of the two annotators, which stand beside gold."""


PUBLIC_NOTE = "Texts that are not RIFT's to give are shown by their spans; sealed test splits are not here."
"""What the foot of pages that everybody may see says of them."""


class Gathered(NamedTuple):
    """The documents to show, in the order of their manifests, and why others, or their texts, are left out."""

    entries: Sequence[Entry]
    issues: Sequence[Issue]


def gather(names: Sequence[str], layer: str, sources: pathlib.Path | None) -> Gathered:
    """Return all that the reader has of the collections `names`: texts from `sources`, spans, annotators' work.

    Sealed splits are there with their key alone. A collection without the layer has documents without spans, and the
    warning `no-layer`. Raises
    InputError for an unknown collection (`no-collection`) and for a layer of wrong form.
    """
    entries: list[Entry] = []
    issues: list[Issue] = []
    for name in names:
        manifest = read_manifest(collection_folder(name))
        built = build(manifest, sources)
        known = {path.stem for path in layer_files(name)}
        issues += [*built.issues, *_layer_issues(name, layer, known)]
        marks, one, other = (
            read_readable(name, wanted).markups if wanted in known else {} for wanted in (layer, *ANNOTATORS)
        )
        sealed = () if find_key() else manifest.collection.sealed
        entries.extend(
            dataclasses.replace(entry, annotators=_pair(entry, one, other))
            for entry in _entries(manifest, {item.document.id: item for item in built.documents}, marks)
            if entry.split not in sealed
        )
    return Gathered(entries, issues)


def gather_public(names: Sequence[str], layer: str) -> Gathered:
    """Return of the collections `names` what everybody may see.

    No sealed split, key or not; texts and titles only of collections that are redistributable; no surface that would
    repeat a long run of another text; no annotators. Raises as `gather` does.
    """
    entries: list[Entry] = []
    issues: list[Issue] = []
    for name in names:
        manifest = read_manifest(collection_folder(name))
        texts: Mapping[str, SplitDocument] = {}
        if manifest.collection.redistributable:
            built = build(manifest, None)
            issues += built.issues
            texts = {item.document.id: item for item in built.documents}
        known = {path.stem for path in layer_files(name)}
        issues += _layer_issues(name, layer, known)
        marks = releasable(read_layer(layer_file(name, layer))).markups if layer in known else {}
        sealed = manifest.collection.sealed
        entries.extend(entry for entry in _entries(manifest, texts, marks) if entry.split not in sealed)
    return Gathered(entries, issues)


def _layer_issues(name: str, layer: str, known: Collection[str]) -> Sequence[Issue]:
    if layer in known:
        return ()
    hint = f"its layers: {', '.join(sorted(known)) or 'none'}"
    return [Issue("no-layer", Level.WARNING, Where(name), f"it has no layer {layer!r}, so its texts are bare", hint)]


def _pair(entry: Entry, one: Mapping[str, Markup], other: Mapping[str, Markup]) -> Sequence[Markup]:
    """Return the two annotators' markups, or none where one is missing or the texts that they count on differ."""
    pair = [markups[entry.doc] for markups in (one, other) if entry.doc in markups]
    texts = {markup.sha256 for markup in (*pair, entry.markup) if markup}
    alike = len(texts) == 1 and (entry.text is None or digest(entry.text) in texts)
    return pair if alike and len(pair) == len(ANNOTATORS) else ()


def _entries(manifest: Manifest, texts: Mapping[str, SplitDocument], marks: Mapping[str, Markup]) -> Sequence[Entry]:
    found = (
        _with_text(texts[doc], marks.get(doc)) if doc in texts else _without_text(manifest, doc, marks.get(doc))
        for doc in manifest.ids
    )
    return [entry for entry in found if entry is not None]


def _with_text(item: SplitDocument, markup: Markup | None) -> Entry:
    """Return a document with its text, unless its spans count on another text."""
    document = item.document
    shown = markup is None or markup.sha256 == document.sha256
    return Entry(
        doc=document.id,
        collection=document.collection,
        split=item.split,
        title=document.title if shown else "",
        publisher=document.publisher,
        published=document.published,
        language=document.language,
        license=document.license,
        source=document.source,
        text=document.text if shown else None,
        markup=markup,
    )


def _without_text(manifest: Manifest, doc: str, markup: Markup | None) -> Entry | None:
    """Return what the manifest says of a document; None where its entry is faulty or says no more than a hash."""
    match manifest.documents.get(doc):
        case SourceEntry() as entry:
            language, license_, source = entry.language, entry.license, entry.source
        case RowEntry() as entry:
            table = manifest.tables[entry.table]
            language, license_, source = table.language, table.license, table.source_of(entry.row)
        case _:
            return None
    return Entry(
        doc=doc,
        collection=manifest.name,
        split=entry.split,
        publisher=entry.publisher,
        published=entry.published,
        language=language,
        license=license_,
        source=source,
        markup=markup,
    )
