"""Decoded JSON, or rows of a table, into markups and spans, with every fault reported."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

import msgspec

from rift import jsonl
from rift.annotations.formats.codes import finding, quoted, shown
from rift.annotations.formats.findings import Findings
from rift.annotations.layer import Markup, Span
from rift.issues import Issue, Where

GREATEST = 2**63 - 1
"""The greatest whole number that a layer holds."""

_MOST_KEYS = 50

T = TypeVar("T", Markup, Span)


def to_markup(value: Mapping[str, object], where: Where, found: Findings) -> Markup | None:
    """Convert one document's object; a faulty span is reported and left out, None stands for a faulty document.

    Codes: `wrong-type`, `missing-key`, `unknown-key`, and those of `to_span`.
    """
    raw = value.get("spans")
    shell = _struct(Markup, {**value, "spans": []} if isinstance(raw, list) else value, where)
    spans: list[Span] = []
    for index, item in enumerate(raw if isinstance(raw, list) else (), start=1):
        span = to_span(item, _at(where, item, index))
        if isinstance(span, list):
            found.extend(span)
        else:
            spans.append(span)
    if isinstance(shell, list):
        found.extend(shell)
        return None
    return msgspec.structs.replace(shell, spans=tuple(spans))


def _at(where: Where, item: object, index: int) -> Where:
    name = item.get("id") if isinstance(item, dict) else None
    return Where(where.file, where.line, where.doc, shown(name) if isinstance(name, str) else f"span {index}")


def to_span(item: object, where: Where) -> Span | list[Issue]:
    """Convert one span's object, or return every fault in it.

    Codes: `wrong-type`, `missing-key`, `unknown-key`, `number-as-string`, `number-as-float`, `negative-offset`,
    `bad-number`.
    """
    try:
        return msgspec.convert(item, Span)
    except msgspec.ValidationError:
        issues = list(_span_issues(item, where))
        return issues or [finding("wrong-type", where, "is not a span", "see docs/formats.md")]


def _span_issues(item: object, where: Where) -> Iterator[Issue]:
    if not isinstance(item, dict):
        hint = "each span is an object with start, end and label"
        if isinstance(item, (list, tuple)):
            hint = 'write [0, 4, "ACTOR"] as {"start": 0, "end": 4, "label": "ACTOR"}'
        yield finding("wrong-type", where, f"a span is not an object but {type(item).__name__}", hint)
        return
    whole = dict(item)
    for key in ("start", "end"):
        if key in item and (issue := offset_issue(key, item[key], where)):
            yield issue
            whole[key] = 0
    rest = _struct(Span, whole, where)
    if isinstance(rest, list):
        yield from rest


def offset_issue(key: str, value: object, where: Where) -> Issue | None:
    """Return what is wrong with one offset, None where it is a whole number from 0."""
    code, message = "wrong-type", f"{key!r} is not a whole number but {type(value).__name__}"
    match value:
        case bool() | None:
            message = f"{key!r} is {value}, not a whole number"
        case int() if 0 <= value <= GREATEST:
            return None
        case int():
            code, message = ("negative-offset" if value < 0 else "bad-number"), f"{key!r} is {_digits(value)}"
        case float():
            code, message = "number-as-float", f"{key!r} is {value}"
        case str() if value.strip().lstrip("+-").isdecimal():
            code, message = "number-as-string", f"{key!r} is the text {quoted(value)}"
    return finding(code, where, message, "offsets are whole numbers from 0" if code == "wrong-type" else "")


def _digits(number: int) -> str:
    return str(number) if abs(number) < 10**40 else "a number of more than 40 digits"


def _struct(kind: type[T], value: Mapping[str, object], where: Where) -> T | list[Issue]:
    """Convert with the codes and levels of this catalogue."""
    if len(value) > _MOST_KEYS:
        return [finding("unknown-key", where, f"there are {len(value):,} keys", "see docs/formats.md for the keys")]
    made = jsonl.to_struct(kind, value, where)
    if not isinstance(made, list):
        return made
    return [finding(issue.code, issue.where, issue.message, issue.hint) for issue in made]
