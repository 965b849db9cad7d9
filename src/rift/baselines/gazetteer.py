"""The gazetteer: the names of the knowledge files, looked up in a text."""

import collections
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rift.corpus.tokens import Token, tokenize
from rift.guidelines import Actor, Knowledge, Place, names

_ARTICLES = frozenset({"al", "an", "ar", "as", "ash", "at", "az", "el"})
"""The Arabic article as it is romanised; news capitalises it now one way, now another."""

_SHORTEST_IN_CAPITALS = 4
"""Letters that a name in capitals needs to be looked up whatever its case: `US` is no pronoun, and `us` no country."""

_ALIKE = str.maketrans("\u2018\u2019\u02bc\u02bb`\u2010\u2011\u2013", "'''''---")

_Key = tuple[str, ...]
_Entries = tuple[tuple[str, ...], tuple[str, ...]]


class Hit(NamedTuple):
    """A known name at `[start, end)` of a text, with the ids of the actors and of the places that bear it."""

    start: int
    end: int
    actors: tuple[str, ...]
    places: tuple[str, ...]


class Gazetteer:
    """Looks up names, the longest first, on whole words.

    Case counts, but for the Arabic article and for what stands in capitals throughout, as in a headline; the shape of
    an apostrophe or a hyphen does not. A last word that has lost its apostrophe (`Syrias`) is found where nothing else
    is. Entries that share a name are all given, those that have it as their canonical name first.
    """

    def __init__(self, known: Knowledge) -> None:
        self.known = known
        actors, places = _by_name(known.actors), _by_name(known.places)
        self._entries: dict[_Key, _Entries] = {
            key: (tuple(actors.get(key, ())), tuple(places.get(key, ()))) for key in [*actors, *places]
        }
        for key, found in list(self._entries.items()):
            if sum(map(len, key)) >= _SHORTEST_IN_CAPITALS:
                self._entries.setdefault(tuple(map(_capital, key)), found)
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
            length = self._longest(words, index)
            hit = self._hit(text, tokens[index : index + length], words[index : index + length])
            if hit:
                hits.append(hit)
            index += length if hit else 1
        return hits

    def actors(self, surface: str) -> tuple[str, ...]:
        """Return the ids of the actors whose name `surface` is; () for none."""
        return self._look_up(_key(surface))[0]

    def places(self, surface: str) -> tuple[str, ...]:
        """Return the ids of the places whose name `surface` is; () for none."""
        return self._look_up(_key(surface))[1]

    def _look_up(self, key: _Key) -> _Entries:
        return self._entries.get(key) or self._entries.get(_without_s(key)) or ((), ())

    def _longest(self, words: Sequence[str], index: int) -> int:
        """Return the length in tokens of the longest name that begins at token `index`, 0 where none does."""
        lengths = self._lengths.get(words[index], [])
        keys = [tuple(words[index : index + length]) for length in [*lengths, 1]]
        written = [len(key) for key in keys if key in self._entries]
        return max(written or [len(key) for key in keys if _without_s(key) in self._entries], default=0)

    def _hit(self, text: str, tokens: Sequence[Token], words: Sequence[str]) -> Hit | None:
        key = tuple(words)
        if not key or "\n" in text[tokens[0].start : tokens[-1].end]:
            return None
        lost = 0 if key in self._entries else 1
        return Hit(tokens[0].start, tokens[-1].end - lost, *self._look_up(key))


def _by_name(entries: Mapping[str, Actor] | Mapping[str, Place]) -> dict[_Key, list[str]]:
    """Map every name to the ids that bear it, the canonical ones first, in the files' order."""
    found: dict[_Key, list[str]] = collections.defaultdict(list)
    for forms in (1, None):
        for identifier, entry in entries.items():
            for name in names(entry)[:forms]:
                key = _key(name)
                if key and identifier not in found[key]:
                    found[key].append(identifier)
    return found


def _key(name: str) -> _Key:
    return tuple(_normal(name[token.start : token.end]) for token in tokenize(name))


def _normal(word: str) -> str:
    return word.lower() if word.lower() in _ARTICLES else word.translate(_ALIKE)


def _capital(word: str) -> str:
    return word if word in _ARTICLES else word.upper()


def _without_s(key: _Key) -> _Key:
    last = key[-1] if key else ""
    return (*key[:-1], last[:-1]) if len(last) >= _SHORTEST_IN_CAPITALS and last.endswith("s") else ()
