"""What the baseline `linear` sees of a token."""

import itertools
import re
from collections.abc import Iterator, Sequence

from rift.baselines.analysis import Analysis

_AFFIX = 3
_WINDOW = (-2, -1, 1, 2)
_RUNS = re.compile(r"(.)\1+")


def token_features(analysis: Analysis) -> list[list[str]]:
    """Return the features of every token, as strings that are there or not; an empty text gives [].

    A token's word, shape, affixes, its part of a known name, date or quantity, whether it is in the headline; of
    the two neighbours on either side in its sentence the word, shape and parts; pairs of adjacent words.
    """
    parts = _parts(analysis)
    local = [list(_local(analysis, index, parts[index])) for index in range(len(analysis.tokens))]
    headline_end = analysis.text.find("\n")
    found: list[list[str]] = []
    for sentence in analysis.sentences:
        for index in sentence:
            features = ["bias", *local[index], *_affixes(analysis.lower[index])]
            features += [f"{offset}:{feature}" for offset, feature in _around(local, index, sentence)]
            for left, right in itertools.pairwise(range(index - 1, index + 2)):
                if left in sentence and right in sentence:
                    features.append(f"{left - index}pair={analysis.lower[left]}|{analysis.lower[right]}")
            if analysis.tokens[index].end <= headline_end:
                features.append("headline")
            found.append(features)
    return found


def shape(word: str) -> str:
    """Return a word's shape: X for capitals, x for small letters, 9 for digits, runs shortened, signs as they are."""
    classes = "".join("X" if c.isupper() else "x" if c.isalpha() else "9" if c.isdigit() else c for c in word)
    return _RUNS.sub(r"\1\1", classes)


def _local(analysis: Analysis, index: int, parts: Sequence[str]) -> Iterator[str]:
    yield f"word={analysis.lower[index]}"
    yield f"shape={shape(analysis.words[index])}"
    yield from parts


def _affixes(word: str) -> Iterator[str]:
    for length in range(2, _AFFIX + 1):
        if len(word) > length:
            yield f"prefix={word[:length]}"
            yield f"suffix={word[-length:]}"


def _around(local: Sequence[Sequence[str]], index: int, sentence: range) -> Iterator[tuple[int, str]]:
    """Yield the neighbours' features with their offsets; where the sentence ends, `edge`."""
    for offset in _WINDOW:
        if index + offset in sentence:
            yield from ((offset, feature) for feature in local[index + offset])
        else:
            yield offset, "edge"


def _parts(analysis: Analysis) -> list[list[str]]:
    """Return for each token how it begins or goes on in known names, dates and quantities."""
    found: list[list[str]] = [[] for _ in analysis.tokens]
    known = analysis.gazetteer.known
    stretches = [
        (hit.start, hit.end, f"actor-{known.actors[key].kind}") for hit in analysis.hits for key in hit.actors[:1]
    ]
    stretches += [
        (hit.start, hit.end, f"place-{known.places[key].kind}") for hit in analysis.hits for key in hit.places[:1]
    ]
    stretches += [(date.start, date.end, "date") for date in analysis.dates]
    stretches += [(figure.start, figure.end, "quantity") for figure in analysis.quantities]
    for start, end, kind in stretches:
        for place, index in enumerate(analysis.tokens_in(start, end)):
            found[index].append(f"{'I' if place else 'B'}-{kind}")
    return found
