"""Cleaning: named steps from the text of a saved page to the canonical text of a document.

A recipe is a list of steps with their arguments, kept as data in a collection's manifest. A marker is the first words
of a line: short enough to say little of the source, and checked to occur exactly as often as the recipe says, so that
a page that differs is refused and never half cleaned.
"""

import re
import unicodedata

from rift.corpus.reversal import StepError


def normalise_spaces(text: str) -> str:
    """Return `text` in NFC with LF line ends, single ordinary spaces, and no white space at the ends of its lines."""
    lines = unicodedata.normalize("NFC", text).splitlines()
    return "\n".join(" ".join(line.split()) for line in lines)


def keep_from(text: str, *, marker: str, nth: int = 1, of: int = 1) -> str:
    """Drop all lines before the `nth` that begins with `marker`; StepError unless just `of` lines do."""
    lines = text.split("\n")
    return "\n".join(lines[_find(lines, marker, nth, of) :])


def drop_from(text: str, *, marker: str, nth: int = 1, of: int = 1) -> str:
    """Drop the `nth` line that begins with `marker` and all lines after it; StepError unless just `of` lines do."""
    lines = text.split("\n")
    return "\n".join(lines[: _find(lines, marker, nth, of)])


def drop_lines(text: str, *, marker: str, count: int = 1) -> str:
    """Drop the lines that begin with `marker`; StepError unless there are just `count`."""
    lines = text.split("\n")
    _find(lines, marker, 1, count)
    return "\n".join(line for line in lines if not line.startswith(marker))


def drop_block(text: str, *, first: str, last: str) -> str:
    """Drop the lines from the only one that begins with `first` to the only one that begins with `last`, both included.

    Raises StepError where either does not occur just once, or `last` stands before `first`.
    """
    lines = text.split("\n")
    start, end = _find(lines, first, 1, 1), _find(lines, last, 1, 1)
    if end < start:
        raise StepError(f"the line that begins with {last!r} stands before the one that begins with {first!r}")
    return "\n".join(lines[:start] + lines[end + 1 :])


_REFERENCE = re.compile(r" ?\[(?:\d+|citation needed)\]")


def strip_references(text: str) -> str:
    """Drop reference marks such as `[35]`, with a space before them; StepError where there is none.

    Brackets that hold anything but digits or the words *citation needed* are the author's and stay, and so does all
    punctuation.
    """
    stripped, found = _REFERENCE.subn("", text)
    if not found:
        raise StepError("no reference mark such as [35] occurs")
    return stripped


def unescape_quotes(text: str) -> str:
    """Undo what a CSV file does to quotes: it wraps a line that holds any in `"`, and doubles those inside.

    A line whose inner quotes are not all doubled is as its author wrote it, and so is one without inner quotes.
    """
    return "\n".join(map(_unescaped, text.split("\n")))


def _unescaped(line: str) -> str:
    inner = line[1:-1]
    single = inner.replace('""', "")
    if line[:1] + line[-1:] != '""' or single == inner or '"' in single:
        return line
    return inner.replace('""', '"').strip()


def join_broken_lines(text: str) -> str:
    """Join each line that begins with a small letter to the one before, with a space; StepError where none does.

    Blank lines are dropped.
    """
    broken = [line for line in text.split("\n") if line]
    lines: list[str] = []
    for line in broken:
        if lines and line[0].islower():
            lines[-1] += f" {line}"
        else:
            lines.append(line)
    if len(lines) == len(broken):
        raise StepError("no line begins with a small letter")
    return "\n".join(lines)


def lines_to_paragraphs(text: str) -> str:
    """Make every line that is not blank a paragraph, set off by one blank line; StepError where none is left."""
    paragraphs = [line for line in text.split("\n") if line]
    if not paragraphs:
        raise StepError("no text is left")
    return "\n\n".join(paragraphs)


def _find(lines: list[str], marker: str, nth: int, of: int) -> int:
    found = [number for number, line in enumerate(lines) if line.startswith(marker)]
    if len(found) != of:
        raise StepError(f"expected {of} line(s) beginning with {marker!r}, found {len(found)}")
    if not 1 <= nth <= of:
        raise StepError(f"cannot take occurrence {nth} of {of}")
    return found[nth - 1]
