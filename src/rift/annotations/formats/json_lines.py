"""JSON Lines from strangers: the layer format, read line by line, with every fault and no more memory than a line's."""

import collections
import itertools
import json
import pathlib
import re
from collections.abc import Iterator, Mapping

from rift.annotations.formats.codes import finding, quoted, shown
from rift.annotations.formats.content import LIMITS, Limits, lines
from rift.annotations.formats.findings import Findings
from rift.annotations.formats.spans import to_markup
from rift.annotations.layer import Markup
from rift.issues import InputError, Issue, Where

_MARK = b"\xef\xbb\xbf"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_MOST_DIGITS = 40
_DEEPEST = 100
_NO_BRACKETS = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[^][{}"]++|"')


class _Repeated(Exception):  # noqa: N818 - never leaves this module
    """A key stands twice; carries the key."""


class _Number(Exception):  # noqa: N818 - never leaves this module
    """A number that no computer number holds; carries it as written."""


def read(path: pathlib.Path, found: Findings, limits: Limits = LIMITS) -> Iterator[tuple[int, Markup]]:
    """Yield (1-based line number, markup) for each sound line, and report the others to `found`.

    Spans of wrong form are left out of their markup, and a document's second line out of the rows. Raises InputError
    where the file cannot be read on (see `content.chunks`, and `long-line`). Codes: all about the file and its text in
    `codes.CODES`, and those of `spans.to_markup`.
    """
    first: dict[str, int] = {}
    for where, value in _values(path, found, limits):
        if isinstance(value, dict):
            yield from _markup(value, where, found, first)
        else:
            message = f"expected a JSON object, found {type(value).__name__}"
            found.add(finding("wrong-type", where, message, "see docs/formats.md"))
        if len(first) > limits.documents:
            message = f"the file has more than {limits.documents:,} documents; it is read no further"
            raise InputError([finding("too-large", where, message)])


def _values(path: pathlib.Path, found: Findings, limits: Limits) -> Iterator[tuple[Where, object]]:
    """Yield the place and the value of each sound line; stop where the file as a whole is not JSON Lines."""
    begun = False
    cut: Where | None = None  # a first line that ends too early: damaged, or the begin of one object on many lines
    for where, line in _bare_lines(path, found, limits):
        if not begun and line.startswith(b"["):
            found.add(finding("json-array", where, "the file is one JSON array, not a line for each document"))
            return
        if cut and not line.startswith(b"{"):
            found.add(_one_object(cut))
            return
        if cut:
            found.add(_cut_off(cut))
        value = _decode(line, where, found, limits)
        if not begun and _holds_documents(value):
            found.add(_one_object(where))
            return
        cut = where if value is _CUT and not begun else None
        if value is _CUT and begun:
            found.add(_cut_off(where))
        elif value is not _CUT and value is not _FAULTY:
            yield where, value
        begun = True
    if cut:
        found.add(_cut_off(cut))


def _bare_lines(path: pathlib.Path, found: Findings, limits: Limits) -> Iterator[tuple[Where, bytes]]:
    """Yield the lines that hold more than white space, without it at their ends and without a byte order mark."""
    for number, raw in lines(path, limits):
        where = Where(str(path), number)
        if number == 1 and raw.startswith(_WIDE_MARKS):
            found.add(finding("not-utf-8", where, "the file is UTF-16", "save the file as UTF-8"))
            return
        if number == 1 and raw.startswith(_MARK):
            found.add(finding("byte-order-mark", where, "the file begins with a byte order mark"))
        if line := (raw.removeprefix(_MARK) if number == 1 else raw).strip():
            yield where, line


def _cut_off(where: Where) -> Issue:
    hint = "each line must be one complete JSON object; was the file written whole?"
    return finding("not-json", where, "the line is not JSON: it ends too early", hint)


def _one_object(where: Where) -> Issue:
    return finding("json-object", where, "the file is one JSON object, not a line for each document")


def _markup(
    value: Mapping[str, object], where: Where, found: Findings, first: dict[str, int]
) -> Iterator[tuple[int, Markup]]:
    name = value.get("doc")
    where = Where(where.file, where.line, shown(name, 80) if isinstance(name, str) else "")
    markup = to_markup(value, where, found)
    if markup is None:
        return
    if markup.doc in first:
        message = f"the document has line {first[markup.doc]} already"
        found.add(finding("duplicate-document", where, message))
    else:
        first[markup.doc] = where.line
        yield where.line, markup


_CUT = object()
_FAULTY = object()


def _decode(line: bytes, where: Where, found: Findings, limits: Limits) -> object:
    """Return the value of a line, `_CUT` where it ends too early, `_FAULTY` where it is faulty and was reported."""
    if issue := _size_issue(line, where, limits):
        found.add(issue)
        return _FAULTY
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        message = f"the line is not UTF-8: byte {error.start + 1} of it is {line[error.start]:#04x}"
        found.add(finding("not-utf-8", where, message))
        return _FAULTY
    try:
        value: object = json.loads(
            text, object_pairs_hook=_once, parse_constant=_refuse, parse_float=_finite, parse_int=_whole
        )
    except _Repeated as error:
        found.add(finding("duplicate-key", where, f"the key {quoted(str(error))} stands twice in one object"))
    except _Number as error:
        found.add(finding("bad-number", where, f"{shown(str(error))} is not a number that can be used"))
    except json.JSONDecodeError as error:
        if not text[error.pos :].strip() or error.msg.startswith("Unterminated string"):
            return _CUT
        message = f"the line is not JSON: {error.msg[0].lower()}{error.msg[1:]} at character {error.pos + 1}"
        found.add(finding("not-json", where, message))
    else:
        if b"\\u" in line and not _sound(value):
            found.add(finding("lone-surrogate", where, "the line has half of a surrogate pair"))
            return _FAULTY
        return value
    return _FAULTY


def _size_issue(line: bytes, where: Where, limits: Limits) -> Issue | None:
    """Return why a line would take too much memory, or stack, to decode; None where it would not."""
    if sum(map(line.count, (b",", b"[", b"{", b":"))) > limits.values:
        return finding("too-many-values", where, f"the line holds more than {limits.values:,} values")
    if _depth(line) > _DEEPEST:
        return finding("too-deep", where, f"the line is nested more than {_DEEPEST} deep")
    return None


def _depth(line: bytes) -> int:
    """Return how deep a line's brackets are nested, those in strings apart."""
    if line.count(b"[") + line.count(b"{") <= _DEEPEST:
        return 0
    brackets = _NO_BRACKETS.sub(b"", line)
    return max(itertools.accumulate(1 if bracket in b"[{" else -1 for bracket in brackets), default=0)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        counts = collections.Counter(key for key, _ in pairs)
        raise _Repeated(counts.most_common(1)[0][0])
    return made


def _refuse(constant: str) -> object:
    raise _Number(constant)


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise _Number(digits)
    return number


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise _Number(digits)
    return int(digits)


def _sound(value: object) -> bool:
    """Say whether no string has half of a surrogate pair, which `json` lets pass and no file can hold."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _holds_documents(value: object) -> bool:
    """Say whether an object is a whole collection: {"predictions": [...]} or {"<id>": [...], ...}."""
    return (
        isinstance(value, dict)
        and bool(value)
        and not value.keys() & {"doc", "spans", "sha256", "layer"}
        and all(isinstance(item, (dict, list)) for item in value.values())
    )
