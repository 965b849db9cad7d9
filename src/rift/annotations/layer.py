"""The layer: whatever marks up text, be it an annotator, the gold, a baseline or a submission."""

import os
import pathlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any

import msgspec

from rift import jsonl
from rift.corpus.document import Sha256
from rift.issues import InputError, Issue, Level, Where
from rift.paths import write_whole

Value = str | bool | int
"""What an attribute may hold; an attribute without a value is left out."""

Offset = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]

SpanId = Annotated[str, msgspec.Meta(pattern=r"^[^\s,]+$")]
"""No white space and no comma, so that mention lists can name it."""


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A labelled stretch of text, `[start, end)` in code points.

    `surface` is the text of the span. A submission may leave out `id`, `surface`, `attributes` and `links`, which are
    then None or empty.
    """

    id: SpanId | None = None
    start: Offset
    end: Offset
    label: str
    surface: str | None = None
    attributes: Mapping[str, Value] = {}
    links: Mapping[str, Sequence[SpanId]] = {}


class Markup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One document's spans in one layer; `sha256` is the digest of the text that the offsets count on."""

    doc: str
    sha256: Sha256
    layer: str
    spans: Sequence[Span]


class Layer:
    """The markups of one annotator or system over any number of documents, by document id; immutable.

    Raises ValueError when a document occurs twice.
    """

    __slots__ = ("_markups", "name")

    def __init__(self, name: str, markups: Iterable[Markup] = ()) -> None:
        self.name = name
        found: dict[str, Markup] = {}
        for markup in markups:
            if markup.doc in found:
                raise ValueError(f"the document {markup.doc!r} occurs twice in the layer {name!r}")
            found[markup.doc] = markup
        self._markups = MappingProxyType(found)

    @property
    def markups(self) -> Mapping[str, Markup]:
        """Read-only mapping of document id to markup, in the order given."""
        return self._markups

    def __iter__(self) -> Iterator[Markup]:
        """Iterate over the markups."""
        return iter(self._markups.values())

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self._markups)

    def __repr__(self) -> str:
        """Name and size."""
        return f"Layer({self.name!r}, {len(self)} documents)"

    def only(self, documents: Iterable[str]) -> "Layer":
        """Return the layer restricted to the ids in `documents`; ids that it does not hold are passed over."""
        wanted = set(documents)
        return Layer(self.name, (markup for markup in self if markup.doc in wanted))

    def renamed(self, name: str) -> "Layer":
        """Return the same markups as a layer of another name."""
        return Layer(name, (msgspec.structs.replace(markup, layer=name) for markup in self))


def reading_order(span: Span) -> tuple[int, int, bool, str]:
    """Sort key of a span: by start, the longer first, and of two equal stretches the TOLL first, as it may contain."""
    return span.start, -span.end, span.label != "TOLL", span.label


def read_layer(path: str | os.PathLike[str]) -> Layer:
    """Read a layer file; raises InputError with every issue of its form. An empty file gives a layer of no document.

    Checks the form only (JSON, keys, types, one line a document); `rift.annotations.validate` checks the content.
    """
    layer, issues = read_layer_leniently(pathlib.Path(path))
    if issues:
        raise InputError(issues)
    return layer


def read_layer_leniently(path: pathlib.Path) -> tuple[Layer, list[Issue]]:
    """Read what can be read of a layer file, and return it with the issues of the rest (see `read_numbered`)."""
    rows, issues = read_numbered(path)
    name = rows[0][1].layer if rows else path.stem
    return Layer(name, (markup for _, markup in rows)), issues


def read_numbered(path: pathlib.Path) -> tuple[list[tuple[int, Markup]], list[Issue]]:
    """Read the markups of a layer file with their 1-based line numbers, and the issues of its form.

    A span of wrong form is left out of its markup, a line of wrong form out of the rows, as is a document's second
    line. Codes: those of `rift.jsonl`, and `duplicate-document`.
    """
    return number_markups(jsonl.read_values(path), str(path))


def number_markups(
    values: Iterable[tuple[int, Any] | Issue], file: str
) -> tuple[list[tuple[int, Markup]], list[Issue]]:
    """Return what `read_numbered` does for decoded lines of a file that is called `file` in issues."""
    rows: list[tuple[int, Markup]] = []
    issues: list[Issue] = []
    first: dict[str, int] = {}
    for row in values:
        if isinstance(row, Issue):
            issues.append(row)
            continue
        number, value = row
        markup, faults = _to_markup(value, Where(file, number))
        issues.extend(faults)
        if markup is None:
            continue
        if markup.doc in first:
            message = f"the document has line {first[markup.doc]} already"
            where = Where(file, number, markup.doc)
            issues.append(Issue("duplicate-document", Level.ERROR, where, message, "join its spans on one line"))
            continue
        first[markup.doc] = number
        rows.append((number, markup))
    return rows, issues


def _to_markup(value: object, where: Where) -> tuple[Markup | None, list[Issue]]:
    """Convert one line; faulty spans are reported one by one and left out."""
    if not isinstance(value, dict) or not isinstance(value.get("spans"), list):
        markup = jsonl.to_struct(Markup, value, where)
        return (None, markup) if isinstance(markup, list) else (markup, [])
    where = Where(where.file, where.line, str(value.get("doc", "")))
    markup = jsonl.to_struct(Markup, {**value, "spans": []}, where)
    issues = markup if isinstance(markup, list) else []
    spans: list[Span] = []
    for index, raw in enumerate(value["spans"], start=1):
        name = raw.get("id") if isinstance(raw, dict) else None
        here = Where(where.file, where.line, where.doc, str(name) if name else f"span {index}")
        span = jsonl.to_struct(Span, raw, here)
        if isinstance(span, list):
            issues.extend(span)
        else:
            spans.append(span)
    if isinstance(markup, list):
        return None, issues
    return msgspec.structs.replace(markup, spans=tuple(spans)), issues


def write_layer(path: str | os.PathLike[str], layer: Layer) -> None:
    """Write a layer as JSON Lines (see `encode_layer`), whole or not at all."""
    write_whole(pathlib.Path(path), encode_layer(layer))


def encode_layer(layer: Layer) -> bytes:
    """Return a layer as JSON Lines, documents by id and spans in reading order; an empty one gives b""."""
    ordered = sorted(layer, key=lambda markup: markup.doc)
    sort = msgspec.structs.replace
    return jsonl.encode_values(sort(m, spans=sorted(m.spans, key=reading_order)) for m in ordered)
