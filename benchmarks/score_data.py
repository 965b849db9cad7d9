"""Made data for the benchmark of the spans track: gold spans, and predictions drawn from them."""

import hashlib
import pathlib
import random
from collections.abc import Iterator
from typing import NamedTuple

from rift.annotations.layer import Layer, Markup, Span, write_layer

LABELS = ("ACTOR", "LOCATION", "DATE", "TOLL")
WORD = 6  # code points of a word with the space after it
ROOM = 4  # a gap of more words has room for a spurious span, and for a boundary that is too early
SPURIOUS = 0.1  # of the gaps with room
KINDS = {"equal": 80, "boundary": 8, "label": 4, "boundary and label": 2, "missed": 6}
"""What becomes of a gold span among the predictions, in percent."""

Run = tuple[int, int, str]
"""A span in words: first, one after the last, label."""


class Data(NamedTuple):
    """Gold and predicted spans in words by document, and the documents' lengths in words."""

    gold: list[list[Run]]
    predicted: list[list[Run]]
    lengths: list[int]


def make(documents: int, spans: int, apart: int, seed: int = 0) -> Data:
    """Draw gold spans, 1 to `apart` words apart, and predictions from them.

    Neither side overlaps itself, so that tags can hold it. A seed gives the same data everywhere.
    """
    draw = random.Random(seed)  # noqa: S311 - a benchmark needs no secrecy
    data = Data([], [], [])
    for _ in range(documents):
        gold: list[Run] = []
        predicted: list[Run] = []
        at = 0
        for _ in range(spans):
            gap = draw.randint(1, apart)
            if gap > ROOM and draw.random() < SPURIOUS:
                predicted.append((at + 2, at + 3, draw.choice(LABELS)))
            first, last, label = at + gap, at + gap + draw.randint(1, 3), draw.choice(LABELS)
            gold.append((first, last, label))
            predicted.extend(_prediction(draw, first, last, label, gap))
            at = last
        data.gold.append(gold)
        data.predicted.append(predicted)
        data.lengths.append(at + 1)
    return data


def _prediction(draw: random.Random, first: int, last: int, label: str, gap: int) -> Iterator[Run]:
    (kind,) = draw.choices(list(KINDS), list(KINDS.values()))
    if kind == "missed":
        return
    if "boundary" in kind:
        first = first - 1 if gap > ROOM else first + (last - first > 1)
    yield first, last, draw.choice(LABELS) if "label" in kind else label


def write(folder: pathlib.Path, data: Data) -> tuple[pathlib.Path, pathlib.Path]:
    """Write gold and predictions as layers; return their paths."""
    paths = []
    for name, side in (("gold", data.gold), ("predicted", data.predicted)):
        markups = (
            Markup(
                doc=f"news-{number:07}",
                sha256=hashlib.sha256(str(number).encode()).hexdigest(),
                layer=name,
                spans=[_span(run) for run in runs],
            )
            for number, runs in enumerate(side)
        )
        paths.append(folder / f"{name}.jsonl")
        write_layer(paths[-1], Layer(name, markups))
    return paths[0], paths[1]


def _span(run: Run) -> Span:
    first, last, label = run
    surface = " ".join(["words"] * (last - first))
    return Span(start=WORD * first, end=WORD * last - 1, label=label, surface=surface)
