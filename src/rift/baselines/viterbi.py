"""Viterbi decoding: the best sequence of tags, given a score for each tag at each place and each step between tags."""

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]


def decode(emissions: Scores, transitions: Scores, initial: Scores) -> list[int]:
    """Return the sequence of tags with the greatest sum of scores (Viterbi 1967); the lower tag wins a tie.

    `emissions` is places by tags, `transitions` tags by next tags, `initial` the tags' scores for coming first. Minus
    infinity forbids a tag or a step. No place gives []. Raises ValueError where every sequence is forbidden.
    """
    if not len(emissions):
        return []
    best = initial + emissions[0]
    came_from: list[npt.NDArray[np.intp]] = []
    for emission in emissions[1:]:
        paths = best[:, None] + transitions
        came_from.append(paths.argmax(axis=0))
        best = paths.max(axis=0) + emission
    if np.isneginf(best.max()):
        raise ValueError("every sequence of tags is forbidden")
    tags = [int(best.argmax())]
    for steps in reversed(came_from):
        tags.append(int(steps[tags[-1]]))
    return tags[::-1]
