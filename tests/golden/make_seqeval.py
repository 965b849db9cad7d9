"""Writes seqeval.json beside it: tags in four schemes, and what the functions of seqeval (Nakayama 2018) return.

Run by hand (`python tests/golden/make_seqeval.py`); tests/test_golden.py reads the result. Predicted tags are
often ill-formed. `scheme` null stands for seqeval's default mode, which follows the script conlleval.
"""

from collections.abc import Mapping

import numpy as np
import seqeval.scheme
from golden_tags import pair, write
from seqeval.metrics import accuracy_score, classification_report, f1_score, precision_score, recall_score

LABELS = ("ACTOR", "DATE", "TOLL")
FUNCTIONS = {"precision_score": precision_score, "recall_score": recall_score, "f1_score": f1_score}


def case(random: np.random.Generator, tags: str, scheme: str | None, share: float) -> dict[str, object]:
    """Return tags spelled in `tags` with the results of every function, average and `zero_division`."""
    gold, predicted = pair(random, LABELS, tags, share)
    settings = {"mode": "strict", "scheme": getattr(seqeval.scheme, scheme)} if scheme else {}
    results: list[Mapping[str, object]] = []
    for name, function in FUNCTIONS.items():
        for average in (None, "micro", "macro", "weighted"):
            for zero_division in (0, 1):
                value = function(gold, predicted, average=average, zero_division=zero_division, **settings)
                arguments = {"average": average, "zero_division": zero_division}
                results.append({"function": name, **arguments, "value": np.asarray(value).tolist()})
    return {
        "scheme": scheme,
        "gold": gold,
        "predicted": predicted,
        "accuracy": accuracy_score(gold, predicted),
        "results": results,
        "text": classification_report(gold, predicted, digits=5, zero_division=0, **settings),
    }


def main() -> None:
    """Write the file."""
    random = np.random.default_rng(2018)
    kinds = [
        ("IOB2", "IOB2"),
        ("IOE2", "IOE2"),
        ("IOBES", "IOBES"),
        ("BILOU", "BILOU"),
        ("IOB2", None),
        ("IOBES", None),
    ]
    cases = [case(random, tags, scheme, share) for tags, scheme in kinds for share in (0.1, 0.3, 0.7)]
    write(__file__, ("seqeval", "scikit-learn", "numpy"), cases)


if __name__ == "__main__":
    main()
