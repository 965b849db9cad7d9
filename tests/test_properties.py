"""What holds for every score of layers, whatever spans they hold, through the public `score`."""

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval_strategies import LABELS, NO_INTERVALS, Corpus, both, corpora, layer, sides, span, spans
from rift.annotations.layer import Layer, Span
from rift.eval.resample import Bootstrap
from rift.eval.scoring import ModeScores, Row, Scores, score
from rift.eval.tracks import MODES, Mode

modes = st.sampled_from(MODES)
permutations = st.permutations(range(7))


def quick(gold: Layer, predicted: Layer) -> Scores:
    """Score without intervals."""
    return score(gold, predicted, bootstrap=NO_INTERVALS)


def values(row: Row) -> tuple[float | None, float | None, float | None]:
    return row.precision.value, row.recall.value, row.f1.value


def counts(row: Row) -> tuple[float, float, int, int]:
    return row.correct_gold, row.correct_predicted, row.gold, row.predicted


def numbers(scores: Scores) -> dict[Mode, tuple[Row, dict[str, Row]]]:
    """Return all counts and measures, without the signatures, which name the gold."""
    return {mode: (found.micro, dict(found.labels)) for mode, found in scores.modes.items()}


def shuffled(of: Sequence[Span], order: Sequence[int]) -> list[Span]:
    return [of[index] for index in order if index < len(of)]


def predicted_with(corpus: Corpus, extra: Iterable[Span], doc: str = "doc-a") -> Layer:
    """Return the predictions of a corpus with more spans in one document."""
    _, predicted = both(corpus)
    listed = {markup.doc: list(markup.spans) for markup in predicted}
    return layer("system", {**listed, doc: [*listed.get(doc, []), *extra]})


with_doc_a = corpora.map(lambda corpus: {"doc-a": ([], []), **corpus})
"""Corpora that hold the document doc-a, empty or not."""


# --- what a score must not depend on ---


@given(corpora, permutations)
def test_gold_against_itself_shuffled_is_1(corpus: Corpus, order: list[int]) -> None:
    gold = layer("gold", {doc: ours for doc, (ours, _) in corpus.items()})
    again = layer("system", {doc: shuffled(ours, order) for doc, (ours, _) in corpus.items()})
    for found in quick(gold, again).modes.values():
        for row in [found.micro, *found.labels.values()]:
            assert values(row) == ((1, 1, 1) if row.gold else (None, None, None))


@given(corpora, permutations, permutations, st.permutations(["doc-a", "doc-b", "doc-c", "doc-d"]))
def test_the_order_of_spans_and_documents_changes_nothing(
    corpus: Corpus, order: list[int], other: list[int], documents: list[str]
) -> None:
    again = {
        doc: (shuffled(corpus[doc][0], order), shuffled(corpus[doc][1], other)) for doc in documents if doc in corpus
    }
    few = Bootstrap(seed=1, resamples=20)
    assert score(*both(corpus), bootstrap=few) == score(*both(again), bootstrap=few)


@given(corpora)
def test_swapping_the_sides_swaps_precision_and_recall(corpus: Corpus) -> None:
    gold, predicted = both(corpus)
    for mode in MODES:
        one, other = quick(gold, predicted).modes[mode], quick(predicted, gold).modes[mode]
        assert one.labels.keys() == other.labels.keys()
        for label in [None, *one.labels]:
            row, swapped = ((side.labels[label] if label else side.micro) for side in (one, other))
            assert (row.precision, row.recall, row.f1) == (swapped.recall, swapped.precision, swapped.f1)


@given(corpora, st.permutations(LABELS))
def test_the_names_of_labels_do_not_matter(corpus: Corpus, names: list[str]) -> None:
    renamed = dict(zip(LABELS, names, strict=True))

    def rename(side: Iterable[Span]) -> list[Span]:
        return [span(one.start, one.end, renamed[one.label]) for one in side]

    found = quick(*both(corpus)).modes
    again = quick(*both({doc: (rename(ours), rename(theirs)) for doc, (ours, theirs) in corpus.items()})).modes
    assert {mode: of.micro for mode, of in found.items()} == {mode: of.micro for mode, of in again.items()}
    # With labels ignored, which of two equally good pairs is taken may depend on names: docs/evaluation.md, Modes.
    for mode in ("strict", "type"):
        assert {renamed[label]: row for label, row in found[mode].labels.items()} == again[mode].labels


@given(corpora, st.lists(st.sampled_from([*LABELS, "PERSON"]), unique=True))
def test_the_labels_asked_for_add_rows_and_change_no_number(corpus: Corpus, labels: list[str]) -> None:
    gold, predicted = both(corpus)
    plain = quick(gold, predicted)
    listed = score(gold, predicted, labels=labels, bootstrap=NO_INTERVALS)
    for mode in MODES:
        assert list(listed.modes[mode].labels)[: len(labels)] == labels
        assert listed.modes[mode].micro == plain.modes[mode].micro
        assert {**listed.modes[mode].labels, **plain.modes[mode].labels} == listed.modes[mode].labels
        extra = listed.modes[mode].labels.keys() - plain.modes[mode].labels.keys()
        assert all(values(listed.modes[mode].labels[label]) == (None, None, None) for label in extra)


@given(corpora, st.integers(0, 50))
def test_moving_all_spans_of_both_sides_by_the_same_distance_changes_nothing(corpus: Corpus, by: int) -> None:
    def move(side: Iterable[Span]) -> list[Span]:
        return [span(one.start + by, one.end + by, one.label) for one in side]

    moved = {doc: (move(ours), move(theirs)) for doc, (ours, theirs) in corpus.items()}
    assert numbers(quick(*both(corpus))) == numbers(quick(*both(moved)))


# --- what the numbers of one score have to do with one another ---


@given(corpora)
def test_per_label_counts_add_up_to_micro_on_either_side(corpus: Corpus) -> None:
    for found in quick(*both(corpus)).modes.values():
        for place, whole in enumerate(counts(found.micro)):
            assert sum(counts(row)[place] for row in found.labels.values()) == whole


@given(corpora)
def test_no_credit_is_greater_than_the_spans_of_either_side(corpus: Corpus) -> None:
    for found in quick(*both(corpus)).modes.values():
        assert 0 <= found.micro.correct_gold <= min(found.micro.gold, found.micro.predicted)
        for row in found.labels.values():
            assert 0 <= row.correct_gold <= row.gold
            assert 0 <= row.correct_predicted <= row.predicted


@given(corpora)
def test_strict_is_at_most_type_and_exact_and_partial_lies_between_exact_and_halfway_to_all(corpus: Corpus) -> None:
    # Every mode begins with the strict pairs (step 1) and adds to them, so strict <= type and strict <= exact.
    # `exact` and `partial` make the same e pairs with equal boundaries (steps 1 to 3), worth 1 each; `partial` then
    # adds h pairs worth 1/2 (step 4), so partial = e + h / 2 >= e = exact. A span is in one pair at most, so that in
    # each document e + h <= m, the smaller number of spans, and partial <= e + (m - e) / 2 = (exact + m) / 2; over
    # documents both sides add up, and the sum of the smaller numbers is at most the smaller of the sums.
    # `type` and `partial` are not ordered: labels help the one, half credit the other.
    # The denominators are the same in all modes, so what holds for credits holds for precision, recall and F1.
    found = {mode: of.micro for mode, of in quick(*both(corpus)).modes.items()}
    ordered: list[tuple[Mode, Mode]] = [("strict", "exact"), ("strict", "type"), ("exact", "partial")]
    for low, high in ordered:
        assert found[low].correct_gold <= found[high].correct_gold
        for lower, higher in zip(values(found[low]), values(found[high]), strict=True):
            assert (lower is None) is (higher is None)
            assert lower is None or higher is None or lower <= higher
    smaller = min(found["exact"].gold, found["exact"].predicted)
    assert found["partial"].correct_gold <= (found["exact"].correct_gold + smaller) / 2


@pytest.mark.parametrize(("predicted", "greater"), [(span(2, 9, "ACTOR"), "type"), (span(0, 4, "DATE"), "partial")])
def test_type_and_partial_are_not_ordered(predicted: Span, greater: str) -> None:
    found = quick(layer("gold", {"doc": [span(0, 4, "ACTOR")]}), layer("system", {"doc": [predicted]})).modes
    credit = {mode: found[mode].micro.correct_gold for mode in ("type", "partial")}
    assert [mode for mode, of in credit.items() if of == max(credit.values())] == [greater]


@given(with_doc_a, spans, modes)
def test_a_wrong_span_more_never_raises_precision(corpus: Corpus, wrong: Span, mode: Mode) -> None:
    gold, predicted = both(corpus)
    ours, _ = corpus["doc-a"]
    spurious = {
        "strict": wrong not in ours,
        "exact": (wrong.start, wrong.end) not in [(one.start, one.end) for one in ours],
    }.get(mode, False)
    extra = wrong if spurious else span(wrong.start + 1000, wrong.end + 1000, wrong.label)
    before, after = (quick(gold, of).modes[mode].micro for of in (predicted, predicted_with(corpus, [extra])))
    assert after.precision.value is not None
    assert before.precision.value is None or after.precision.value <= before.precision.value
    assert after.recall.value == before.recall.value


@given(with_doc_a, spans)
def test_a_span_more_on_both_sides_and_far_from_all_others_is_right_in_every_mode(corpus: Corpus, more: Span) -> None:
    far = span(more.start + 1000, more.end + 1001, more.label)
    ours, theirs = corpus["doc-a"]
    before, after = quick(*both(corpus)).modes, quick(*both({**corpus, "doc-a": ([*ours, far], [*theirs, far])})).modes
    for mode in MODES:
        assert counts(after[mode].micro) == tuple(number + 1 for number in counts(before[mode].micro))


# --- odd spans and documents ---


def only_predicted_grows(before: ModeScores, after: ModeScores, by: int) -> bool:
    right_gold, right_predicted, gold, predicted = counts(before.micro)
    return counts(after.micro) == (right_gold, right_predicted, gold, predicted + by)


@given(with_doc_a, st.integers(1, 3), st.data())
def test_copies_of_a_prediction_are_spurious_in_every_mode(corpus: Corpus, times: int, data: st.DataObject) -> None:
    # Without copies in gold: a copy there could be what the copy of a prediction is right about.
    ours, theirs = (list({(one.start, one.end, one.label): one for one in side}.values()) for side in corpus["doc-a"])
    theirs = theirs or [span(0, 4)]
    corpus = {**corpus, "doc-a": (ours, theirs)}
    copy = data.draw(st.sampled_from(theirs))
    before, after = quick(*both(corpus)), quick(both(corpus)[0], predicted_with(corpus, [copy] * times))
    assert all(only_predicted_grows(before.modes[mode], after.modes[mode], times) for mode in MODES)


@given(with_doc_a, st.integers(0, 30), st.sampled_from(LABELS))
def test_a_zero_length_span_earns_nothing_but_from_its_like(corpus: Corpus, place: int, label: str) -> None:
    ours, theirs = ([one for one in side if one.end > one.start] for side in corpus["doc-a"])
    corpus = {**corpus, "doc-a": (ours, theirs)}
    empty = span(place, place, label)
    before, alone = quick(*both(corpus)), quick(both(corpus)[0], predicted_with(corpus, [empty]))
    assert all(only_predicted_grows(before.modes[mode], alone.modes[mode], 1) for mode in MODES)
    together = quick(*both({**corpus, "doc-a": ([*ours, empty], [*theirs, empty])}))
    for mode in MODES:
        assert counts(together.modes[mode].micro) == tuple(number + 1 for number in counts(before.modes[mode].micro))


@given(with_doc_a, spans)
def test_a_span_outside_the_text_is_one_that_gold_does_not_have(corpus: Corpus, outside: Span) -> None:
    beyond = span(outside.start + 10**9, outside.end + 10**9, outside.label)
    before, after = quick(*both(corpus)), quick(both(corpus)[0], predicted_with(corpus, [beyond]))
    assert all(only_predicted_grows(before.modes[mode], after.modes[mode], 1) for mode in MODES)


@given(st.integers(1, 6), st.sampled_from(LABELS))
def test_nested_spans_are_scored_one_by_one(depth: int, label: str) -> None:
    nest = [span(place, 40 - place, label) for place in range(depth)]
    gold = layer("gold", {"doc": nest})
    for kept in range(depth + 1):
        for found in quick(gold, layer("system", {"doc": nest[:kept]})).modes.values():
            assert counts(found.micro) == (kept, kept, depth, kept)


@given(corpora, st.sampled_from(["doc-a", "doc-y"]))
def test_a_document_that_is_empty_on_both_sides_changes_no_number(corpus: Corpus, doc: str) -> None:
    without = {name: found for name, found in corpus.items() if name != doc}
    before, after = quick(*both(without)), quick(*both({**without, doc: ([], [])}))
    assert numbers(before) == numbers(after)
    assert after.documents == before.documents + 1


@given(with_doc_a)
def test_a_gold_document_that_is_not_predicted_counts_as_predicted_empty_with_a_warning(corpus: Corpus) -> None:
    gold, predicted = both({**corpus, "doc-a": (corpus["doc-a"][0], [])})
    missing = predicted.only(set(corpus) - {"doc-a"})
    assert quick(gold, missing).modes == quick(gold, predicted).modes
    assert [issue.code for issue in quick(gold, missing).issues] == ["missing-documents"]
    assert quick(gold, predicted).issues == ()


@given(corpora, sides)
def test_a_predicted_document_that_is_not_gold_is_not_scored_with_a_warning(corpus: Corpus, more: list[Span]) -> None:
    gold, predicted = both(corpus)
    found = quick(gold, predicted_with(corpus, more, "doc-z"))
    assert found.modes == quick(gold, predicted).modes
    assert found.documents == len(gold)
    assert [issue.code for issue in found.issues] == ["unscored-documents"]
