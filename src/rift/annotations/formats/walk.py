"""Tokens of any tokeniser found again in the text that they were cut from."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_AHEAD = 30
"""How many tokens may be passed over before the next that fits."""

_WINDOW = 400
"""How far in the text, in characters, that one is looked for."""

_WITNESSES = 3
"""How many tokens in a row must fit for a place to count as found again."""

_ESCAPES = {
    "-LRB-": "(",
    "-RRB-": ")",
    "-LSB-": "[",
    "-RSB-": "]",
    "-LCB-": "{",
    "-RCB-": "}",
    "``": '"',
    "''": '"',
    "\\/": "/",
    "\\*": "*",
    "...": "\u2026",
    "--": "\u2014",
}
"""How the Penn Treebank writes what its format cannot hold."""

_SPACE = re.compile(r"\s*")
_LONGEST = 1_000


class Place(NamedTuple):
    """Where a token stands: half-open offsets in the text."""

    start: int
    end: int


def walk(tokens: Sequence[str], text: str) -> list[Place | None]:
    """Return where each of `tokens` stands in `text`, in order and without overlap; None where it does not fit.

    White space between tokens is passed over. Where a token does not fit, the walk goes on at the nearest place where
    a few tokens in a row do, looking 30 tokens and 400 characters ahead. Penn Treebank escapes (`-LRB-`), WordPiece
    continuations (`##ing`) and other Unicode normal forms fit what they stand for. No tokens give [].
    """
    places: list[Place | None] = []
    position = 0
    while len(places) < len(tokens):
        index = len(places)
        place = _fit(tokens[index], text, position)
        if place is None:
            skipped, position = _resume(tokens, index, text, position)
            places.extend([None] * skipped)
        else:
            places.append(place)
            position = place.end
    return places


def skipped(places: Sequence[Place | None], text: str) -> list[Place]:
    """Return the stretches of text that are not white space and have no token, while all tokens about them fit."""
    found: list[Place] = []
    end, sure = 0, True
    for place in places:
        if place is None:
            sure = False
            continue
        if sure and text[end : place.start].strip():
            found.append(Place(end, place.start))
        end, sure = place.end, True
    if sure and text[end:].strip():
        found.append(Place(end, len(text)))
    return found


def _fit(token: str, text: str, position: int) -> Place | None:
    space = _SPACE.match(text, position)
    start = space.end() if space else position
    for form in _forms(token):
        if text.startswith(form, start):
            return Place(start, start + len(form))
    return None


def _forms(token: str) -> Iterator[str]:
    if not token or len(token) > _LONGEST:
        return
    yield token
    if token in _ESCAPES:
        yield _ESCAPES[token]
    if token.startswith("##") and len(token) > len("##"):
        yield token.removeprefix("##")
    if not token.isascii():
        yield unicodedata.normalize("NFC", token)


def _resume(tokens: Sequence[str], index: int, text: str, position: int) -> tuple[int, int]:
    """Return how many tokens from `index` on to pass over, and the position from which the next one fits."""
    for skip in range(min(_AHEAD, len(tokens) - index)):
        for form in _forms(tokens[index + skip]):
            start = text.find(form, position, position + _WINDOW)
            while start >= 0:
                if _fits_on(tokens, index + skip, text, start):
                    return skip, start
                start = text.find(form, start + 1, position + _WINDOW)
    return min(_AHEAD, len(tokens) - index), position  # none of them begins where the text can go on


def _fits_on(tokens: Sequence[str], index: int, text: str, position: int) -> bool:
    for token in tokens[index : index + _WITNESSES]:
        place = _fit(token, text, position)
        if place is None:
            return False
        position = place.end
    return True
