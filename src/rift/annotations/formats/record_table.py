"""Toll records as a table (CSV): a row a record, for spreadsheets and for programs that know nothing of spans."""

import collections
import csv
import io
import pathlib
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from rift.annotations.formats.cells import cell, joined, text_of, values_of
from rift.annotations.formats.codes import finding, quoted
from rift.annotations.formats.content import whole
from rift.annotations.formats.rendering import Context, Losses, Rendering, place
from rift.annotations.layer import Layer, Markup, Span, Value
from rift.annotations.records import GENERIC, TOLL, Record, actor_value, records
from rift.guidelines import Knowledge, scheme
from rift.issues import InputError, Issue, Where

COLUMNS = (
    *("doc", "outcome", "low", "high", "victims", "by", "where", "lat", "lon", "when", "source", "scope", "surface"),
    *("approx", "victim", "breakdown", "record", "part_of", "same_as"),
    *("by_name", "where_name", "source_name", "victim_name", "start", "end"),
)
"""The columns, in order; those ending in `_name`, `lat`, `lon` and `surface` repeat what follows from the others."""

_DERIVED = {"lat", "lon", "surface", "by_name", "where_name", "source_name", "victim_name"}
_TEXTS = ("outcome", "victims", "scope", "breakdown")
_COUNTS = ("low", "high", "start", "end")
_ACTORS = ("by", "source", "victim")
_TOLLS = ("part_of", "same_as")
_MARK = "\ufeff"
_COUNT = re.compile(r"[0-9]{1,18}")


def render(layer: Layer, context: Context) -> Rendering:
    """Render the toll records of a layer as CSV: comma, UTF-8 with a byte order mark, LF, the columns in the first row.

    Actors, places and dates stand as ids and values, several joined by `; `; beside them the names, and the degrees of
    places, of the knowledge files. `part_of` and `same_as` give the `record` of the document. Held are tolls with their
    attributes, and the values that they are linked to; not the spans linked to, other spans, ids, documents without a
    toll, links that lead to no value. A layer without tolls gives the first row alone.
    """
    losses = Losses()
    table = io.StringIO()
    writer = csv.DictWriter(table, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for markup in sorted(layer, key=lambda markup: markup.doc):
        _count(markup, losses)
        surfaces = {(span.start, span.end): span.surface for span in markup.spans if span.label == TOLL}
        for number, record in enumerate(records(markup), start=1):
            surface = cell(surfaces[record.start, record.end] or "")
            cells = _cells(record, context.knowledge)
            writer.writerow({"doc": cell(markup.doc), "record": number, "surface": surface, **cells})
    return Rendering((_MARK + table.getvalue()).encode(), losses.listed())


def _cells(record: Record, knowledge: Knowledge) -> dict[str, str | int | None]:
    places = [knowledge.places.get(key) for key in record.where]
    names = {name: [_actor_name(value, knowledge) for value in getattr(record, name)] for name in _ACTORS}
    names["where"] = [place.name if place else key for key, place in zip(record.where, places, strict=True)]
    return {
        **{name: cell(getattr(record, name) or "") for name in _TEXTS},
        **{name: getattr(record, name) for name in _COUNTS},
        **{name: joined(getattr(record, name)) for name in (*_ACTORS, "where", "when")},
        **{name: joined(str(position + 1) for position in getattr(record, name)) for name in _TOLLS},
        **{f"{name}_name": joined(found) for name, found in names.items()},
        "lat": joined(_degrees(place.latitude if place else None) for place in places),
        "lon": joined(_degrees(place.longitude if place else None) for place in places),
        "approx": "true" if record.approx else "",
    }


def _degrees(value: float | None) -> str:
    return "" if value is None else str(value)


def _actor_name(value: str, knowledge: Knowledge) -> str:
    if value.startswith(GENERIC):
        return value.removeprefix(GENERIC).replace("_", " ")
    actor = knowledge.actors.get(value)
    return actor.name if actor else value


def _count(markup: Markup, losses: Losses) -> None:
    """Count what the records of a document leave out."""
    tolls = [span for span in markup.spans if span.label == TOLL]
    if not tolls:
        losses.add("documents", "without a toll", Where("", doc=markup.doc))
    uses = collections.Counter(span.id for span in markup.spans)
    by_id = {span.id: span for span in markup.spans if span.id is not None and uses[span.id] == 1}
    for span in markup.spans:
        here = place(markup, span)
        if span.label != TOLL:
            losses.add("spans", "other than tolls; of those that tolls are linked to, the value stays", here)
            continue
        losses.add("ids", "of tolls, which have numbers instead", here, span.id is not None)
        (record,) = records(msgspec.structs.replace(markup, spans=(span,)))
        lost = sum(not _is_held(record, key, value) for key, value in span.attributes.items())
        losses.add("attributes", "of tolls, which a record has no place for", here, lost)
        links = [(name, by_id.get(target)) for name, targets in span.links.items() for target in targets]
        empty = sum(target is span or not _says(name, target) for name, target in links)
        losses.add("links", "of tolls, which lead to no value", here, empty)


def _is_held(record: Record, key: str, value: Value) -> bool:
    held = getattr(record, key) if key in (*_TEXTS, "low", "high", "approx") else None
    return type(held) is type(value) and held == value and value != ""


def _says(name: str, target: Span | None) -> bool:
    """Say whether a link of a toll to this span adds a value to the toll's record."""
    link = scheme().labels[TOLL].links.get(name)
    if link is None or target is None or target.label != link.target:
        return False
    match target.label:
        case "ACTOR":
            value: Value | None = actor_value(target)
        case "LOCATION":
            value = target.attributes.get("place")
        case "DATE":
            value = target.attributes.get("value")
        case _:
            return True
    return isinstance(value, str) and bool(value)


class _Row(NamedTuple):
    """A record as its row has it: `part_of` and `same_as` still to be resolved."""

    line: int
    record: Record
    others: Mapping[str, tuple[str, ...]]


def read_records(path: pathlib.Path) -> dict[str, tuple[Record, ...]]:
    """Return the toll records of a table that `render` wrote, by document; rows may stand in any order.

    Columns that a record does not need may be missing, and others be there. A table of no rows gives {}. Raises
    InputError with every issue: those of `content.whole`, `not-utf-8`, `missing-key` (a column), `wrong-type` (a cell,
    or what is no CSV), `duplicate-id` (two rows of a document with one number), `dangling-link`.
    """
    issues: list[Issue] = []
    rows: dict[str, dict[str, _Row]] = {}
    for line, cells in _lines(path):
        where = Where(str(path), line, text_of(cells["doc"]))
        number = cells["record"]
        known = rows.setdefault(where.doc, {})
        if number in known:
            message = f"the record {number} stands in line {known[number].line} already"
            issues.append(finding("duplicate-id", where, message))
        known[number] = _row(cells, where, issues)
    found = {doc: tuple(_resolved(rows[doc], Where(str(path), doc=doc), issues)) for doc in rows}
    if issues:
        raise InputError(issues)
    return found


def _lines(path: pathlib.Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, cells by column) of each row; raises InputError for what is no table of records."""
    where = Where(str(path))
    try:
        text = whole(path).decode().removeprefix(_MARK)
    except UnicodeDecodeError as error:
        raise InputError([finding("not-utf-8", where, f"the file is not UTF-8 at byte {error.start}")]) from error
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="", strict=True)
    try:
        missing = [name for name in COLUMNS if name not in _DERIVED and name not in (reader.fieldnames or ())]
        if missing:
            message = f"the first row lacks the columns {', '.join(missing)}"
            raise InputError([finding("missing-key", Where(str(path), 1), message)])
        for cells in reader:
            yield reader.line_num, {name: cells[name] for name in COLUMNS if name in cells}
    except csv.Error as error:
        line = reader.reader.line_num
        raise InputError([finding("wrong-type", Where(str(path), line), f"is not CSV: {error}")]) from error


def _row(cells: Mapping[str, str], where: Where, issues: list[Issue]) -> _Row:
    """Return the row, with a record of nothing where a cell is wrong, which is reported."""
    faults = [
        finding("wrong-type", where, f"{name!r} is {quoted(cells[name])}, not a whole number from 0")
        for name in (*_COUNTS, "record")
        if not _COUNT.fullmatch(cells[name]) and (cells[name] or name not in {"low", "high"})
    ]
    if cells["approx"] not in {"", "true"}:
        faults.append(finding("wrong-type", where, f"'approx' is {quoted(cells['approx'])}, neither true nor empty"))
    issues.extend(faults)
    fields = {
        **{name: text_of(cells[name]) or None for name in _TEXTS},
        **{name: int(cells[name]) if cells[name] else None for name in _COUNTS if not faults},
        **{name: values_of(cells[name]) for name in (*_ACTORS, "where", "when")},
        "approx": bool(cells["approx"]),
    }
    record = msgspec.convert({"start": 0, "end": 0, **fields}, Record)
    return _Row(where.line, record, {name: values_of(cells[name]) for name in _TOLLS})


def _resolved(rows: Mapping[str, _Row], where: Where, issues: list[Issue]) -> Iterator[Record]:
    """Yield the records of a document by number, the numbers of others as their positions."""
    ordered = sorted(rows, key=lambda number: (len(number), number))
    positions = {number: position for position, number in enumerate(ordered)}
    for number in ordered:
        row = rows[number]
        here = Where(where.file, row.line, where.doc)
        links: dict[str, tuple[int, ...]] = {}
        for name, others in row.others.items():
            for other in others:
                if other not in positions:
                    message = f"{name!r} names the record {quoted(other)}, which the document lacks"
                    issues.append(finding("dangling-link", here, message))
            links[name] = tuple(positions[other] for other in others if other in positions)
        yield msgspec.structs.replace(row.record, **links)
