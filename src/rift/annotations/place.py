"""Placing a layer on another copy of its texts: the spans of a text that we may not give, on the reader's own."""

import collections
import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
from rapidfuzz import fuzz

from rift.annotations.layer import Markup, Span
from rift.corpus.align import Alignment, align
from rift.corpus.document import digest
from rift.corpus.fingerprint import Fingerprint, Place, digits, plain, words
from rift.corpus.tokens import Token

LEAST_SHARE = 0.5
"""Share of the text's words that must be found in a copy, or of the copy's in the text, where only a part is there.

Two reports that share an agency's sentences came to 0.36 in `benchmarks/align.py`, all others to less than 0.07.
"""

LEAST_ALIKE = 50.0
"""How like its surface, on rapidfuzz's scale of 0 to 100, a span must be where words of it were replaced."""

Reason = Literal["not-in-copy", "other-words", "cut", "other-text"]

REASONS: Mapping[Reason, str] = {
    "not-in-copy": "its words are not in the copy",
    "other-words": "the copy has other words at its place",
    "cut": "its first and last word stand apart in the copy",
    "other-text": "the copy is not this article",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Placement:
    """A markup on a copy: the spans that found their place, why the others did not, and the share of words found."""

    markup: Markup
    text: str
    missing: Mapping[str, Reason]
    share: float


def place(markup: Markup, fingerprint: Fingerprint, text: str) -> Placement:
    """Place the spans of `markup` on `text`, a copy of the document that `fingerprint` is of.

    Every span has an id. The result's offsets count on `text`, its surfaces are the copy's; links to spans that were
    not placed are left out. Where less than `LEAST_SHARE` of the words agree nothing is placed (`other-text`).
    Raises ValueError where the fingerprint is not that of the markup, or lacks the place of a span.
    """
    if fingerprint.sha256 != markup.sha256:
        raise ValueError(f"the fingerprint of {fingerprint.doc} is of another text than the layer")
    tokens = words(text)
    alignment = align(fingerprint.digits, digits(text, tokens))
    known = len(alignment.alike) >= LEAST_SHARE * min(alignment.words, len(tokens)) > 0
    copy = _Copy(text, tokens, alignment)
    places = _Places(fingerprint.places)
    placed: list[Span] = []
    missing: dict[str, Reason] = {}
    for span in markup.spans:
        name = span.id or ""
        found = copy.find(span, places.start(span), places.end(span)) if known else "other-text"
        if isinstance(found, Span):
            placed.append(found)
        else:
            missing[name] = found
    kept = {span.id for span in placed}
    spans = tuple(msgspec.structs.replace(span, links=_links(span, kept)) for span in placed)
    return Placement(
        msgspec.structs.replace(markup, sha256=digest(text), spans=spans),
        text,
        missing,
        alignment.share,
    )


def best_placement(markup: Markup, fingerprint: Fingerprint, texts: Sequence[str]) -> Placement:
    """Return the placement on that of `texts`, readings of one copy, where most spans find a place; of two the earlier.

    Raises ValueError as `place` does, and for no texts.
    """
    return max((place(markup, fingerprint, text) for text in texts), key=lambda found: len(found.markup.spans))


def _links(span: Span, kept: set[str | None]) -> Mapping[str, Sequence[str]]:
    links = {role: tuple(target for target in targets if target in kept) for role, targets in span.links.items()}
    return {role: targets for role, targets in links.items() if targets}


class _Places:
    """The words at which spans start and end."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._at: dict[int, list[Place]] = collections.defaultdict(list)
        for item in places:
            self._at[item.offset].append(item)

    def start(self, span: Span) -> Place:
        return max(self._of(span, span.start), key=lambda item: item.word)

    def end(self, span: Span) -> Place:
        return min(self._of(span, span.end), key=lambda item: item.word)

    def _of(self, span: Span, offset: int) -> list[Place]:
        if offset not in self._at:
            raise ValueError(f"the fingerprint does not know the offset {offset} of the span {span.id}")
        return self._at[offset]


class _Copy:
    """A copy of a text with the words of the fingerprint that it holds."""

    def __init__(self, text: str, tokens: Sequence[Token], alignment: Alignment) -> None:
        self._text, self._tokens, self._alignment = text, tokens, alignment

    def find(self, span: Span, start: Place, end: Place) -> Span | Reason:
        """Return the span on the copy, or why it has no place there."""
        alike, replaced = self._alignment.alike, self._alignment.replaced
        first, last = (alike.get(place.word, replaced.get(place.word)) for place in (start, end))
        changed = any(number not in alike for number in range(start.word, end.word + 1))
        reason: Reason = "not-in-copy"
        if first is not None and last is not None:
            if last - first == end.word - start.word:
                surface = self._cut(first, last, start, end)
                if self._fits(span, surface, changed=changed):
                    return self._moved(span, surface)
                reason = "other-words"
            else:
                reason = "cut"
        # Digits may agree by chance where a run ends: what the words say decides.
        size = end.word - start.word
        ends = [number for number in (first, None if last is None else last - size) if number is not None]
        for number in (*ends, *self._alignment.near.get(start.word, ())):
            if 0 <= number < len(self._tokens) - size:
                surface = self._cut(number, number + size, start, end)
                if span.surface is not None and self._fits(span, surface, changed=False):
                    return self._moved(span, surface)
        return reason

    def _moved(self, span: Span, place: range) -> Span:
        surface = self._text[place.start : place.stop]
        return msgspec.structs.replace(span, start=place.start, end=place.stop, surface=surface)

    def _cut(self, first: int, last: int, start: Place, end: Place) -> range:
        """Return from where to where a span goes whose first and last words are `first` and `last` of the copy."""
        token = self._tokens[last]
        stop = token.start + end.inside
        # What lies beyond the word are the dots of an abbreviation, and they may be lost.
        if end.word not in self._alignment.alike or (stop > token.end and self._text[token.end : stop].strip(".")):
            stop = token.end
        return range(self._tokens[first].start + max(0, start.inside), stop)

    def _fits(self, span: Span, place: range, *, changed: bool) -> bool:
        surface = self._text[place.start : place.stop]
        if span.surface is None:  # a long run of words, withheld: the digits alone speak for it
            return not changed
        ours, theirs = _letters(span.surface), _letters(surface)
        return bool(theirs) and (ours == theirs or (changed and fuzz.ratio(ours, theirs) >= LEAST_ALIKE))


def _letters(surface: str) -> str:
    return "".join(plain(word) for word in re.findall(r"[^\W_]+", surface))
