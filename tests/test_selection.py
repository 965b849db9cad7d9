"""Selecting articles: duplicates, the topic, the draw, and splits by event, on articles made up here."""

import datetime as dt
import itertools
from collections import Counter

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rift.corpus.selection import Article, Event, Outcome, Overlaps, Settings, same_event, select, toll_pattern

PLAIN = Settings(
    seed=1,
    size=12,
    fewest_words=5,
    splits={"train": 6, "dev": 3, "test": 3},
    test_only=(),
    near_duplicate=0.5,
    contained=0.7,
    same_story=0.3,
    same_event_days=2,
    figure=r"(?:\d+|two|dozens)",
    harm="(?:kill|dead|wound)",
    topic=(),
)


def article(number: int, *, body: str = "", outlet: str = "crier", place: str = "", day: int | None = None) -> Article:
    text = body or f"Storm {number} killed {number + 2} people near lake {number}w{number} on some day number{number}."
    date = dt.date(2014, 1, 1) + dt.timedelta(days=10 * number if day is None else day)
    return Article(
        id=f"a{number:03d}",
        title=f"Storm {number}",
        body=text,
        outlet=outlet,
        place=place or f"place-{number}",
        date=date,
        published=None,
    )


MANY = [article(number) for number in range(40)]


def selected(outcomes: list[Outcome]) -> dict[str, Outcome]:
    return {item.id: item for item in outcomes if item.status == "selected"}


def status(outcomes: list[Outcome], name: str) -> str:
    return next(item.status for item in outcomes if item.id == name)


def test_the_sizes_are_those_wanted_and_a_seed_repeats_the_selection() -> None:
    found = select(MANY, PLAIN, {})
    assert Counter(item.split for item in selected(found).values()) == PLAIN.splits
    assert select(MANY[::-1], PLAIN, {}) == found
    assert select(MANY, msgspec.structs.replace(PLAIN, seed=2), {}) != found


def test_all_of_the_topic_is_taken_and_says_so() -> None:
    topic = ["a003", "a017", "a031"]
    found = selected(select(MANY, msgspec.structs.replace(PLAIN, topic=topic), {}))
    assert [name for name, item in found.items() if item.reason == "topic"] == topic
    assert Counter(item.reason for item in found.values()) == {"topic": 3, "drawn": 9}


def test_the_draw_keeps_the_shares_of_outlets_and_years() -> None:
    articles = [article(number, outlet="crier" if number % 4 else "post", day=number * 3) for number in range(40)]
    found = selected(select(articles, PLAIN, {}))
    assert Counter(item.outlet for item in found.values()) == {"crier": 9, "post": 3}


def test_a_repeated_id_and_a_repeated_text_are_duplicates_and_a_small_change_a_near_duplicate() -> None:
    long = "one two three four five six seven eight nine ten eleven twelve killed 20 people in the north"
    twins = [article(50, body=long), article(51, body=long), article(52, body=long + " today")]
    found = select([*MANY, *twins, MANY[0]], PLAIN, {})
    assert [item.status for item in found if item.id == "a000"].count("duplicate") == 1
    assert status(found, "a051") == "duplicate"
    assert status(found, "a052") == "near-duplicate"
    assert next(item.of for item in found if item.id == "a052") == "a050"


def test_of_near_duplicates_the_one_on_the_topic_stays() -> None:
    body = "one two three four five six seven eight nine ten eleven killed 20 people"
    twins = [article(50, body=body), article(51, body=f"{body} again")]
    found = select([*MANY, *twins], msgspec.structs.replace(PLAIN, topic=["a051"]), {})
    assert (status(found, "a050"), status(found, "a051")) == ("near-duplicate", "selected")


def test_an_article_without_toll_or_of_a_few_words_is_not_drawn() -> None:
    quiet = article(50, body="The mayor opened a bridge and spoke of it at some length today.")
    short = article(51, body="Two killed.")
    found = select([*MANY, quiet, short], PLAIN, {})
    assert (status(found, "a050"), status(found, "a051")) == ("no-toll", "too-short")


@pytest.mark.parametrize(
    "text", ["killed 12 people", "12 people were killed", "left dozens of them dead", "Two wounded"]
)
def test_a_toll_is_a_figure_near_a_word_of_harm(text: str) -> None:
    assert toll_pattern(PLAIN).search(text)


def test_a_number_far_from_any_harm_is_no_toll() -> None:
    assert not toll_pattern(PLAIN).search(
        "In 2014 the town had one bridge, one mill, a school, a market and a dead river"
    )


def test_texts_on_one_event_stay_in_one_split() -> None:
    pairs = [article(number, place=f"p{number // 2}", day=10 * (number // 2) + number % 2) for number in range(24)]
    found = selected(select(pairs, PLAIN, {}))
    for left, right in itertools.combinations(pairs, 2):
        if {left.id, right.id} <= found.keys() and same_event(left, right, 2):
            assert found[left.id].split == found[right.id].split
            assert found[left.id].event == found[right.id].event


def test_publication_counts_for_the_same_event_too() -> None:
    one, other = article(1, place="x"), article(9, place="x")
    assert not same_event(one, other, 2)
    day = dt.date(2015, 5, 5)
    published = [msgspec.structs.replace(item, published=day) for item in (one, other)]
    assert same_event(published[0], published[1], 2)
    assert not same_event(published[0], msgspec.structs.replace(published[1], place="y"), 2)


def test_outlets_for_the_test_alone_are_in_no_other_split() -> None:
    articles = [article(number, outlet="post" if number < 6 else "crier") for number in range(40)]
    found = selected(select(articles, msgspec.structs.replace(PLAIN, test_only=["post"]), {}))
    assert {item.split for item in found.values() if item.outlet == "post"} == {"test"}


def test_articles_go_where_their_restatements_and_events_elsewhere_are() -> None:
    elsewhere = Event(text="other-1", place="place-5", date=MANY[5].date, split="test")
    wanted = msgspec.structs.replace(PLAIN, topic=["a004", "a005", "a006", "a007"], elsewhere=[elsewhere])
    found = selected(select(MANY, wanted, {"a004": "dev", "a006": "dev"}, [["a006", "a007", "not-there"]]))
    assert {name: found[name].split for name in ("a004", "a005", "a006", "a007")} == {
        "a004": "dev",
        "a005": "test",
        "a006": "dev",
        "a007": "dev",
    }


def test_an_event_that_belongs_in_two_splits_is_refused() -> None:
    pair = [article(50, place="x", day=1), article(51, place="x", day=2)]
    wanted = msgspec.structs.replace(PLAIN, topic=["a050", "a051"])
    with pytest.raises(ValueError, match="a050, a051 belong in dev and train"):
        select([*MANY, *pair], wanted, {"a050": "train", "a051": "dev"})


def test_splits_that_cannot_be_filled_are_refused() -> None:
    one_event = [article(number, place="x", day=0) for number in range(12)]
    with pytest.raises(ValueError, match="cannot be filled"):
        select(one_event, PLAIN, {})
    with pytest.raises(ValueError, match="to be drawn from"):
        select(MANY[:5], PLAIN, {})


@given(st.lists(st.text(alphabet="ab ", max_size=40), min_size=2, max_size=2))
@settings(max_examples=60)
def test_overlap_is_symmetric_and_whole_for_equal_texts(bodies: list[str]) -> None:
    overlaps = Overlaps([article(0, body=bodies[0] or " "), article(1, body=bodies[1] or " ")])
    assert overlaps.jaccard("a000", "a001") == overlaps.jaccard("a001", "a000")
    assert 0 <= overlaps.jaccard("a000", "a001") <= overlaps.contained("a000", "a001") <= 1
    if bodies[0].split() == bodies[1].split() and len(bodies[0].split()) >= 5:
        assert overlaps.jaccard("a000", "a001") == 1
