"""The track `tolls`."""

import math
import random
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval_strategies import NO_INTERVALS
from rift.annotations.collection import load_portion
from rift.annotations.layer import Layer, Markup, Span
from rift.annotations.records import Estimate, Record, records
from rift.eval.resample import Bootstrap
from rift.eval.scoring import Scores, score
from rift.eval.tolls import FIGURES, SLOTS, align, slot_pairs
from rift.eval.tracks import find_track
from rift.issues import InputError
from toll_strategies import actor, date, documents, location, markup, one, renamed_ids, toll


def quick(gold: Layer, predicted: Layer) -> Scores:
    """Score without intervals."""
    return score(gold, predicted, "tolls", bootstrap=NO_INTERVALS)


def rows(scores: Scores) -> dict[str, tuple[float, int, int]]:
    """Return correct, gold and predicted of every slot that occurs."""
    found = scores.modes["strict"].labels
    return {
        slot: (row.correct_gold, row.gold, row.predicted) for slot, row in found.items() if row.gold or row.predicted
    }


def figures(scores: Scores) -> dict[str, float | None]:
    return {name: found.value for name, found in scores.figures.items()}


# --- slots ---


def test_every_slot_of_a_full_record() -> None:
    record = Record(
        start=0,
        end=10,
        outcome="killed",
        low=7,
        high=None,
        victims="mixed",
        scope="incident",
        victim=("isis",),
        by=("generic:armed_group",),
        source=("sana",),
        where=("aleppo", "hama"),
        when=("2014-01",),
        approx=True,
        breakdown="complete",
        part_of=(1,),
    )
    assert slot_pairs(record) == {
        ("outcome", "killed"),
        ("figure", "7..None"),
        ("victims", "mixed"),
        ("scope", "incident"),
        ("victim", "isis"),
        ("by", "generic:armed_group"),
        ("source", "sana"),
        ("where", "aleppo"),
        ("where", "hama"),
        ("when", "2014-01"),
    }
    assert slot_pairs(Record(start=0, end=10)) == frozenset()


@pytest.mark.parametrize(
    ("low", "high", "figure", "low_f1", "high_f1"),
    [
        (7, 9, 1, 1, 1),
        (7, None, 0, 1, 0),
        (None, 9, 0, 0, 1),
        (7, 10, 0, 1, 0),
        (8, 9, 0, 0, 1),
    ],
)
def test_the_figure_is_right_with_both_ends_and_each_end_is_told_apart(
    low: int | None, high: int | None, figure: float, low_f1: float, high_f1: float
) -> None:
    found = quick(one("gold", toll(0, 7, 9)), one("system", toll(0, low, high)))
    assert found.modes["strict"].labels["figure"].f1.value == figure
    assert (figures(found)["low"], figures(found)["high"]) == (low_f1, high_f1)
    assert figures(found)["killed_exact"] == figure


@pytest.mark.parametrize("slot", ["outcome", "victims", "scope"])
def test_a_slot_of_one_word(slot: str) -> None:
    gold = toll(0, 7, 7)
    other = msgspec.structs.replace(gold, attributes={**gold.attributes, slot: "another"})
    without = msgspec.structs.replace(gold, attributes={k: v for k, v in gold.attributes.items() if k != slot})
    cases: list[tuple[Span, tuple[float, int, int]]] = [(gold, (1, 1, 1)), (other, (0, 1, 1)), (without, (0, 1, 0))]
    for predicted, expected in cases:
        found = rows(quick(one("gold", gold), one("system", predicted)))
        assert found.pop(slot) == expected
        assert set(found.values()) == {(1, 1, 1)}


TARGETS: dict[str, Sequence[Span]] = {
    "victim": [actor(20, "isis", key="a"), actor(30, key="b"), actor(40, kind="state_force", key="c")],
    "by": [actor(20, "isis", key="a"), actor(30, key="b"), actor(40, "sana", key="c")],
    "source": [actor(20, "isis", key="a"), actor(30, "sana", key="b"), actor(40, key="c")],
    "where": [location(20, "hama", key="a"), location(30, "aleppo", key="b"), location(40, "homs", key="c")],
    "when": [date(20, "2014-01", key="a"), date(30, "2014-01-07", key="b"), date(40, "2014-02", key="c")],
}


@pytest.mark.parametrize("slot", TARGETS)
def test_a_slot_with_several_values_gives_a_pair_for_each(slot: str) -> None:
    gold = one("gold", toll(0, 7, 7, links={slot: ["a", "b"]}), *TARGETS[slot])
    predicted = one("system", toll(0, 7, 7, links={slot: ["b", "c"]}), *TARGETS[slot])
    assert rows(quick(gold, predicted))[slot] == (1, 2, 2)


@pytest.mark.parametrize("slot", TARGETS)
def test_another_mention_of_the_same_value_is_right(slot: str) -> None:
    same = [
        msgspec.structs.replace(span, id=f"{span.id}2", start=span.start + 500, end=span.end + 500)
        for span in TARGETS[slot]
    ]
    gold = one("gold", toll(0, 7, 7, links={slot: ["a", "b", "c"]}), *TARGETS[slot])
    predicted = one("system", toll(0, 7, 7, links={slot: ["a2", "b2", "c2"]}), *same)
    assert rows(quick(gold, predicted))[slot] == (3, 3, 3)


def test_a_prediction_without_attributes_misses_every_slot_and_predicts_none() -> None:
    gold = one("gold", toll(0, 7, 7, links={"by": ["a"]}), actor(20, "isis", key="a"))
    found = quick(gold, one("system", Span(start=0, end=10, label="TOLL"), Span(start=20, end=25, label="ACTOR")))
    micro = found.modes["strict"].micro
    assert (micro.correct_gold, micro.gold, micro.predicted) == (0, 5, 0)
    assert (micro.precision.value, micro.recall.value, micro.f1.value) == (None, 0, 0)


def test_the_rows_are_the_slots_in_the_order_of_the_tracks_file_whatever_labels_are_asked_for() -> None:
    gold = one("gold")
    found = score(gold, gold, "tolls", labels=["ACTOR"], bootstrap=NO_INTERVALS)
    assert tuple(found.modes["strict"].labels) == SLOTS == tuple(find_track("tolls").slots)
    assert tuple(found.figures) == FIGURES == tuple(find_track("tolls").figures)


# --- alignment ---


def made(*spans: Span) -> tuple[Record, ...]:
    return records(markup(*spans))


def test_records_are_aligned_by_what_they_share_not_by_where_they_stand() -> None:
    gold = made(toll(0, 7, 7), toll(100, 12, 12, outcome="wounded"))
    predicted = made(toll(0, 12, 12, outcome="wounded"), toll(100, 7, 7))
    assert align(gold, predicted) == [(0, 1), (1, 0)]


def test_the_assignment_is_the_best_of_all_and_not_greedy() -> None:
    gold = made(toll(0, 7, 7), toll(100, 7, 7, victims="mixed"))
    predicted = made(toll(200, 7, 7, victims="mixed"), toll(300, 7, 8, victims="mixed", outcome="wounded"))
    assert align(gold, predicted) == [(0, 0), (1, 1)]  # 3 + 2 pairs; greedy: 4 + 1


def test_of_equal_records_the_one_that_overlaps_is_taken() -> None:
    gold = made(toll(100, 7, 7))
    predicted = made(toll(80, 7, 7), toll(105, 7, 7), toll(111, 7, 7))
    assert align(gold, predicted) == [(0, 1)]


def test_of_equal_records_that_do_not_overlap_the_nearest_is_taken() -> None:
    gold = made(toll(100, 7, 7))
    predicted = made(toll(0, 7, 7), toll(130, 7, 7), toll(60, 7, 7))
    assert align(gold, predicted) == [(0, 2)]


def test_records_that_share_nothing_are_not_aligned() -> None:
    predicted = made(toll(0, 7, 7, outcome="wounded", scope="cumulative", victims="civilians"))
    assert align(made(toll(0, 8, 8)), predicted) == []
    assert align((), predicted) == []
    assert align(predicted, ()) == []


# --- figures and estimates ---


def test_a_killed_figure_is_right_only_as_killed() -> None:
    gold = one("gold", toll(0, 7, 7), toll(100, 5, 5), toll(200, 9, 9, outcome="wounded"))
    predicted = one("system", toll(0, 7, 7), toll(100, 5, 5, outcome="wounded"), toll(200, 9, 9, outcome="wounded"))
    assert figures(quick(gold, predicted))["killed_exact"] == 1 / 2


def test_without_killed_records_the_share_and_the_error_are_undefined() -> None:
    gold = one("gold", toll(0, 7, 7, outcome="wounded"))
    found = figures(quick(gold, one("system", toll(0, 7, 7))))
    assert (found["killed_exact"], found["log_error"]) == (None, None)


def test_the_log_error_is_the_mean_over_documents_with_a_gold_estimate() -> None:
    gold = [
        markup(toll(0, 9, 9), doc="doc-a"),
        markup(toll(0, 99, 99), doc="doc-b"),
        markup(toll(0, 5, 5, outcome="wounded"), doc="doc-c"),
        markup(toll(0, 4, 4), doc="doc-d"),
    ]
    predicted = [
        markup(toll(0, 9, 9), doc="doc-a"),
        markup(doc="doc-b"),
        markup(toll(0, 700, 700), doc="doc-c"),
        markup(toll(0, 1, 1), doc="doc-d"),
    ]
    found = quick(Layer("gold", gold), Layer("system", predicted))
    assert figures(found)["log_error"] == pytest.approx((0 + math.log(100) + math.log(5 / 2)) / 3, abs=1e-9)
    assert found.estimates["doc-b"].gold == Estimate(99, 99, 99)
    assert found.estimates["doc-b"].predicted is None
    assert found.estimates["doc-c"].gold is None
    assert found.estimates["doc-c"].predicted == Estimate(700, 700, 700)
    assert list(found.estimates) == ["doc-a", "doc-b", "doc-c", "doc-d"]


def test_an_estimate_of_0_is_no_missing_one() -> None:
    found = quick(one("gold", toll(0, 0, 0)), one("system", toll(0, 0, 0)))
    assert figures(found)["log_error"] == 0
    assert found.estimates["doc-a"].gold == Estimate(0, 0, 0)


def test_a_document_that_is_not_predicted_counts_as_one_without_records() -> None:
    gold = one("gold", toll(0, 7, 7))
    absent, empty = quick(gold, Layer("system")), quick(gold, one("system"))
    assert (absent.modes, absent.figures, absent.estimates) == (empty.modes, empty.figures, empty.estimates)
    assert [issue.code for issue in absent.issues] == ["missing-documents"]


def test_all_intervals_hold_their_value_and_repeat_for_a_seed() -> None:
    gold = [markup(toll(0, 10 + n, 10 + n), toll(50, 3, 3), doc=f"doc-{n:02}") for n in range(30)]
    predicted = [markup(toll(0, 10 + n + n % 3, 10 + n), doc=f"doc-{n:02}") for n in range(30)]
    first, again, other = (
        score(Layer("gold", gold), Layer("system", predicted), "tolls", bootstrap=Bootstrap(seed, 500))
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first.figures["log_error"].interval != other.figures["log_error"].interval
    for figure in first.figures.values():
        assert figure.value is not None
        assert figure.interval is not None
        assert figure.interval[0] <= figure.value <= figure.interval[1]


def test_offsets_beyond_any_text_are_refused() -> None:
    far = msgspec.structs.replace(toll(0, 7, 7), end=10**30)
    with pytest.raises(InputError, match="beyond any text"):
        quick(one("gold", toll(0, 7, 7)), one("system", far))


def test_no_documents_give_nothing_defined() -> None:
    found = quick(Layer("gold"), Layer("system"))
    assert found.modes["strict"].micro.f1.value is None
    assert set(figures(found).values()) == {None}
    assert found.estimates == {}


# --- properties ---


@settings(max_examples=40)
@given(documents())
def test_gold_against_itself_is_1_in_every_defined_number(found: Markup) -> None:
    scores = quick(Layer("gold", [found]), Layer("system", [found]))
    for row in (scores.modes["strict"].micro, *scores.modes["strict"].labels.values()):
        assert row.f1.value == (1 if row.gold else None)
    errors = figures(scores)
    assert errors.pop("log_error") in (0, None)
    assert set(errors.values()) <= {1, None}
    assert all(estimate.gold == estimate.predicted for estimate in scores.estimates.values())


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
    for slot, row in first.modes["strict"].labels.items():
        swapped = other.modes["strict"].labels[slot]
        assert (row.precision, row.recall) == (swapped.recall, swapped.precision)
    assert (figures(first)["low"], figures(first)["high"]) == (figures(other)["low"], figures(other)["high"])


@settings(max_examples=40)
@given(documents(), documents("system"))
def test_a_wrong_record_more_never_raises_precision(gold: Markup, predicted: Markup) -> None:
    wrong = toll(10, 4321, 4321, outcome="displaced", scope="none", victims="none")
    worse = msgspec.structs.replace(predicted, spans=(*predicted.spans, wrong))
    before, after = (
        quick(Layer("gold", [gold]), Layer("system", [side])).modes["strict"].micro for side in (predicted, worse)
    )
    assert after.precision.value is not None
    assert before.precision.value is None or after.precision.value <= before.precision.value
    assert after.recall.value == before.recall.value


@settings(max_examples=40)
@given(documents(), documents("system"))
def test_slot_rows_add_up_to_micro(gold: Markup, predicted: Markup) -> None:
    found = quick(Layer("gold", [gold]), Layer("system", [predicted])).modes["strict"]
    for count in ("correct_gold", "correct_predicted", "gold", "predicted"):
        assert sum(getattr(row, count) for row in found.labels.values()) == getattr(found.micro, count)


@pytest.mark.parametrize("track", ["values", "tolls"])
def test_the_gold_of_the_briefs_against_itself_is_1(track: str) -> None:
    gold = load_portion("briefs", "dev").gold
    found = score(gold, gold.renamed("system"), track, bootstrap=NO_INTERVALS)
    assert found.modes["strict"].micro.f1.value == 1
    assert {row.f1.value for row in found.modes["strict"].labels.values()} == {1}
    errors = figures(found)
    assert errors.pop("log_error", 0) == 0
    assert set(errors.values()) <= {1, None}
    assert all(estimate.gold == estimate.predicted for estimate in found.estimates.values())
    assert (len(found.estimates) == len(gold)) is (track == "tolls")
