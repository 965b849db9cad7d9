"""Errors: each span in one class, and what the classes add up to."""

import random
from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval_strategies import NO_INTERVALS, Corpus, both, corpora, layer, span
from rift.annotations.layer import Layer, Span, Value
from rift.eval.errors import (
    KINDS,
    NONE,
    Confusion,
    Error,
    Frequent,
    confusion,
    count_by_label,
    errors,
    figure,
    frequent_errors,
    toll_pairs,
    with_surfaces,
)
from rift.eval.scoring import score


def explain(gold: list[Span], predicted: list[Span]) -> list[Error]:
    return errors(layer("gold", {"doc": gold}), layer("system", {"doc": predicted}))


@pytest.mark.parametrize(
    ("predicted", "kind"),
    [
        (span(5, 10), "correct"),
        (span(5, 10, "DATE"), "label"),
        (span(5, 9), "boundary"),
        (span(0, 6), "boundary"),
        (span(6, 12, "TOLL"), "label_and_boundary"),
    ],
)
def test_a_pair_is_classed_by_its_boundaries_and_labels(predicted: Span, kind: str) -> None:
    gold = span(5, 10)
    assert [(error.kind, error.gold, error.predicted) for error in explain([gold], [predicted])] == [
        (kind, gold, predicted)
    ]


def test_spans_that_do_not_overlap_are_missed_and_spurious() -> None:
    gold, predicted = span(5, 10), span(10, 12)
    assert explain([gold], [predicted]) == [
        Error("doc", "missed", gold, None),
        Error("doc", "spurious", None, predicted),
    ]


def test_a_span_predicted_twice_is_correct_once_and_spurious_once() -> None:
    assert [error.kind for error in explain([span(0, 4)], [span(0, 4), span(0, 4)])] == ["correct", "spurious"]


def test_an_exact_partner_comes_before_an_overlapping_one_and_a_like_label_before_another() -> None:
    nested = explain([span(0, 9, "TOLL"), span(3, 9)], [span(3, 9, "TOLL")])
    assert [error.kind for error in nested] == ["missed", "label"]
    either = explain([span(2, 6)], [span(0, 4, "DATE"), span(4, 8)])
    assert Counter(error.kind for error in either) == {"boundary": 1, "spurious": 1}


def test_a_document_without_prediction_is_missed_and_one_without_gold_passed_over() -> None:
    found = errors(layer("gold", {"a": [span(0, 3)]}), layer("system", {"b": [span(0, 3)]}))
    assert [(error.doc, error.kind) for error in found] == [("a", "missed")]


def test_an_error_without_any_span_has_no_label() -> None:
    with pytest.raises(ValueError, match="has a gold span"):
        _ = Error("doc", "missed", None, None).label


@given(corpora)
def test_every_span_is_in_exactly_one_class(corpus: Corpus) -> None:
    found = errors(*both(corpus))
    for doc, (gold, predicted) in corpus.items():
        here = [error for error in found if error.doc == doc]
        key = repr
        assert sorted((e.gold for e in here if e.gold), key=key) == sorted(gold, key=key)
        assert sorted((e.predicted for e in here if e.predicted), key=key) == sorted(predicted, key=key)
    for error in found:
        assert (error.gold is None) == (error.kind == "spurious")
        assert (error.predicted is None) == (error.kind == "missed")


@given(corpora, st.randoms(use_true_random=False))
def test_the_order_of_spans_and_documents_changes_nothing(corpus: Corpus, chance: random.Random) -> None:
    documents = list(corpus)
    chance.shuffle(documents)
    shuffled = {
        doc: (chance.sample(corpus[doc][0], len(corpus[doc][0])), chance.sample(corpus[doc][1], len(corpus[doc][1])))
        for doc in documents
    }
    assert errors(*both(corpus)) == errors(*both(shuffled))


@given(corpora)
def test_a_layer_against_itself_is_all_correct(corpus: Corpus) -> None:
    gold, _ = both(corpus)
    assert {error.kind for error in errors(gold, gold)} <= {"correct"}


@given(corpora)
def test_the_classes_agree_with_the_scores(corpus: Corpus) -> None:
    gold, predicted = both(corpus)
    modes = score(gold, predicted, bootstrap=NO_INTERVALS).modes
    tally = Counter(error.kind for error in errors(gold, predicted))
    assert tally["correct"] == modes["strict"].micro.correct_gold
    assert tally["correct"] + tally["label"] == modes["exact"].micro.correct_gold
    overlapping = tally["boundary"] + tally["label_and_boundary"]
    assert tally["correct"] + tally["label"] + overlapping / 2 == modes["partial"].micro.correct_gold


@given(corpora)
def test_counts_and_confusions_add_up_to_the_spans(corpus: Corpus) -> None:
    gold, predicted = both(corpus)
    found = errors(gold, predicted)
    rows = count_by_label(found, ("TOLL",))
    matrix = confusion(found, ("TOLL",))
    assert next(iter(rows)) == matrix.labels[0] == "TOLL"
    for label, row in rows.items():
        spans = [s for ours, _ in corpus.values() for s in ours if s.label == label]
        assert sum(row[kind] for kind in KINDS if kind != "spurious") == len(spans)
        assert sum(matrix.counts[matrix.labels.index(label)]) == len(spans)
    for column, label in enumerate(matrix.labels[:-1]):
        spans = [s for _, theirs in corpus.values() for s in theirs if s.label == label]
        assert sum(row[column] for row in matrix.counts) == len(spans)
    assert sum(map(sum, matrix.counts)) == len(found)


def test_a_confusion_matrix_has_the_gold_labels_down_and_the_predicted_across() -> None:
    found = explain([span(0, 3), span(5, 8)], [span(0, 3, "DATE"), span(20, 22)])
    assert confusion(found) == Confusion(("ACTOR", "DATE", NONE), ((0, 1, 1), (0, 0, 0), (1, 0, 0)))
    assert confusion([]) == Confusion((NONE,), ((0,),))


def named(start: int, surface: str, label: str = "ACTOR") -> Span:
    return Span(start=start, end=start + len(surface), label=label, surface=surface)


def test_frequent_errors_are_grouped_by_surface_label_and_class() -> None:
    gold = layer("gold", {"a": [named(0, "rebels"), named(20, "the army")], "b": [named(0, "rebels")], "c": []})
    predicted = layer("system", {"a": [named(24, "army")], "c": [named(3, "May", "DATE"), span(9, 11)]})
    assert frequent_errors(errors(gold, predicted)) == [
        Frequent("rebels", "ACTOR", "missed", 2, ("a", "b"), None),
        Frequent("May", "DATE", "spurious", 1, ("c",), None),
        Frequent("the army", "ACTOR", "boundary", 1, ("a",), ("army", "ACTOR")),
    ]
    assert len(frequent_errors(errors(gold, predicted), limit=1)) == 1


def test_surfaces_are_filled_in_from_the_texts_at_hand_and_never_changed() -> None:
    filled = with_surfaces(layer("system", {"a": [span(0, 3), named(4, "two")], "b": [span(0, 3)]}), {"a": "one two"})
    assert [found.surface for found in filled.markups["a"].spans] == ["one", "two"]
    assert [found.surface for found in filled.markups["b"].spans] == [None]
    assert filled.name == "system"


def toll(start: int, **attributes: Value) -> Span:
    return Span(start=start, end=start + 5, label="TOLL", attributes=attributes)


def test_tolls_are_paired_strictly_or_partially_and_keep_their_ranges() -> None:
    found = explain(
        [toll(0, low=12, high=12), toll(10, low=39), toll(20, low=5), toll(30, low=7)],
        [toll(0, low=21, high=21), toll(12, high=40), span(20, 25)],
    )
    assert [(pair.error.kind, pair.gold, pair.predicted) for pair in toll_pairs(found)] == [
        ("correct", (12, 12), (21, 21)),
        ("boundary", (39, None), (None, 40)),
    ]


@pytest.mark.parametrize("attributes", [{"low": "12"}, {"low": True}, {"low": -1}, {}])
def test_a_toll_whose_figure_is_no_count_has_none(attributes: Mapping[str, Value]) -> None:
    [pair] = toll_pairs(explain([toll(0, low=1)], [toll(0, **attributes)]))
    assert pair.predicted == (None, None)


def test_a_figure_is_the_middle_of_a_range_or_the_end_that_is_there() -> None:
    assert figure((10, 20)) == 15
    assert figure((39, None)) == 39
    assert figure((None, 50)) == 50
    assert figure((0, 0)) == 0
    assert figure((None, None)) is None


def test_layers_without_documents_have_no_errors() -> None:
    assert errors(Layer("gold"), Layer("system")) == []
    assert count_by_label([]) == {}
