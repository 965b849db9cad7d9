"""Writes nervaluate.json beside it: spans on both sides, and what nervaluate's Evaluator gives for them.

Run by hand (`python tests/golden/make_nervaluate.py`); tests/test_golden.py reads the result. Spans of a side never
overlap, except in `difference` cases, and ends are inclusive. The kinds of case:

- `apart`: no span meets two of the other side, so that there is nothing to choose between.
- `flat`: they may; nervaluate then chooses by the order in which spans are listed.
- `difference`: the smallest examples in which it is wrong by that order or otherwise, with the reason, and with `ours`,
  worked out by hand from docs/evaluation.md: correct, incorrect, partial, missed, spurious.
"""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
from golden_tags import write
from nervaluate import Evaluator

LABELS = ("ACTOR", "DATE", "TOLL")
Entity = dict[str, str | int]

DIFFERENCES: tuple[tuple[str, Mapping[str, Sequence[int]], list[list[object]], list[list[object]]], ...] = (
    (
        "the first prediction takes the gold span with a wrong label, and the second, with the right one, gets none",
        {"ent_type": (1, 0, 0, 0, 1)},
        [["ACTOR", 0, 1]],
        [["DATE", 0, 0], ["ACTOR", 1, 1]],
    ),
    (
        "the first prediction takes the gold span that only the second one could have had",
        {"partial": (0, 0, 2, 0, 0), "strict": (0, 2, 0, 0, 0), "exact": (0, 2, 0, 0, 0)},
        [["ACTOR", 1, 4], ["ACTOR", 6, 6]],
        [["ACTOR", 4, 6], ["ACTOR", 0, 1]],
    ),
    (
        "two labels on one stretch: a wrong label listed first hides the right one",
        {"strict": (1, 0, 0, 0, 1), "ent_type": (1, 0, 0, 0, 1)},
        [["ACTOR", 2, 2]],
        [["DATE", 2, 2], ["ACTOR", 2, 2]],
    ),
    (
        "nested spans: a longer prediction listed first hides the one with the right boundaries",
        {"strict": (1, 0, 0, 0, 1), "exact": (1, 0, 0, 0, 1), "partial": (1, 0, 0, 0, 1)},
        [["TOLL", 4, 4]],
        [["TOLL", 3, 4], ["TOLL", 4, 4]],
    ),
    (
        "an overlap of less than one hundredth of the gold span counts as none",
        {"partial": (0, 0, 1, 0, 0), "ent_type": (1, 0, 0, 0, 0), "strict": (0, 1, 0, 0, 0)},
        [["TOLL", 0, 199]],
        [["TOLL", 199, 205]],
    ),
)


def flat(random: np.random.Generator) -> list[Entity]:
    """Return up to seven spans that do not overlap, in order."""
    edges = sorted(random.choice(40, size=2 * int(random.integers(0, 8)), replace=False).tolist())
    return [
        {"label": str(random.choice(LABELS)), "start": start, "end": end - 1}
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    ]


def meet(one: Entity, other: Entity) -> bool:
    """Say whether two spans share a token."""
    return one["start"] <= other["end"] and other["start"] <= one["end"]  # type: ignore[operator]


def apart(true: Sequence[Entity], pred: Sequence[Entity]) -> bool:
    """Say whether each span meets one span of the other side at most."""
    return all(sum(meet(a, b) for b in side) <= 1 for side, of in ((pred, true), (true, pred)) for a in of)


def predicted(random: np.random.Generator, true: Sequence[Entity]) -> list[Entity]:
    """Return the spans with some left out, some shortened, some of another label."""
    found: list[Entity] = []
    for span in true:
        draw, start, end = random.random(), int(span["start"]), int(span["end"])
        if draw < 0.15:
            continue
        label = str(random.choice(LABELS)) if draw < 0.4 else span["label"]
        found.append({"label": label, "start": start + int(0.3 < draw < 0.6 and end > start), "end": end})
    return found


def results(true: list[list[Entity]], pred: list[list[Entity]]) -> dict[str, object]:
    """Return nervaluate's results and indices, as plain values."""
    found = Evaluator(true, pred, tags=list(LABELS), loader="dict").evaluate()
    plain = dataclasses.asdict
    return {
        "overall": {name: plain(of) for name, of in found["overall"].items()},
        "entities": {
            label: {name: plain(of) for name, of in rows.items()} for label, rows in sorted(found["entities"].items())
        },
        "overall_indices": {name: plain(of) for name, of in found["overall_indices"].items()},
    }


def drawn(random: np.random.Generator, kind: str) -> dict[str, object]:
    """Return a random case of the kind `apart` or `flat`, with four documents."""
    true: list[list[Entity]] = []
    pred: list[list[Entity]] = []
    while len(true) < 4:
        ours = flat(random)
        theirs = predicted(random, ours) if kind == "apart" else flat(random)
        if kind == "flat" or apart(ours, theirs):
            true.append(ours)
            pred.append(theirs)
    return {"kind": kind, "true": true, "pred": pred, "results": results(true, pred)}


def main() -> None:
    """Write the file."""
    random = np.random.default_rng(2013)
    cases = [drawn(random, kind) for kind in ("apart", "flat") for _ in range(6)]
    for why, ours, *sides in DIFFERENCES:
        true, pred = ([[dict(zip(("label", "start", "end"), row, strict=True)) for row in side]] for side in sides)
        found = results(true, pred)  # type: ignore[arg-type]
        cases.append({"kind": "difference", "why": why, "ours": ours, "true": true, "pred": pred, "results": found})
    write(__file__, ("nervaluate",), cases)


if __name__ == "__main__":
    main()
