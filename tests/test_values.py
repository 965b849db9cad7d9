"""The track `values`."""

import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval_strategies import NO_INTERVALS
from rift.annotations.layer import Layer, Markup, Span, Value
from rift.eval.scoring import Scores, score
from rift.eval.values import attribute_names
from toll_strategies import actor, date, documents, location, markup, one, renamed_ids, toll


def quick(gold: Layer, predicted: Layer) -> Scores:
    """Score without intervals."""
    return score(gold, predicted, "values", bootstrap=NO_INTERVALS)


def correct(gold: Span, predicted: Span) -> float:
    return quick(one("gold", gold), one("system", predicted)).modes["strict"].micro.correct_gold


def changed(span: Span, **attributes: Value | None) -> Span:
    """Return the span with other attributes, None to leave one out."""
    merged = {**span.attributes, **attributes}
    return msgspec.structs.replace(span, attributes={name: it for name, it in merged.items() if it is not None})


NAME, GENERIC, PLACE, DAY, TOLL = (
    actor(0, "isis"),
    actor(0),
    location(0, "hama"),
    date(0, "2014-01-07"),
    toll(0, 7, 9),
)

# --- what is right ---


@pytest.mark.parametrize("span", [NAME, GENERIC, PLACE, DAY, TOLL])
def test_the_same_value_at_the_same_place_is_right(span: Span) -> None:
    assert correct(span, span) == 1


@pytest.mark.parametrize("span", [NAME, GENERIC, PLACE, DAY, TOLL])
def test_the_same_value_at_another_place_is_wrong(span: Span) -> None:
    assert correct(span, msgspec.structs.replace(span, end=span.end + 1)) == 0


@pytest.mark.parametrize("span", [NAME, GENERIC, PLACE, DAY, TOLL])
def test_a_span_without_attributes_is_wrong(span: Span) -> None:
    assert correct(span, msgspec.structs.replace(span, attributes={})) == 0


@pytest.mark.parametrize(
    ("gold", "predicted"),
    [
        (NAME, changed(NAME, entity="al-nusra-front")),
        (NAME, GENERIC),
        (GENERIC, NAME),
        (PLACE, changed(PLACE, place="aleppo")),
        (DAY, changed(DAY, value="2014-01")),
        (DAY, changed(DAY, value="7 January")),
        (TOLL, changed(TOLL, outcome="wounded")),
        (TOLL, changed(TOLL, low=8)),
        (TOLL, changed(TOLL, low=None)),
        (TOLL, changed(TOLL, high=10)),
        (TOLL, changed(TOLL, high=None)),
        (changed(TOLL, low=1, high=1), changed(TOLL, low=True, high=1)),
        (changed(TOLL, low=1, high=1), changed(TOLL, low="1", high=1)),
        (changed(TOLL, low=0), changed(TOLL, low=None)),
    ],
)
def test_another_value_is_wrong(gold: Span, predicted: Span) -> None:
    assert correct(gold, predicted) == 0


@pytest.mark.parametrize(
    ("gold", "predicted"),
    [
        (NAME, changed(NAME, kind="person")),
        (NAME, changed(NAME, form=None, kind=None)),
        (GENERIC, changed(GENERIC, kind="state_force")),
        (PLACE, changed(PLACE, kind="admin")),
        (DAY, changed(DAY, value="2014-01-07/2014-01-07")),
        (TOLL, changed(TOLL, approx=True)),
        (TOLL, changed(TOLL, victims="civilians", scope="cumulative", breakdown="partial")),
    ],
)
def test_what_is_no_part_of_the_value_may_differ(gold: Span, predicted: Span) -> None:
    assert correct(gold, predicted) == 1


# --- scores ---


def worked_example() -> Scores:
    gold = [actor(0, "isis"), actor(10, "sana"), actor(20), location(30, "hama"), toll(40, 7, 7, approx=True)]
    predicted = [
        actor(0, "isis", kind="person"),
        actor(10, "al-nusra-front"),
        actor(20),
        location(50, "hama"),
        toll(40, 7, 7, scope="cumulative"),
    ]
    return quick(one("gold", *gold), one("system", *predicted))


def test_the_rows_of_a_worked_example() -> None:
    found = worked_example().modes["strict"]
    rows = {label: (row.correct_gold, row.gold, row.predicted) for label, row in found.labels.items()}
    assert rows == {"ACTOR": (2, 3, 3), "LOCATION": (0, 1, 1), "TOLL": (1, 1, 1)}
    assert found.micro.f1.value == pytest.approx(3 / 5)


def test_the_accuracies_of_a_worked_example_are_over_strictly_matched_spans_that_have_the_attribute() -> None:
    figures = {name: found.value for name, found in worked_example().figures.items()}
    assert figures == {
        "ACTOR.entity": 1 / 2,
        "ACTOR.form": 1,
        "ACTOR.kind": 2 / 3,
        "LOCATION.place": None,
        "LOCATION.kind": None,
        "DATE.value": None,
        "TOLL.outcome": 1,
        "TOLL.low": 1,
        "TOLL.high": 1,
        "TOLL.approx": 0,
        "TOLL.victims": 1,
        "TOLL.scope": 0,
        "TOLL.breakdown": None,
    }


def test_approx_that_is_left_out_is_false_but_not_of_a_span_without_attributes() -> None:
    said, silent = one("system", changed(TOLL, approx=False)), one("system", Span(start=0, end=10, label="TOLL"))
    assert quick(one("gold", TOLL), said).figures["TOLL.approx"].value == 1
    assert quick(one("gold", TOLL), silent).figures["TOLL.approx"].value == 0


def test_of_copies_those_with_the_same_value_are_paired() -> None:
    gold = one("gold", actor(0, "isis"), actor(0, "al-nusra-front"))
    predicted = one("system", actor(0, "sana"), actor(0, "al-nusra-front"), actor(0, "isis"))
    row = quick(gold, predicted).modes["strict"].micro
    assert (row.correct_gold, row.gold, row.predicted) == (2, 2, 3)


def test_of_copies_with_the_wrong_value_those_with_most_in_common_are_paired() -> None:
    gold = one("gold", toll(0, 1, 1, victims="civilians"), toll(0, 2, 2, victims="mixed"))
    predicted = one("system", toll(0, 3, 3, victims="mixed"), toll(0, 4, 4, victims="civilians"))
    assert quick(gold, predicted).figures["TOLL.victims"].value == 1


def test_an_unknown_label_counts_as_spurious_and_has_no_accuracy() -> None:
    odd = Span(start=60, end=64, label="PERSON", attributes={"entity": "isis"})
    found = quick(one("gold", NAME), one("system", NAME, odd))
    assert found.modes["strict"].micro.precision.value == 0.5
    assert tuple(found.figures) == attribute_names()


def test_nothing_on_either_side_is_undefined() -> None:
    for gold in (one("gold"), Layer("gold")):
        found = quick(gold, gold)
        assert found.modes["strict"].micro.f1.value is None
        assert {figure.value for figure in found.figures.values()} == {None}


# --- properties ---


@settings(max_examples=40)
@given(documents())
def test_gold_against_itself_is_1(found: Markup) -> None:
    scores = quick(Layer("gold", [found]), Layer("system", [found]))
    row = scores.modes["strict"].micro
    assert row.f1.value == (1 if row.gold else None)
    assert {figure.value for figure in scores.figures.values()} <= {1, None}


@settings(max_examples=40)
@given(documents(), documents("system"), st.randoms(use_true_random=False))
def test_neither_the_order_of_spans_nor_ids_matter(gold: Markup, predicted: Markup, generator: random.Random) -> None:
    def again(found: Markup) -> Markup:
        spans = list(found.spans)
        generator.shuffle(spans)
        return renamed_ids(msgspec.structs.replace(found, spans=tuple(spans)))

    first = quick(Layer("gold", [gold]), Layer("system", [predicted]))
    assert first == quick(Layer("gold", [again(gold)]), Layer("system", [again(predicted)]))


@settings(max_examples=40)
@given(documents(), documents("system"))
def test_swapping_the_sides_swaps_precision_and_recall(gold: Markup, predicted: Markup) -> None:
    sides = Layer("gold", [gold]), Layer("system", [predicted])
    first, other = quick(*sides), quick(*reversed(sides))
    assert first.figures == other.figures
    for label, row in first.modes["strict"].labels.items():
        swapped = other.modes["strict"].labels[label]
        assert (row.precision, row.recall) == (swapped.recall, swapped.precision)


@settings(max_examples=40)
@given(documents(), documents("system"))
def test_values_are_at_most_spans(gold: Markup, predicted: Markup) -> None:
    sides = Layer("gold", [gold]), Layer("system", [predicted])
    found, spans = quick(*sides).modes["strict"], score(*sides, bootstrap=NO_INTERVALS).modes["strict"]
    assert found.labels.keys() == spans.labels.keys()
    for label, row in found.labels.items():
        assert row.correct_gold <= spans.labels[label].correct_gold
        assert (row.gold, row.predicted) == (spans.labels[label].gold, spans.labels[label].predicted)


@settings(max_examples=40)
@given(documents(), documents("system"), st.sampled_from(["far", "wrong"]))
def test_a_wrong_span_more_never_raises_precision(gold: Markup, predicted: Markup, how: str) -> None:
    wrong = actor(900, "isis") if how == "far" else changed(TOLL, outcome="missing")
    worse = msgspec.structs.replace(predicted, spans=(*predicted.spans, wrong))
    before, after = (
        quick(Layer("gold", [gold]), Layer("system", [side])).modes["strict"].micro for side in (predicted, worse)
    )
    assert after.precision.value is not None
    assert before.precision.value is None or after.precision.value <= before.precision.value
    assert after.recall.value == before.recall.value


def test_documents_in_another_order_give_the_same_scores() -> None:
    marks = [markup(actor(0, "isis"), doc="doc-a"), markup(actor(0), doc="doc-b"), markup(doc="doc-c")]
    other = [markup(actor(0), doc="doc-a"), markup(actor(0), doc="doc-b"), markup(doc="doc-c")]
    first = score(Layer("gold", marks), Layer("system", other), "values")
    assert first == score(Layer("gold", marks[::-1]), Layer("system", other[::-1]), "values")
