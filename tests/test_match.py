"""Matching the spans of one document."""

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reference_match
from eval_strategies import sides, small_sides, span, spans
from rift.annotations.layer import Span
from rift.eval.columns import FARTHEST, aligned, from_spans
from rift.eval.match import match, match_columns
from rift.eval.tracks import MODES, Mode

modes = st.sampled_from(MODES)
Key = tuple[int, int, str]


def key(found: Span) -> Key:
    return found.start, found.end, found.label


def content(gold: Sequence[Span], predicted: Sequence[Span], mode: Mode) -> list[tuple[Key, Key, float]]:
    """Return the pairs by what the spans are instead of where they are listed."""
    return sorted((key(gold[g]), key(predicted[p]), credit) for g, p, credit in match(gold, predicted, mode))


def overlap(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def merit(pairs: list[tuple[Span, Span]]) -> tuple[int, int, int, int]:
    """Return the four criteria of an assignment, the first the weightiest."""
    return (
        sum(overlap(g, p) for g, p in pairs),
        len(pairs),
        sum(g.label == p.label for g, p in pairs),
        -sum(abs(g.start - p.start) + abs(g.end - p.end) for g, p in pairs),
    )


def best_merit(gold: Sequence[Span], predicted: Sequence[Span]) -> tuple[int, int, int, int]:
    """Try every assignment of overlapping spans."""
    padded: list[Span | None] = [*predicted, *[None] * len(gold)]
    return max(
        merit([(g, p) for g, p in zip(gold, order, strict=True) if p is not None and overlap(g, p)])
        for order in itertools.permutations(padded, len(gold))
    )


@pytest.mark.parametrize(
    ("predicted", "credits_by_mode"),
    [
        (span(2, 9, "ACTOR"), {"strict": 1, "exact": 1, "partial": 1, "type": 1}),
        (span(2, 9, "DATE"), {"strict": 0, "exact": 1, "partial": 1, "type": 0}),
        (span(4, 9, "ACTOR"), {"strict": 0, "exact": 0, "partial": 0.5, "type": 1}),
        (span(8, 20, "DATE"), {"strict": 0, "exact": 0, "partial": 0.5, "type": 0}),
        (span(9, 12, "ACTOR"), {"strict": 0, "exact": 0, "partial": 0, "type": 0}),
    ],
)
def test_each_mode_gives_the_credit_of_its_definition(predicted: Span, credits_by_mode: dict[Mode, float]) -> None:
    gold = [span(2, 9, "ACTOR")]
    assert {mode: sum(pair.credit for pair in match(gold, [predicted], mode)) for mode in MODES} == credits_by_mode


@given(modes, sides)
def test_an_empty_side_gives_no_pair(mode: Mode, side: list[Span]) -> None:
    assert match(side, [], mode) == match([], side, mode) == []


@given(modes, sides, sides)
def test_each_span_is_in_one_pair_at_most(mode: Mode, gold: list[Span], predicted: list[Span]) -> None:
    pairs = match(gold, predicted, mode)
    assert len({pair.gold for pair in pairs}) == len({pair.predicted for pair in pairs}) == len(pairs)


@given(modes, sides, sides, st.randoms(use_true_random=False))
def test_the_order_of_spans_does_not_matter(
    mode: Mode, gold: list[Span], predicted: list[Span], random: object
) -> None:
    shuffle = getattr(random, "shuffle")  # noqa: B009 - Hypothesis gives random.Random's interface, not its type
    shuffled_gold, shuffled_predicted = list(gold), list(predicted)
    shuffle(shuffled_gold)
    shuffle(shuffled_predicted)
    assert content(gold, predicted, mode) == content(shuffled_gold, shuffled_predicted, mode)


@given(modes, sides, sides)
def test_swapping_the_sides_swaps_the_pairs(mode: Mode, gold: list[Span], predicted: list[Span]) -> None:
    swapped = sorted((g, p, credit) for p, g, credit in content(predicted, gold, mode))
    assert content(gold, predicted, mode) == swapped


@given(modes, sides)
def test_a_side_matches_itself_reversed_completely(mode: Mode, side: list[Span]) -> None:
    pairs = content(side, side[::-1], mode)
    assert [(g, credit) for g, _, credit in pairs] == [(found, 1.0) for found in sorted(map(key, side))]
    assert all(g == p for g, p, _ in pairs)


@given(modes, sides, sides)
def test_identical_spans_are_paired_in_every_mode(mode: Mode, gold: list[Span], predicted: list[Span]) -> None:
    strict = content(gold, predicted, "strict")
    found = content(gold, predicted, mode)
    assert all(found.count(pair) >= strict.count(pair) for pair in strict)


@given(small_sides, small_sides)
def test_partial_reaches_the_total_overlap_of_the_best_of_all_assignments(
    gold: list[Span], predicted: list[Span]
) -> None:
    gold, predicted = ([*{key(found): found for found in side}.values()] for side in (gold, predicted))
    pairs = [(gold[g], predicted[p]) for g, p, _ in match(gold, predicted, "partial")]
    assert merit(pairs)[0] == best_merit(gold, predicted)[0]


@given(small_sides, small_sides)
def test_ties_of_overlap_go_to_more_pairs_then_equal_labels_then_near_boundaries(
    gold: list[Span], predicted: list[Span]
) -> None:
    gold = [*{key(found): found for found in gold}.values()]
    bounds = {key(found)[:2] for found in gold}
    predicted = [*{key(found): found for found in predicted if key(found)[:2] not in bounds}.values()]
    pairs = [(gold[g], predicted[p]) for g, p, _ in match(gold, predicted, "partial")]
    assert merit(pairs) == best_merit(gold, predicted)


@given(small_sides, small_sides)
def test_type_is_the_best_assignment_within_each_label(gold: list[Span], predicted: list[Span]) -> None:
    gold, predicted = ([*{key(found): found for found in side}.values()] for side in (gold, predicted))
    pairs = [(gold[g], predicted[p]) for g, p, _ in match(gold, predicted, "type")]
    assert all(g.label == p.label for g, p in pairs)
    for label in {found.label for found in gold}:
        within = [(g, p) for g, p in pairs if g.label == label and overlap(g, p)]
        sides_of_label = ([found for found in side if found.label == label] for side in (gold, predicted))
        assert merit(within)[0] == best_merit(*sides_of_label)[0]


def test_a_greedy_match_would_lose_a_pair_here() -> None:
    gold, predicted = [span(0, 10), span(10, 20)], [span(8, 18), span(11, 21)]
    assert [pair[:2] for pair in match(gold, predicted, "type")] == [(0, 0), (1, 1)]


def test_of_equal_overlaps_the_assignment_with_two_pairs_wins_over_the_one_with_one() -> None:
    gold, predicted = [span(0, 6), span(6, 8)], [span(2, 8), span(0, 2)]
    assert [pair[:2] for pair in match(gold, predicted, "type")] == [(0, 1), (1, 0)]


def test_two_pairs_win_over_one_with_equal_labels() -> None:
    gold, predicted = [span(0, 6, "ACTOR"), span(6, 8, "DATE")], [span(2, 8, "ACTOR"), span(0, 2, "DATE")]
    assert [pair[:2] for pair in match(gold, predicted, "partial")] == [(0, 1), (1, 0)]


def test_a_complete_tie_is_settled_alike_when_the_sides_are_swapped() -> None:
    gold, predicted = [span(5, 6), span(4, 6)], [span(4, 7), span(2, 6)]
    swapped = sorted((g, p, credit) for p, g, credit in content(predicted, gold, "partial"))
    assert content(gold, predicted, "partial") == swapped


@given(modes, sides, sides, st.integers(0, 6))
def test_a_surplus_copy_is_never_paired(mode: Mode, gold: list[Span], predicted: list[Span], at: int) -> None:
    gold = [*{key(found): found for found in gold}.values()]
    predicted = [*{key(found): found for found in predicted}.values()]
    copies = predicted[at : at + 1]
    assert content(gold, predicted + copies, mode) == content(gold, predicted, mode)
    assert content(predicted + copies, gold, mode) == content(predicted, gold, mode)


def test_a_copy_cannot_take_a_second_gold_span() -> None:
    gold = [span(0, 5), span(6, 10)]
    assert len(match(gold, [span(0, 10), span(0, 10)], "type")) == 1
    assert len(match(gold, [span(0, 10), span(0, 9)], "type")) == 2


def test_two_labels_on_one_stretch_are_two_spans() -> None:
    gold, predicted = [span(0, 5, "ACTOR"), span(0, 5, "TOLL")], [span(0, 5, "TOLL"), span(0, 5, "DATE")]
    assert [pair[:2] for pair in match(gold, predicted, "strict")] == [(1, 0)]
    assert [pair[:2] for pair in match(gold, predicted, "exact")] == [(0, 1), (1, 0)]


def test_a_nested_span_is_paired_beside_the_one_that_holds_it() -> None:
    gold = [span(0, 20, "TOLL"), span(9, 20, "ACTOR")]
    predicted = [span(9, 18, "ACTOR"), span(3, 20, "TOLL")]
    assert [pair[:2] for pair in match(gold, predicted, "partial")] == [(0, 1), (1, 0)]


@pytest.mark.parametrize("mode", MODES)
def test_a_zero_length_span_matches_only_its_like(mode: Mode) -> None:
    empty = span(4, 4)
    assert len(match([empty], [empty], mode)) == 1
    assert not match([empty], [span(0, 9)], mode)
    assert not match([empty], [span(4, 9)], mode)
    assert not match([empty], [span(5, 5)], mode)


@given(modes, sides, sides, spans)
def test_a_span_far_from_all_others_changes_no_pair(
    mode: Mode, gold: list[Span], predicted: list[Span], far: Span
) -> None:
    moved = span(far.start + 1000, far.end + 1000, far.label)
    assert match(gold, [*predicted, moved], mode) == match(gold, predicted, mode)


def test_of_two_equal_spans_the_one_paired_does_not_depend_on_the_order() -> None:
    first, second = Span(id="t1", start=0, end=4, label="ACTOR"), Span(id="t2", start=0, end=4, label="ACTOR")
    for predicted in ([first, second], [second, first]):
        (pair,) = match([span(0, 4)], predicted, "strict")
        assert predicted[pair.predicted] is first


# --- against the reference ---

dense = st.lists(
    st.builds(
        lambda start, length, label: span(start, start + length, label),
        st.integers(0, 9),
        st.integers(0, 4),
        st.sampled_from(["A", "B"]),
    ),
    max_size=14,
)
"""Spans so close together that nearly all copy, cross or contain one another."""


@settings(max_examples=200)
@given(modes, sides | dense, sides | dense)
def test_the_pairs_are_those_of_the_reference(mode: Mode, gold: list[Span], predicted: list[Span]) -> None:
    assert match(gold, predicted, mode) == reference_match.match(gold, predicted, mode)


@given(modes, st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=5), sides)
def test_spans_that_end_before_they_begin_are_paired_as_in_the_reference(
    mode: Mode, bounds: list[tuple[int, int]], predicted: list[Span]
) -> None:
    gold = [span(start, end) for start, end in bounds]
    assert match(gold, predicted, mode) == reference_match.match(gold, predicted, mode)


@given(modes, sides, sides, st.integers(0, FARTHEST - 20))
def test_pairs_do_not_depend_on_where_in_the_text_they_are(
    mode: Mode, gold: list[Span], predicted: list[Span], by: int
) -> None:
    ours, theirs = ([span(each.start + by, each.end + by, each.label) for each in side] for side in (gold, predicted))
    assert match(ours, theirs, mode) == match(gold, predicted, mode)


@pytest.mark.parametrize("mode", MODES)
def test_numbers_too_large_to_be_packed_into_one_are_ranked_instead(mode: Mode) -> None:
    labels = [f"label-{number}" for number in range(9)]
    gold = [span(FARTHEST - 9 * n, FARTHEST - 9 * n + 6, label) for n, label in enumerate(labels, start=1)]
    predicted = [*gold[:4], *(span(each.start + 1, FARTHEST, each.label) for each in gold[4:])]
    assert match(gold, predicted, mode) == reference_match.match(gold, predicted, mode)


def test_an_offset_beyond_any_text_is_refused() -> None:
    with pytest.raises(ValueError, match="beyond"):
        match([span(0, FARTHEST + 1)], [], "strict")


def test_only_the_modes_asked_for_are_paired() -> None:
    nothing = aligned(from_spans([]), from_spans([]))
    assert list(match_columns(*nothing, ["type", "strict"])) == ["type", "strict"]
