"""What several commands share: finding documents, printing issues."""

import pathlib
import sys
from collections.abc import Mapping, Sequence

import click
import msgspec

from rift import jsonl
from rift.annotations.collection import known_documents
from rift.cli.main import FINDINGS
from rift.corpus.document import Document
from rift.issues import Issue, Level, has_errors


def documents_by_id(path: pathlib.Path | None, sources: pathlib.Path | None) -> Mapping[str, Document | None]:
    """Return the documents of a file, or those of the whole corpus where none is named, by id.

    None stands for a document whose text is not at hand.
    """
    if path is None:
        return known_documents(sources)
    return {document.id: document for document in jsonl.read_structs(Document, path)}


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
