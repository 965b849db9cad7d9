"""Checks over all collections: ids and texts that occur once, and splits that share nothing."""

import pathlib
from collections.abc import Iterator, Sequence

from rift.corpus.build import build, collection_folder
from rift.corpus.manifest import Entry, Manifest, Split, StoredEntry, read_manifest
from rift.issues import InputError, Issue, Level


def check_collections(names: Sequence[str], sources: pathlib.Path | None) -> list[Issue]:
    """Return every issue in the manifests and documents of the collections `names`, and between them; [] for none.

    Each is built as far as it can be (`rift.corpus.build.build`), then compared with the others: `duplicate-id`,
    `splits-overlap` (one text in two documents), `unknown-document` (a document draws on one with the prefix of a
    collection, which does not hold it and takes none from tables), and `split-leak` (documents of two splits draw
    on one, be it RIFT's or not, or one draws on the other). Nothing is raised for a manifest that cannot be read.
    """
    issues: list[Issue] = []
    manifests: list[Manifest] = []
    for name in names:
        try:
            manifest = read_manifest(collection_folder(name))
        except InputError as error:
            issues.extend(error.issues)
            continue
        manifests.append(manifest)
        issues.extend(build(manifest, sources).issues)
    return list(dict.fromkeys([*issues, *between(manifests)]))


def between(manifests: Sequence[Manifest]) -> Iterator[Issue]:
    """Yield what is wrong between the documents of `manifests`; the codes are those of `check_collections`."""
    ids: dict[str, Split] = {}
    texts: dict[str, str] = {}
    for manifest, doc, entry in _entries(manifests):
        where = manifest.where(doc)
        if doc in ids:
            yield Issue("duplicate-id", Level.ERROR, where, "another collection has this id", "ids occur once")
        if entry.sha256 in texts:
            message = f"the text is the same as that of {texts[entry.sha256]!r}"
            yield Issue("splits-overlap", Level.ERROR, where, message, "keep one of the two")
        ids.setdefault(doc, entry.split)
        texts.setdefault(entry.sha256, doc)
    closed = [manifest.name for manifest in manifests if not manifest.tables]
    splits: dict[str, tuple[Split, str]] = {doc: (split, doc) for doc, split in ids.items()}
    for manifest, doc, entry in _entries(manifests):
        where = manifest.where(doc)
        for drawn in entry.draws_on if isinstance(entry, StoredEntry) else ():
            if drawn not in ids and any(drawn.startswith(f"{name}-") for name in closed):
                message = f"it draws on {drawn!r}, which no collection holds"
                yield Issue("unknown-document", Level.ERROR, where, message, "correct `draws_on`")
            split, other = splits.setdefault(drawn, (entry.split, doc))
            if split != entry.split:
                via = "" if other == drawn else f", as {other!r} does"
                message = f"it is in {entry.split} but draws on {drawn!r}{via}, which is in {split}"
                yield Issue("split-leak", Level.ERROR, where, message, f"move it to {split}, or change its facts")


def _entries(manifests: Sequence[Manifest]) -> Iterator[tuple[Manifest, str, Entry]]:
    return ((manifest, doc, entry) for manifest in manifests for doc, entry in manifest.documents.items())
