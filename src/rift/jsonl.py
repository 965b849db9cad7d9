"""JSON Lines in and out, and raw values into typed ones with every fault reported."""

import io
import pathlib
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import jsonlines
import msgspec

from rift.issues import InputError, Issue, Level, Where
from rift.paths import write_whole

T = TypeVar("T", bound=msgspec.Struct)


def read_values(path: pathlib.Path) -> Iterator[tuple[int, Any] | Issue]:
    """Yield (1-based line number, decoded value) for each line of a JSON Lines file, or an Issue for a bad line.

    Blank lines are skipped and a byte order mark is passed over; an empty file yields nothing. A file that is one
    JSON document over many lines yields one issue. Nothing is raised. Codes: `no-file`, `not-utf-8`, `not-json`,
    `not-lines`.
    """
    try:
        with path.open("rb") as file:
            yield from decode_lines(file, str(path))
    except OSError as error:
        yield Issue("no-file", Level.ERROR, Where(str(path)), f"cannot be read: {error.strerror}", "check the path")


def decode_lines(lines: Iterable[bytes], file: str) -> Iterator[tuple[int, Any] | Issue]:
    """Yield what `read_values` does for the lines of a file that is called `file` in issues."""
    for number, raw in enumerate(lines, start=1):
        line = raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw
        if number == 1 and line.strip() in {b"[", b"{"}:
            hint = "write one JSON object a line, without line breaks inside"
            message = "the file is one JSON document over many lines"
            yield Issue("not-lines", Level.ERROR, Where(file, number), message, hint)
            return
        if line.strip():
            yield _decoded(line, Where(file, number))


def _decoded(line: bytes, where: Where) -> tuple[int, Any] | Issue:
    try:
        with jsonlines.Reader(io.BytesIO(line), loads=msgspec.json.decode) as reader:
            return where.line, reader.read(allow_none=True)
    except jsonlines.InvalidLineError as error:
        if isinstance(error.__cause__, UnicodeDecodeError):
            return Issue("not-utf-8", Level.ERROR, where, "the line is not UTF-8", "save the file as UTF-8")
        reason = error.__cause__ or error
    except RecursionError:
        reason = ValueError("it is nested too deep")
    hint = "each line must be one complete JSON object"
    return Issue("not-json", Level.ERROR, where, f"the line is not JSON: {reason}", hint)


def write_values(path: pathlib.Path, values: Iterable[object]) -> None:
    """Write `values` as JSON Lines (see `encode_values`), whole or not at all."""
    write_whole(path, encode_values(values))


def encode_values(values: Iterable[object]) -> bytes:
    """Return `values` as JSON Lines (UTF-8, LF); keys stand in the order of the type's fields. No value gives b""."""
    text = io.StringIO()
    with jsonlines.Writer(text, dumps=lambda value: msgspec.json.encode(value).decode()) as writer:
        writer.write_all(values)
    return text.getvalue().encode()


def to_struct(kind: type[T], value: object, where: Where) -> T | list[Issue]:
    """Convert a decoded JSON value to `kind`, or return every fault in it.

    Codes: `wrong-type` (not an object, or a field of another type), `missing-key`, `unknown-key`.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        issues = list(_field_issues(kind, value, where))
        return issues or [Issue("wrong-type", Level.ERROR, where, str(error), "see docs/formats.md")]


def _field_issues(kind: type[T], value: object, where: Where) -> Iterator[Issue]:
    if not isinstance(value, dict):
        found = type(value).__name__
        yield Issue("wrong-type", Level.ERROR, where, f"expected a JSON object, found {found}", "see docs/formats.md")
        return
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for key in sorted(map(str, value.keys() - fields.keys())):
        known = ", ".join(fields)
        yield Issue("unknown-key", Level.ERROR, where, f"the key {key!r} is not known", f"known keys: {known}")
    for key, field in fields.items():
        if key not in value:
            if field.required:
                yield Issue("missing-key", Level.ERROR, where, f"the key {key!r} is missing", f"add {key!r}")
            continue
        try:
            msgspec.convert(value[key], field.type)
        except msgspec.ValidationError as error:
            message = f"{key!r}: {str(error)[0].lower()}{str(error)[1:]}"
            yield Issue("wrong-type", Level.ERROR, where, message, "see docs/formats.md")


def read_structs(kind: type[T], path: pathlib.Path) -> list[T]:
    """Read a whole JSON Lines file as `kind`; raises InputError with every issue in it. An empty file gives []."""
    found, issues = to_structs(kind, read_values(path), str(path))
    if issues:
        raise InputError(issues)
    return [item for _, item in found]


def to_structs(
    kind: type[T], rows: Iterable[tuple[int, Any] | Issue], file: str
) -> tuple[list[tuple[int, T]], list[Issue]]:
    """Convert what `decode_lines` yields of a file to `kind`, with the line numbers, and return the issues beside it.

    A faulty line leaves the others; no rows give two empty lists. Codes: those of `to_struct`.
    """
    found: list[tuple[int, T]] = []
    issues: list[Issue] = []
    for row in rows:
        if isinstance(row, Issue):
            issues.append(row)
            continue
        line, value = row
        item = to_struct(kind, value, Where(file, line))
        if isinstance(item, list):
            issues.extend(item)
        else:
            found.append((line, item))
    return found, issues
