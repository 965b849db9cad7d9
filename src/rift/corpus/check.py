"""Checks over all collections: ids and texts that occur once, and splits that share nothing."""

import pathlib
from collections.abc import Iterator, Mapping, Sequence

from rift.corpus.build import build, collection_folder
from rift.corpus.manifest import Manifest, Split, StoredEntry, read_manifest
from rift.issues import InputError, Issue, Level


def check_collections(names: Sequence[str], sources: pathlib.Path | None) -> list[Issue]:
    """Return every issue in the manifests and documents of the collections `names`, and between them; [] for none.

    Each is built as far as it can be (`rift.corpus.build.build`), then compared with the others: `duplicate-id`,
    `splits-overlap` (one text in two documents), `unknown-document` and `split-leak` (a document takes facts from one
    that does not exist, or from one of another split). Nothing is raised for a manifest that cannot be read.
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
    splits: dict[str, Split] = {}
    texts: dict[str, str] = {}
    for manifest in manifests:
        for doc, entry in manifest.documents.items():
            where = manifest.where(doc)
            if doc in splits:
                yield Issue("duplicate-id", Level.ERROR, where, "another collection has this id", "ids occur once")
            if entry.sha256 in texts:
                message = f"the text is the same as that of {texts[entry.sha256]!r}"
                yield Issue("splits-overlap", Level.ERROR, where, message, "keep one of the two")
            splits.setdefault(doc, entry.split)
            texts.setdefault(entry.sha256, doc)
    for manifest in manifests:
        for doc, entry in manifest.documents.items():
            if isinstance(entry, StoredEntry):
                yield from _draws(manifest, doc, entry, splits)


def _draws(manifest: Manifest, doc: str, entry: StoredEntry, splits: Mapping[str, Split]) -> Iterator[Issue]:
    where = manifest.where(doc)
    for drawn in entry.draws_on:
        if drawn not in splits:
            message = f"it draws on {drawn!r}, which is no document of the collections checked"
            yield Issue("unknown-document", Level.ERROR, where, message, "correct `draws_on`")
        elif splits[drawn] != entry.split:
            message = f"a {entry.split} document draws on {drawn!r}, which is in {splits[drawn]}"
            yield Issue("split-leak", Level.ERROR, where, message, f"move it to {splits[drawn]}, or change its facts")
