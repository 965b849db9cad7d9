"""Writes seqeval.json beside it: tag sequences and the scores that seqeval (Nakayama 2018) gives them.

Run by hand (`python tests/golden/make_seqeval.py`) after a change here; tests/test_scoring.py reads the result. A case
with `scheme` "IOB2" is scored by seqeval's strict mode, ill-formed tags included; one with "conlleval" by its default
mode, which follows the script conlleval, on well-formed tags only.
"""

import json
import pathlib
import platform
from importlib.metadata import version

import numpy as np
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

LABELS = ("ACTOR", "DATE", "LOCATION", "TOLL")
MEASURES = ("precision", "recall", "f1-score", "support")


def well_formed(random: np.random.Generator, length: int) -> list[str]:
    """Return tags in which every I- continues its own label."""
    tags: list[str] = []
    while len(tags) < length:
        label = str(random.choice(LABELS))
        run = int(random.integers(1, 5))
        tags += ["O"] * run if random.random() < 0.4 else [f"B-{label}", *[f"I-{label}"] * (run - 1)]
    return tags[:length]


def disturbed(random: np.random.Generator, tags: list[str], share: float) -> list[str]:
    """Return `tags` with that share replaced by any tag at all."""
    every = ["O", *(f"{prefix}-{label}" for prefix in "BI" for label in LABELS)]
    return [str(random.choice(every)) if random.random() < share else tag for tag in tags]


def repaired(tags: list[str]) -> list[str]:
    """Return `tags` with a B- in place of each I- that continues nothing."""
    before = ["O", *tags]
    return [
        f"B-{tag[2:]}" if tag[0] == "I" and previous[2:] != tag[2:] else tag
        for previous, tag in zip(before, tags, strict=False)
    ]


def case(random: np.random.Generator, scheme: str, share: float) -> dict[str, object]:
    """Return gold tags of some documents, predicted tags that differ from them in about `share`, and seqeval's rows."""
    gold = [well_formed(random, int(random.integers(1, 40))) for _ in range(int(random.integers(1, 8)))]
    predicted = [disturbed(random, tags, share) for tags in gold]
    if scheme == "conlleval":
        predicted = [repaired(tags) for tags in predicted]
    return {"scheme": scheme, "gold": gold, "predicted": predicted, "report": report(gold, predicted, scheme)}


def report(gold: list[list[str]], predicted: list[list[str]], scheme: str) -> dict[str, dict[str, float]]:
    """Return seqeval's rows, label by label and `micro avg`."""
    settings = {"mode": "strict", "scheme": IOB2} if scheme == "IOB2" else {}
    rows = classification_report(gold, predicted, output_dict=True, zero_division=0, **settings)
    kept = {name: row for name, row in rows.items() if name not in ("macro avg", "weighted avg")}
    return {name: {measure: float(row[measure]) for measure in MEASURES} for name, row in kept.items()}


def main() -> None:
    """Write the file."""
    random = np.random.default_rng(2013)
    cases = [
        case(random, scheme, share) for scheme in ("IOB2", "conlleval") for share in (0.05, 0.1, 0.2, 0.4, 0.9) * 2
    ]
    versions = {name: version(name) for name in ("seqeval", "scikit-learn", "numpy")}
    content = {"made_by": {"python": platform.python_version(), **versions}, "cases": cases}
    target = pathlib.Path(__file__).with_name("seqeval.json")
    target.write_text(json.dumps(content, separators=(",", ":")).replace('{"scheme"', '\n{"scheme"') + "\n", "utf-8")


if __name__ == "__main__":
    main()
