"""The evaluator of nervaluate (version 1.2): the counts and measures of SemEval-2013 task 9, with RIFT's matching.

Its strategies are our modes: `strict`, `exact`, `partial`, and `ent_type` for `type`. Pairs are made as
`rift.eval.match` makes them, so no order matters.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypedDict

import numpy as np

from rift.eval.columns import Columns, aligned, from_layer
from rift.eval.compat.loaders import load
from rift.eval.compat.tags import to_layer
from rift.eval.compat.undefined import UNDEFINED, ZeroDivision, settled
from rift.eval.match import Integers, match_columns
from rift.eval.statistics import measures
from rift.eval.tracks import Mode

STRATEGIES: Mapping[str, Mode] = MappingProxyType(
    {"strict": "strict", "partial": "partial", "ent_type": "type", "exact": "exact"}
)
"""Our mode for each of nervaluate's strategies."""


@dataclasses.dataclass(frozen=True, slots=True)
class EvaluationResult:
    """The counts and measures of one strategy.

    `correct` and `partial` pairs earn 1 and 0.5; `incorrect` pairs overlap but earn nothing; `missed` and `spurious`
    spans are in no pair. `possible` is the number of gold spans, `actual` that of predicted spans. An undefined measure
    is NaN.
    """

    correct: int
    incorrect: int
    partial: int
    missed: int
    spurious: int
    precision: float
    recall: float
    f1: float
    actual: int
    possible: int


@dataclasses.dataclass(frozen=True, slots=True)
class EvaluationIndices:
    """Which spans count as what: (document, span), from 0; for `missed` a gold span, for all others a predicted one."""

    correct_indices: list[tuple[int, int]]
    incorrect_indices: list[tuple[int, int]]
    partial_indices: list[tuple[int, int]]
    missed_indices: list[tuple[int, int]]
    spurious_indices: list[tuple[int, int]]


class Evaluation(TypedDict):
    """What `Evaluator.evaluate` returns: by strategy, and by label and strategy."""

    overall: dict[str, EvaluationResult]
    entities: dict[str, dict[str, EvaluationResult]]
    overall_indices: dict[str, EvaluationIndices]
    entity_indices: dict[str, dict[str, EvaluationIndices]]


class Evaluator:
    """Gold and predicted documents, read and ready to be evaluated.

    `loader` names the form of both: "list" (tags, one list a document), "conll" (text: lines of token, tab, tag; a
    blank line ends a document), "dict" (lists of `label`, `start` and `end`, the end inclusive as in nervaluate), or
    "default" to tell by looking. `tags` orders the labels of `entities`, one that does not occur included; it leaves
    nothing out and changes no number. `zero_division` stands for an undefined measure: NaN, or 0 as in nervaluate.
    Raises ValueError with document and position where input cannot be read.
    """

    def __init__(
        self,
        true: object,
        pred: object,
        tags: Iterable[str] = (),
        loader: str = "default",
        *,
        zero_division: ZeroDivision = UNDEFINED,
    ) -> None:
        self.true, self.pred = load(true, pred, loader)
        found = {span.label for side in (self.true, self.pred) for spans in side for span in spans}
        listed = tuple(dict.fromkeys(tags))
        self.tags = (*listed, *sorted(found - set(listed)))
        self._zero_division = zero_division

    def evaluate(self) -> Evaluation:
        """Return the results of every strategy; without documents all counts are 0 and all measures undefined.

        `overall` is over all labels; a label's results in `entities` are those of its spans alone on both sides.
        """
        true, pred = aligned(from_layer(to_layer("true", self.true)), from_layer(to_layer("pred", self.pred)))
        overall = _classes(true, pred, (np.arange(len(true.doc)), np.arange(len(pred.doc))))
        entities = {tag: _classes(true, pred, (_labelled(true, tag), _labelled(pred, tag))) for tag in self.tags}
        return {
            "overall": self._results(overall),
            "entities": {tag: self._results(found) for tag, found in entities.items()},
            "overall_indices": overall,
            "entity_indices": entities,
        }

    def _results(self, found: Mapping[str, EvaluationIndices]) -> dict[str, EvaluationResult]:
        return {strategy: _result(indices, self._zero_division) for strategy, indices in found.items()}


def _labelled(side: Columns, label: str) -> Integers:
    return np.flatnonzero(np.array([name == label for name in side.labels], dtype=np.bool_)[side.label])


def _classes(true: Columns, pred: Columns, kept: tuple[Integers, Integers]) -> dict[str, EvaluationIndices]:
    """Say for each strategy what each of the spans `kept` of either side, in document order, counts as."""
    ours, theirs = _pick(true, kept[0]), _pick(pred, kept[1])
    found = match_columns(ours, theirs)
    classes: dict[str, EvaluationIndices] = {}
    for strategy, mode in STRATEGIES.items():
        whole, half = found[mode]
        paired = np.hstack([whole, half])
        left, right = _rest(ours, paired[0]), _rest(theirs, paired[1])
        # A pair that earns nothing is still a pair: the spans that are left are held together wherever they overlap.
        wrong = np.hstack(match_columns(_pick(ours, left), _pick(theirs, right), ["partial"])["partial"])
        missed = np.setdiff1d(np.arange(len(ours.doc)), np.concatenate([paired[0], left[wrong[0]]]))
        spurious = np.setdiff1d(np.arange(len(theirs.doc)), np.concatenate([paired[1], right[wrong[1]]]))
        classes[strategy] = EvaluationIndices(
            correct_indices=_places(pred, kept[1][whole[1]]),
            incorrect_indices=_places(pred, kept[1][right[wrong[1]]]),
            partial_indices=_places(pred, kept[1][half[1]]),
            missed_indices=_places(true, kept[0][missed]),
            spurious_indices=_places(pred, kept[1][spurious]),
        )
    return classes


def _pick(side: Columns, index: Integers) -> Columns:
    columns = {name: getattr(side, name)[index] for name in ("doc", "start", "end", "label")}
    return dataclasses.replace(side, **columns)


def _rest(side: Columns, paired: Integers) -> Integers:
    """Return the spans in no pair, without copies of those in one: a copy is spurious whatever it meets."""
    alike = np.unique(np.stack([side.doc, side.start, side.end, side.label]), axis=1, return_inverse=True)[1].ravel()
    return np.flatnonzero(~np.isin(alike, alike[paired]))


def _places(side: Columns, index: Integers) -> list[tuple[int, int]]:
    """Return document and place in the document of each span of `side`, whose documents stand one after another."""
    index = np.sort(index)
    documents = side.doc[index]
    places = index - np.searchsorted(side.doc, documents)
    return list(zip(documents.tolist(), places.tolist(), strict=True))


def _result(found: EvaluationIndices, zero_division: ZeroDivision) -> EvaluationResult:
    correct, incorrect, partial = map(len, (found.correct_indices, found.incorrect_indices, found.partial_indices))
    missed, spurious = len(found.missed_indices), len(found.spurious_indices)
    credit, paired = correct + 0.5 * partial, correct + incorrect + partial
    counts = np.array([credit, credit, paired + missed, paired + spurious])
    precision, recall, f1 = map(float, settled(measures(counts), zero_division))
    return EvaluationResult(
        correct=correct,
        incorrect=incorrect,
        partial=partial,
        missed=missed,
        spurious=spurious,
        precision=precision,
        recall=recall,
        f1=f1,
        actual=paired + spurious,
        possible=paired + missed,
    )
