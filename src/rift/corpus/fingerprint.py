"""Fingerprints: a text that may not be given away, as one hexadecimal digit a word, so that a copy can be aligned.

Four bits say less of a word than its neighbours do: enough to align a text that one holds, not enough to write one that
one does not (docs/evaluation.md#what-a-fingerprint-gives-away states how much that is).
"""

import bisect
import hashlib
import pathlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from rift.corpus.document import Identifier, Sha256
from rift.corpus.tokens import Token, tokenize
from rift.jsonl import read_structs

FINGERPRINTS = "fingerprints.jsonl"
"""Name of the file in the folder of a collection."""


class Place(msgspec.Struct, frozen=True, array_like=True, order=True):
    """Where an offset of the canonical text stands among its words: `inside` code points into the word `word`."""

    offset: int
    word: int
    inside: int


class Fingerprint(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A document as a digit a word; `sha256` is that of its canonical text.

    `digits` has as many digits as the text has words, `places` the starts and ends of the spans that are to be placed,
    in order: without the text an offset says nothing of the words before it.
    """

    doc: Identifier
    sha256: Sha256
    digits: str
    places: Sequence[Place]


def words(text: str) -> list[Token]:
    """Return the words of `text`: its tokens that hold a letter or a digit, in order; [] for none."""
    return [token for token in tokenize(text) if text[token.start].isalnum()]


def plain(word: str) -> str:
    """Return a word as it is compared: NFKC, case-folded, letters and digits alone."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(character for character in folded if character.isalnum())


def digits(text: str, tokens: Iterable[Token]) -> str:
    """Return a hexadecimal digit for each word: four bits of the BLAKE2b hash of `plain`; "" for no words."""
    return "".join(_digit(plain(text[token.start : token.end])) for token in tokens)


def _digit(word: str) -> str:
    return hashlib.blake2b(word.encode(), digest_size=1).hexdigest()[0]


def fingerprint(doc: str, sha256: str, text: str, spans: Iterable[tuple[int, int]]) -> Fingerprint:
    """Return the fingerprint of a canonical text, with the places of the starts and ends of `spans`.

    A start belongs to the first word that ends after it, an end to the last word that begins before it. Raises
    ValueError for a span without a word.
    """
    tokens = words(text)
    begins, ends = [token.start for token in tokens], [token.end for token in tokens]
    places: set[Place] = set()
    for start, end in spans:
        first, last = bisect.bisect_right(ends, start), bisect.bisect_left(begins, end) - 1
        if last < first:
            raise ValueError(f"{doc}: there is no word in [{start}, {end})")
        places.add(Place(start, first, start - begins[first]))
        places.add(Place(end, last, end - begins[last]))
    return Fingerprint(doc=doc, sha256=sha256, digits=digits(text, tokens), places=sorted(places))


def read_fingerprints(folder: pathlib.Path) -> Mapping[str, Fingerprint]:
    """Return the fingerprints of a collection by document, from its folder; {} where it has none.

    Raises InputError for a file of wrong form.
    """
    path = folder / FINGERPRINTS
    return {item.doc: item for item in read_structs(Fingerprint, path)} if path.exists() else {}
