"""Cells of a table that spreadsheets open: no line ends, no formulas, several values in one cell."""

import re
from collections.abc import Iterable

_ESCAPES = {"\\\\": "\\", "\\n": "\n", "\\r": "\r", "\\t": "\t", "\\;": ";"}
_ESCAPED = re.compile(r"\\[\\nrt;]")
_SPECIAL = {ord(meant): written for written, meant in _ESCAPES.items() if meant != ";"}
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_FORMULA = ("=", "+", "-", "@", "'")
"""What a text must not begin with: a spreadsheet would calculate it. The apostrophe is what keeps it from that."""

_SEPARATOR = re.compile(r"(\\.)|; ?")


def cell(text: str) -> str:
    """Return a text as a cell: line ends, tabs and backslashes escaped as in mention lists, and never a formula."""
    return _guarded(text.translate(_SPECIAL))


def text_of(cell: str) -> str:
    """Return the text that `cell` made the cell of."""
    return _unescaped(cell.removeprefix("'"))


def joined(values: Iterable[str]) -> str:
    """Return values as one cell with `; ` between them, a semicolon in one escaped; "" for none."""
    return _guarded("; ".join(value.translate(_SPECIAL).replace(";", "\\;") for value in values))


def values_of(cell: str) -> tuple[str, ...]:
    """Return the values that `joined` made the cell of, without empty ones."""
    parts = _SEPARATOR.sub(lambda found: found[1] or "\n", cell.removeprefix("'")).split("\n")
    return tuple(_unescaped(part) for part in parts if part)


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell) else cell


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: _ESCAPES[found[0]], text)
