"""What each document adds to a score, and the measures of sums."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval_strategies import Corpus, both, corpora, layer, span
from rift.eval.statistics import CORRECT_GOLD, CORRECT_PREDICTED, GOLD, PREDICTED, collect, measures
from rift.eval.tracks import MODES

counts = st.integers(0, 9)


def test_the_counts_of_a_worked_example() -> None:
    gold = layer("gold", {"doc-b": [span(0, 5, "ACTOR"), span(8, 12, "DATE")], "doc-a": [span(3, 9, "TOLL")]})
    predicted = layer("system", {"doc-b": [span(0, 5, "TOLL"), span(8, 13, "DATE")]})
    found = collect(gold, predicted, MODES)
    assert (found.documents, found.labels) == (("doc-a", "doc-b"), ("ACTOR", "DATE", "TOLL"))
    assert found.counts.shape == (2, 4, 3, 4)
    assert found.counts[0].tolist() == [[[0] * 4, [0] * 4, [0, 0, 1, 0]]] * 4
    assert found.counts[1].tolist() == [
        [[0, 0, 1, 0], [0, 0, 1, 1], [0, 0, 0, 1]],  # strict
        [[1, 0, 1, 0], [0, 0, 1, 1], [0, 1, 0, 1]],  # exact: earned by a gold ACTOR and a predicted TOLL
        [[1, 0, 1, 0], [0.5, 0.5, 1, 1], [0, 1, 0, 1]],  # partial
        [[0, 0, 1, 0], [1, 1, 1, 1], [0, 0, 0, 1]],  # type
    ]


def test_labels_come_as_listed_then_by_name() -> None:
    gold = layer("gold", {"doc-a": [span(0, 1, "DATE"), span(2, 3, "ACTOR")]})
    assert collect(gold, gold, MODES, ["TOLL", "DATE"]).labels == ("TOLL", "DATE", "ACTOR")


def test_no_document_gives_an_array_of_length_0() -> None:
    assert collect(layer("gold", {}), layer("system", {}), MODES).counts.shape == (0, 4, 0, 4)


@given(corpora)
def test_over_the_labels_both_sides_earn_the_same_credit_in_every_document_and_mode(corpus: Corpus) -> None:
    found = collect(*both(corpus), MODES).counts.sum(axis=2)
    assert np.array_equal(found[..., CORRECT_GOLD], found[..., CORRECT_PREDICTED])
    assert (found[..., CORRECT_GOLD] <= np.minimum(found[..., GOLD], found[..., PREDICTED])).all()


@pytest.mark.parametrize(
    ("given_counts", "expected"),
    [
        ([2, 2, 4, 8], [0.25, 0.5, 1 / 3]),
        ([0, 0, 0, 0], [None, None, None]),
        ([0, 0, 3, 0], [None, 0.0, 0.0]),
        ([0, 0, 0, 3], [0.0, None, 0.0]),
        ([0, 1, 0, 2], [0.5, None, 0.0]),
        ([1, 0, 1, 2], [0.0, 1.0, 0.0]),
        ([1, 2, 2, 2], [1.0, 0.5, 2 / 3]),
        ([1.5, 1.5, 2, 3], [0.5, 0.75, 0.6]),
    ],
)
def test_measures_are_undefined_exactly_where_nothing_is_counted(
    given_counts: list[float], expected: list[float | None]
) -> None:
    found = [None if math.isnan(value) else value for value in measures(np.array(given_counts, dtype=np.float64))]
    assert found == pytest.approx(expected, abs=1e-15)


@given(counts, counts, counts, counts)
def test_f1_is_the_harmonic_mean_of_precision_and_recall_where_both_are_above_0(
    right: int, other: int, missed: int, spurious: int
) -> None:
    made = np.array([right, other, right + missed, other + spurious], dtype=np.float64)
    precision, recall, f1 = measures(made)
    if right and other:
        assert f1 == pytest.approx(2 * precision * recall / (precision + recall), abs=1e-12)
    else:
        assert f1 == 0 or not made[GOLD] + made[PREDICTED]


@given(counts, counts, counts)
def test_with_one_number_correct_f1_is_twice_that_over_both_sides(correct: int, missed: int, spurious: int) -> None:
    made = np.array([correct, correct, correct + missed, correct + spurious], dtype=np.float64)
    total = 2 * correct + missed + spurious
    if total:
        assert measures(made)[2] == pytest.approx(2 * correct / total, abs=1e-12)
    else:
        assert np.isnan(measures(made)).all()
