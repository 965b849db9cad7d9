"""Cleaning articles from a table: a line of headline, a line of running text, and what an outlet's page adds to them.

These texts have lost their line breaks, so what is no part of the article is named by pattern where an outlet always
writes it alike, and by its first and last words where it does not.
"""

import re
from collections.abc import Sequence

from rift.corpus.reversal import StepError

_DEBRIS = re.compile(r"[\x80-\x9f]+_?|\u200e|\u00b5|(?<=\w)_(?=s\b)|(?<!\w)_(?=\w)|(?<=\w)_(?!\w)")


def drop_debris(text: str) -> str:
    """Drop what wrong decoding left: control characters, a stray micro sign, and underscores for lost quotes.

    So goes the mark that only turns the direction of writing (U+200E).
    """
    return _DEBRIS.sub("", text)


def strip_headline(text: str, *, patterns: Sequence[str]) -> str:
    """Drop from the end of the first line whatever the regular expressions `patterns` match there, in their order."""
    headline, body = _parts(text)
    for pattern in patterns:
        headline = re.sub(f"(?:{pattern})$", "", headline).strip()
    return f"{headline}\n{body}"


def strip_opening(text: str, *, patterns: Sequence[str]) -> str:
    """Drop repeatedly what one of `patterns` matches at the start of the running text, and the repeated headline."""
    headline, body = _parts(text)
    repeated = re.escape(headline) + r"(?: \.|\.|(?=\s))"
    opening = re.compile("|".join(f"(?:{pattern})" for pattern in (*patterns, repeated)))
    while (found := opening.match(body)) and found.end() and found.end() < len(body):
        body = body[found.end() :].lstrip()
    return f"{headline}\n{body}"


_DOUBLED = re.compile(r"(?P<lede>.{40,}?\.)\s+(?P=lede)\s")


def drop_doubled_lede(text: str) -> str:
    """Drop the first sentence of the running text where it is written twice in a row, as with a standfirst."""
    headline, body = _parts(text)
    found = _DOUBLED.match(body)
    return f"{headline}\n{body[found.end('lede') :].lstrip()}" if found else text


def strip_closing(text: str, *, patterns: Sequence[str]) -> str:
    """Drop repeatedly what one of `patterns` matches at the end of the running text."""
    headline, body = _parts(text)
    closings = [re.compile(f"(?:{pattern})$") for pattern in patterns]
    while found := next((match for closing in closings if (match := closing.search(body)) and match.group()), None):
        body = body[: found.start()].rstrip()
    return f"{headline}\n{body}"


def drop_passage(text: str, *, first: str, last: str = "", nth: int = 1) -> str:
    """Drop from the running text the passage from the `nth` occurrence of `first` to the end of the next `last`.

    Without `last` it is `first` alone. Raises StepError where either does not occur.
    """
    headline, body = _parts(text)
    start = -1
    for _ in range(nth):
        start = body.find(first, start + 1)
        if start < 0:
            raise StepError(f"{first!r} does not occur {nth} time(s) in the running text")
    end = body.find(last, start) + len(last) if last else start + len(first)
    if last and end < start + len(last):
        raise StepError(f"{last!r} does not occur after {first!r}")
    kept = f"{body[:start].rstrip()} {body[end:].lstrip()}".strip()
    return f"{headline}\n{kept}"


def _parts(text: str) -> tuple[str, str]:
    headline, found, body = text.partition("\n")
    if not found or "\n" in body:
        raise StepError("expected one line of headline and one of running text")
    return headline, body
