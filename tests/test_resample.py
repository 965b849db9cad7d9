"""The bootstrap over documents."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from rift.eval import resample as module
from rift.eval.resample import Bootstrap, interval, resample


def test_a_seed_gives_the_same_draws_everywhere() -> None:
    drawn = resample(np.eye(4), Bootstrap(seed=0, resamples=3))
    assert drawn.tolist() == PINNED


PINNED = [[0, 1, 2, 1], [3, 1, 0, 0], [1, 0, 1, 2]]


@given(st.integers(0, 2**32), st.integers(1, 9), st.integers(1, 20))
def test_each_resample_draws_as_many_documents_as_there_are(seed: int, number: int, resamples: int) -> None:
    drawn = resample(np.eye(number), Bootstrap(seed, resamples))
    assert drawn.shape == (resamples, number)
    assert (drawn.sum(axis=1) == number).all()
    assert (drawn >= 0).all()


def test_other_seeds_give_other_draws() -> None:
    assert not np.array_equal(resample(np.eye(9), Bootstrap(0, 50)), resample(np.eye(9), Bootstrap(1, 50)))


def test_the_size_of_a_chunk_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = resample(np.eye(7), Bootstrap(5, 100))
    monkeypatch.setattr(module, "_DRAWS", 20)
    monkeypatch.setattr(module, "_WEIGHTS", 50)
    assert np.array_equal(resample(np.eye(7), Bootstrap(5, 100)), whole)


def test_the_axes_after_the_documents_stay() -> None:
    counts = np.arange(3 * 2 * 5 * 4, dtype=np.float64).reshape(3, 2, 5, 4)
    drawn = resample(counts, Bootstrap(3, 10))
    assert drawn.shape == (10, 2, 5, 4)
    assert np.array_equal(drawn[:, 1, 4, 3], resample(counts[:, 1, 4, 3].reshape(3, 1), Bootstrap(3, 10))[:, 0])


def test_sums_are_exact_where_single_precision_would_not_hold_them() -> None:
    large = np.array([[2.0**24 + 1, 0.5], [2.0**24 + 3, 1.5]])
    drawn = resample(np.hstack([large, np.eye(2)]), Bootstrap(0, 50))
    assert np.array_equal(drawn[:, :2], drawn[:, 2:] @ large)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=9), st.integers(0, 99))
def test_halves_add_up_exactly(doubled: list[int], seed: int) -> None:
    halves = np.array(doubled, dtype=np.float64)[:, None] / 2
    drawn = resample(np.hstack([halves, np.eye(len(doubled))]), Bootstrap(seed, 20))
    assert np.array_equal(drawn[:, :1], drawn[:, 1:] @ halves)


def test_every_document_is_drawn_equally_often() -> None:
    number, resamples = 30, 4000
    drawn = resample(np.eye(number), Bootstrap(3, resamples)).sum(axis=0)
    expected = number * resamples / number
    chi_square = float(((drawn - expected) ** 2 / expected).sum())
    assert chi_square < 59  # a value this high has a chance of 1 in 1000 with 29 degrees of freedom


def test_no_document_and_no_resample_give_empty_sums() -> None:
    assert not resample(np.zeros((0, 4)), Bootstrap(0, 5)).any()
    assert resample(np.ones((3, 4)), Bootstrap(0, 0)).shape == (0, 4)


def test_the_spread_is_that_of_a_mean() -> None:
    right = np.repeat([1.0, 0.0], [60, 40])[:, None]
    share = resample(right, Bootstrap(seed=1))[:, 0] / 100
    expected = np.sqrt(0.6 * 0.4 / 100)
    assert share.mean() == pytest.approx(0.6, abs=4 * expected / np.sqrt(len(share)))
    assert share.std() == pytest.approx(expected, rel=0.03)
    assert interval(share, 100) == pytest.approx((0.6 - 1.96 * expected, 0.6 + 1.96 * expected), abs=0.011)


def test_the_interval_of_a_constant_has_no_width() -> None:
    assert interval(np.full(100, 0.375), 100) == (0.375, 0.375)


def test_undefined_resamples_are_left_out_of_the_interval() -> None:
    values = np.linspace(0, 1, 201, dtype=np.float64)
    assert interval(values, 10**6) == pytest.approx((0.025, 0.975), abs=1e-6)
    assert interval(np.concatenate([values, np.full(500, np.nan)]), 10**6) == interval(values, 10**6)


def test_few_documents_widen_the_interval_as_students_distribution_does() -> None:
    normal = scipy.stats.norm.ppf(np.linspace(0, 1, 2 * 10**5 + 1)[1:-1])
    for documents in (2, 5, 20, 200):
        expected = np.sqrt(documents / (documents - 1)) * scipy.stats.t.ppf(0.975, documents - 1)
        found = interval(normal, documents)
        assert found is not None
        if expected < 4:  # beyond it the percentiles are those of single resamples
            assert found == pytest.approx((-expected, expected), rel=0.01)


def test_one_document_has_no_interval() -> None:
    assert interval(np.full(100, 0.5), 1) is None


def test_the_interval_is_none_where_every_resample_is_undefined_or_there_is_none() -> None:
    assert interval(np.full(10, np.nan), 100) is None
    assert interval(np.zeros(0), 100) is None


@pytest.mark.parametrize(("seed", "resamples"), [(-1, 10), (0, -1)])
def test_negative_settings_are_refused(seed: int, resamples: int) -> None:
    with pytest.raises(ValueError, match="negative"):
        Bootstrap(seed, resamples)
