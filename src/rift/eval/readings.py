"""What offsets seem to count, judged from surfaces or, without those, from where the edges of spans fall."""

import bisect
import dataclasses
import functools
import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from rift.annotations.layer import Span
from rift.corpus.tokens import tokenize


class Reading(NamedTuple):
    """A way to count: its code in `rift.annotations.formats.codes`, and what the offsets then count, in words.

    `everywhere` says that it moves every span, not only those after certain characters.
    """

    code: str
    words: str
    everywhere: bool


UTF16 = Reading("utf16-offsets", "UTF-16 units, as JavaScript and Java do", everywhere=False)
BYTES = Reading("byte-offsets", "bytes of the text as UTF-8", everywhere=False)
INCLUSIVE = Reading("inclusive-ends", "characters, the end being the last and not the one after", everywhere=True)
ONE_BASED = Reading("one-based-offsets", "characters from 1, not from 0", everywhere=True)
TOKENS = Reading("token-offsets", "tokens, not characters", everywhere=True)
WORDS = Reading("token-offsets", "words between spaces, not characters", everywhere=True)
READINGS = (UTF16, BYTES, INCLUSIVE, ONE_BASED, TOKENS, WORDS)
"""All readings but that in code points; of several that explain as much, the first counts."""

Stretch = tuple[int, int]
Placing = Callable[[int, int], Stretch | None]


class Places:
    """Where each reading puts a span of one text; what a reading needs is computed when first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    def place(self, reading: Reading, start: int, end: int) -> Stretch | None:
        """Return the code-point offsets that `start` and `end` mean under `reading`, None where they mean none."""
        if reading is INCLUSIVE:
            return start, end + 1
        if reading is ONE_BASED:
            return start - 1, end - 1
        if reading in (UTF16, BYTES):
            units = self._utf16 if reading is UTF16 else self._utf8
            stretch = bisect.bisect_left(units, start), bisect.bisect_left(units, end)
            found = stretch[1] < len(units) and (units[stretch[0]], units[stretch[1]]) == (start, end)
            return stretch if start <= end and found else None
        tokens = self._tokens if reading is TOKENS else self._words
        return (tokens[start][0], tokens[end - 1][1]) if start < end <= len(tokens) else None

    def applies(self, reading: Reading) -> bool:
        """Say whether the reading differs from code points anywhere in the text."""
        if reading is UTF16:
            return bool(self._text) and max(self._text) > "\uffff"
        return reading is not BYTES or not self._text.isascii()

    @functools.cached_property
    def _utf16(self) -> list[int]:
        return [0, *itertools.accumulate(2 if character > "\uffff" else 1 for character in self._text)]

    @functools.cached_property
    def _utf8(self) -> list[int]:
        return [0, *itertools.accumulate(len(character.encode()) for character in self._text)]

    @functools.cached_property
    def _tokens(self) -> Sequence[Stretch]:
        return tokenize(self._text)

    @functools.cached_property
    def _words(self) -> Sequence[Stretch]:
        return [match.span() for match in re.finditer(r"\S+", self._text)]


class Verdict(NamedTuple):
    """A reading, and the spans that it explains: those whose surfaces it fits and code points do not."""

    reading: Reading
    explained: Sequence[Span]
    unfit: int


def by_surfaces(spans: Iterable[Span], text: str) -> Verdict | None:
    """Return the reading that explains most of the surfaces that are not at their offsets, None where none does so.

    One that moves every span must explain at least half of the spans with surfaces, any at least half of the unfit.
    """
    with_surface = [span for span in spans if span.surface]
    unfit = [span for span in with_surface if text[span.start : span.end] != span.surface]
    if not unfit:
        return None
    places = Places(text)
    verdicts = [
        Verdict(
            reading,
            [span for span in unfit if _fits(span, places.place(reading, span.start, span.end), text)],
            len(unfit),
        )
        for reading in READINGS
        if places.applies(reading)
    ]
    best = max(verdicts, key=lambda verdict: len(verdict.explained))
    needed = len(with_surface) if best.reading.everywhere else len(unfit)
    return best if best.explained and 2 * len(best.explained) >= needed else None


def _fits(span: Span, stretch: Stretch | None, text: str) -> bool:
    return stretch is not None and stretch[0] >= 0 and text[stretch[0] : stretch[1]] == span.surface


@dataclasses.dataclass(slots=True)
class _Count:
    spans: int = 0
    broken: int = 0
    broken_otherwise: int = 0


class Edges:
    """Counts over a whole file how many spans without a surface break words, as code points and otherwise."""

    FEWEST = 5
    """With fewer spans that the reading moves nothing is said."""

    def __init__(self) -> None:
        self._counts = {reading: _Count() for reading in READINGS}

    def add(self, spans: Iterable[Span], text: str) -> None:
        """Count the spans of a document that have no surface."""
        places = Places(text)
        readings = [reading for reading in READINGS if places.applies(reading)]
        for span in spans:
            if span.surface is not None:
                continue
            broken = breaks_words((span.start, span.end), text)
            for reading in readings:
                stretch = places.place(reading, span.start, span.end)
                if stretch != (span.start, span.end):
                    count = self._counts[reading]
                    count.spans += 1
                    count.broken += broken
                    count.broken_otherwise += stretch is None or breaks_words(stretch, text)

    def verdict(self) -> tuple[Reading, int, int] | None:
        """Return the reading that fits far better, with its number of spans and of those that code points break.

        It does where at least half of the spans that it moves break words as code points, and at most a tenth
        otherwise; of several the one that breaks fewest, then the first.
        """
        better = [
            (reading, count)
            for reading, count in self._counts.items()
            if count.spans >= self.FEWEST
            and 2 * count.broken >= count.spans
            and 10 * count.broken_otherwise <= count.spans
        ]
        if not better:
            return None
        reading, count = min(better, key=lambda pair: pair[1].broken_otherwise / pair[1].spans)
        return reading, count.spans, count.broken


def breaks_words(stretch: Stretch, text: str) -> bool:
    """Say whether a stretch is empty, outside the text, begins or ends inside a word or with white space."""
    start, end = stretch
    if not 0 <= start < end <= len(text):
        return True
    if text[start].isspace() or text[end - 1].isspace():
        return True
    inside_left = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    return inside_left or (end < len(text) and text[end - 1].isalnum() and text[end].isalnum())
