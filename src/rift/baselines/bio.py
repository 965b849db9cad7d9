"""BIO tags: spans of one label as one tag a token, and back."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from rift.baselines.analysis import Analysis, Stretch
from rift.baselines.viterbi import Scores

OUTSIDE, BEGIN, INSIDE = 0, 1, 2
"""The tags (Ramshaw and Marcus 1995, the variant IOB2): a span begins with `BEGIN` and goes on with `INSIDE`."""

TAGS = 3


def encode(analysis: Analysis, spans: Iterable[tuple[int, int]]) -> list[int]:
    """Return one tag a token for the spans of one label; a token that a span touches counts as whole.

    A span that goes over the end of a sentence begins anew there, since sentences are decoded one by one.
    """
    tags = [OUTSIDE] * len(analysis.tokens)
    firsts = {sentence.start for sentence in analysis.sentences}
    for start, end in spans:
        for place, index in enumerate(analysis.tokens_in(start, end)):
            tags[index] = BEGIN if place == 0 or index in firsts else INSIDE
    return tags


def runs(tags: Sequence[int]) -> Iterator[range]:
    """Yield the spans of well-formed tags as ranges of places, in order; none for no tags."""
    start = None
    for place, tag in enumerate([*tags, OUTSIDE]):
        if start is not None and tag != INSIDE:
            yield range(start, place)
            start = None
        if tag == BEGIN:
            start = place


def trim(analysis: Analysis, tokens: range, label: str) -> Stretch | None:
    """Return the stretch that `tokens` cover, less the punctuation at its edges; None where nothing else is there."""
    kept = [index for index in tokens if analysis.words[index].isalnum()]
    if not kept:
        return None
    return Stretch(analysis.tokens[kept[0]].start, analysis.tokens[kept[-1]].end, label)


def transition_scores(sequences: Iterable[Sequence[int]], smoothing: float, weight: float) -> tuple[Scores, Scores]:
    """Return the scores of steps (tags by next tags) and of first tags: how far a step changes the odds of a tag.

    That is `weight` times log P(next | tag) - log P(next), from counts with `smoothing` added to each: a tag's own
    probability is the classifier's to give, so only what the neighbour adds is counted here, as hybrids of a classifier
    and a Markov model do (Bourlard and Morgan 1994). `INSIDE` after `OUTSIDE` or in first place is forbidden (minus
    infinity). No sequence gives no change but that.
    """
    counts = np.full((TAGS + 1, TAGS), smoothing)
    for tags in sequences:
        np.add.at(counts, ([TAGS, *tags[:-1]], tags), 1)
    prior = counts.sum(axis=0) / counts.sum()
    scores = weight * np.log(counts / counts.sum(axis=1, keepdims=True) / prior)
    scores[[OUTSIDE, TAGS], INSIDE] = -np.inf
    return scores[:TAGS], scores[TAGS]
