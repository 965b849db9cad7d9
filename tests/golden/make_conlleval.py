"""Writes conlleval.json beside it: chunk tags of the CoNLL-2000 kind, and the counts and scores of conlleval.

conlleval 0.2 is the Python form of the Perl script of that shared task (Tjong Kim Sang and Buchholz 2000). It is no
dependency of the project: run this by hand in an environment of its own (`pip install conlleval==0.2 numpy`, then
`python tests/golden/make_conlleval.py`). tests/test_golden.py reads the result.
"""

import importlib
from collections.abc import Sequence

import numpy as np
from golden_tags import pair, write

CHUNKS = ("NP", "VP", "PP", "ADVP", "SBAR", "ADJP")


def lines(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> list[str]:
    """Return the columns word, gold tag, predicted tag, with an empty line after each sentence."""
    found: list[str] = []
    for ours, theirs in zip(gold, predicted, strict=True):
        found += [f"w {one} {other}" for one, other in zip(ours, theirs, strict=True)]
        found.append("")
    return found


def case(gold: list[list[str]], predicted: list[list[str]]) -> dict[str, object]:
    """Return the tags with the results of conlleval: over all chunks, by label, and the share of tags right."""
    summary = importlib.import_module("conlleval").evaluate(lines(gold, predicted))
    return {
        "gold": gold,
        "predicted": predicted,
        "overall": summary["overall"]["chunks"],
        "labels": dict(sorted(summary["slots"]["chunks"].items())),
        "accuracy": summary["overall"]["tags"]["evals"]["rec"],
    }


def main() -> None:
    """Write the file; the last case predicts nothing, where conlleval gives a precision of 1."""
    random = np.random.default_rng(2000)
    cases = [
        case(*pair(random, CHUNKS, scheme, share))
        for scheme in ("IOB2", "IOBES", "IOE2")
        for share in (0.05, 0.15, 0.3, 0.8)
    ]
    write(__file__, ("conlleval", "numpy"), [*cases, case([["B-NP", "O"]], [["O", "O"]])])


if __name__ == "__main__":
    main()
