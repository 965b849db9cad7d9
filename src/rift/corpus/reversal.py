"""Restoring a page whose sections were saved in reverse order."""

import re
from collections.abc import Iterator, Sequence


class StepError(Exception):
    """A cleaning step does not fit the text; the message says why, in words of the recipe and not of the text."""


_ENTRY = re.compile(r"• *(?P<title>.*\S) +\d+(?:\.\d+)*")
_GAP = ""


def restore_reversed_sections(text: str, *, omit: Sequence[str] = ()) -> str:
    """Put a body that was saved last paragraph first back into reading order, with every heading of its contents.

    `text` is a headline (the first line), the body in reverse order, each heading after the paragraphs that it heads,
    and at the end the table of contents in reading order, an entry a line (`• Title 2.1`). A heading that got lost
    shows as a gap of two or more blank lines in the body, and is restored from the table of contents. `omit` names
    entries that have no section in the body. Every line that is not blank becomes a paragraph.

    Raises StepError unless headings and gaps match the entries one to one, in order.
    """
    headline, *lines = text.strip("\n").split("\n")
    first_entry = next((number for number, line in enumerate(lines) if _ENTRY.fullmatch(line)), len(lines))
    titles = _titles(lines[first_entry:], omit)
    paragraphs = _in_order(reversed(list(_pieces(lines[:first_entry]))), titles)
    return "\n\n".join([headline, *paragraphs])


def _titles(lines: Sequence[str], omit: Sequence[str]) -> list[str]:
    entries = [_ENTRY.fullmatch(line) for line in lines]
    titles = [entry["title"] for entry in entries if entry]
    if not titles or len(titles) < len(entries):
        raise StepError("the text does not end in a table of contents")
    if len(set(titles)) < len(titles):
        raise StepError("the table of contents names a title twice")
    if missing := [title for title in omit if title not in titles]:
        raise StepError(f"the table of contents does not name {missing[0]!r}, which is to be omitted")
    return [title for title in titles if title not in omit]


def _pieces(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines that are not blank, and `_GAP` for two or more blank lines after one of them."""
    blanks, begun = 0, False
    for line in [*lines, None]:
        if line == "":
            blanks += 1
            continue
        if begun and blanks > 1:
            yield _GAP
        if line is not None:
            yield line
        blanks, begun = 0, True


def _in_order(pieces: Iterator[str], titles: Sequence[str]) -> Iterator[str]:
    """Yield `pieces`, which are in reading order, with the gaps replaced by the titles that they stand for."""
    body = list(pieces)
    lost = set(titles).difference(body)
    expected = iter(titles)
    begun = False
    for piece in body:
        if piece != _GAP and piece not in titles:
            if not begun:
                raise StepError("a paragraph stands before the first heading")
            yield piece
            continue
        begun = True
        title = next(expected, None)
        if title is None:
            raise StepError("the body has more headings and gaps than the table of contents has entries")
        if piece == _GAP and title not in lost:
            raise StepError(f"a gap stands where the heading {title!r} should be, which stands elsewhere")
        if piece not in (_GAP, title):
            raise StepError(f"the heading {piece!r} stands where {title!r} should be")
        yield title
    if (title := next(expected, None)) is not None:
        raise StepError(f"neither a heading nor a gap for the entry {title!r} of the table of contents")
