"""Tokens: what counts as one word where a system or a measure needs words."""

import bisect
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")


class Token(NamedTuple):
    """A token by its half-open code-point offsets in the text."""

    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Split `text` into runs of letters and digits and into single other signs; white space separates.

    Tokens come in order and never overlap; `Al-Qaida` is three, `1,300` is three. An empty text gives [].
    """
    return [Token(*match.span()) for match in _TOKEN.finditer(text)]


def cut(tokens: Sequence[Token], edges: Iterable[int]) -> Iterator[Token]:
    """Yield the tokens, each cut at those of the offsets `edges` that are strictly inside it; other offsets do nothing.

    A span whose start and end are among the edges, and which has no white space there, then begins and ends where
    tokens do.
    """
    ordered = sorted(set(edges))
    for token in tokens:
        inner = ordered[bisect.bisect_right(ordered, token.start) : bisect.bisect_left(ordered, token.end)]
        yield from itertools.starmap(Token, itertools.pairwise([token.start, *inner, token.end]))


def sentences(text: str, tokens: list[Token]) -> list[range]:
    """Split `tokens` of `text` into sentences, as ranges of token indices that together cover all tokens in order.

    A sentence ends at a line break, and at `.`, `!` or `?` (closing quotes and brackets included) that white space and
    then something other than a lower-case letter follow. A rule of thumb for feature windows, never a unit of scoring.
    """
    ends = [0]
    for index, (left, right) in enumerate(itertools.pairwise(tokens), start=1):
        gap = text[left.end : right.start]
        stop = re.search(r"[.!?][\"'\u2019\u201d)\]]*$", text[max(0, left.end - 4) : left.end])
        if "\n" in gap or (gap and stop and not text[right.start].islower()):
            ends.append(index)
    ends.append(len(tokens))
    return [range(start, end) for start, end in itertools.pairwise(ends) if start < end]
