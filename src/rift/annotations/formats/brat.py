"""brat standoff (Stenetorp et al. 2012, https://brat.nlplab.org/standoff.html), read and written."""

import dataclasses
import pathlib
import re
from collections.abc import Iterator, Mapping

import msgspec

from rift.annotations.formats.codes import finding, quoted, shown
from rift.annotations.formats.content import LIMITS, Limits, text_lines, whole
from rift.annotations.formats.findings import Findings
from rift.annotations.formats.names import stem, unpacked_name
from rift.annotations.layer import Markup, Span, Value
from rift.corpus.document import Document
from rift.guidelines import Scheme, scheme
from rift.issues import InputError, Where

ID = "id"
"""The type of the notes that hold the id of a span whose id is not of brat's form."""

SETTINGS = "annotation.conf"
"""The file by which a folder of no document is known."""

_SPAN = re.compile(r"(T\d+)\t(\S+) (\d{1,18} \d{1,18}(?:;\d{1,18} \d{1,18})*)(?:\t(.*))?")
_ATTRIBUTE = re.compile(r"[AM]\d+\t(\S+) (\S+)(?: (.*))?")
_RELATION = re.compile(r"R\d+\t(\S+) \S+:(\S+) \S+:(\S+)\s*")
_ID = re.compile(rf"#\d+\t({ID}) (T\d+)\t([^\s,]+)")
_OTHER = re.compile(r"(?:[EN#]\d+|\*)\t.*")


@dataclasses.dataclass(slots=True)
class _Draft:
    """A span as the lines read so far tell it; its links name others as the file does."""

    span: Span
    id: str
    attributes: dict[str, Value] = dataclasses.field(default_factory=dict)
    links: dict[str, list[str]] = dataclasses.field(default_factory=dict)


def files_of(path: pathlib.Path) -> list[pathlib.Path]:
    """Return the .ann files (.gz and .zst too) of a folder by name, or the one that `path` is; [] for none."""
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.iterdir() if unpacked_name(file).endswith(".ann"))


def read(
    path: pathlib.Path, documents: Mapping[str, Document | None], found: Findings, limits: Limits = LIMITS
) -> Iterator[tuple[int, pathlib.Path, Markup]]:
    """Yield (0, file, markup) for each .ann file of a folder, or for the one named; the document is the file's stem.

    Offsets count the characters of the .txt beside it, which must be the document's text, a line end at its end apart.
    T lines become spans, a discontinuous one the whole from its first to its last piece. A and M lines become
    attributes and R lines links of their first argument, where the scheme has them. A note of the type `id` is a span's
    id, which else is its name; other lines are passed over.

    Codes: `unknown-document`, `duplicate-document`, `text-differs`, `bad-annotation`, `surface-differs`,
    `duplicate-id`, `discontinuous-span`, `not-read`, `dangling-link`. A file that cannot be read is reported too.
    """
    layer = stem(path) if path.is_dir() else "predictions"
    seen: set[str] = set()
    for file in files_of(path):
        name = stem(file)
        where = Where(str(file), 0, name)
        document = documents.get(name)
        if document is None:
            known = "the text is not at hand" if name in documents else f"there is no document {quoted(name)}"
            found.add(finding("unknown-document", where, known, "name each file by its document's id"))
            continue
        if name in seen:
            found.add(finding("duplicate-document", where, "the document has a file already", "keep one of the two"))
            continue
        seen.add(name)
        try:
            if _check_text(file, document, found, limits):
                spans = tuple(_spans(file, document, found, limits))
                yield 0, file, Markup(doc=document.id, sha256=document.sha256, layer=layer, spans=spans)
        except InputError as error:
            found.extend(error.issues)


def _check_text(file: pathlib.Path, document: Document, found: Findings, limits: Limits) -> bool:
    """Say whether the .txt beside `file`, if there is one, is the document's text; report where it is not."""
    beside = file.with_name(f"{stem(file)}.txt")
    if not beside.exists():
        return True
    where = Where(str(beside), 0, document.id)
    try:
        text = whole(beside, limits).decode()
    except UnicodeDecodeError:
        found.add(finding("not-utf-8", where, "the text is not UTF-8"))
        return False
    if text.rstrip("\n") == document.text.rstrip("\n"):
        return True
    at = next((i for i, (a, b) in enumerate(zip(text, document.text, strict=False)) if a != b), len(text))
    hint = "save it with LF line ends" if text.replace("\r\n", "\n").rstrip("\n") == document.text else ""
    message = f"the text is not that of the document: they differ from character {at} on"
    found.add(finding("text-differs", where, message, hint))
    return False


def _spans(file: pathlib.Path, document: Document, found: Findings, limits: Limits) -> Iterator[Span]:
    drafts: dict[str, _Draft] = {}
    later: list[tuple[Where, re.Match[str]]] = []
    passed: dict[str, int] = {}
    for number, line in text_lines(file, limits):
        where = Where(str(file), number, document.id)
        if not line.strip():
            continue
        if match := _SPAN.fullmatch(line):
            _add_span(match, where, document, drafts, found)
        elif match := _ATTRIBUTE.fullmatch(line) or _RELATION.fullmatch(line) or _ID.fullmatch(line):
            later.append((where, match))
        elif _OTHER.fullmatch(line):
            passed.setdefault(line[0], number)
        else:
            hint = "T1, tab, label start end, tab, surface" if line.startswith("T") else ""
            found.add(finding("bad-annotation", where, f"{quoted(line)} is not brat standoff", hint))
        if len(drafts) + len(later) > limits.values:
            message = f"the file has more than {limits.values:,} lines"
            raise InputError([finding("too-many-values", where, message)])
    for where, match in later:
        _add_detail(match, where, drafts, found, scheme())
    for kind, number in passed.items():
        what = {"E": "events", "N": "normalisations", "#": "notes", "*": "equivalences"}[kind]
        found.add(finding("not-read", Where(str(file), number, document.id), f"{what} are not part of a layer"))
    for draft in drafts.values():
        links = {link: [drafts[name].id for name in names] for link, names in draft.links.items()}
        yield msgspec.structs.replace(draft.span, id=draft.id, attributes=draft.attributes, links=links)


def _add_span(
    match: re.Match[str], where: Where, document: Document, drafts: dict[str, _Draft], found: Findings
) -> None:
    name, label, offsets, surface = match.groups()
    here = Where(where.file, where.line, where.doc, name)
    if name in drafts:
        found.add(finding("duplicate-id", here, f"the id {name!r} stands twice; the second is left out"))
        return
    pieces = [tuple(map(int, piece.split(" "))) for piece in offsets.split(";")]
    start, end = min(piece[0] for piece in pieces), max(piece[1] for piece in pieces)
    if len(pieces) > 1:
        message = f"the span {name} is in {len(pieces)} pieces; it is read as {start}-{end}"
        found.add(finding("discontinuous-span", here, message))
    there = " ".join(document.text[piece[0] : piece[1]] for piece in pieces)
    same = surface is None or surface == re.sub(r"[\r\n]", " ", there)
    held = surface if surface is not None and (len(pieces) == 1 and not same) else document.text[start:end]
    drafts[name] = _Draft(Span(start=start, end=end, label=label, surface=held), name)
    if not same:
        message = f"the surface is {quoted(surface)}, but the text there is {quoted(there)}"
        found.add(finding("surface-differs", here, message))


def _add_detail(
    match: re.Match[str], where: Where, drafts: Mapping[str, _Draft], found: Findings, known: Scheme
) -> None:
    name, source, rest = match.groups()
    draft = drafts.get(source)
    relation = match.re is _RELATION
    here = Where(where.file, where.line, where.doc, shown(source))
    if draft is None or (relation and rest not in drafts):
        missing = source if draft is None else rest
        found.add(finding("dangling-link", here, f"{quoted(name)} names {quoted(missing)}, which is no span"))
        return
    if match.re is _ID:
        draft.id = rest
        return
    label = known.labels.get(draft.span.label)
    if label is None or name not in (label.links if relation else label.attributes):
        kind = "link" if relation else "attribute"
        found.add(finding("not-read", here, f"{draft.span.label} has no {kind} {quoted(name)} in the scheme"))
    elif relation:
        draft.links.setdefault(name, []).append(rest)
    else:
        draft.attributes[name] = typed(label.attributes[name].type, rest)


def typed(kind: str, value: str | None) -> Value:
    """Return the value of an attribute as the scheme types it: a count as a number, one without value as true."""
    if value is None or (kind == "flag" and value == "true"):
        return True
    if kind == "flag" and value == "false":
        return False
    if kind == "count" and re.fullmatch(r"\d{1,18}", value):
        return int(value)
    return value
