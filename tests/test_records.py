"""Toll records and fatality estimates."""

import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rift.annotations.collection import GOLD, layer_file
from rift.annotations.layer import Markup, Span, read_layer
from rift.annotations.records import MOST, Estimate, Record, date_value, fatality_estimate, records
from rift.annotations.values import is_edtf
from toll_strategies import actor, date, documents, location, markup, renamed_ids, toll

# --- records ---


def test_a_record_has_the_attributes_of_its_toll_and_its_links_resolved() -> None:
    links = {"victim": ["a"], "by": ["g"], "source": ["s"], "where": ["l", "m"], "when": ["d"]}
    spans = [
        toll(0, 7, None, key="t", approx=True, links=links),
        actor(20, "al-nusra-front", key="a"),
        actor(30, kind="state_force", key="g"),
        actor(40, "sana", kind="outlet", key="s"),
        location(50, "hama", key="l"),
        location(60, "aleppo", key="m"),
        date(70, "2014-01-07", key="d"),
    ]
    assert records(markup(*spans)) == (
        Record(
            start=0,
            end=10,
            outcome="killed",
            low=7,
            high=None,
            approx=True,
            victims="combatants",
            scope="incident",
            victim=("al-nusra-front",),
            by=("generic:state_force",),
            source=("sana",),
            where=("aleppo", "hama"),
            when=("2014-01-07",),
        ),
    )


def test_references_to_other_tolls_are_positions_among_the_records() -> None:
    spans = [
        toll(40, 3, 3, key="c", links={"same_as": ["a"]}),
        toll(20, 2, 2, key="b", links={"part_of": ["a"]}),
        toll(0, 9, 9, key="a"),
    ]
    found = records(markup(*spans))
    assert [record.low for record in found] == [9, 2, 3]
    assert [record.part_of for record in found] == [(), (0,), ()]
    assert [record.same_as for record in found] == [(), (), (0,)]


def test_two_mentions_of_one_actor_are_one_value() -> None:
    spans = [toll(0, 1, 1, links={"by": ["a", "b"]}), actor(20, "isis", key="a"), actor(30, "isis", key="b")]
    assert records(markup(*spans))[0].by == ("isis",)


@pytest.mark.parametrize(
    "target",
    [
        Span(id="x", start=20, end=25, label="ACTOR"),
        Span(id="x", start=20, end=25, label="ACTOR", attributes={"form": "name", "kind": "person"}),
        Span(id="x", start=20, end=25, label="ACTOR", attributes={"form": "generic"}),
        location(20, "hama", key="x"),
        actor(20, "isis", key="another"),
        actor(20, "isis"),
    ],
)
def test_a_link_that_leads_to_no_actor_with_a_value_adds_nothing(target: Span) -> None:
    assert records(markup(toll(0, 1, 1, links={"by": ["x"]}), target))[0].by == ()


def test_a_generic_actor_never_has_an_entity_and_a_bare_entity_is_a_name() -> None:
    spans = [
        toll(0, 1, 1, links={"by": ["x"], "victim": ["y"]}),
        Span(
            id="x",
            start=20,
            end=25,
            label="ACTOR",
            attributes={"form": "generic", "kind": "armed_group", "entity": "isis"},
        ),
        Span(id="y", start=30, end=35, label="ACTOR", attributes={"entity": "isis"}),
    ]
    (record,) = records(markup(*spans))
    assert (record.by, record.victim) == (("generic:armed_group",), ("isis",))


def test_a_link_to_an_id_that_several_spans_have_adds_nothing() -> None:
    spans = [toll(0, 1, 1, links={"by": ["x"]}), actor(20, "isis", key="x"), actor(30, "isis", key="x")]
    assert records(markup(*spans))[0].by == ()


def test_a_link_of_a_toll_to_itself_adds_nothing() -> None:
    (record,) = records(markup(toll(0, 1, 1, key="t", links={"part_of": ["t"], "same_as": ["t"]})))
    assert (record.part_of, record.same_as) == ((), ())


@pytest.mark.parametrize("number", [MOST + 1, 10**400])
def test_more_people_than_live_are_no_figure(number: int) -> None:
    assert records(markup(toll(0, number, number)))[0].low is None
    assert records(markup(toll(0, MOST, MOST)))[0].low == MOST


@pytest.mark.parametrize("direction", [1, -1])
def test_a_long_chain_of_repetitions_takes_no_longer_than_as_many_tolls(direction: int) -> None:
    keys = [f"t{number}" for number in range(20_000)][::direction]
    links: list[dict[str, list[str]]] = [{}, *({"same_as": [key]} for key in keys)]
    spans = [toll(20 * at, 5, 5, key=key, links=link) for at, (key, link) in enumerate(zip(keys, links, strict=False))]
    assert fatality_estimate(records(markup(*spans[::direction]))) == Estimate(5, 5, 5)


def test_values_of_a_wrong_type_say_nothing() -> None:
    span = Span(start=0, end=4, label="TOLL", attributes={"outcome": 3, "low": True, "high": -1, "approx": "yes"})
    assert records(markup(span)) == (Record(start=0, end=4),)


def test_a_toll_without_attributes_is_a_record_that_says_nothing() -> None:
    assert records(markup(Span(start=0, end=4, label="TOLL"))) == (Record(start=0, end=4),)


def test_a_document_without_tolls_has_no_records() -> None:
    assert records(markup()) == ()
    assert records(markup(actor(0, "isis"))) == ()


@settings(max_examples=40)
@given(documents(), st.randoms(use_true_random=False))
def test_neither_the_order_of_spans_nor_the_names_of_ids_change_the_estimate(
    found: Markup, generator: random.Random
) -> None:
    spans = list(found.spans)
    generator.shuffle(spans)
    again = renamed_ids(msgspec.structs.replace(found, spans=tuple(spans)))
    ours, theirs = records(found), records(again)
    bare = [
        [msgspec.structs.replace(record, part_of=(), same_as=()) for record in one] for one in (ours, theirs)
    ]  # of records alike in all but references either may come first
    assert bare[0] == bare[1]
    assert fatality_estimate(ours) == fatality_estimate(theirs)


# --- dates ---


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2014-01-07", " 2014-01-07 "),
        ("2014-01-07", "2014-01-07/2014-01-07"),
        ("2014-01~", "2014-01~/2014-01~"),
        ("2014", "2014/2014"),
    ],
)
def test_equal_notations_of_a_date_agree(one: str, other: str) -> None:
    assert date_value(one) == date_value(other)


def test_different_times_precisions_and_qualifications_do_not_agree() -> None:
    different = [
        "2014-01",
        "2014-01~",
        "2014-01?",
        "2014-01-XX",
        "2014-01-01/2014-01-31",
        "2014-01-01",
        "2014-01-01/..",
        "2014-01-01/",
        "../2014-01-01",
        "2014-21",
        "January",
        "january",
        "2014-" * 20,
    ]
    assert len({date_value(value) for value in different}) == len(different)


@pytest.mark.parametrize("value", ["/..", "../", "../20", "/"])
def test_an_interval_between_nothing_and_nothing_is_no_date(value: str) -> None:
    assert date_value(value) == value
    assert not is_edtf(value)


@given(st.text(max_size=12))
def test_any_text_has_a_date_value_that_stays_as_it_is(value: str) -> None:
    assert date_value(date_value(value)) == date_value(value)


# --- the estimate, rule by rule ---


def figure(
    low: int | None,
    high: int | None,
    *same_as: int,
    scope: str | None = "incident",
    outcome: str = "killed",
    part_of: tuple[int, ...] = (),
    approx: bool = False,
) -> Record:
    return Record(
        start=0,
        end=1,
        outcome=outcome,
        low=low,
        high=high,
        approx=approx,
        scope=scope,
        part_of=part_of,
        same_as=same_as,
    )


CASES = {
    "one exact figure": ([figure(7, 7)], (7, 7, 7)),
    "incidents are added up": ([figure(7, 7), figure(5, 9)], (12, 12, 16)),
    "a low without a high is both": ([figure(39, None)], (39, 39, 39)),
    "a high without a low is both": ([figure(None, 50)], (50, 50, 50)),
    "a group of highs alone": ([figure(None, 50), figure(None, 40, 0)], (40, 50, 50)),
    "of a range the best is the low": ([figure(30, 40)], (30, 30, 40)),
    "only killed records count": ([figure(7, 7), figure(90, 90, outcome="wounded")], (7, 7, 7)),
    "a part is left out": ([figure(9, 9), figure(4, 4, part_of=(0,))], (9, 9, 9)),
    "a group with a part is left out": ([figure(9, 9), figure(4, 4, part_of=(0,)), figure(5, 5, 1)], (9, 9, 9)),
    "the killed among the killed and wounded count": (
        [figure(9, 9, outcome="casualties"), figure(4, 4, part_of=(0,))],
        (4, 4, 4),
    ),
    "low and high span the group": ([figure(7, 7), figure(5, None, 0), figure(None, 9, 0)], (5, 7, 9)),
    "a greatest low is a high": ([figure(10, 10), figure(15, None, 0)], (10, 10, 15)),
    "lows come before highs": ([figure(42, 42), figure(None, 30, 0)], (42, 42, 42)),
    "the greatest exact figure is best": ([figure(5, 5), figure(5, 5, 0), figure(8, 8, 0)], (5, 8, 8)),
    "an exact figure beats a greater low": ([figure(5, 5), figure(8, None, 0)], (5, 5, 8)),
    "an approximate figure is not exact": ([figure(5, 5), figure(8, 8, 0, approx=True)], (5, 5, 8)),
    "without an exact one the greatest low": ([figure(5, None), figure(8, None, 0)], (5, 8, 8)),
    "repetition is transitive": ([figure(5, 5), figure(5, 5, 0), figure(6, 6, 1), figure(6, 6, 1)], (5, 6, 6)),
    "repetition goes by way of another outcome": (
        [figure(5, 5, outcome="captured"), figure(5, 5, 0), figure(5, 5, 0)],
        (5, 5, 5),
    ),
    "repetition in a circle": ([figure(5, 5, 1), figure(6, 6, 0)], (5, 6, 6)),
    "incidents come before totals": ([figure(7, 7), figure(900, 900, scope="cumulative")], (7, 7, 7)),
    "without an incident the greatest total": (
        [figure(40, 40, scope="cumulative"), figure(60, 90, scope="cumulative"), figure(70, 70, scope="cumulative")],
        (70, 70, 70),
    ),
    "of equal totals the greatest high": (
        [figure(40, 40, scope="cumulative"), figure(40, 90, scope="cumulative")],
        (40, 40, 90),
    ),
    "a group with an incident is one": ([figure(7, 7, scope="cumulative"), figure(7, 7, 0)], (7, 7, 7)),
    "an incident without figure is none": ([figure(None, None), figure(8, 8, scope="cumulative")], (8, 8, 8)),
    "nobody killed is an estimate of 0": ([figure(0, 0)], (0, 0, 0)),
    "nothing without scope": ([figure(7, 7, scope=None)], None),
    "nothing without figure": ([figure(None, None)], None),
    "nothing without killed": ([figure(7, 7, outcome="wounded")], None),
    "nothing at all": ([], None),
}


@pytest.mark.parametrize(("given_records", "expected"), CASES.values(), ids=CASES.keys())
def test_the_rule_of_the_estimate(given_records: list[Record], expected: tuple[int, int, int] | None) -> None:
    assert fatality_estimate(given_records) == (Estimate(*expected) if expected else None)


@settings(max_examples=40)
@given(documents())
def test_an_estimate_is_ordered_and_made_of_killed_figures(found: Markup) -> None:
    mine = records(found)
    estimate = fatality_estimate(mine)
    killed = [record for record in mine if record.outcome == "killed"]
    figures = [number for record in killed for number in (record.low, record.high) if number is not None]
    if estimate is None:
        assert not figures or any(record.part_of for record in killed)
    else:
        assert min(figures) <= estimate.low <= estimate.best <= estimate.high <= sum(figures)


@pytest.mark.parametrize("collection", ["briefs", "infighting"])
def test_the_estimates_of_the_gold_are_ordered(collection: str) -> None:
    estimates = [fatality_estimate(records(found)) for found in read_layer(layer_file(collection, GOLD))]
    assert any(estimates)
    assert all(found.low <= found.best <= found.high for found in estimates if found)
