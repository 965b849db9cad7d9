"""What several commands share: finding documents, printing issues."""

import pathlib
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import click
import msgspec

from rift import guidelines, jsonl
from rift.annotations.collection import documents_of
from rift.annotations.formats.rendering import Context
from rift.cli.main import FINDINGS
from rift.corpus.build import build_collection, collections, text_issues
from rift.corpus.document import Document
from rift.issues import InputError, Issue, Level, Where, has_errors


class Texts(NamedTuple):
    """The documents that may be marked, None for one whose text is not at hand, and what kept texts from being had."""

    documents: Mapping[str, Document | None]
    issues: Sequence[Issue]


def find_texts(path: pathlib.Path | None, sources: pathlib.Path | None) -> Texts:
    """Return the documents of a file, or those of the whole corpus where none is named.

    Raises InputError with every fault of the file: its form, and documents that are there twice, not canonical or not
    those of their hash.
    """
    if path is None:
        built = [build_collection(name, sources) for name in collections()]
        return Texts(documents_of(built), [issue for collection in built for issue in collection.issues])
    return Texts({document.id: document for document in read_documents(path)}, ())


def find_context(
    documents: pathlib.Path | None, folder: pathlib.Path | None, sources: pathlib.Path | None
) -> tuple[Context, Sequence[Issue]]:
    """Return what layers speak of, and what kept texts from being had: see `find_texts` for `documents`.

    `folder` holds the knowledge files; None stands for the guidelines'. Raises InputError with every fault of either.
    """
    if folder is None:
        known = guidelines.knowledge()
    else:
        known = guidelines.load_knowledge(folder / guidelines.ACTORS, folder / guidelines.PLACES)
    texts, issues = find_texts(documents, sources)
    return Context(texts, known), issues


def read_documents(path: pathlib.Path) -> list[Document]:
    """Read a file of documents; raises InputError with every fault of its form and its texts (see `find_texts`)."""
    documents = jsonl.read_structs(Document, path)
    issues: list[Issue] = []
    seen: set[str] = set()
    for document in documents:
        where = Where(str(path), doc=document.id)
        if document.id in seen:
            issues.append(Issue("duplicate-document", Level.ERROR, where, "the id occurs twice", "keep one of them"))
        seen.add(document.id)
        issues.extend(text_issues(document, where))
    if issues:
        raise InputError(issues)
    return documents


def report_issues(issues: Sequence[Issue], *, as_json: bool) -> None:
    """Print the issues and exit 1 when one is an error."""
    if as_json:
        click.echo(msgspec.json.encode(issues))
    else:
        for issue in issues:
            click.echo(str(issue))
        errors = sum(issue.level is Level.ERROR for issue in issues)
        click.echo(f"{errors} errors, {len(issues) - errors} warnings")
    if has_errors(issues):
        sys.exit(FINDINGS)
