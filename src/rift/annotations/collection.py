"""Collections with their layers: documents, gold and annotators' work, by collection and split."""

import dataclasses
import os
import pathlib
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from rift.annotations.layer import Layer, Markup, Span, read_layer
from rift.annotations.sealed import find_key, read_sealed, sealed_file
from rift.corpus.build import Built, build_collection, collection_folder, collections
from rift.corpus.document import Document
from rift.corpus.manifest import RowEntry, Split, read_manifest
from rift.corpus.tokens import tokenize
from rift.guidelines import Scheme, scheme, spans_only
from rift.issues import InputError, Issue, Level, Where
from rift.paths import data_root

GOLD = "gold"
"""Name of the adjudicated layer."""

DECISIONS = "decisions"
"""Name of the file in which an adjudication is recorded; it stands beside the layers and is none."""

LONGEST_QUOTE = 10
"""Most tokens that a surface of a text that is not ours may have in a layer that is released."""


@dataclasses.dataclass(frozen=True, slots=True)
class Coverage:
    """What the gold of a collection marks that other people made: spans of `labels`, in the order of the scheme.

    `starts` is the offset from which on it covers the text of each document, by id.
    """

    labels: Sequence[str]
    starts: Mapping[str, int]


@dataclasses.dataclass(frozen=True, slots=True)
class Portion:
    """One split of a collection: its documents and their gold, as far as gold has been made.

    `documents` is empty where the texts are not ours to give and no sources were named; the gold is there all the same.
    `coverage` says what the gold marks where that is not all that the guidelines ask for.
    """

    collection: str
    split: Split
    documents: Sequence[Document]
    gold: Layer
    coverage: Coverage | None = None


def layer_files(collection: str) -> list[pathlib.Path]:
    """Return the layer files of a collection, by name; [] where it has none."""
    files = (data_root() / "annotations" / collection).glob("*.jsonl")
    return sorted(path for path in files if path.stem != DECISIONS)


def layer_file(collection: str, layer: str) -> pathlib.Path:
    """Return the file of one layer; raises InputError (`no-layer`) where the collection has none of that name."""
    known = {path.stem: path for path in layer_files(collection)}
    if layer not in known:
        where = Where(str(data_root() / "annotations" / collection))
        hint = f"its layers: {', '.join(known) or 'none'}"
        raise InputError([Issue("no-layer", Level.ERROR, where, f"there is no layer {layer!r}", hint)])
    return known[layer]


def read_collection(collection: str, layer: str, split: Split | None = None) -> Layer:
    """Return a layer of a collection, or the part of it in one split; sealed parts are opened with the user's key.

    Raises InputError: `no-layer`, `sealed` where a part that is wanted is sealed and no key is at hand, and every fault
    of form.
    """
    sealed = set(sealed_splits(collection))
    members = splits(collection)
    wanted = [doc for doc, its in members.items() if split in (None, its)]
    kinds = {members[doc] for doc in wanted}
    parts = [read_layer(layer_file(collection, layer))] if kinds - sealed else []
    if kinds & sealed and (path := sealed_file(collection, f"{layer}.jsonl")):
        rows, issues = read_sealed(path, find_key())
        if issues:
            raise InputError(issues)
        parts.append(Layer(layer, (markup for _, markup in rows)))
    return Layer(layer, (markup for part in parts for markup in part)).only(wanted)


def read_open(collection: str, layer: str) -> Layer:
    """Return of a layer what stands in the clear, whatever key is at hand; raises InputError as `read_collection`."""
    return read_layer(layer_file(collection, layer))


def read_readable(collection: str, layer: str) -> Layer:
    """Return of a layer what can be read: all of it with the key of its sealed splits, else its open part."""
    if sealed_splits(collection) and find_key() is None:
        return read_open(collection, layer)
    return read_collection(collection, layer)


def sealed_splits(collection: str) -> Sequence[Split]:
    """Return the splits of a collection whose annotations are encrypted in the repository; () for most."""
    return read_manifest(collection_folder(collection)).collection.sealed


def coverage(collection: str) -> Coverage | None:
    """Return what the gold of a collection marks; None where it is made by the guidelines and marks all they ask for.

    Raises InputError for an unknown collection (`no-collection`).
    """
    manifest = read_manifest(collection_folder(collection))
    if manifest.transfer is None:
        return None
    entries = {doc: entry for doc, entry in manifest.documents.items() if isinstance(entry, RowEntry)}
    labels = set(manifest.transfer.labels.values())
    return Coverage(
        tuple(name for name in scheme().labels if name in labels),
        {doc: entry.gold_from for doc, entry in entries.items()},
    )


def layer_scheme(path: pathlib.Path) -> Scheme:
    """Return the scheme that a layer file is held to: that of spans alone for the layers of others' gold, else ours."""
    folder = path.resolve().parent
    known = folder.parent == (data_root() / "annotations").resolve() and folder.name in collections()
    found = coverage(folder.name) if known else None
    return scheme() if found is None else spans_only(scheme(), found.labels)


def splits(collection: str) -> Mapping[str, Split]:
    """Return the split of every document of a collection, by id, in the manifest's order."""
    manifest = read_manifest(collection_folder(collection))
    return {doc: entry.split for doc, entry in manifest.documents.items()}


def load_portion(collection: str, split: Split, sources: str | os.PathLike[str] | None = None) -> Portion:
    """Return one split of a collection with its gold.

    Raises InputError for an unknown collection or split (`no-collection`, `no-split`), a collection without gold, a
    gold file of wrong form, a sealed split without key (`sealed`), and for a document that cannot be built from
    `sources`.
    """
    members = splits(collection)
    if split not in members.values():
        hint = f"its splits: {', '.join(sorted(set(members.values())))}"
        message = f"the collection {collection!r} has no split {split!r}"
        raise InputError([Issue("no-split", Level.ERROR, Where(f"{collection}/{split}"), message, hint)])
    built = build_collection(collection, None if sources is None else pathlib.Path(sources))
    errors = [issue for issue in built.issues if issue.level is Level.ERROR]
    if errors:
        raise InputError(errors)
    gold = read_collection(collection, GOLD, split)
    documents = (item.document for item in built.documents if item.split == split)
    chosen = tuple(item for item in documents if item.id in gold.markups)
    return Portion(collection, split, chosen, gold, coverage(collection))


def releasable(layer: Layer) -> Layer:
    """Return the layer without the surfaces that would repeat a long run of a text that is not ours to give.

    A surface of more than `LONGEST_QUOTE` words is left out where the document's collection is not redistributable, or
    is none of the corpus's; the offsets stay.
    """
    ours = {doc for name in collections() for doc in _redistributable(name)}
    return Layer(layer.name, (markup if markup.doc in ours else _abridged(markup) for markup in layer))


def _redistributable(collection: str) -> Sequence[str]:
    manifest = read_manifest(collection_folder(collection))
    return manifest.ids if manifest.collection.redistributable else ()


def _abridged(markup: Markup) -> Markup:
    def abridge(span: Span) -> Span:
        long = span.surface is not None and len(tokenize(span.surface)) > LONGEST_QUOTE
        return msgspec.structs.replace(span, surface=None) if long else span

    return msgspec.structs.replace(markup, spans=tuple(map(abridge, markup.spans)))


def known_documents(sources: pathlib.Path | None) -> Mapping[str, Document | None]:
    """Return every document of the corpus by id; None for one whose text cannot be had from `sources`."""
    return documents_of(build_collection(name, sources) for name in collections())


def documents_of(built: Iterable[Built]) -> dict[str, Document | None]:
    """Return the documents of built collections by id; None for those that were left out."""
    known: dict[str, Document | None] = {}
    for collection in built:
        known.update(dict.fromkeys(collection.skipped))
        known.update({item.document.id: item.document for item in collection.documents})
    return known
