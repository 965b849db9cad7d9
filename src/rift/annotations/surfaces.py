"""Surfaces: where a piece of text stands as whole words."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_WORD = re.compile(r"(?:[^\W_]|(?<=\d)[.,](?=\d))+")


class Mention(NamedTuple):
    """A surface, with what stands directly before and after it in the same words ("" where it is whole)."""

    before: str
    surface: str
    after: str


def inner_offsets(text: str) -> frozenset[int]:
    """Return the offsets strictly inside a word; `1,300` is one word, so that no figure is found in a longer one."""
    return frozenset(offset for word in _WORD.finditer(text) for offset in range(word.start() + 1, word.end()))


def occurrences(text: str, mention: Mention, position: int, inner: frozenset[int]) -> Iterator[int]:
    """Yield the starts, from `position` on, of a surface between its context, where that stands as whole words."""
    before, surface, after = mention
    whole = before + surface + after
    start = text.find(whole, max(0, position - len(before)))
    while start >= 0:
        if start not in inner and start + len(whole) not in inner:
            yield start + len(before)
        start = text.find(whole, start + 1)


def context_of(text: str, start: int, end: int, inner: frozenset[int]) -> Mention:
    """Return the surface `text[start:end]` with the rest of the words that its ends stand in."""
    left, right = start, end
    while left in inner:
        left -= 1
    while right in inner:
        right += 1
    return Mention(text[left:start], text[start:end], text[end:right])
