"""Columns of tokens and tags, as taggers read and write them (Tjong Kim Sang and De Meulder 2003), from any hand."""

import dataclasses
import pathlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rift.annotations.formats import tags
from rift.annotations.formats.codes import finding, quoted, shown
from rift.annotations.formats.content import LIMITS, Limits, text_lines
from rift.annotations.formats.findings import Findings
from rift.annotations.formats.names import stem
from rift.annotations.formats.span_comments import PREFIX, Comment, with_comments
from rift.annotations.formats.walk import Place, skipped, walk
from rift.annotations.layer import Markup, Span, reading_order
from rift.corpus.document import Document
from rift.issues import InputError, Where

COLUMNS = "# global.columns = "
"""What the comment begins with that names the columns, as in CoNLL-U Plus."""

OFFSETS = ("START", "END")
"""The columns that say where a token stands; they follow from the text and are not read."""

_HEADER = re.compile(r"# +(?:newdoc +id|newdoc|doc_id|doc)[ =:]+(\S+) *")
_START = "-DOCSTART-"
_ROOM = 1_000
_OPENING = 10
"""How many tokens tell which document a nameless one is."""


class _Row(NamedTuple):
    line: int
    fields: tuple[str, ...]


class _Header(NamedTuple):
    line: int
    doc: str | None


class _Block(NamedTuple):
    """The lines of a document: that of its header or first row, its id or None, rows by sentence, comments on spans."""

    line: int
    doc: str | None
    sentences: list[list[_Row]]
    comments: list[Comment]


@dataclasses.dataclass(slots=True)
class _Column:
    """A column of tags: its index, the schemes that it can still be, the line from which on it can be none."""

    index: int
    schemes: set[str] = dataclasses.field(default_factory=lambda: set(tags.SCHEMES))
    broken: int = 0


def read(
    path: pathlib.Path, documents: Mapping[str, Document | None], found: Findings, limits: Limits = LIMITS
) -> Iterator[tuple[int, Markup]]:
    """Yield (line of the header or first row, markup) for each document of a file of columns.

    Columns are separated by tabs, or else by spaces: the token first, the tag last; a column between is read too where
    its tags have one label only, so that nested spans have a column a label. An empty line ends a sentence and a
    span. `# doc = ID` or `-DOCSTART- ID` begins a document; without an id it is the first of `documents`, in their
    order, that begins with its tokens. A span runs from the start of its first token to the end of its last; a comment
    `# span = JSON` gives it an id, attributes and links.

    Codes: `bad-row`, `bad-comment`, `not-read`, `no-document`, `unknown-document`, `duplicate-document`,
    `tagged-token-differs`, `token-differs`, `skipped-text`, `ill-formed-tags`, `too-many-values`, and those of
    `spans.to_span`. Raises InputError as `content.text_lines`.
    """
    width, columns = _columns(path, found, limits)
    seen: dict[str, int] = {}
    most = 2 * max((len(document.text) for document in documents.values() if document), default=0) + _ROOM
    for block in _documents(path, width, columns, found, limits, most):
        rows = [row for sentence in block.sentences for row in sentence]
        document = _find(block.doc, rows, documents, seen, Where(str(path), block.line, block.doc or ""), found)
        if document is None:
            continue
        seen[document.id] = block.line
        places = walk([row.fields[0] for row in rows], document.text)
        where = Where(str(path), block.line, document.id)
        _report(rows, places, columns, document, where, found)
        at = iter(places)
        bare = [
            span
            for sentence in block.sentences
            for span in _spans(sentence, [next(at) for _ in sentence], columns, document.text)
        ]
        spans = sorted(with_comments(bare, block.comments, where, found), key=reading_order)
        yield block.line, Markup(doc=document.id, sha256=document.sha256, layer=stem(path), spans=tuple(spans))
    for column in columns:
        if column.broken:
            message = f"the tags in column {column.index + 1} fit no scheme from here on; read as conlleval reads them"
            found.add(finding("ill-formed-tags", Where(str(path), column.broken), message))


def _events(path: pathlib.Path, limits: Limits) -> Iterator[_Row | _Header | Comment | None]:
    """Yield rows, headers, comments, and None for the end of a sentence."""
    last = 0
    for number, raw in text_lines(path, limits):
        line = raw.strip(" \t")
        if number > last + 1 or not line:
            yield None
        last = number
        if not line:
            continue
        if line.startswith((COLUMNS, PREFIX)):
            yield Comment(number, line)
            continue
        fields = _fields(line)
        if header := line.startswith("#") and _HEADER.fullmatch(line):
            yield _Header(number, header[1])
        elif fields[0].startswith(_START):
            name = next((field.strip("()") for field in fields[1:] if field not in ("-X-", "O", "_")), None)
            yield _Header(number, name)
        elif not line.startswith("#") or (len(fields) > 1 and tags.label_of(fields[-1]) is not None):
            yield _Row(number, fields)


def _fields(line: str) -> tuple[str, ...]:
    if "\t" in line:
        return tuple([part.strip(" ") for part in line.split("\t")])
    return tuple([part for part in line.split(" ") if part])


def _columns(path: pathlib.Path, found: Findings, limits: Limits) -> tuple[int, list[_Column]]:
    """Return the number of columns and which of them hold tags."""
    labels: list[set[str] | None] = []
    names: list[str] = []
    for row in _events(path, limits):
        if isinstance(row, Comment) and row.text.startswith(COLUMNS):
            names = row.text.removeprefix(COLUMNS).split()
        if not isinstance(row, _Row):
            continue
        labels = labels or [set() for _ in row.fields]
        for index, (known, tag) in enumerate(zip(labels, row.fields, strict=False)):
            if known is not None and len(row.fields) == len(labels):
                label = tags.label_of(tag)
                if label is None or len(known | {label} - {""}) > 1:
                    labels[index] = None
                else:
                    known.update({label} - {""})
    between = [index for index in range(1, len(labels) - 1) if labels[index] is not None]
    passed = {*between, *(index for index, name in enumerate(names) if name in OFFSETS)}
    if others := [str(index + 1) for index in range(1, len(labels) - 1) if index not in passed]:
        message = f"not read as tags of one label: column {', '.join(others)}"
        found.add(finding("not-read", Where(str(path)), message))
    return len(labels), [_Column(index) for index in [*between, *([len(labels) - 1] if len(labels) > 1 else [])]]


def _documents(
    path: pathlib.Path, width: int, columns: Sequence[_Column], found: Findings, limits: Limits, most: int
) -> Iterator[_Block]:
    """Yield the lines of each document; a row that is not one is reported and left out."""
    block = _Block(0, None, [[]], [])
    size = 0
    for event in _events(path, limits):
        match event:
            case None:
                block.sentences.append([])
            case _Header():
                yield from _full(block)
                block, size = _Block(event.line, event.doc, [[]], []), 0
            case Comment():
                block.comments.extend([event] if event.text.startswith(PREFIX) else [])
                size += 1
            case _Row() if _is_sound(event, width, columns):
                block.sentences[-1].append(event)
                size += 1
            case _Row():
                where = Where(str(path), event.line)
                row = shown(" ".join(event.fields), 80)
                found.add(finding("bad-row", where, f"{row!r} is not a token and its tags in {max(width, 2)} columns"))
        if size > most:
            message = f"a document has more than {most:,} tokens, more than any text; the file is read no further"
            raise InputError([finding("too-many-values", Where(str(path)), message)])
    yield from _full(block)


def _full(block: _Block) -> Iterator[_Block]:
    """Yield a block without its empty sentences; nothing for one without header and rows."""
    sentences = [sentence for sentence in block.sentences if sentence]
    if block.line or sentences:
        line = block.line or sentences[0][0].line
        yield _Block(line, block.doc, sentences, block.comments)


def _is_sound(row: _Row, width: int, columns: Sequence[_Column]) -> bool:
    return (
        len(row.fields) == width > 1
        and bool(row.fields[0])
        and all(tags.label_of(row.fields[column.index]) is not None for column in columns)
    )


def _find(
    name: str | None,
    rows: Sequence[_Row],
    documents: Mapping[str, Document | None],
    seen: Mapping[str, int],
    where: Where,
    found: Findings,
) -> Document | None:
    """Return the document that the rows are of, None where there is none, which is reported."""
    if name is None and stem(pathlib.Path(where.file)) in documents.keys() - seen.keys():
        name = stem(pathlib.Path(where.file))
    if name is None:
        opening = [row.fields[0] for row in rows[:_OPENING]]
        for document in documents.values():
            if document and document.id not in seen and rows and None not in walk(opening, document.text[:1000]):
                return document
        hint = "write `# doc = ID` before its first token"
        found.add(finding("no-document", where, "no document begins with these tokens", hint))
    elif name in seen:
        found.add(finding("duplicate-document", where, f"the document has line {seen[name]} already"))
    elif name not in documents:
        found.add(finding("unknown-document", where, f"there is no document {name!r}"))
    elif (document := documents[name]) is None:
        found.add(finding("unknown-document", where, f"the text of {name!r} is not at hand", "name the sources"))
    else:
        return document
    return None


def _report(
    rows: Sequence[_Row],
    places: Sequence[Place | None],
    columns: Sequence[_Column],
    document: Document,
    where: Where,
    found: Findings,
) -> None:
    end = 0
    for row, place in zip(rows, places, strict=True):
        if place:
            end = place.end
            continue
        tagged = any(row.fields[column.index] != "O" for column in columns)
        after = shown(document.text[end : end + 20].strip())
        message = f"the token {quoted(row.fields[0])} does not fit the text, which goes on {after!r}"
        code = "tagged-token-differs" if tagged else "token-differs"
        found.add(finding(code, Where(where.file, row.line, where.doc), message))
    if rows and (gaps := skipped(places, document.text)):
        size = sum(gap.end - gap.start for gap in gaps)
        first = shown(document.text[gaps[0].start : gaps[0].end].strip())
        found.add(finding("skipped-text", where, f"{size} characters have no token, first {first!r}"))


def _spans(
    sentence: Sequence[_Row], places: Sequence[Place | None], columns: Sequence[_Column], text: str
) -> Iterator[Span]:
    """Yield the spans of a sentence; of a span only the tokens that fit the text count."""
    for column in columns:
        its = [row.fields[column.index] for row in sentence]
        column.schemes &= tags.schemes(its)
        if not column.schemes and not column.broken:
            column.broken = sentence[0].line
        for chunk in tags.chunks(its):
            fit = [place for place in places[chunk.start : chunk.end] if place]
            if fit:
                start, end = fit[0].start, fit[-1].end
                yield Span(start=start, end=end, label=chunk.label, surface=text[start:end])
