"""Cohen's kappa over tokens."""

import numpy as np
import pytest

from rift.annotations.layer import Span
from rift.eval.kappa import count_codes, kappa, mark_tokens

TEXT = "Rebels took Hama."  # tokens at 0-6, 7-11, 12-16, 16-17


@pytest.mark.parametrize(
    ("start", "end", "marked"),
    [
        (0, 6, [True, False, False, False]),
        (2, 9, [True, True, False, False]),
        (6, 7, [False, False, False, False]),
        (15, 17, [False, False, True, True]),
        (8, 8, [False, False, False, False]),
        (0, 17, [True, True, True, True]),
    ],
)
def test_a_span_marks_the_tokens_that_it_shares_a_code_point_with(start: int, end: int, marked: list[bool]) -> None:
    spans = [Span(start=start, end=end, label="ACTOR")]
    assert mark_tokens(TEXT, [spans, []]).T.tolist() == [marked, [False] * 4]


def test_an_empty_text_has_no_tokens_to_mark() -> None:
    assert mark_tokens("", [[], []]).shape == (0, 2)


def test_kappa_by_hand_over_two_documents() -> None:
    """Of 10 items 7 agree; the shares are 0.6 and 0.4 against 0.5 and 0.5: (0.7 - 0.5) / (1 - 0.5)."""
    counts = count_codes(
        [np.array([[0, 0, 0, 0], [0, 0, 0, 1]]), np.array([[0, 0, 1, 1, 1, 1], [0, 1, 0, 1, 1, 1]])], 2
    )
    assert counts.tolist() == [[3, 4, 4, 0, 3, 1], [4, 6, 2, 4, 2, 4]]
    assert float(kappa(counts.sum(axis=0))) == pytest.approx(0.4)


def test_kappa_is_undefined_without_items_and_where_there_is_one_category() -> None:
    counts = count_codes([np.zeros((2, 0), dtype=np.int64), np.ones((2, 5), dtype=np.int64)], 2)
    assert np.isnan(kappa(counts)).all()
