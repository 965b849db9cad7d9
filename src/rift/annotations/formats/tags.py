"""Tags of taggers, one a token, read as spans over the tokens: IOB1, IOB2, IOBES and BILOU."""

import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_TAG = re.compile(r"([BIESLU])-(\S.*)")

_CHUNK = re.compile("[SU]|[EL]|[BI]I*[EL]?")
"""The spans in a run of adjacent tags of one label, as the script conlleval cuts them (Tjong Kim Sang and Buchholz
2000): one begins where the label changes, at B and S, and after E and S; L and U mean E and S. For the well-formed tags
of each scheme these are the scheme's own."""

SCHEMES = {
    "IOB1": re.compile("I+(?:BI*)*"),
    "IOB2": re.compile("(?:BI*)+"),
    "IOBES": re.compile("(?:S|BI*E)+"),
    "BILOU": re.compile("(?:U|BI*L)+"),
}
"""The well-formed runs of adjacent tags of one label, by scheme (the first two: Tjong Kim Sang and Veenstra 1999)."""


class Chunk(NamedTuple):
    """A span over tokens: half-open token indices and the label."""

    start: int
    end: int
    label: str


@functools.lru_cache(maxsize=1 << 12)
def label_of(tag: str) -> str | None:
    """Return the label of a tag, "" for `O`, None for what is no tag.

    A tag is `O`, or one of B, I, E, S, L and U with a hyphen and the label.
    """
    if tag == "O":
        return ""
    found = _TAG.fullmatch(tag)
    return found[2] if found else None


def chunks(tags: Sequence[str]) -> Iterator[Chunk]:
    """Yield the spans of one sentence's tags in order; they never overlap. No tags, or what is no tag, give none."""
    for start, prefixes, label in _runs(tags):
        for found in _CHUNK.finditer(prefixes):
            yield Chunk(start + found.start(), start + found.end(), label)


def schemes(tags: Sequence[str]) -> set[str]:
    """Return the schemes in which one sentence's tags are well-formed; all for a sentence without spans."""
    fit = set(SCHEMES)
    for _, prefixes, _ in _runs(tags):
        fit = {name for name in fit if SCHEMES[name].fullmatch(prefixes)}
    return fit


def _runs(tags: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Yield (index of the first token, prefixes, label) of each run of adjacent tags of one label."""
    position = 0
    for label, run in itertools.groupby(tags, key=label_of):
        prefixes = "".join(tag[0] for tag in run)
        if label:
            yield position, prefixes, label
        position += len(prefixes)
