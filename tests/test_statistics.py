"""What each document adds to a score, and the measures of sums."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reference_match
from eval_strategies import LABELS, Corpus, both, corpora, layer, span
from rift.annotations.layer import Layer
from rift.eval.columns import from_layer
from rift.eval.statistics import CORRECT_GOLD, CORRECT_PREDICTED, GOLD, PREDICTED, Counts, collect, measures
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


def reference_counts(gold: Layer, predicted: Layer, labels: Sequence[str]) -> Counts:
    """Count the pairs of the reference, document by document."""
    counts = np.zeros((len(gold), len(MODES), len(labels), 4))
    for number, document in enumerate(sorted(gold.markups)):
        ours = gold.markups[document].spans
        theirs = predicted.markups[document].spans if document in predicted.markups else ()
        for position, mode in enumerate(MODES):
            table = counts[number, position]
            for side, column in ((ours, GOLD), (theirs, PREDICTED)):
                for each in side:
                    table[labels.index(each.label), column] += 1
            for pair in reference_match.match(ours, theirs, mode):
                table[labels.index(ours[pair.gold].label), CORRECT_GOLD] += pair.credit
                table[labels.index(theirs[pair.predicted].label), CORRECT_PREDICTED] += pair.credit
    return counts


@settings(max_examples=150)
@given(corpora, st.sets(st.sampled_from(["doc-a", "doc-b", "doc-c", "doc-d"])), st.permutations(LABELS))
def test_the_counts_are_those_of_the_reference(
    corpus: Corpus, predicted_documents: set[str], labels: list[str]
) -> None:
    gold, predicted = both(corpus)
    predicted = predicted.only(predicted_documents)
    found = collect(gold, predicted, MODES, labels)
    assert found.labels == tuple(labels)
    assert np.array_equal(found.counts, reference_counts(gold, predicted, labels))


@given(corpora, st.booleans(), st.booleans())
def test_columns_count_as_the_layer_that_they_were_made_of(corpus: Corpus, ours: bool, theirs: bool) -> None:  # noqa: FBT001 - Hypothesis gives positions
    gold, predicted = both(corpus)
    expected = collect(gold, predicted, MODES)
    found = collect(from_layer(gold) if ours else gold, from_layer(predicted) if theirs else predicted, MODES)
    assert (found.documents, found.labels) == (expected.documents, expected.labels)
    assert np.array_equal(found.counts, expected.counts)


def test_a_predicted_document_that_gold_lacks_changes_nothing_and_gives_no_label() -> None:
    gold = layer("gold", {"doc-b": [span(0, 5)]})
    more = layer("system", {"doc-a": [span(0, 5, "DATE")], "doc-b": [span(0, 5)], "doc-c": [span(0, 5)]})
    found = collect(gold, more, MODES)
    assert (found.documents, found.labels) == (("doc-b",), ("ACTOR",))
    assert found.counts.tolist() == [[[[1, 1, 1, 1]]] * 4]


def test_the_modes_come_as_they_are_asked_for() -> None:
    gold = layer("gold", {"doc-a": [span(0, 5)]})
    predicted = layer("system", {"doc-a": [span(1, 5)]})
    found = collect(gold, predicted, ["partial", "strict", "type"])
    assert found.modes == ("partial", "strict", "type")
    assert found.counts[0, :, 0, CORRECT_GOLD].tolist() == [0.5, 0, 1]


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
