"""The gazetteer: the names of the knowledge files, looked up in a text."""

import collections
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rift.corpus.tokens import Token, tokenize
from rift.guidelines import Actor, Knowledge, Place, names

_ARTICLES = frozenset({"al", "an", "ar", "as", "ash", "at", "az", "el"})
"""The Arabic article as it is romanised; news capitalises it now one way, now another."""

_SHORTEST_IN_CAPITALS = 4
"""Letters that a name in capitals needs to be looked up whatever its case: `US` is no pronoun, and `us` no country."""

_Key = tuple[str, ...]


class Hit(NamedTuple):
    """A known name at `[start, end)` of a text, with the ids of the actors and of the places that bear it."""

    start: int
    end: int
    actors: tuple[str, ...]
    places: tuple[str, ...]


class Gazetteer:
    """Looks up names, the longest first, on whole words.

    Case counts, but for the Arabic article and for what stands in capitals throughout, as in a headline; so do not
    the shape of an apostrophe or the width of a space. A last word that has lost its apostrophe (`Syrias`) is found
    where nothing else is. Entries that share a name are all given, those that have it as their canonical name first.
    """

    def __init__(self, known: Knowledge) -> None:
        self.known = known
        self._entries: dict[_Key, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        actors, places = _by_name(known.actors), _by_name(known.places)
        for key in [*actors, *places]:
            found = tuple(actors.get(key, ())), tuple(places.get(key, ()))
            self._entries[key] = found
            capitals = tuple(word.upper() for word in key)
            if sum(map(len, key)) >= _SHORTEST_IN_CAPITALS:
                self._entries.setdefault(capitals, found)
        lengths: dict[str, set[int]] = collections.defaultdict(set)
        for key in self._entries:
            lengths[key[0]].add(len(key))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def find(self, text: str, tokens: Sequence[Token]) -> list[Hit]:
        """Return the known names in `text`, in order and apart from one another; none for an empty text."""
        words = [_normal(text[token.start : token.end]) for token in tokens]
        hits: list[Hit] = []
        index = 0
        while index < len(tokens):
            hit, length = self._longest(text, tokens, words, index)
            if hit:
                hits.append(hit)
            index += length
        return hits

    def actors(self, surface: str) -> tuple[str, ...]:
        """Return the ids of the actors whose name `surface` is; () for none."""
        return self._look_up(_key(surface))[0]

    def places(self, surface: str) -> tuple[str, ...]:
        """Return the ids of the places whose name `surface` is; () for none."""
        return self._look_up(_key(surface))[1]

    def _look_up(self, key: _Key) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return self._entries.get(key) or self._entries.get(_without_s(key)) or ((), ())

    def _longest(self, text: str, tokens: Sequence[Token], words: Sequence[str], index: int) -> tuple[Hit | None, int]:
        """Return the longest name that begins at token `index` and its length in tokens, or None and 1."""
        for bare in (False, True):
            first = _without_s((words[index],))[0] if bare else words[index]
            for length in {*self._lengths.get(words[index], ()), *self._lengths.get(first, ())}:
                pass
        for strip in (_same, _without_s):
            lengths = self._lengths.get(words[index]) or self._lengths.get(strip((words[index],))[0], ())
            for length in lengths:
                key = strip(tuple(words[index : index + length]))
                found = self._entries.get(key) if len(key) == length else None
                start, end = tokens[index].start, tokens[min(index + length, len(tokens)) - 1].end
                if found and "\n" not in text[start:end]:
                    dropped = len("s") if strip is _without_s else 0
                    return Hit(start, end - dropped, *found), length
        return None, 1
