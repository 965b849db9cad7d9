"""Tables of texts: rows in whatever format, found by id and by what they say."""

import hashlib
import pathlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from rift.issues import Issue, Level, Where

HINT = "docs/sources.md says where to get the table"
_PACKED = (b"PK\x03\x04", b"\x1f\x8b")  # zip, gzip


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a table as it stands, with the 1-based line on which it ends; what a format does not tell is ""."""

    line: int
    id: str
    title: str
    body: str
    outlet: str = ""
    date: str = ""
    place: str = ""


class Rows(NamedTuple):
    """The rows that could be read of a table, in its order, and what is wrong with the rest of it."""

    rows: Sequence[Row]
    issues: Sequence[Issue] = ()


def row_digest(row: Row) -> str:
    """Return the SHA-256 of a row's title and text, a line end between them, as UTF-8."""
    return hashlib.sha256(f"{row.title}\n{row.body}".encode()).hexdigest()


def row_text(row: Row) -> str:
    """Return the text to clean: the title as one line, then the body as it stands."""
    return f"{' '.join(row.title.split())}\n{row.body}"


def by_id(rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    """Return the rows of each id, in the table's order: in some tables an id occurs twice."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(row)
    return found


def find_row(rows: Sequence[Row], sha256: str, where: Where) -> Row | Issue:
    """Return that of `rows`, those with the id wanted, whose digest is `sha256`.

    Otherwise an issue: `no-row` where there is none, `row-altered` where none of them is the one expected.
    """
    for row in rows:
        if row_digest(row) == sha256:
            return row
    if not rows:
        return Issue("no-row", Level.ERROR, where, "the table has no row with the id of this document", HINT)
    lines = " or ".join(str(row.line) for row in rows)
    message = f"the row that ends in line {lines} is not the one expected (SHA-256 {sha256})"
    return Issue("row-altered", Level.ERROR, where, message, f"put an unchanged table in its place; {HINT}")


def read_file(path: pathlib.Path) -> bytes | Issue:
    """Return the bytes of a table, or an issue: `no-source` (cannot be read), `source-packed` (an archive)."""
    where = Where(str(path))
    try:
        data = path.read_bytes()
    except OSError as error:
        return Issue("no-source", Level.ERROR, where, f"the table cannot be read: {error.strerror}", HINT)
    if data.startswith(_PACKED):
        hint = "unpack it and put the table inside in its place"
        return Issue("source-packed", Level.ERROR, where, "the file is an archive, not a table", hint)
    return data
