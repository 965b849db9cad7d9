"""`rift.load`: the data in memory, with the texts that the reader has."""

import os
import pathlib
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import asdict

from rift import guidelines
from rift.annotations.collection import GOLD, read_readable
from rift.annotations.layer import Layer
from rift.corpus.build import build_collection, collection_folder, collections
from rift.corpus.document import Document
from rift.corpus.manifest import Entry as Known
from rift.corpus.manifest import Manifest, RowEntry, StoredEntry, read_manifest
from rift.guidelines import Scheme
from rift.issues import InputError, Issue, Level, Where, needs
from rift.paths import find_sources
from rift.release.rows import Entry, Row, to_row, with_text

if TYPE_CHECKING:
    from datasets import DatasetDict

ALL = "all"
"""The name that stands for the collections that RIFT annotated, together."""

SPLITS = ("train", "dev", "test")


class MissingTextsWarning(UserWarning):
    """Some rows have no text: they are another's to give, and no copy was at hand."""


def load(
    name: str = ALL,
    sources: str | os.PathLike[str] | None = None,
    release: str | os.PathLike[str] | None = None,
) -> "DatasetDict":
    """Return a collection, or all, as a `datasets.DatasetDict` with the splits that it has: train, dev, test.

    `sources` is the folder of the reader's own source texts; without it RIFT looks where `rift.paths.find_sources`
    does (`RIFT_SOURCES`, `sources`, what was fetched). Rows without text are there all the same, and a
    `MissingTextsWarning` says which collections they are of. Rows whose gold is sealed have no spans and `gold` is
    `sealed`, unless the key is at hand. `release` is the folder of a release to take instead of what this version of
    RIFT carries: the texts are joined to its rows. The columns: docs/loading.md. Raises InputError: `no-collection`,
    `missing-package` and `old-package` (the extra `data`), every fault of the sources, and those of `verify_files` for
    a release.
    """
    with needs("data", "data sets"):
        from datasets import DatasetDict  # noqa: PLC0415 - an extra, and slow to import

        from rift.release import folder as released  # noqa: PLC0415 - likewise
        from rift.release.schema import dataset  # noqa: PLC0415 - likewise
    own = find_sources(os.environ, pathlib.Path.cwd()) if sources is None else pathlib.Path(sources)
    scheme = guidelines.scheme()
    if release is None:
        found = [entry for known in _chosen(name) for entry in entries(known, own, read_readable(known, GOLD))]
        rows = [(entry.split, to_row(entry, scheme)) for entry in found]
    else:
        rows = _joined(released.read_rows(pathlib.Path(release), name), own, scheme)
    bare = [row["collection"] for _, row in rows if not row["text"]]
    if bare:
        message = (
            f"{len(bare)} of {len(rows)} rows have no text ({', '.join(dict.fromkeys(bare))}): "
            "docs/sources.md says how to get it; then pass `sources` or set RIFT_SOURCES"
        )
        warnings.warn(message, MissingTextsWarning, stacklevel=2)
    members = {split: [row for its, row in rows if its == split] for split in SPLITS}
    return DatasetDict({split: dataset(those, scheme) for split, those in members.items() if those})


def _joined(rows: Sequence[tuple[str, Row]], sources: pathlib.Path | None, scheme: Scheme) -> list[tuple[str, Row]]:
    """Return rows of a release with their texts, where the reader's own copy is at hand and the very same."""
    bare = {row["collection"] for _, row in rows if not row["text"]} & set(collections())
    known = {document.sha256: document for name in bare for document in texts(name, sources)}

    def join(row: Row) -> Row:
        document = None if row["text"] else known.get(row["sha256"])
        return row if document is None else with_text({**row, "title": document.title}, document.text, scheme)

    return [(split, join(row)) for split, row in rows]


def texts(collection: str, sources: pathlib.Path | None) -> list[Document]:
    """Return the documents of a collection whose texts are at hand; raises InputError for sources that are faulty."""
    built = build_collection(collection, sources)
    if errors := [issue for issue in built.issues if issue.level is Level.ERROR and issue.code != "no-source"]:
        raise InputError(errors)
    return [item.document for item in built.documents]


def _chosen(name: str) -> Sequence[str]:
    """Return the collections that a name stands for; raises InputError for an unknown one."""
    if name == ALL:
        return [known for known in collections() if read_manifest(collection_folder(known)).ours]
    if name not in collections():
        hint = f"known: {', '.join([ALL, *collections()])}"
        raise InputError([Issue("no-collection", Level.ERROR, Where(name), f"there is no collection {name!r}", hint)])
    return [name]


def entries(collection: str, sources: pathlib.Path | None, gold: Layer) -> list[Entry]:
    """Return the documents of a collection with their text, where it is at hand, and their gold, in order.

    Raises InputError for sources that are there and faulty; one that is not there leaves its documents without text.
    """
    manifest = read_manifest(collection_folder(collection))
    documents = {document.id: document for document in texts(collection, sources)}
    return [
        Entry(
            id=doc,
            collection=collection,
            split=known.split,
            phenomena=known.phenomena if isinstance(known, StoredEntry) else (),
            sha256=known.sha256,
            document=documents.get(doc),
            markup=gold.markups.get(doc),
            **_described(manifest, known, documents.get(doc)),
        )
        for doc, known in manifest.documents.items()
    ]


def _described(manifest: Manifest, known: Known, document: Document | None) -> Mapping[str, str]:
    """Return what is said of a document, as far as that is known without its text."""
    values = asdict(document or known)
    if document is None and isinstance(known, RowEntry):
        table = manifest.tables[known.table]
        values = {**asdict(table), **values, "source": table.source_of(known.row)}
    names = ("title", "publisher", "published", "language", "license", "source")
    return {name: str(values.get(name) or "") for name in names}
