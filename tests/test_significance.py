"""`rift.eval.significance`: randomisation, Holm's correction, ranks, the smallest detectable difference."""

import itertools

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rift.eval import significance
from rift.eval.resample import Bootstrap
from rift.eval.significance import (
    Comparison,
    Randomisation,
    compare,
    detectable_alone,
    holm,
    micro_f1,
    randomisation_p,
    ranks,
)
from rift.eval.statistics import Counts, measures

QUICK = Bootstrap(resamples=200)


def system(correct: npt.ArrayLike, gold: npt.ArrayLike, predicted: npt.ArrayLike) -> Counts:
    return np.stack([np.asarray(column, dtype=float) for column in (correct, correct, gold, predicted)], axis=-1)


def drawn(documents: int, rate: float, seed: int) -> Counts:
    """Return a system on the one simulated corpus of so many documents."""
    gold = np.random.default_rng(documents).integers(1, 12, documents)
    own = np.random.default_rng(seed)
    correct = own.binomial(gold, rate)
    return system(correct, gold, correct + own.poisson(2, documents))


def brute_force(first: Counts, second: Counts) -> float:
    """Return the share of all sign flips whose difference is at least as large as the one observed."""
    observed = abs(micro_f1(first.sum(axis=0)) - micro_f1(second.sum(axis=0)))
    large = []
    for signs in itertools.product([False, True], repeat=len(first)):
        swap = np.array(signs)[:, None]
        ours, theirs = np.where(swap, second, first).sum(axis=0), np.where(swap, first, second).sum(axis=0)
        large.append(abs(micro_f1(ours) - micro_f1(theirs)) >= observed - 1e-12)
    return float(np.mean(large))


@st.composite
def twins(draw: st.DrawFn, most: int = 8) -> tuple[Counts, Counts]:
    """Two systems on the same one to `most` documents, with half credits too."""
    number = draw(st.integers(1, most))
    column = st.lists(st.integers(0, 6), min_size=number, max_size=number)
    gold = np.array(draw(column)) + 1
    found = []
    for _ in range(2):
        credit, spurious = np.minimum(np.array(draw(column)) / 2, gold), np.array(draw(column))
        found.append(system(credit, gold, np.ceil(credit) + spurious))
    return found[0], found[1]


@given(twins())
@settings(max_examples=40)
def test_p_is_the_share_of_sign_flips_that_do_as_much(pair: tuple[Counts, Counts]) -> None:
    rounds = 4_000
    p = randomisation_p(*pair, randomisation=Randomisation(seed=7, rounds=rounds))
    share = brute_force(*pair)
    assert p is not None
    # Five standard errors of a share of 4,000 rounds, and the observed arrangement that p counts once more.
    assert abs(p - share) <= 5 * np.sqrt(share * (1 - share) / rounds) + 1 / rounds


@given(twins(), st.integers(0, 5))
@settings(max_examples=40)
def test_p_is_symmetric_in_the_systems(pair: tuple[Counts, Counts], seed: int) -> None:
    test = Randomisation(seed, 300)
    assert randomisation_p(*pair, randomisation=test) == randomisation_p(*pair[::-1], randomisation=test)


@given(twins())
@settings(max_examples=20)
def test_identical_systems_have_p_1(pair: tuple[Counts, Counts]) -> None:
    assert randomisation_p(pair[0], pair[0].copy(), randomisation=Randomisation(rounds=50)) == 1


def test_p_never_falls_below_one_round() -> None:
    gold = np.full(100, 5)
    perfect, blind = system(gold, gold, gold), system(0 * gold, gold, gold)
    assert randomisation_p(perfect, blind, randomisation=Randomisation(rounds=99)) == pytest.approx(1 / 100)


def test_p_depends_on_the_seed_alone() -> None:
    first, second = drawn(40, 0.7, 1), drawn(40, 0.65, 2)
    found = [randomisation_p(first, second, randomisation=Randomisation(seed)) for seed in (0, 0, 1)]
    assert found[0] == found[1] != found[2]


def test_the_signs_are_the_bits_of_the_raw_stream_whatever_the_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = drawn(130, 0.5, 3)
    words = np.random.PCG64(4).random_raw(20 * 3).reshape(20, 3)
    signs = np.array([[int(words[row, at // 64]) >> at % 64 & 1 for at in range(130)] for row in range(20)])
    expected = signs @ counts
    for cells in (1 << 22, 130 * 3, 1):
        monkeypatch.setattr(significance, "_CELLS", cells)
        assert np.array_equal(significance.swapped_sums(counts, Randomisation(4, 20)), expected)


def test_sums_beyond_single_precision_are_exact_too() -> None:
    counts = drawn(10, 0.5, 3) + 2.0**30 + 0.5
    test = Randomisation(rounds=100)
    assert np.array_equal(significance.swapped_sums(counts, test) % 0.5, np.zeros((100, 4)))
    third = randomisation_p(drawn(10, 0.5, 3) / 3, drawn(10, 0.6, 4) / 3, randomisation=test)
    assert third == randomisation_p(drawn(10, 0.5, 3), drawn(10, 0.6, 4), randomisation=test)


def test_an_undefined_difference_has_no_p_and_an_undefined_round_counts_as_large() -> None:
    nothing = np.zeros((3, 4))
    assert randomisation_p(nothing, nothing) is None
    assert randomisation_p(np.zeros((0, 4)), np.zeros((0, 4))) is None
    first, second = system([2, 0], [2, 2], [2, 0]), system([0, 2], [2, 2], [2, 4])

    def precision(counts: Counts) -> npt.NDArray[np.float64]:
        return measures(counts)[..., 0]

    # Of the four arrangements, one leaves a side without predictions and so without precision.
    p = randomisation_p(first, second, measure=precision, randomisation=Randomisation(rounds=4000))
    assert p is not None
    assert p > 0.9


@pytest.mark.parametrize(("seed", "rounds"), [(-1, 10), (0, 0)])
def test_a_negative_seed_and_no_rounds_are_refused(seed: int, rounds: int) -> None:
    with pytest.raises(ValueError, match="must"):
        Randomisation(seed, rounds)


def test_holm_equals_values_computed_by_hand() -> None:
    # Sorted .005, .01, .03, .04 times 4, 3, 2, 1 gives .02, .03, .06, .04; the last is lifted to .06.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.5]) == [1, 1]
    assert holm([0.03]) == [0.03]
    assert holm([]) == []


def test_holm_leaves_out_what_is_undefined() -> None:
    assert holm([None, 0.02, None, 0.5]) == [None, 0.04, None, 0.5]


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_keeps_the_order_and_never_makes_p_smaller(ps: list[float]) -> None:
    found = [p for p in holm(ps) if p is not None]
    assert all(p <= corrected <= 1 for p, corrected in zip(ps, found, strict=True))
    order = sorted(range(len(ps)), key=ps.__getitem__)
    assert [found[at] for at in order] == sorted(found)


def test_a_rank_begins_with_the_first_system_that_differs_from_the_first_of_the_rank() -> None:
    systems: list[tuple[str, float | None]] = [("a", 0.9), ("b", 0.8), ("c", 0.7), ("d", 0.6), ("e", None)]
    assert ranks(systems, set()) == {"a": 1, "b": 1, "c": 1, "d": 1, "e": None}
    # b differs from d, but c heads that rank: d shares it with c.
    assert ranks(systems, {("a", "c"), ("a", "d"), ("b", "d")}) == {"a": 1, "b": 1, "c": 3, "d": 3, "e": None}
    assert ranks(systems, {("a", "b"), ("b", "c"), ("c", "d")}) == {"a": 1, "b": 2, "c": 3, "d": 4, "e": None}
    assert ranks([], set()) == {}
    assert ranks([("a", None)], set()) == {"a": None}


def test_compare_ranks_by_value_and_lets_the_indistinguishable_share_a_rank() -> None:
    good = drawn(80, 0.8, 1)
    systems = {
        "poor": drawn(80, 0.3, 2),
        "good": good,
        "alike": good.copy(),
        "silent": drawn(80, 0.8, 1) * [0, 0, 1, 0],
    }
    found = compare(systems, bootstrap=QUICK)
    assert [(row.name, row.rank) for row in found.systems] == [("alike", 1), ("good", 1), ("poor", 3), ("silent", 4)]
    assert found.documents == 80
    assert len(found.pairs) == 6
    same = found.pairs[0]
    assert (same.first, same.second, same.difference, same.p, same.holm) == ("alike", "good", 0, 1, 1)
    assert same.detectable is None
    for pair in found.pairs[1:]:
        assert pair.p is not None
        assert pair.p == randomisation_p(systems[pair.first], systems[pair.second])
        assert pair.interval is not None
        assert pair.difference is not None
        assert pair.interval[0] <= pair.difference <= pair.interval[1]


def test_the_interval_of_a_system_is_that_of_its_score() -> None:
    counts = drawn(30, 0.6, 5)
    alone, beside = (
        compare({"a": counts}, bootstrap=QUICK),
        compare({"b": drawn(30, 0.5, 6), "a": counts}, bootstrap=QUICK),
    )
    assert alone.systems[0].interval == next(row.interval for row in beside.systems if row.name == "a")


def test_undefined_systems_come_last_without_a_rank() -> None:
    counts = drawn(20, 0.5, 1)

    def shaky(sums: Counts) -> npt.NDArray[np.float64]:
        return np.where(sums[..., 3] > 0, micro_f1(sums), np.nan)

    found = compare({"a": counts * [0, 0, 1, 0], "b": counts}, measure=shaky, bootstrap=QUICK)
    assert [(row.name, row.rank, row.value is None) for row in found.systems] == [("b", 1, False), ("a", None, True)]
    (pair,) = found.pairs
    assert (pair.difference, pair.p, pair.holm, found.detectable) == (None, None, None, None)


@pytest.mark.parametrize("systems", [{}, {"a": np.zeros((0, 4)), "b": np.zeros((0, 4))}])
def test_nothing_to_compare_gives_nothing(systems: dict[str, Counts]) -> None:
    found = compare(systems, bootstrap=QUICK)
    assert all((row.value, row.interval, row.rank) == (None, None, None) for row in found.systems)
    assert all((pair.p, pair.detectable) == (None, None) for pair in found.pairs)
    assert found.detectable is None


def test_systems_on_different_documents_are_refused() -> None:
    with pytest.raises(ValueError, match="same documents"):
        compare({"a": drawn(3, 0.5, 1), "b": drawn(4, 0.5, 1)})


def test_a_comparison_survives_json() -> None:
    found = compare({"a": drawn(9, 0.5, 1), "b": drawn(9, 0.7, 2)}, bootstrap=QUICK)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Comparison) == found


def test_a_difference_of_the_detectable_size_is_found_in_about_80_percent_of_samples() -> None:
    random = np.random.default_rng(11)
    documents, found, sizes = 60, [], []
    for _ in range(120):
        gold = random.integers(4, 12, documents)
        first, second = (random.binomial(gold, rate) for rate in (0.7, 0.619))
        pair = {"a": system(first, gold, gold), "b": system(second, gold, gold)}
        (tested,) = compare(pair, bootstrap=QUICK, randomisation=Randomisation(rounds=300)).pairs
        assert tested.p is not None
        assert tested.detectable is not None
        found.append(tested.p < 0.05)
        sizes.append(tested.detectable)
    # The true difference, .081, is what 60 documents of 7.5 spans let detect: 2.8 sqrt(2 * .66 * .34 / 450).
    assert np.mean(sizes) == pytest.approx(0.081, abs=0.008)
    assert 0.7 < np.mean(found) < 0.9


def test_alone_a_system_gets_what_a_simulated_rival_would_show() -> None:
    counts = drawn(200, 0.7, 1)
    random = np.random.default_rng(2)
    room = np.minimum(counts[:, 2], counts[:, 3]) - counts[:, 0]
    won = 0.1 * counts[:, 0].sum() / room.sum()
    differences = []
    for _ in range(600):
        at = random.integers(0, 200, 200)
        losses = random.binomial(counts[at, 0].astype(int), 0.1)
        rival = system(
            counts[at, 0] - losses + random.binomial(room[at].astype(int), won), counts[at, 2], counts[at, 3]
        )
        differences.append(float(micro_f1(counts[at].sum(axis=0)) - micro_f1(rival.sum(axis=0))))
    assert detectable_alone(counts) == pytest.approx(2.8 * np.std(differences), rel=0.1)


def test_alone_more_documents_detect_less_and_degenerate_systems_nothing() -> None:
    many, few = detectable_alone(drawn(400, 0.7, 1)), detectable_alone(drawn(25, 0.7, 1))
    assert many is not None
    assert few is not None
    assert few == pytest.approx(4 * many, rel=0.35)
    gold = np.full(5, 3)
    assert detectable_alone(system(gold, gold, gold)) is None
    assert detectable_alone(system(0 * gold, gold, gold)) is None
    assert detectable_alone(drawn(1, 0.5, 1)) is None
    assert detectable_alone(np.zeros((0, 4))) is None
