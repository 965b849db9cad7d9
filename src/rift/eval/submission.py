"""The validator of submissions: everything that is wrong with a prediction file, at once and within fixed bounds."""

import contextlib
import itertools
import pathlib
import re
from collections.abc import Iterator, Mapping, Sequence

from rift.annotations import geometry, values
from rift.annotations.formats.codes import CODES, finding, quoted, shown
from rift.annotations.formats.content import LIMITS, Limits
from rift.annotations.formats.findings import EnoughError, Findings
from rift.annotations.formats.predictions import Row, read_rows
from rift.annotations.layer import Markup, Span
from rift.corpus.document import Document
from rift.eval import readings
from rift.guidelines import Scheme, knowledge, scheme
from rift.issues import Issue, Level, Where

_ALIASES = {
    **dict.fromkeys(("GPE", "FAC", "PLACE"), "LOCATION"),
    **dict.fromkeys(("ORG", "PER", "PERSON", "NORP", "GROUP"), "ACTOR"),
    **dict.fromkeys(("TIME", "DATETIME"), "DATE"),
    **dict.fromkeys(("CASUALTY", "CASUALTIES", "FATALITY", "FATALITIES", "DEATHS", "DEATH_TOLL"), "TOLL"),
}
"""Names that other schemes have for our labels."""

_SHORTEST = 3
_LONGEST_VALUE = 100
_MOST_LABELS = 100
_ROOM = 100
_CODES_OF_A_CHECK = 6


def check_submission(
    path: pathlib.Path, documents: Mapping[str, Document | None], limits: Limits = LIMITS
) -> list[Issue]:
    """Return everything that is wrong with a prediction file of any form, by line; [] for a sound one.

    `documents` are those to be predicted, None for one whose text is not at hand: its offsets are not checked. Errors
    keep a file from being scored; warnings are faults for which scoring has a defined result (docs/evaluation.md).
    Codes: those of `rift.annotations.formats.codes.CODES`. Nothing is raised for content; memory and time are bounded
    by `limits` whatever the file holds: see `docs/formats.md`.
    """
    found = Findings(limits.issues)
    with contextlib.suppress(EnoughError):
        _check(pathlib.Path(path), documents, limits, found)
    return found.listed(str(path))


def _check(path: pathlib.Path, documents: Mapping[str, Document | None], limits: Limits, found: Findings) -> None:
    edges = readings.Edges()
    labels: dict[str, tuple[Where, int]] = {}
    seen: dict[str, int] = {}
    rows = 0
    for rows, row in enumerate(read_rows(path, documents, found, limits), start=1):  # noqa: B007 - used after
        document = documents.get(row.markup.doc)
        if row.markup.doc in documents:
            seen[row.markup.doc] = len(row.markup.spans)
        found.extend(_content_issues(row, documents, limits))
        _count_labels(row, labels)
        if document and document.sha256 == row.markup.sha256:
            edges.add(row.markup.spans[: len(document.text) + _ROOM], document.text)
    found.extend(_label_issues(labels, scheme()))
    if suspicion := _suspicion(edges, path):
        found.forget("edge-space", "edge-punctuation")
        found.add(suspicion)
    found.extend(_absence(found, documents, seen, rows, path))


def _content_issues(row: Row, documents: Mapping[str, Document | None], limits: Limits) -> Iterator[Issue]:
    markup = row.markup
    where = Where(row.file, row.line, markup.doc)
    document = documents.get(markup.doc)
    if markup.doc not in documents:
        hint = "take it out, or mend its id; it is not scored"
        yield finding("unknown-document", where, f"there is no document {quoted(markup.doc)} here", hint)
        return
    if document and document.sha256 != markup.sha256:
        yield _other_text(markup, document, where)
        return
    if document and len(markup.spans) > len(document.text) + _ROOM:
        sizes = f"{len(markup.spans):,} spans in a text of {len(document.text):,} characters"
        yield finding("too-many-spans", where, sizes)
        return
    spans = [span for span in markup.spans if span.start <= span.end]
    for span in markup.spans:
        if span.start > span.end:
            here = geometry.span_where(where, span)
            yield finding("reversed-span", here, f"the span {span.start}-{span.end} ends before it begins")
    most = _CODES_OF_A_CHECK * limits.issues + 1  # more than are listed, whatever their codes
    if document:
        yield from _offset_issues(spans, document.text, where, most)
    yield from _mutual_issues(spans, where, most)
    yield from _attribute_issues(spans, where)
    yield from _link_issues(spans, where)


def _other_text(markup: Markup, document: Document, where: Where) -> Issue:
    message = f"the offsets count on the text {markup.sha256[:8]}\u2026, the corpus has {document.sha256[:8]}\u2026"
    surfaces = [document.text[span.start : span.end] == span.surface for span in markup.spans if span.surface]
    fit = "the surfaces fit all the same: take the sha256 of the document, not that of a file"
    return finding("hash-mismatch", where, message, fit if surfaces and all(surfaces) else "")


def _offset_issues(spans: Sequence[Span], text: str, where: Where, most: int) -> Iterator[Issue]:
    """Yield one issue for a way of counting that explains most surfaces, then what is wrong with each other span."""
    explained: set[int] = set()
    if verdict := readings.by_surfaces(spans, text):
        explained = {id(span) for span in verdict.explained}
        count = f"{len(verdict.explained)} of {verdict.unfit} spans whose surface is not at their offsets"
        message = f"the offsets seem to count {verdict.reading.words}: so counted, {count} fit"
        yield finding(verdict.reading.code, where, message)
    others = [span for span in spans if id(span) not in explained]
    for issue in itertools.islice(geometry.text_issues(others, text, where), most):
        yield finding(issue.code, issue.where, issue.message, issue.hint)


def _mutual_issues(spans: Sequence[Span], where: Where, most: int) -> Iterator[Issue]:
    """Yield how spans stand to one another, at most `most` issues besides duplicates."""
    known = scheme()
    single: dict[tuple[int, int, str], Span] = {}
    for span in spans:
        key = span.start, span.end, span.label
        if key in single:
            here = geometry.span_where(where, span)
            yield finding("duplicate-span", here, f"the {shown(span.label)} at {span.start}-{span.end} stands twice")
        elif span.start < span.end and span.label in known.labels:  # others cannot be held against the scheme
            single[key] = span
    for issue in itertools.islice(geometry.nesting_issues(list(single.values()), known, where), most):
        yield finding(issue.code, issue.where, issue.message, issue.hint)


def _attribute_issues(spans: Sequence[Span], where: Where) -> Iterator[Issue]:
    """Yield attributes that are there and wrong; those that are missing are for the tracks that score them."""
    known, entries = scheme(), knowledge()
    for span in spans:
        long = [key for key, value in span.attributes.items() if isinstance(value, str) and len(value) > _LONGEST_VALUE]
        for key in long:
            here = geometry.span_where(where, span)
            yield finding("bad-value", here, f"{quoted(key)} is longer than {_LONGEST_VALUE} characters")
        if span.label in known.labels and not long:
            for issue in values.attribute_issues([span], known, entries, where):
                if issue.code in CODES:
                    yield finding(issue.code, issue.where, issue.message, issue.hint)


def _link_issues(spans: Sequence[Span], where: Where) -> Iterator[Issue]:
    known = scheme()
    ids = {span.id for span in spans if span.id is not None}
    for span in spans:
        label = known.labels.get(span.label)
        here = geometry.span_where(where, span)
        for name, targets in span.links.items() if label else ():
            if label and name not in label.links:
                yield finding("unknown-link", here, f"{span.label} has no link {quoted(name)}")
            elif missing := [target for target in targets if target not in ids]:
                yield finding("dangling-link", here, f"{name!r} leads to {quoted(missing[0])}, which is no span")


def _count_labels(row: Row, labels: dict[str, tuple[Where, int]]) -> None:
    """Count the labels that the scheme lacks, with the place of the first; at most 100 of them."""
    known = scheme().labels
    for span in row.markup.spans:
        if span.label in labels:
            where, count = labels[span.label]
            labels[span.label] = where, count + 1
        elif span.label not in known and len(labels) < _MOST_LABELS:
            labels[span.label] = geometry.span_where(Where(row.file, row.line, row.markup.doc), span), 1


def _label_issues(labels: Mapping[str, tuple[Where, int]], known: Scheme) -> Iterator[Issue]:
    for label, (where, count) in labels.items():
        name = f"the label {quoted(label)} of {count:,} spans"
        if meant := spelled_otherwise(label, known):
            yield finding("label-spelling", where, f"{name} is another spelling of {meant!r}", f"write {meant!r}")
        else:
            hint = f"labels of the scheme: {', '.join(known.labels)}"
            yield finding("unknown-label", where, f"{name} is not one of the scheme; they are spurious", hint)


def spelled_otherwise(label: str, known: Scheme) -> str | None:
    """Return the label of the scheme that `label` is another spelling of: `actor`, `B-ACTOR`, `LOC`; None for none."""
    if label in known.labels or len(label) > _LONGEST_VALUE:
        return None
    plain = re.sub(r"^[BIESLU]-|[^\w]", "", label.strip(), flags=re.IGNORECASE).upper()
    for form in (plain, plain.removesuffix("S")):
        if form in known.labels:
            return form
        if form in _ALIASES and _ALIASES[form] in known.labels:
            return _ALIASES[form]
    begun = [name for name in known.labels if len(plain) >= _SHORTEST and name.startswith(plain)]
    return begun[0] if len(begun) == 1 else None


def _suspicion(edges: readings.Edges, path: pathlib.Path) -> Issue | None:
    verdict = edges.verdict()
    if verdict is None:
        return None
    reading, spans, broken = verdict
    message = f"the offsets seem to count {reading.words}: as code points {broken:,} of {spans:,} spans break words"
    return finding("suspect-offsets", Where(str(path)), message, CODES[reading.code].hint)


def _absence(
    found: Findings, documents: Mapping[str, Document | None], seen: Mapping[str, int], rows: int, path: pathlib.Path
) -> Iterator[Issue]:
    """Yield what the file lacks, unless a fault hides it: an unreadable line may be that of a missing document."""
    where = Where(str(path))
    if any(issue.level is Level.ERROR and not issue.where.doc for issue in found.kept):
        return
    reported = {issue.where.doc for issue in found.kept}
    missing = [name for name in documents if name not in seen and name not in reported]
    if not rows and not found.kept:
        yield finding("no-predictions", where, "the file holds no document")
        return
    if seen and not any(seen.values()) and not reported & seen.keys():
        yield finding("no-predictions", where, "the file holds no span of the documents asked for")
    if missing:
        names = ", ".join(missing[:5]) + (", \u2026" if len(missing) > 5 else "")  # noqa: PLR2004 - a line's worth
        message = f"{len(missing)} of {len(documents)} documents are missing: {names}"
        yield finding("missing-documents", where, message)
