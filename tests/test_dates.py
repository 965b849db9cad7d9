"""Dates: expressions to calendar time."""

import datetime as dt
import itertools

import edtf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rift.baselines import periods
from rift.baselines.dates import find_dates

PUBLISHED = dt.date(2014, 6, 10)
"""A Tuesday."""


@pytest.mark.parametrize(
    ("text", "surface", "value"),
    [
        ("on June 3", "June 3", "2014-06-03"),
        ("on 12 June 2013,", "12 June 2013", "2013-06-12"),
        ("on June 12", "June 12", "2013-06-12"),
        ("on Jan. 3, 2014", "Jan. 3, 2014", "2014-01-03"),
        ("on 12 Jun.", "12 Jun", "2013-06-12"),
        ("between 3-7 Jan.", "3-7 Jan", "2014-01-03/2014-01-07"),
        ("on Tuesday, 10 June 2014", "Tuesday, 10 June 2014", "2014-06-10"),
        ("dated 2014-04-30", "2014-04-30", "2014-04-30"),
        ("in May 2013", "May 2013", "2013-05"),
        ("in May", "May", "2014-05"),
        ("in August", "August", "2013-08"),
        ("since 2011", "2011", "2011"),
        ("in 2013-14", "2013-14", "2013/2014"),
        ("the summer of 2013", "summer of 2013", "2013-22"),
        ("last summer", "last summer", "2013-22"),
        ("on Saturday night", "Saturday night", "2014-06-07"),
        ("on Tuesday", "Tuesday", "2014-06-10"),
        ("last Tuesday", "last Tuesday", "2014-06-03"),
        ("next Friday", "next Friday", "2014-06-13"),
        ("Yesterday", "Yesterday", "2014-06-09"),
        ("last night", "last night", "2014-06-09"),
        ("earlier in the day", "earlier in the day", "2014-06-10"),
        ("last week", "last week", "2014-06-02/2014-06-08"),
        ("this week", "this week", "2014-06-09/2014-06-15"),
        ("last weekend", "last weekend", "2014-06-07/2014-06-08"),
        ("last month", "last month", "2014-05"),
        ("this year", "this year", "2014"),
        ("over the past six weeks", "past six weeks", "2014-04-29/2014-06-10"),
        ("the past week", "past week", "2014-06-03/2014-06-10"),
        ("10 days ago", "10 days ago", "2014-05-31"),
        ("a month ago", "a month ago", "2014-05"),
        ("three years ago", "three years ago", "2011"),
        ("the end of April", "the end of April", "2014-04~"),
        ("in early January", "early January", "2014-01~"),
        ("by late 2013", "late 2013", "2013~"),
        ("in mid-June", "mid-June", "2014-06~"),
        ("early Saturday", "early Saturday", "2014-06-07"),
        ("the first week of May", "first week of May", "2014-05-01/2014-05-07"),
        ("on 3-7 January", "3-7 January", "2014-01-03/2014-01-07"),
        ("between 3 and 7 January", "3 and 7 January", "2014-01-03/2014-01-07"),
        ("from 30 April to 10 June", "30 April to 10 June", "2014-04-30/2014-06-10"),
        ("between March and May 2013", "March and May 2013", "2013-03/2013-05"),
        ("from December to February", "December to February", "2013-12/2014-02"),
        ("from December to February 2014", "December to February 2014", "2013-12/2014-02"),
    ],
)
def test_an_expression_is_one_span_and_means_this_time(text: str, surface: str, value: str) -> None:
    (found,) = find_dates(text, PUBLISHED)
    assert text[found.start : found.end] == surface
    assert found.period
    assert found.period.edtf == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2000 men",
        "They may go",
        "He said: May they go",
        "recent weeks",
        "now",
        "for three days",
        "daily",
        "February 30",
    ],
)
def test_what_is_no_calendar_time_is_not_found(text: str) -> None:
    assert find_dates(text, PUBLISHED) == []


def test_the_story_anchors_the_next_day() -> None:
    found = find_dates("They met on 5 May 2014. The next day they fought.", PUBLISHED)
    assert [mention.period.edtf for mention in found if mention.period] == ["2014-05-05", "2014-05-06"]


def test_without_a_day_of_publication_a_relative_date_is_found_without_a_time() -> None:
    relative, absolute = find_dates("on Friday, after 3 May 2013", None)
    assert relative.period is None
    assert absolute.period == periods.day(dt.date(2013, 5, 3))


@given(st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1)), st.sampled_from(["Monday", "Thursday", "Sunday"]))
def test_a_weekday_is_the_most_recent_one_on_or_before_publication(published: dt.date, weekday: str) -> None:
    (found,) = find_dates(f"on {weekday}", published)
    assert found.period
    assert f"{found.period.first:%A}" == weekday
    assert 0 <= (published - found.period.first).days < 7


@given(st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1)))
def test_every_relative_expression_has_an_edtf_value_on_any_day(published: dt.date) -> None:
    for text in [
        "last month",
        "past two months",
        "two years ago",
        "last winter",
        "this spring",
        "weekend",
        "29 February",
    ]:
        for found in find_dates(text, published):
            assert found.period
            assert found.period.first <= found.period.last
            edtf.parse_edtf(found.period.edtf)


@given(
    st.text(alphabet=st.sampled_from("adefilnorstuy 0123456789-,MJFW")),
    st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)),
)
def test_any_text_gives_dates_in_order_and_apart(text: str, published: dt.date) -> None:
    found = find_dates(text, published)
    assert all(left.end <= right.start for left, right in itertools.pairwise(found))
