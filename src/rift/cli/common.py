"""What several commands share: finding documents, printing issues."""

import pathlib
import sys
from collections.abc import Mapping, Sequence

import click
import msgspec

from rift import jsonl
from rift.cli.main import FINDINGS
from rift.corpus.document import Document
from rift.issues import Issue, has_errors


def documents_by_id(path: pathlib.Path | None, sources: pathlib.Path | None) -> Mapping[str, Document]:
    """Return the documents of a file, or those of the whole corpus where none is named, by id."""
    if path is not None:
        return {document.id: document for document in jsonl.read_structs(Document, path)}
    raise NotImplementedError(sources)


def report_issues(issues: Sequence[Issue], *, as_json: bool) -> None:
    """Print the issues and exit 1 when one is an error."""
    if as_json:
        click.echo(msgspec.json.encode(issues))
    else:
        for issue in issues:
            click.echo(str(issue))
        errors = sum(issue.level == "error" for issue in issues)
        click.echo(f"{errors} errors, {len(issues) - errors} warnings")
    if has_errors(issues):
        sys.exit(FINDINGS)
