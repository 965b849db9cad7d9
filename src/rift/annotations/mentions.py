"""Mention lists: layers that people and programs write in a text editor, one line a mention (docs/formats.md)."""

import dataclasses
import pathlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rift.annotations.codes import finding
from rift.annotations.implied import with_implied, without_implied
from rift.annotations.layer import Markup, Span, Value, reading_order
from rift.annotations.surfaces import Mention, context_of, inner_offsets, occurrences
from rift.corpus.document import Document
from rift.guidelines import Attribute, Knowledge, Scheme
from rift.issues import Issue, Where

_HEADER = re.compile(r"#\s*doc\s+(\S+)\s*$")
_COUNT = re.compile(r"[0-9]{1,12}")
_ESCAPES = {"\\\\": "\\", "\\n": "\n", "\\t": "\t"}


@dataclasses.dataclass(frozen=True, slots=True)
class _Line:
    """One mention as written; `mention` is the surface with the context before and after it, `nth` which occurrence."""

    where: Where
    label: str
    mention: Mention
    nth: int
    id: str | None
    pairs: tuple[tuple[str, str], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class MentionList:
    """A mention list as read: its markups, its faults, and the line of each span by document and span id."""

    markups: Sequence[Markup]
    issues: Sequence[Issue]
    lines: Mapping[tuple[str, str], int]

    def with_line(self, issue: Issue) -> Issue:
        """Return an issue about a span of this list with the span's line."""
        where = issue.where
        line = self.lines.get((where.doc, where.span), where.line)
        return dataclasses.replace(issue, where=dataclasses.replace(where, line=line))


def parse(text: str, file: str, documents: Mapping[str, Document], scheme: Scheme, knowledge: Knowledge) -> MentionList:
    """Turn a mention list into markups, one for each `# doc` line, with every fault in it.

    A surface is looked for as whole words, from the end of the previous mention, or after a TOLL from its start. What
    an `entity` or `place` says need not be repeated: `form` and `kind` follow from the knowledge entry. The markups'
    `layer` is the file's stem. A faulty line is left out. An empty text gives no markup.

    Codes: `no-document` (a mention before the first `# doc`), `unknown-document`, `duplicate-document`, `bad-mention`
    (a line that is not label, surface, pairs), `surface-not-found`, `unknown-attribute`, `bad-value`.
    """
    stem = re.sub(r"^.*/|\.mentions$", "", file)
    markups: list[Markup] = []
    issues: list[Issue] = []
    places: dict[tuple[str, str], int] = {}
    for where, lines in _blocks(text, file, issues):
        document = documents.get(where.doc)
        if document is None:
            issues.append(finding("unknown-document", where, f"there is no document {where.doc!r}"))
        elif any(markup.doc == document.id for markup in markups):
            issues.append(finding("duplicate-document", where, "the document has a list already", "join the two lists"))
        else:
            found = [_read_line(where, line) for where, line in lines]
            issues.extend(line for line in found if isinstance(line, Issue))
            mentions = [line for line in found if isinstance(line, _Line)]
            spans = tuple(_place(mentions, document, scheme, knowledge, issues))
            markups.append(Markup(doc=document.id, sha256=document.sha256, layer=stem, spans=spans))
            for number, line in enumerate(mentions, start=1):
                places.setdefault((document.id, line.id or f"s{number}"), line.where.line)
    return MentionList(markups, issues, places)


def _blocks(text: str, file: str, issues: list[Issue]) -> Iterator[tuple[Where, list[tuple[Where, str]]]]:
    """Cut the list at its `# doc` lines; blank lines and other comments are passed over."""
    head: Where | None = None
    lines: list[tuple[Where, str]] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        header = _HEADER.match(line)
        if header:
            if head:
                yield head, lines
            head, lines = Where(file, number, header[1]), []
        elif re.match(r"#\s*doc\b", line):
            issues.append(
                finding("bad-mention", Where(file, number), "the line names no document", "write `# doc <id>`")
            )
        elif line.strip() and not line.startswith("#"):
            if head:
                lines.append((Where(file, number, head.doc), line))
            else:
                issues.append(finding("no-document", Where(file, number), "the mention belongs to no document"))
    if head:
        yield head, lines


def _read_line(where: Where, line: str) -> _Line | Issue:
    label, *rest = line.rstrip().split("\t")
    if not rest or not rest[0]:
        return finding("bad-mention", where, "the line has no surface")
    pairs = [pair.partition("=")[::2] for pair in rest[1:] if pair.strip()]
    fields = {key.strip(): value.strip() for key, value in pairs}
    if len(fields) < len(pairs) or not all(fields.values()) or not all(fields):
        return finding("bad-mention", where, "a pair is not key=value, or stands twice")
    surface = _unescape(rest[0])
    nth = fields.pop("nth", "1")
    if not _COUNT.fullmatch(nth) or int(nth) < 1:
        return finding("bad-mention", where, f"nth={nth} is not a count from 1", "nth=2 skips one")
    before, bracketed, after = _unescape(fields.pop("in", f"[{rest[0]}]")).partition(f"[{surface}]")
    if not bracketed:
        return finding("bad-mention", where, "`in` does not hold the surface in brackets", "e.g. in=[Syria]s")
    mention = Mention(before, surface, after)
    return _Line(where, label.strip(), mention, int(nth), fields.pop("id", None), tuple(fields.items()))


def _place(
    lines: Sequence[_Line], document: Document, scheme: Scheme, knowledge: Knowledge, issues: list[Issue]
) -> Iterator[Span]:
    """Find each mention in the text and make its span."""
    position = 0
    inner = inner_offsets(document.text)
    for number, line in enumerate(lines, start=1):
        surface = line.mention.surface
        starts = occurrences(document.text, line.mention, position, inner)
        start = next((start for n, start in enumerate(starts, start=1) if n == line.nth), None)
        if start is None:
            message = f"{surface!r} does not follow as a whole word from offset {position} on"
            issues.append(finding("surface-not-found", line.where, message, _not_found_hint(line, document, inner)))
            continue
        end = start + len(surface)
        position = start if line.label == "TOLL" else end
        attributes, links = _values(line, scheme, issues)
        yield Span(
            id=line.id or f"s{number}",
            start=start,
            end=end,
            label=line.label,
            surface=surface,
            attributes=with_implied(line.label, attributes, knowledge),
            links=links,
        )


def _not_found_hint(line: _Line, document: Document, inner: frozenset[int]) -> str:
    if next(occurrences(document.text, line.mention, 0, inner), None) is not None:
        return "it stands earlier in the text: mentions come in reading order, a TOLL before what it contains"
    if line.mention.surface in document.text:
        return "it is part of a longer word: give the whole word, e.g. in=[Syria]s"
    return "copy the surface from the text exactly"


def _values(line: _Line, scheme: Scheme, issues: list[Issue]) -> tuple[dict[str, Value], dict[str, list[str]]]:
    label = scheme.labels.get(line.label)
    attributes: dict[str, Value] = {}
    links: dict[str, list[str]] = {}
    for key, written in line.pairs:
        if label and key in label.links:
            links[key] = [target.strip() for target in written.split(",")]
        elif label and key in label.attributes:
            value = _value(label.attributes[key], written)
            if value is None:
                message = f"{key}={written} is not a {label.attributes[key].type}"
                issues.append(finding("bad-value", line.where, message, "see the scheme"))
            else:
                attributes[key] = value
        else:
            known = ", ".join([*label.attributes, *label.links]) if label else "none, as the label is unknown"
            message = f"{line.label} has no attribute or link {key!r}"
            issues.append(finding("unknown-attribute", line.where, message, f"known: {known}"))
    return attributes, links


def _value(attribute: Attribute, written: str) -> Value | None:
    if attribute.type == "count":
        return int(written) if _COUNT.fullmatch(written) else None
    if attribute.type == "flag":
        return {"true": True, "false": False}.get(written)
    return written


def render(markups: Iterable[Markup], documents: Mapping[str, Document], knowledge: Knowledge) -> str:
    """Write markups as a mention list that `parse` turns back into the same markups.

    A span without an id gets the one that its place in the list gives it. Raises KeyError for a document that
    `documents` lacks, and ValueError for what a list cannot hold: an empty span, or spans that overlap other than
    inside a TOLL. No markup gives the empty string.
    """
    return "\n".join(_render_block(markup, documents[markup.doc], knowledge) for markup in markups)


def _render_block(markup: Markup, document: Document, knowledge: Knowledge) -> str:
    lines = [f"# doc {markup.doc}"]
    position = 0
    inner = inner_offsets(document.text)
    spans = sorted(markup.spans, key=reading_order)
    targets = {target for span in spans for ids in span.links.values() for target in ids}
    for number, span in enumerate(spans, start=1):
        if span.start >= span.end or span.start < position:
            raise ValueError(f"{markup.doc}: a mention list cannot hold the span {span.id} at {span.start}-{span.end}")
        mention = context_of(document.text, span.start, span.end, inner)
        seen = document.text[: span.end + len(mention.after)]
        nth = 1 + sum(start < span.start for start in occurrences(seen, mention, position, inner))
        before, surface, after = map(_escape, mention)
        fields = [span.label, surface]
        if before or after:
            fields.append(f"in={before}[{surface}]{after}")
        if nth > 1:
            fields.append(f"nth={nth}")
        if span.id is not None and (span.id in targets or span.id != f"s{number}"):
            fields.append(f"id={span.id}")
        fields.extend(_pairs(span, knowledge))
        lines.append("\t".join(fields))
        position = span.start if span.label == "TOLL" else span.end
    return "\n".join(lines) + "\n"


def _pairs(span: Span, knowledge: Knowledge) -> Iterator[str]:
    """Yield the attributes that the knowledge does not imply, then the links."""
    for key, value in without_implied(span.label, span.attributes, knowledge).items():
        yield f"{key}={str(value).lower() if isinstance(value, bool) else value}"
    for key, targets in span.links.items():
        yield f"{key}={','.join(targets)}"


def _escape(text: str) -> str:
    for written, meant in _ESCAPES.items():
        text = text.replace(meant, written)
    return text


def _unescape(text: str) -> str:
    return re.sub(r"\\[\\nt]", lambda found: _ESCAPES[found[0]], text)


def read(path: pathlib.Path, documents: Mapping[str, Document], scheme: Scheme, knowledge: Knowledge) -> MentionList:
    """Read a mention list file (see `parse`). Codes besides: `no-file`, `not-utf-8`."""
    where = Where(str(path))
    try:
        return parse(path.read_text("utf-8"), str(path), documents, scheme, knowledge)
    except OSError as error:
        issue = finding("no-file", where, f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        issue = finding("not-utf-8", where, f"the file is not UTF-8 at byte {error.start}", "save the file as UTF-8")
    return MentionList((), (issue,), {})
