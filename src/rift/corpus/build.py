"""Building collections: documents from the user's raw sources or from the repository, each checked against its hash."""

import dataclasses
import difflib
import pathlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rift.corpus import fa_kes, re3d
from rift.corpus.document import Document, canonical_faults, digest
from rift.corpus.manifest import MANIFEST, Manifest, RowEntry, SourceEntry, Split, StoredEntry, read_manifest
from rift.corpus.recipe import apply_recipe
from rift.corpus.reversal import StepError
from rift.corpus.source import read_source
from rift.corpus.table import Row, Rows, by_id, find_row, row_text
from rift.issues import InputError, Issue, Level, Where
from rift.jsonl import read_values, to_struct
from rift.paths import data_root

DOCUMENTS = "documents.jsonl"

_READERS: Mapping[str, Callable[[pathlib.Path], Rows]] = {"fa-kes": fa_kes.read_rows, "re3d": re3d.read_rows}
"""What reads a table, by its format."""


class SplitDocument(NamedTuple):
    """A document with its split and the phenomena that it tries (none where the collection tags none)."""

    document: Document
    split: Split
    phenomena: Sequence[str] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Built:
    """A collection as far as it could be built: documents in the manifest's order, the ids left out, and why."""

    name: str
    documents: Sequence[SplitDocument]
    skipped: Sequence[str]
    issues: Sequence[Issue]


def collections() -> list[str]:
    """Return the ids of the collections that RIFT carries, in alphabetical order; [] where there is none."""
    return sorted(path.parent.name for path in (data_root() / "corpus").glob(f"*/{MANIFEST}"))


def collection_folder(name: str) -> pathlib.Path:
    """Return the folder of the collection `name`; raises InputError (`no-collection`) for an unknown one."""
    if name not in collections():
        hint = f"known collections: {', '.join(collections())}"
        where = Where(str(data_root() / "corpus"))
        raise InputError([Issue("no-collection", Level.ERROR, where, f"there is no collection {name!r}", hint)])
    return data_root() / "corpus" / name


def build_collection(name: str, sources: pathlib.Path | None) -> Built:
    """Build the collection `name` that RIFT carries: `build` of its manifest.

    Raises InputError for an unknown collection (`no-collection`) and for a manifest that cannot be read.
    """
    return build(read_manifest(collection_folder(name)), sources)


def source_names() -> set[str]:
    """Return the names of the files and folders directly below a folder of the source texts."""
    manifests = [read_manifest(collection_folder(name)) for name in collections()]
    entries = (entry for manifest in manifests for entry in manifest.documents.values())
    files = {entry.raw for entry in entries if isinstance(entry, SourceEntry)}
    tables = {table.path for manifest in manifests for table in manifest.tables.values()}
    return {pathlib.PurePosixPath(path).parts[0] for path in files | tables}


def find_document(doc: str, sources: pathlib.Path | None) -> SplitDocument:
    """Return the document with the id `doc` from whatever collection holds it.

    Raises InputError: `no-document` for an unknown id, otherwise the issues that keep it from being built.
    """
    manifests = [read_manifest(collection_folder(name)) for name in collections()]
    for manifest in manifests:
        if doc in manifest.ids:
            built = build(manifest, sources)
            for item in built.documents:
                if item.document.id == doc:
                    return item
            own = [issue for issue in built.issues if issue.where.doc == doc]
            raise InputError(own or built.issues)
    known = [known for manifest in manifests for known in manifest.ids]
    near = difflib.get_close_matches(doc, known, n=3, cutoff=0.4)
    hint = f"did you mean {', '.join(near)}?" if near else "the manifests under corpus/ list the ids"
    where = Where(str(data_root() / "corpus"), doc=doc)
    raise InputError([Issue("no-document", Level.ERROR, where, f"no collection holds {doc!r}", hint)])


def build(manifest: Manifest, sources: pathlib.Path | None) -> Built:
    """Build every document of `manifest` that can be built; the faults of one leave the others as they are.

    `sources` is the folder of the source texts. Without it, a collection that is rebuilt from them has no documents and
    the warning `no-sources`; a folder that does not exist is the error `no-sources-folder`. Other codes: those of
    `read_manifest`, `read_source`, `find_rows` and the JSON Lines reader, `step-not-applicable`,
    `not-canonical`, `hash-differs`, `wrong-collection`, `no-document`, `duplicate-document`, `not-in-manifest`.
    """
    if manifest.collection.redistributable:
        outcomes = list(_stored(manifest))
    elif absent := _absent_sources(manifest, sources):
        return Built(manifest.name, (), manifest.ids, (*manifest.issues, absent))
    elif manifest.tables:
        outcomes = list(_from_rows(manifest, sources or pathlib.Path()))
    else:
        outcomes = list(_rebuilt(manifest, sources or pathlib.Path()))
    documents = tuple(outcome for outcome in outcomes if isinstance(outcome, SplitDocument))
    issues = tuple(outcome for outcome in outcomes if isinstance(outcome, Issue))
    built = {item.document.id for item in documents}
    return Built(
        manifest.name, documents, tuple(doc for doc in manifest.ids if doc not in built), (*manifest.issues, *issues)
    )


def _absent_sources(manifest: Manifest, sources: pathlib.Path | None) -> Issue | None:
    if sources is None:
        where = Where(str(manifest.path))
        message = f"{manifest.name} is skipped: its {len(manifest.ids)} texts are rebuilt from your own copies"
        hint = "docs/sources.md says how to get them; then set RIFT_SOURCES or pass --sources"
        return Issue("no-sources", Level.WARNING, where, message, hint)
    if not sources.is_dir():
        message = "the folder of the source texts does not exist"
        hint = "correct RIFT_SOURCES or --sources, see docs/sources.md"
        return Issue("no-sources-folder", Level.ERROR, Where(str(sources)), message, hint)
    return None


def _rebuilt(manifest: Manifest, sources: pathlib.Path) -> Iterator[SplitDocument | Issue]:
    for doc, entry in manifest.documents.items():
        if not isinstance(entry, SourceEntry):
            continue
        raw = read_source(sources / entry.raw, entry.raw_sha256, entry.raw_bytes, doc)
        if isinstance(raw, Issue):
            yield raw
            continue
        text = _cleaned(entry, raw, manifest.where(doc))
        if isinstance(text, Issue):
            yield text
            continue
        document = Document(
            id=doc,
            collection=manifest.name,
            title=entry.title,
            publisher=entry.publisher,
            published=entry.published,
            language=entry.language,
            license=entry.license,
            source=entry.source,
            text=text,
            sha256=entry.sha256,
        )
        if faults := list(text_issues(document, manifest.where(doc))):
            yield from faults
        else:
            yield SplitDocument(document, entry.split)


def find_rows(manifest: Manifest, sources: pathlib.Path) -> tuple[Mapping[str, Row], Sequence[Issue]]:
    """Return the rows that documents of `manifest` are made from, by document, and why others are not there.

    Codes: those of the readers of tables and of `find_row`. A row that a table's unreadable part may well hold has no
    issue of its own.
    """
    found: dict[str, Row] = {}
    issues: list[Issue] = []
    for name, table in manifest.tables.items():
        path = sources / table.path
        rows, faults = _READERS[table.format](path)
        issues.extend(faults)
        known = by_id(rows)
        for doc, entry in manifest.documents.items():
            if not isinstance(entry, RowEntry) or entry.table != name:
                continue
            row = find_row(known.get(entry.row, ()), entry.row_sha256, Where(str(path), doc=doc))
            if isinstance(row, Row):
                found[doc] = row
            elif not faults or entry.row in known:
                issues.append(row)
    return found, issues


def _from_rows(manifest: Manifest, sources: pathlib.Path) -> Iterator[SplitDocument | Issue]:
    rows, issues = find_rows(manifest, sources)
    yield from issues
    for doc, entry in manifest.documents.items():
        if doc not in rows or not isinstance(entry, RowEntry):
            continue
        table = manifest.tables[entry.table]
        text = _cleaned(entry, row_text(rows[doc]), manifest.where(doc))
        if isinstance(text, Issue):
            yield text
            continue
        document = Document(
            id=doc,
            collection=manifest.name,
            title=text.partition("\n")[0],
            publisher=entry.publisher,
            published=entry.published,
            language=table.language,
            license=table.license,
            source=table.source_of(entry.row),
            text=text,
            sha256=entry.sha256,
        )
        if faults := list(text_issues(document, manifest.where(doc))):
            yield from faults
        else:
            yield SplitDocument(document, entry.split)


def _cleaned(entry: SourceEntry | RowEntry, raw: str, where: Where) -> str | Issue:
    try:
        return apply_recipe(entry.recipe, raw)
    except StepError as error:
        hint = "correct the recipe: the source is the one expected"
        return Issue("step-not-applicable", Level.ERROR, where, str(error), hint)


def _stored(manifest: Manifest) -> Iterator[SplitDocument | Issue]:
    path = manifest.path.parent / DOCUMENTS
    found: dict[str, tuple[Document, Where]] = {}
    unread = False
    for row in _rows(path):
        if isinstance(row, list):
            unread = True
            yield from row
            continue
        document, where = row
        if document.id in found:
            yield Issue("duplicate-document", Level.ERROR, where, "the id occurs twice", "give each document its own")
        elif document.id not in manifest.ids:
            hint = f"add it to {manifest.path.name}, with its split"
            yield Issue("not-in-manifest", Level.ERROR, where, "the document is not in the manifest", hint)
        found.setdefault(document.id, row)
    for doc, entry in manifest.documents.items():
        if not isinstance(entry, StoredEntry):
            continue
        if doc not in found:
            if not unread:  # a line that could not be read may well hold it, and has an issue of its own
                message = f"the document is not in {path.name}"
                yield Issue("no-document", Level.ERROR, manifest.where(doc), message, f"add its text to {path}")
            continue
        document, where = found[doc]
        if faults := [*text_issues(document, where), *_agreement(document, entry, manifest)]:
            yield from faults
        else:
            yield SplitDocument(document, entry.split, entry.phenomena)


def _rows(path: pathlib.Path) -> Iterator[tuple[Document, Where] | list[Issue]]:
    for row in read_values(path):
        if isinstance(row, Issue):
            yield [row]
            continue
        document = to_struct(Document, row[1], Where(str(path), row[0]))
        yield document if isinstance(document, list) else (document, Where(str(path), row[0], document.id))


def text_issues(document: Document, where: Where) -> Iterator[Issue]:
    """Yield what is wrong with a document's text: `not-canonical` for each fault of form, and `hash-differs`."""
    for fault in canonical_faults(document.text):
        yield Issue(
            "not-canonical", Level.ERROR, where, f"the text {fault}", "docs/formats.md describes canonical text"
        )
    if (found := digest(document.text)) != document.sha256:
        message = f"the text has SHA-256 {found}, expected {document.sha256}"
        yield Issue("hash-differs", Level.ERROR, where, message, "read the text in full before pinning another hash")


def _agreement(document: Document, entry: StoredEntry, manifest: Manifest) -> Iterator[Issue]:
    where = manifest.where(document.id)
    if document.sha256 != entry.sha256:
        message = f"the manifest pins SHA-256 {entry.sha256}, {DOCUMENTS} has {document.sha256}"
        yield Issue("hash-differs", Level.ERROR, where, message, "read the text in full before pinning another hash")
    if document.collection != manifest.name:
        message = f"the document names the collection {document.collection!r} but stands in {manifest.name!r}"
        yield Issue("wrong-collection", Level.ERROR, where, message, "correct its `collection`")
