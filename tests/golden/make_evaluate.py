"""Writes evaluate.json beside it: tags, and what the metric seqeval of Hugging Face's `evaluate` returns for them.

Run by hand in an environment of its own (`pip install evaluate==0.4.6 seqeval==1.2.2`) with the metric's script,
metrics/seqeval/seqeval.py of the repository huggingface/evaluate: `python tests/golden/make_evaluate.py SCRIPT COMMIT`.
tests/test_golden.py reads the result. Averages that only some versions of the script give are left out.
"""

import importlib
import sys

import numpy as np
from golden_tags import pair, write

LABELS = ("ACTOR", "DATE", "TOLL")


def plain(value: object) -> object:
    """Return a result without the numbers of numpy, and without `macro_` and `weighted_` averages."""
    if isinstance(value, dict):
        return {key: plain(found) for key, found in value.items() if not key.startswith(("macro_", "weighted_"))}
    return value.item() if isinstance(value, np.generic) else value


def main() -> None:
    """Write the file."""
    script, commit = sys.argv[1:]
    metric = importlib.import_module("evaluate").load(script)
    random = np.random.default_rng(1995)
    cases: list[dict[str, object]] = []
    for scheme, strict in (("IOB2", None), ("IOB2", "IOB2"), ("IOBES", "IOBES")):
        for share in (0.1, 0.5):
            gold, predicted = pair(random, LABELS, scheme, share)
            settings = {"zero_division": 0, **({"mode": "strict", "scheme": strict} if strict else {})}
            found = plain(metric.compute(predictions=predicted, references=gold, **settings))
            cases.append({"settings": settings, "references": gold, "predictions": predicted, "scores": found})
    write(__file__, ("evaluate", "seqeval", "datasets", "numpy"), cases, script=commit)


if __name__ == "__main__":
    main()
