"""Cohen's kappa over tokens, from counts of documents."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from rift.annotations.layer import Span
from rift.corpus.tokens import tokenize
from rift.eval.collected import ratios
from rift.eval.statistics import Counts

Codes = npt.NDArray[np.int64]
"""The categories that either observer gave the items of a document: (2, items), 0 to the number of categories."""


def mark_tokens(text: str, spans: Sequence[Sequence[Span]]) -> npt.NDArray[np.bool_]:
    """Return whether each token of `text` shares a code point with one of the spans: (tokens, groups of spans)."""
    tokens = np.array(tokenize(text), dtype=np.int64).reshape(-1, 2)
    marked = np.zeros((len(tokens), len(spans)), dtype=np.bool_)
    for column, group in enumerate(spans):
        for span in group:
            marked[np.maximum(tokens[:, 0], span.start) < np.minimum(tokens[:, 1], span.end), column] = True
    return marked


def count_codes(documents: Sequence[Codes], categories: int) -> Counts:
    """Return what each document adds to kappa: (documents, 2 + 2 categories), whole numbers all of them.

    The last axis holds the items with one category from both observers, all items, then the items by category, of the
    one observer and of the other.
    """
    counts = np.zeros((len(documents), 2 + 2 * categories))
    for row, codes in zip(counts, documents, strict=True):
        row[:2] = (codes[0] == codes[1]).sum(), codes.shape[1]
        row[2:] = np.concatenate([np.bincount(side, minlength=categories) for side in codes])
    return counts


def kappa(sums: Counts) -> npt.NDArray[np.float64]:
    """Return Cohen's kappa (1960) of sums over documents of any shape (..., 2 + 2 categories).

    1 is full agreement, 0 what the shares of the categories would give by chance, less than 0 worse than that. NaN
    without items, and where both observers put all of them into one category, since chance then agrees fully.
    """
    agreed, items = sums[..., 0], sums[..., 1]
    one, other = np.split(sums[..., 2:], 2, axis=-1)
    by_chance = (one * other).sum(axis=-1)
    above, below = agreed * items - by_chance, items**2 - by_chance
    return ratios(np.stack([above, below], axis=-1))
