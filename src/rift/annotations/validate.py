"""Validation: every issue of a layer at once, each with its code, file, line and a hint."""

import pathlib
from collections.abc import Iterable, Iterator, Mapping

from rift.annotations import geometry, values
from rift.annotations.codes import finding
from rift.annotations.layer import Layer, Markup, read_numbered
from rift.corpus.document import Document
from rift.guidelines import Knowledge, Scheme
from rift.issues import Issue, Where


def check_file(
    path: pathlib.Path, documents: Mapping[str, Document | None], scheme: Scheme, knowledge: Knowledge
) -> tuple[Layer, list[Issue]]:
    """Read a layer file and check its form and its content; the layer holds what could be read.

    `documents` are those that may be marked, None for one whose text is not at hand. Codes: all of
    `rift.annotations.codes.CODES`. An empty file gives an empty layer and no issue.
    """
    rows, issues = read_numbered(path)
    name = rows[0][1].layer if rows else path.stem
    found = [*issues, *check_markups(rows, documents, scheme, knowledge, str(path))]
    return Layer(name, (markup for _, markup in rows)), sorted(found, key=lambda issue: issue.where)


def check_markups(
    rows: Iterable[tuple[int, Markup]],
    documents: Mapping[str, Document | None],
    scheme: Scheme,
    knowledge: Knowledge,
    file: str,
) -> Iterator[Issue]:
    """Yield every issue of the markups, each given with its line in `file` (0 where it has none).

    Where a document is unknown, its text not at hand (None) or another one, its offsets are not checked against the
    text: each would be reported for the same reason.
    """
    for line, markup in rows:
        where = Where(file, line, markup.doc)
        document = documents.get(markup.doc)
        if markup.doc not in documents:
            yield finding("unknown-document", where, f"there is no document {markup.doc!r}")
        elif document:
            yield from text_issues(markup, document, where)
        yield from geometry.nesting_issues(markup.spans, scheme, where)
        yield from values.attribute_issues(markup.spans, scheme, knowledge, where)
        yield from values.link_issues(markup.spans, scheme, where)


def text_issues(markup: Markup, document: Document, where: Where) -> Iterator[Issue]:
    """Yield what is wrong between a markup and its text: `hash-mismatch` alone, or `geometry.text_issues`."""
    if document.sha256 != markup.sha256:
        ours, theirs = document.sha256[:8], markup.sha256[:8]
        yield finding(
            "hash-mismatch", where, f"the offsets count on the text {theirs}\u2026, the corpus has {ours}\u2026"
        )
    else:
        yield from geometry.text_issues(markup.spans, document.text, where)


def offset_issues(markup: Markup, document: Document, where: Where) -> Iterator[Issue]:
    """Yield the issues that make a score meaningless: another text, or offsets that are not those of the surfaces.

    Codes: `hash-mismatch`, `offset-outside`, `surface-differs`, and `empty-span` where a span ends before it starts.
    For whatever else a layer does wrong the matching has a defined result (docs/evaluation.md).
    """
    fatal = {"hash-mismatch", "offset-outside", "surface-differs"}
    yield from (issue for issue in text_issues(markup, document, where) if issue.code in fatal)
    reversed_spans = tuple(span for span in markup.spans if span.start > span.end)
    yield from geometry.text_issues(reversed_spans, document.text, where)
