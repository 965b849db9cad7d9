"""Scores of a layer against gold."""

import itertools
import json
import pathlib
from collections.abc import Iterable, Mapping, Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

from eval_strategies import LABELS, NO_INTERVALS, Corpus, both, corpora, layer, span, spans
from rift import __version__
from rift.annotations.layer import Layer, Markup, Span
from rift.eval.resample import Bootstrap
from rift.eval.scoring import ModeScores, Row, Scores, fingerprint, score
from rift.eval.tracks import MODES, Mode
from rift.issues import InputError, Level

GOLDEN = json.loads(pathlib.Path(__file__).with_name("golden").joinpath("seqeval.json").read_text("utf-8"))

modes = st.sampled_from(MODES)
permutations = st.permutations(range(7))


def quick(gold: Layer, predicted: Layer) -> Scores:
    """Score without intervals."""
    return score(gold, predicted, bootstrap=NO_INTERVALS)


def values(row: Row) -> tuple[float | None, float | None, float | None]:
    return row.precision.value, row.recall.value, row.f1.value


def shuffled(of: Sequence[Span], order: Sequence[int]) -> list[Span]:
    return [of[index] for index in order if index < len(of)]


# --- what a score says ---


def worked_example() -> tuple[Layer, Layer]:
    gold = {
        "doc-a": [span(0, 6, "ACTOR"), span(10, 30, "TOLL"), span(18, 30, "ACTOR")],
        "doc-b": [span(4, 9, "DATE")],
    }
    predicted = {
        "doc-a": [span(18, 30, "ACTOR"), span(12, 30, "TOLL"), span(0, 6, "DATE"), span(40, 44, "ACTOR")],
        "doc-b": [span(4, 9, "DATE"), span(4, 9, "DATE")],
    }
    return layer("gold", gold), layer("system", predicted)


@pytest.mark.parametrize(("mode", "correct"), [("strict", 2), ("exact", 3), ("partial", 3.5), ("type", 3)])
def test_the_micro_row_of_a_worked_example(mode: Mode, correct: float) -> None:
    row = quick(*worked_example()).modes[mode].micro
    assert (row.correct_gold, row.correct_predicted, row.gold, row.predicted) == (correct, correct, 4, 6)
    assert values(row) == pytest.approx((correct / 6, correct / 4, 2 * correct / 10))


def test_the_label_rows_of_a_worked_example() -> None:
    found = quick(*worked_example()).modes["exact"].labels
    assert list(found) == ["ACTOR", "DATE", "TOLL"]
    assert values(found["ACTOR"]) == pytest.approx((1 / 2, 2 / 2, 2 / 3))
    assert values(found["DATE"]) == pytest.approx((2 / 3, 1 / 1, 4 / 5))
    assert values(found["TOLL"]) == (0, 0, 0)


@given(corpora)
def test_per_label_counts_add_up_to_micro_on_either_side(corpus: Corpus) -> None:
    for found in quick(*both(corpus)).modes.values():
        for count in ("correct_gold", "correct_predicted", "gold", "predicted"):
            assert sum(getattr(row, count) for row in found.labels.values()) == getattr(found.micro, count)


@given(corpora)
def test_strict_is_at_most_exact_and_type_and_exact_at_most_partial(corpus: Corpus) -> None:
    found = quick(*both(corpus)).modes
    ordered: list[tuple[Mode, Mode]] = [("strict", "exact"), ("strict", "type"), ("exact", "partial")]
    for low, high in ordered:
        for lower, higher in zip(values(found[low].micro), values(found[high].micro), strict=True):
            assert (lower is None) is (higher is None)
            assert lower is None or higher is None or lower <= higher


# --- what a score must not depend on ---


@given(corpora, permutations)
def test_gold_against_itself_shuffled_is_1(corpus: Corpus, order: list[int]) -> None:
    gold = layer("gold", {doc: ours for doc, (ours, _) in corpus.items()})
    again = layer("system", {doc: shuffled(ours, order) for doc, (ours, _) in corpus.items()})
    for found in quick(gold, again).modes.values():
        for row in [found.micro, *found.labels.values()]:
            assert values(row) == ((1, 1, 1) if row.gold else (None, None, None))


def test_a_perfect_prediction_in_another_order_scores_1_where_nervaluate_gave_0() -> None:
    marks = [span(0, 30, "TOLL"), span(12, 30, "TOLL"), span(20, 30, "TOLL"), span(25, 40, "TOLL")]
    for order in itertools.permutations(marks):
        for found in quick(layer("gold", {"doc-a": marks}), layer("system", {"doc-a": order})).modes.values():
            assert values(found.micro) == (1, 1, 1)


@given(corpora, permutations, permutations, st.randoms(use_true_random=False))
def test_the_order_of_spans_and_documents_changes_nothing(
    corpus: Corpus, order: list[int], other: list[int], random: object
) -> None:
    names = list(corpus)
    getattr(random, "shuffle")(names)  # noqa: B009 - Hypothesis gives random.Random's interface, not its type
    again = {doc: (shuffled(corpus[doc][0], order), shuffled(corpus[doc][1], other)) for doc in names}
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


@given(corpora, spans, modes)
def test_a_wrong_span_more_never_raises_precision(corpus: Corpus, wrong: Span, mode: Mode) -> None:
    corpus = {"doc-a": ([], []), **corpus}
    gold, predicted = both(corpus)
    ours, theirs = corpus["doc-a"]
    spurious = {
        "strict": wrong not in ours,
        "exact": (wrong.start, wrong.end) not in [(one.start, one.end) for one in ours],
    }.get(mode, False)
    extra = wrong if spurious else span(wrong.start + 1000, wrong.end + 1000, wrong.label)
    worse = layer("system", {doc: side for doc, (_, side) in corpus.items()} | {"doc-a": [*theirs, extra]})
    before, after = (quick(gold, of).modes[mode].micro for of in (predicted, worse))
    assert after.precision.value is not None
    assert before.precision.value is None or after.precision.value <= before.precision.value
    assert after.recall.value == before.recall.value


# --- documents, labels and faults ---


def test_a_gold_document_that_is_not_predicted_counts_as_empty_and_is_reported() -> None:
    gold = layer("gold", {"doc-a": [span(0, 4)], "doc-b": [span(0, 4)]})
    empty = layer("system", {"doc-a": [span(0, 4)], "doc-b": []})
    found = quick(gold, layer("system", {"doc-a": [span(0, 4)]}))
    assert found.modes == quick(gold, empty).modes
    assert values(found.modes["strict"].micro) == pytest.approx((1, 0.5, 2 / 3))
    (issue,) = found.issues
    assert (issue.code, issue.level, issue.where.file) == ("missing-documents", Level.WARNING, "system")
    assert "1 of 2" in issue.message
    assert "doc-b" in issue.message


def test_a_predicted_document_that_is_not_gold_is_not_scored_and_is_reported() -> None:
    gold = layer("gold", {"doc-a": [span(0, 4)]})
    found = quick(gold, layer("system", {"doc-a": [span(0, 4)], "doc-z": [span(0, 4, "TOLL")]}))
    assert found.modes == quick(gold, gold).modes
    (issue,) = found.issues
    assert (issue.code, issue.level) == ("unscored-documents", Level.WARNING)
    assert "doc-z" in issue.message


def test_a_warning_names_the_first_documents_of_many() -> None:
    gold = layer("gold", {f"doc-{number}": [] for number in range(9)})
    (issue,) = quick(gold, layer("system", {})).issues
    assert issue.message.endswith("doc-0, doc-1, doc-2, doc-3, doc-4 …")


def test_markups_of_other_texts_are_refused_all_at_once() -> None:
    gold = layer("gold", {"doc-a": [], "doc-b": [], "doc-c": []})
    other = Layer(
        "system", [msgspec.structs.replace(markup, sha256="0" * 64) for markup in gold if markup.doc != "doc-b"]
    )
    with pytest.raises(InputError) as caught:
        quick(gold, other)
    assert [(issue.code, issue.where.doc) for issue in caught.value.issues] == [
        ("hash-mismatch", "doc-a"),
        ("hash-mismatch", "doc-c"),
    ]


def test_an_unknown_label_counts_as_spurious_under_its_own_name() -> None:
    gold = layer("gold", {"doc-a": [span(0, 4, "ACTOR")]})
    predicted = layer("system", {"doc-a": [span(0, 4, "ACTOR"), span(6, 9, "PERSON")]})
    found = score(gold, predicted, labels=["ACTOR"], bootstrap=NO_INTERVALS).modes["strict"]
    assert values(found.labels["PERSON"]) == (0, None, 0)
    assert found.micro.precision.value == 0.5


def test_an_empty_denominator_is_undefined_and_never_0() -> None:
    nothing = quick(layer("gold", {"doc-a": []}), layer("system", {"doc-a": []}))
    silent = quick(layer("gold", {"doc-a": [span(0, 4)]}), layer("system", {"doc-a": []}))
    without = quick(layer("gold", {}), layer("system", {}))
    for mode in MODES:
        assert values(nothing.modes[mode].micro) == (None, None, None)
        assert values(silent.modes[mode].micro) == (None, 0, 0)
        assert values(without.modes[mode].micro) == (None, None, None)


def test_an_unknown_track_is_refused_with_the_tracks_known() -> None:
    gold = layer("gold", {})
    with pytest.raises(ValueError, match=r"'tolls'.*known are: spans"):
        score(gold, gold, "tolls")


def test_scores_serialise_to_json_as_they_are() -> None:
    gold, predicted = worked_example()
    content = json.loads(msgspec.json.encode(score(gold, predicted, labels=["LOCATION"])))
    assert list(content) == ["track", "gold", "predicted", "documents", "modes", "issues"]
    assert list(content["modes"]) == list(MODES)
    strict = content["modes"]["strict"]
    assert strict["micro"]["recall"]["value"] == 0.5
    assert len(strict["micro"]["recall"]["interval"]) == 2
    assert strict["labels"]["LOCATION"]["f1"] == {"value": None, "interval": None}


# --- intervals ---


def varied(documents: int) -> tuple[Layer, Layer]:
    """Return layers in which documents differ in size and in how well they are predicted."""
    gold = {f"doc-{n}": [span(10 * i, 10 * i + 5) for i in range(1 + n % 5)] for n in range(documents)}
    predicted = {
        doc: [span(one.start, one.end + (i + n) % 3 // 2) for i, one in enumerate(side)]
        for n, (doc, side) in enumerate(gold.items())
    }
    return layer("gold", gold), layer("system", predicted)


def test_scores_repeat_for_a_seed_and_only_intervals_change_with_it() -> None:
    first, again, other = (score(*varied(20), bootstrap=Bootstrap(seed)) for seed in (1, 1, 2))
    assert first == again
    for mode in MODES:
        assert values(first.modes[mode].micro) == values(other.modes[mode].micro)
    assert first.modes["strict"].micro.f1.interval != other.modes["strict"].micro.f1.interval


def test_the_point_estimate_lies_within_its_interval_and_near_the_middle() -> None:
    found = score(*varied(40)).modes["strict"].micro
    for estimate in (found.precision, found.recall, found.f1):
        assert estimate.interval is not None
        assert estimate.value is not None
        low, high = estimate.interval
        assert low < estimate.value < high
        assert (low + high) / 2 == pytest.approx(estimate.value, abs=(high - low) / 10)


def test_more_documents_of_the_same_kind_narrow_the_interval() -> None:
    widths = []
    for documents in (15, 60):
        found = score(*varied(documents)).modes["strict"].micro.f1.interval
        assert found is not None
        widths.append(found[1] - found[0])
    assert widths[1] == pytest.approx(widths[0] / 2, rel=0.1)


def test_a_constant_score_has_an_interval_without_width() -> None:
    gold, _ = varied(20)
    for found in score(gold, gold).modes.values():
        assert found.micro.f1.interval == (1, 1)


def test_resamples_in_which_a_label_does_not_occur_are_left_out_of_its_interval() -> None:
    marks = {f"doc-{number}": [span(0, 4)] for number in range(6)} | {"doc-0": [span(0, 4, "DATE")]}
    gold = layer("gold", marks)
    assert score(gold, gold).modes["strict"].labels["DATE"].recall.interval == (1, 1)
    assert score(gold, gold, labels=["TOLL"]).modes["strict"].labels["TOLL"].recall.interval is None


def test_no_resamples_give_no_intervals() -> None:
    assert quick(*varied(5)).modes["strict"].micro.f1.interval is None


# --- signature ---


def test_the_signature_says_how_to_repeat_the_score() -> None:
    gold, predicted = worked_example()
    found = score(gold, predicted, split="dev", bootstrap=Bootstrap(seed=4, resamples=7))
    assert found.modes["partial"].signature == (
        f"rift:{__version__}|track:spans|mode:partial|split:dev|gold:{fingerprint(gold)}|docs:2|seed:4|resamples:7"
    )
    assert "|split:all|" in quick(gold, predicted).modes["strict"].signature


@given(corpora, permutations)
def test_the_fingerprint_does_not_depend_on_order(corpus: Corpus, order: list[int]) -> None:
    gold = layer("gold", {doc: ours for doc, (ours, _) in corpus.items()})
    again = layer("gold", {doc: shuffled(corpus[doc][0], order) for doc in reversed(list(corpus))})
    assert fingerprint(gold) == fingerprint(again)
    assert len(fingerprint(gold)) == 8


def test_the_fingerprint_changes_with_all_that_gold_says() -> None:
    made = Span(id="t1", start=0, end=4, label="ACTOR", attributes={"form": "name", "kind": "person"})
    markup = Markup(doc="doc-a", sha256="0" * 64, layer="gold", spans=(made,))
    change = msgspec.structs.replace
    variants = [
        markup,
        change(markup, spans=()),
        change(markup, spans=(change(made, end=5),)),
        change(markup, spans=(change(made, attributes={"form": "generic", "kind": "person"}),)),
        change(markup, spans=(made, made)),
        change(markup, doc="doc-b"),
        change(markup, sha256="1" * 64),
    ]
    assert len({fingerprint(Layer("gold", [variant])) for variant in variants}) == len(variants)
    reordered = change(markup, spans=(change(made, attributes={"kind": "person", "form": "name"}),))
    assert fingerprint(Layer("gold", [reordered])) == fingerprint(Layer("gold", [markup]))


# --- agreement with seqeval ---

TAGS = ["O", *(f"{prefix}-{label}" for prefix in "BI" for label in LABELS)]


def to_spans(tags: Sequence[str]) -> list[Span]:
    """Read IOB2 tags strictly over a text in which word `i` stands at [10 i, 10 i + 9): a stray I- is no span."""
    found: list[Span] = []
    label = None
    for index, tag in enumerate(tags):
        if tag.startswith("I-") and tag[2:] == label:
            found[-1] = span(found[-1].start, 10 * index + 9, label)
        elif tag.startswith("B-"):
            label = tag[2:]
            found.append(span(10 * index, 10 * index + 9, label))
        else:
            label = None
    return found


def score_tags(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> ModeScores:
    sides = ({f"doc-{n}": to_spans(tags) for n, tags in enumerate(side)} for side in (gold, predicted))
    return quick(*(layer("tags", side) for side in sides)).modes["strict"]


def assert_agreement(found: ModeScores, report: Mapping[str, Mapping[str, float]]) -> None:
    """Hold our rows to seqeval's wherever the measure is defined; elsewhere seqeval says 0 and we None."""
    assert found.labels.keys() == report.keys() - {"micro avg"}
    for label, row in [("micro avg", found.micro), *found.labels.items()]:
        theirs = report[label]
        assert row.gold == theirs["support"]
        defined = (row.predicted > 0, row.gold > 0, row.gold + row.predicted > 0)
        for value, is_defined, name in zip(values(row), defined, ("precision", "recall", "f1-score"), strict=True):
            if is_defined:
                assert value == pytest.approx(theirs[name], rel=0, abs=1e-12)
            else:
                assert value is None
                assert theirs[name] == 0


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["scheme"])
def test_strict_equals_the_golden_scores_of_seqeval(case: Mapping[str, Mapping[str, Mapping[str, float]]]) -> None:
    assert_agreement(score_tags(case["gold"], case["predicted"]), case["report"])  # type: ignore[arg-type]


tag_pairs = st.integers(1, 12).flatmap(
    lambda length: st.tuples(*[st.lists(st.sampled_from(TAGS), min_size=length, max_size=length)] * 2)
)


@given(st.lists(tag_pairs, min_size=1, max_size=4))
def test_strict_equals_seqeval_on_any_tags(documents: list[tuple[list[str], list[str]]]) -> None:
    gold, predicted = [ours for ours, _ in documents], [theirs for _, theirs in documents]
    found = score_tags(gold, predicted)
    if found.labels:
        report = classification_report(gold, predicted, mode="strict", scheme=IOB2, output_dict=True, zero_division=0)
        kept = {label: row for label, row in report.items() if label not in ("macro avg", "weighted avg")}
        assert_agreement(found, kept)
    else:
        assert values(found.micro) == (None, None, None)
