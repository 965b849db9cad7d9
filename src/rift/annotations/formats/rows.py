"""Rows in memory, be they dicts or the rows of a table, as markups: a row a document, or a row a span."""

from collections.abc import Iterable, Mapping

import msgspec

from rift.annotations.formats.codes import finding, quoted
from rift.annotations.formats.findings import Findings
from rift.annotations.formats.spans import to_markup, to_span
from rift.annotations.layer import Markup, Span
from rift.corpus.document import Document
from rift.issues import Where

_OWN = ("id", "start", "end", "label", "surface", "attributes", "links")
_PLURALS = {"starts": "start", "ends": "end", "labels": "label", "surfaces": "surface", "ids": "id"}
_SHELL = ("spans", "sha256", "layer")
_DEEPEST = 6

Row = dict[str, object]


def read(
    rows: Iterable[object], documents: Mapping[str, Document | None], where: Where, layer: str, found: Findings
) -> list[tuple[int, Markup]]:
    """Return (1-based number of the first row, markup) for each document of the rows; no rows give [].

    A row a document: `doc` (or `id`) and `spans`, a list of objects or an object of parallel lists, or the lists
    `start`, `end`, `label` (plurals too) in the row itself. A row a span: `doc`, `start`, `end`, `label`. `sha256` and
    `layer` may be left out: they are then the document's, and `layer`. Values None are as left out; `attributes` and
    `links` may be JSON text. Other columns are passed over.

    Codes: `wrong-type`, `missing-key`, `unknown-document`, `duplicate-document`, `not-read`, and those of
    `spans.to_markup`.
    """
    markups: dict[str, tuple[int, Markup]] = {}
    flat: dict[str, list[Span]] = {}
    passed: set[str] = set()
    for number, raw in enumerate(rows, start=1):
        here = Where(where.file, number)
        row = _plain(raw)
        if not isinstance(row, dict):
            found.add(finding("wrong-type", here, f"a row is not an object but {type(raw).__name__}"))
            continue
        name = row.pop("doc", None) if "doc" in row else row.pop("id", None)
        if not isinstance(name, str):
            code = "missing-key" if name is None else "wrong-type"
            found.add(finding(code, here, "the row does not say in 'doc' which document it is of"))
            continue
        here = Where(where.file, number, name)
        for key in sorted(row.keys() - {*_OWN, *_PLURALS, *_SHELL} - passed):
            passed.add(key)
            found.add(finding("not-read", here, f"the column {quoted(key)} is passed over"))
        spans = _spans(row)
        if name in markups and (spans is not None or name not in flat):
            found.add(finding("duplicate-document", here, f"the document has row {markups[name][0]} already"))
            continue
        if name not in markups:
            markup = _markup(row, name, [] if spans is None else spans, documents.get(name), here, layer, found)
            if markup is None:
                continue
            markups[name] = number, markup
        if spans is None:
            span = to_span({key: row[key] for key in _OWN if key in row}, here)
            flat.setdefault(name, []).extend([span] if isinstance(span, Span) else [])
            found.extend(span if isinstance(span, list) else [])
    return [
        (number, msgspec.structs.replace(markup, spans=tuple(flat[name])) if name in flat else markup)
        for name, (number, markup) in markups.items()
    ]


def _markup(  # noqa: PLR0913, PLR0917 - a row and what it is read against
    row: Row, name: str, spans: object, document: Document | None, where: Where, layer: str, found: Findings
) -> Markup | None:
    digest = row.get("sha256", document.sha256 if document else None)
    if digest is None:
        found.add(finding("unknown-document", where, f"there is no document {quoted(name)} at hand"))
        return None
    shell = {"doc": name, "sha256": digest, "layer": row.get("layer", layer), "spans": spans}
    return to_markup(shell, where, found)


def _spans(row: Row) -> object:
    """Return the spans of a row of a document, None for a row that is a span."""
    if "spans" in row:
        spans = row["spans"]
        return _joined(spans) if isinstance(spans, dict) else spans
    columns = {_PLURALS.get(key, key): value for key, value in row.items() if isinstance(value, list)}
    return _joined({key: columns[key] for key in _OWN if key in columns}) if "start" in columns else None


def _joined(columns: Row) -> object:
    """Make parallel lists a list of objects; lists of different lengths stay as they are, to be refused."""
    lists = {_PLURALS.get(key, key): value for key, value in columns.items() if isinstance(value, list)}
    if len(lists) < len(columns) or len({len(value) for value in lists.values()}) > 1:
        return columns
    parts = (dict(zip(lists, values, strict=True)) for values in zip(*lists.values(), strict=True))
    return [{key: value for key, value in part.items() if value is not None} for part in parts]


def _plain(value: object, depth: int = 0) -> object:
    """Return a value as JSON has it: numpy's as Python's, None left out of objects, attributes and links decoded."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if depth > _DEEPEST:
        return value
    if isinstance(value, Mapping):
        pairs = ((str(key), _plain(item, depth + 1)) for key, item in value.items() if item is not None)
        return {key: _decoded(item) if key in ("attributes", "links") else item for key, item in pairs}
    if isinstance(value, (list, tuple)):
        return [_plain(item, depth + 1) for item in value]
    return value


def _decoded(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return _plain(msgspec.json.decode(value))
    except (msgspec.DecodeError, RecursionError):
        return value
