"""Rows: a document with its gold as one row of a table, the same in memory, in Parquet and in a data set."""

import bisect
import enum
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from rift.annotations.layer import Markup, Span, reading_order
from rift.annotations.records import Record, fatality_estimate, records
from rift.corpus.document import Document
from rift.corpus.tokens import tokenize
from rift.guidelines import Scheme

Row = dict[str, Any]
"""A row, its values as JSON has them; the columns are those of `rift.release.schema`."""


class Gold(enum.StrEnum):
    """What a row says of its gold: `open`, or `sealed` where it is encrypted and the row therefore has no spans."""

    OPEN = "open"
    SEALED = "sealed"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A document as the manifest knows it, its text only where it is at hand, and its gold only where it is open."""

    id: str
    collection: str
    split: str
    title: str
    publisher: str
    published: str
    language: str
    license: str
    source: str
    phenomena: Sequence[str]
    sha256: str
    document: Document | None
    markup: Markup | None


def to_row(entry: Entry, scheme: Scheme) -> Row:
    """Return the row of an entry: without text no tokens and no tags, without gold no spans and no tolls.

    Lists are never null; a single value is null where there is none (an attribute left out, no estimate).
    """
    markup = entry.markup
    spans = sorted(markup.spans, key=reading_order) if markup else []
    found = records(markup) if markup else ()
    estimate = fatality_estimate(found)
    row = {
        **{name: getattr(entry, name) for name in ("id", "collection", "title", "publisher", "published", "language")},
        "license": entry.license,
        "source": entry.source,
        "phenomena": list(entry.phenomena),
        "sha256": entry.sha256,
        "gold": str(Gold.OPEN if markup else Gold.SEALED),
        "spans": [_span(span, scheme) for span in spans],
        "tolls": [_toll(record) for record in found],
        "fatalities": {name: getattr(estimate, name, None) for name in ("low", "best", "high")},
    }
    return with_text(row, entry.document.text if entry.document else "", scheme)


def with_text(row: Row, text: str, scheme: Scheme) -> Row:
    """Return a row with its text, tokens and tags, and with the surfaces that were withheld; "" stands for no text.

    The tags of a label are 0 for O, 1 for B, 2 for I, a column a label.
    """
    tokens = tokenize(text)
    starts, ends = [token.start for token in tokens], [token.end for token in tokens]
    tags = {label: [0] * len(tokens) if row["gold"] == Gold.OPEN else [] for label in scheme.labels}
    spans = [{**span, "surface": text[span["start"] : span["end"]] or span["surface"]} for span in row["spans"]]
    for span in spans if tokens else ():
        inside = range(bisect.bisect_right(ends, span["start"]), bisect.bisect_left(starts, span["end"]))
        for number in inside:
            tags[span["label"]][number] = 2 if number > inside.start else 1
    return {
        **row,
        "text": text,
        "spans": spans,
        "tokens": [text[token.start : token.end] for token in tokens],
        "token_starts": starts,
        "token_ends": ends,
        **{tags_column(label): column for label, column in tags.items()},
    }


def _span(span: Span, scheme: Scheme) -> Row:
    """Return a span with every attribute and link that the scheme knows."""
    attributes = {name: None for label in scheme.labels.values() for name in label.attributes}
    links: dict[str, list[str]] = {name: [] for label in scheme.labels.values() for name in label.links}
    return {
        "id": span.id,
        "start": span.start,
        "end": span.end,
        "label": span.label,
        "surface": span.surface or "",
        "attributes": {**attributes, **span.attributes},
        "links": {**links, **{role: list(targets) for role, targets in span.links.items()}},
    }


def _toll(record: Record) -> Row:
    values: Mapping[str, object] = msgspec.structs.asdict(record)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def tags_column(label: str) -> str:
    """Return the name of the column that holds the tags of a label: `toll_tags`."""
    return f"{label.lower()}_tags"
