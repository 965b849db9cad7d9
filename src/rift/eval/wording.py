"""Differences of two annotators in words, as an adjudicator reads them."""

from rift.corpus.document import Document
from rift.eval.differences import Difference, Side

_CONTEXT = 45  # characters shown on either side


def describe(item: Difference, document: Document | None) -> str:
    """Return a difference as one line: kind, what A and B say, and where it stands, separated by tabs.

    Without the text (None) spans are given by their offsets, and nothing of what is around them.
    """
    name = f"{item.kind} {item.name}".strip()
    sides = "  ".join(f"{key}: {_said(side, item, document)}" for key, side in (("A", item.a), ("B", item.b)))
    return f"{name}\t{sides}\t{_context(item, document)}"


def _said(side: Side | None, item: Difference, document: Document | None) -> str:
    if side is None:
        return "nothing"
    if item.kind in ("attribute", "link"):
        return side.value or "none"
    surface = document.text[side.start : side.end] if document else f"{side.start}-{side.end}"
    return f"{side.label} [{surface}]"


def _context(item: Difference, document: Document | None) -> str:
    side = item.a or item.b
    if document is None or side is None:
        return ""
    text, start, end = document.text, side.start, side.end
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    return " ".join(f"… {before}[[{text[start:end]}]]{after} …".split())
