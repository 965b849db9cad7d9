"""Numbers: words and digits to the range that they assert."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rift.baselines.numbers import Amount, find_quantities, number_of, with_afterthought

SMALL: list[str] = re.findall(
    r"\w+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen",
)
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_words(number: int) -> str:
    """Write a number from 1 to 999,999 in English words."""
    if number >= 1_000:
        rest = f" {in_words(number % 1_000)}" if number % 1_000 else ""
        return f"{in_words(number // 1_000)} thousand{rest}"
    if number >= 100:
        rest = f" and {in_words(number % 100)}" if number % 100 else ""
        return f"{SMALL[number // 100]} hundred{rest}"
    if number >= 20:
        return TENS[number // 10 - 2] + (f"-{SMALL[number % 10]}" if number % 10 else "")
    return SMALL[number]


@given(st.integers(1, 999_999))
def test_a_number_in_words_is_found_whole_and_read_back(number: int) -> None:
    words = in_words(number)
    assert number_of(words) == number
    assert [found.amount for found in find_quantities(f"Killed {words} rebels")] == [Amount(number, number)]


@given(st.integers(0, 10**9), st.sampled_from(["{}", "{:,}"]))
def test_a_number_in_digits_is_read_back(number: int, form: str) -> None:
    assert [found.amount for found in find_quantities(f"killing {form.format(number)} men.")] == [
        Amount(number, number)
    ]


@given(st.text())
def test_quantities_of_any_text_are_in_order_apart_and_not_reversed(text: str) -> None:
    found = find_quantities(text)
    assert all(left.end <= right.start for left, right in itertools.pairwise(found))
    for quantity in found:
        low, high, _ = quantity.amount
        assert 0 <= quantity.start < quantity.end <= len(text)
        assert low is not None or high is not None
        assert low is None or high is None or 0 <= low <= high


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("634", Amount(634, 634)),
        ("more than 630", Amount(631, None)),
        ("over 630", Amount(631, None)),
        ("at least 39", Amount(39, None)),
        ("up to 50", Amount(None, 50)),
        ("as many as 50", Amount(None, 50)),
        ("fewer than 50", Amount(None, 49)),
        ("about 365", Amount(365, 365, approx=True)),
        ("nearly 100", Amount(100, 100, approx=True)),
        ("some 40", Amount(40, 40, approx=True)),
        ("5,641\u20136,991", Amount(5641, 6991)),
        ("between 30 and 40", Amount(30, 40)),
        ("30 to 40", Amount(30, 40)),
        ("one", Amount(1, 1)),
        ("no", Amount(0, 0)),
        ("no one", Amount(0, 0)),
        ("a couple", Amount(2, 2, approx=True)),
        ("several", Amount(3, None, approx=True)),
        ("a large number", Amount(3, None, approx=True)),
        ("dozens", Amount(24, None, approx=True)),
        ("scores", Amount(40, None, approx=True)),
        ("hundreds", Amount(200, None, approx=True)),
        ("several hundred", Amount(300, None, approx=True)),
        ("thousands", Amount(2000, None, approx=True)),
        ("tens of thousands", Amount(20_000, None, approx=True)),
        ("hundreds of thousands", Amount(200_000, None, approx=True)),
        ("millions", Amount(2_000_000, None, approx=True)),
        ("a dozen", Amount(12, 12)),
        ("1.5 million", Amount(1_500_000, 1_500_000)),
        ("half a million", Amount(500_000, 500_000)),
        ("at least several dozen", Amount(36, None, approx=True)),
    ],
)
def test_words_assert_the_range_of_the_guidelines_and_are_one_quantity(words: str, amount: Amount) -> None:
    (found,) = find_quantities(f"They counted {words} people.")
    assert (found.start, found.end) == (13, 13 + len(words))
    assert found.amount == amount


@pytest.mark.parametrize(
    "text", ["$500", "20 percent", "20%", "a 40-year-old", "5pm", "at 14:30", "the 10th day", "2014-06-10", ""]
)
def test_what_counts_nothing_is_no_quantity(text: str) -> None:
    assert find_quantities(text) == []


@pytest.mark.parametrize(
    ("following", "amount"),
    [
        (" at least", Amount(125, None)),
        (", at least,", Amount(125, None)),
        (" or more of them", Amount(125, None)),
        (" at most", Amount(None, 125)),
        (" at leastways", Amount(125, 125)),
        ("", Amount(125, 125)),
    ],
)
def test_a_modifier_that_follows_sets_the_range(following: str, amount: Amount) -> None:
    assert with_afterthought(Amount(125, 125), following) == amount


def test_words_that_are_no_number_are_refused() -> None:
    with pytest.raises(ValueError, match="not a number"):
        number_of("rebels")


@pytest.mark.parametrize("text", ["\u017feveral men", "m\u0131ll\u0131ons of men", "\u00e9ten men", "ten\u00e9 men"])
def test_letters_that_only_look_like_a_number_word_are_none(text: str) -> None:
    assert find_quantities(text) == []
