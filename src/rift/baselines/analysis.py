"""A document read once: what every rule and every feature looks at."""

import bisect
import functools
from typing import NamedTuple

from rift.baselines.dates import DateMention, find_dates
from rift.baselines.gazetteer import Gazetteer, Hit
from rift.baselines.numbers import Quantity, find_quantities
from rift.corpus.document import Document
from rift.corpus.tokens import Token, sentences, tokenize
from rift.guidelines import Actor

_DETERMINERS = frozenset({"a", "an", "the"})


class Stretch(NamedTuple):
    """A labelled stretch `[start, end)` of a text, in code points."""

    start: int
    end: int
    label: str


class Analysis:
    """A document with its tokens, sentences, known names, dates and quantities; read-only.

    `words` are the tokens' surfaces and `lower` the same in lower case. An empty text has none of anything.
    """

    def __init__(self, document: Document, gazetteer: Gazetteer) -> None:
        self.document = document
        self.gazetteer = gazetteer
        self.text = document.text
        self.tokens: list[Token] = tokenize(self.text)
        self.sentences: list[range] = sentences(self.text, self.tokens)
        self.words: list[str] = [self.text[token.start : token.end] for token in self.tokens]
        self.lower: list[str] = [word.lower() for word in self.words]
        self.hits: list[Hit] = gazetteer.find(self.text, self.tokens)
        self._starts = [token.start for token in self.tokens]
        self._firsts = [sentence.start for sentence in self.sentences]

    @functools.cached_property
    def dates(self) -> list[DateMention]:
        """The date expressions, in order."""
        return find_dates(self.text, self.document.published)

    @functools.cached_property
    def quantities(self) -> list[Quantity]:
        """The quantities, in order."""
        return find_quantities(self.text)

    @functools.cached_property
    def figure_tokens(self) -> frozenset[int]:
        """The indices of the tokens of quantities."""
        return frozenset(index for figure in self.quantities for index in self.tokens_in(figure.start, figure.end))

    def tokens_in(self, start: int, end: int) -> range:
        """Return the indices of the tokens that `[start, end)` touches; an empty range where it touches none."""
        first = bisect.bisect_right(self._starts, start) - 1
        if first < 0 or self.tokens[first].end <= start:
            first += 1
        return range(first, max(first, bisect.bisect_left(self._starts, end)))

    def sentence_of(self, index: int) -> range:
        """Return the sentence that holds token `index`, as a range of token indices."""
        return self.sentences[bisect.bisect_right(self._firsts, index) - 1]

    def next_to(self, index: int) -> bool:
        """Say whether only spaces, or nothing, part token `index` from the one before it; False for the first."""
        return index > 0 and "\n" not in self.text[self.tokens[index - 1].end : self.tokens[index].start]

    def word_before(self, index: int) -> str:
        """Return the word before token `index` on its line, in lower case and past an article; "" for none."""
        while self.next_to(index):
            index -= 1
            if self.lower[index] not in _DETERMINERS:
                return self.lower[index]
        return ""

    def words_after(self, index: int) -> tuple[str, str]:
        """Return the words at tokens `index` and `index` + 1, in lower case; "" from the end of the line on."""
        first = self.lower[index] if index < len(self.tokens) and self.next_to(index) else ""
        more = first and index + 1 < len(self.tokens) and self.next_to(index + 1)
        return first, self.lower[index + 1] if more else ""

    def actor(self, identifier: str) -> Actor:
        """Return the entry of an actor."""
        return self.gazetteer.known.actors[identifier]
