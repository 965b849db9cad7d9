"""Krippendorff's alpha for unitizing."""

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rift.eval.resample import Bootstrap, resample
from rift.eval.unitizing import Continuum, alphas, count_units, disagreements, unitized_alpha

# Krippendorff 2004, p. 254: two observers, two kinds of units, a continuum of 300; here it begins at 0.
KIND_C = Continuum(300, [(75, 145), (220, 250)], [(70, 150), (205, 225), (250, 270)])
KIND_K = Continuum(300, [(30, 90), (150, 200)], [(30, 90), (150, 200)])


def disagreement(*documents: Continuum) -> list[float]:
    units = count_units(documents)
    return [float(value) for value in disagreements(units.counts.sum(axis=0), units.lengths)]


@st.composite
def sides(draw: st.DrawFn, length: int) -> list[tuple[int, int]]:
    edges = draw(st.lists(st.integers(0, length), max_size=8, unique=True))
    cut = sorted(edges)[: len(edges) // 2 * 2]
    return list(zip(cut[::2], cut[1::2], strict=True))


@st.composite
def continua(draw: st.DrawFn) -> Continuum:
    length = draw(st.integers(2, 40))
    return Continuum(length, draw(sides(length)), draw(sides(length)))


documents_of_some = st.lists(continua(), max_size=5)


def test_the_published_example_gives_the_published_numbers() -> None:
    assert disagreement(KIND_C) == pytest.approx([0.0144, 0.0532], abs=5e-5)
    assert disagreement(KIND_K) == pytest.approx([0, 0.0490], abs=5e-5)
    assert unitized_alpha([KIND_C]) == pytest.approx(0.7286, abs=5e-5)
    assert unitized_alpha([KIND_K]) == 1
    both = np.array(disagreement(KIND_C)) + np.array(disagreement(KIND_K))
    assert float(alphas(both)) == pytest.approx(0.8591, abs=5e-4)  # printed from disagreements that were rounded


def test_an_example_by_hand() -> None:
    """Two documents of 6 and 4; the one observer has units of 2 and of 1, the other of 3.

    document 1: [0, 2) against [1, 4), which overlap: (0 - 1)² + (2 - 4)² = 5
    document 2: [0, 1) against nothing: its length squared, 1
    observed: (5 + 1) / (6 + 4)² = 0.06

    gaps: 4 (one) and 1, 2 (other) in document 1; 3 (one) and 4 (other) in document 2
    places for a unit of 1: 4 + 1 + 2 + 3 + 4 = 14, of 2: 3 + 0 + 1 + 2 + 3 = 9, of 3: 2 + 0 + 0 + 1 + 2 = 5
    units among units, (3 - 1) / 3 (2 l³ - 3 l² + l): 0 for 1, 2/3 6 = 4 for 2, 2/3 30 = 20 for 3; together 24
    units in gaps, l² places: 14 + 4 * 9 + 9 * 5 = 95
    pairs: 2 * 10 (2 * 10 - 1) - (0 + 2 + 6) = 372
    expected: 2 / 10 (24 + 95) / 372 = 23.8 / 372
    """
    documents = [Continuum(6, [(0, 2)], [(1, 4)]), Continuum(4, [(0, 1)], [])]
    assert disagreement(*documents) == pytest.approx([0.06, 23.8 / 372])
    assert unitized_alpha(documents) == pytest.approx(1 - 0.06 * 372 / 23.8)


@given(documents_of_some)
def test_who_finds_the_same_units_agrees_fully(documents: Sequence[Continuum]) -> None:
    same = [Continuum(length, one, one) for length, one, _ in documents]
    assert unitized_alpha(same) == (1 if any(one for _, one, _ in documents) else None)


@given(documents_of_some)
def test_observers_can_be_swapped(documents: Sequence[Continuum]) -> None:
    swapped = [Continuum(length, other, one) for length, one, other in documents]
    assert unitized_alpha(swapped) == unitized_alpha(documents)


@given(documents_of_some, st.randoms(use_true_random=False))
def test_order_does_not_matter(documents: list[Continuum], random: Random) -> None:
    turned = [Continuum(length, one[::-1], other[::-1]) for length, one, other in documents]
    random.shuffle(turned)
    assert unitized_alpha(turned) == unitized_alpha(documents)


@given(documents_of_some)
def test_different_units_never_agree_fully(documents: Sequence[Continuum]) -> None:
    alpha = unitized_alpha(documents)
    if any(sorted(one) != sorted(other) for _, one, other in documents):
        assert alpha is not None
        assert alpha < 1


@pytest.mark.parametrize(
    "documents", [[], [Continuum(9, [], [])], [Continuum(9, [(3, 3)], [])], [Continuum(0, [], [])]], ids=str
)
def test_without_units_alpha_is_undefined(documents: Sequence[Continuum]) -> None:
    assert unitized_alpha(documents) is None


def test_a_unit_of_no_length_changes_nothing() -> None:
    empty = [Continuum(40, [(1, 9), (12, 12)], [(4, 9)])]
    assert unitized_alpha(empty) == unitized_alpha([Continuum(40, [(1, 9)], [(4, 9)])])


def placed(random: np.random.Generator, length: int) -> list[tuple[int, int]]:
    """Place up to nine units so that every arrangement is as likely as any other."""
    sizes = random.integers(3, 25, size=random.integers(0, 10))
    starts = np.sort(random.integers(0, length - sizes.sum() + 1, size=len(sizes)))
    starts[1:] += np.cumsum(sizes)[:-1]
    return [(int(start), int(start + size)) for start, size in zip(starts, sizes, strict=True)]


def test_units_placed_by_chance_have_an_alpha_near_zero() -> None:
    random = np.random.default_rng(7)
    found = []
    for _ in range(100):
        lengths = [int(length) for length in random.integers(500, 2500, size=20)]
        found.append(unitized_alpha([Continuum(n, placed(random, n), placed(random, n)) for n in lengths]))
    assert np.mean([value for value in found if value is not None]) == pytest.approx(0, abs=0.01)


def test_a_near_miss_costs_less_than_a_miss() -> None:
    near = unitized_alpha([Continuum(500, [(100, 120)], [(102, 120)])])
    far = unitized_alpha([Continuum(500, [(100, 120)], [(300, 320)])])
    assert near is not None
    assert far is not None
    assert near > 0.9
    assert far < 0.1


def test_resampled_sums_are_those_of_the_documents_drawn() -> None:
    documents = [Continuum(60, [(0, 9)], [(2, 9)]), Continuum(80, [(5, 30)], []), Continuum(40, [], [(1, 3), (4, 9)])]
    drawn = resample(np.eye(len(documents)), Bootstrap(4, 20)).astype(int)
    units = count_units(documents)
    sums = resample(units.counts, Bootstrap(4, 20))
    for times, alpha in zip(drawn, alphas(disagreements(sums, units.lengths)), strict=True):
        again = [document for document, number in zip(documents, times, strict=True) for _ in range(number)]
        assert unitized_alpha(again) == pytest.approx(float(alpha))


@pytest.mark.parametrize("side", [[(0, 4), (3, 6)], [(2, 4), (2, 4)], [(8, 11)], [(-1, 2)]], ids=str)
def test_units_that_overlap_or_lie_outside_are_refused(side: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="must lie in the text and must not overlap"):
        unitized_alpha([Continuum(10, [], side)])
