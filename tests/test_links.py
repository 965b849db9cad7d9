"""The links of tolls that two annotators both marked."""

from collections.abc import Mapping, Sequence

import msgspec
from hypothesis import given

from rift.annotations.layer import Layer, Markup, Span
from rift.eval.links import count_links
from rift.eval.statistics import CORRECT_GOLD, GOLD, PREDICTED
from rift.guidelines import scheme
from toll_strategies import actor, date, documents, location, one, renamed_ids, toll

ROLES = list(scheme().labels["TOLL"].links)
ISIS = [actor(40, "isis", key="x"), actor(50, "isis", key="y"), actor(60, "al-nusra-front", key="z")]


def counted(a: Sequence[Span], b: Sequence[Span]) -> Mapping[str, list[list[int]]]:
    """Return shared links and those of either side, by span and by value, for each role that has any."""
    counts = count_links(one("a", *a), one("b", *b))[0].astype(int)
    assert (counts[..., 0] == counts[..., 1]).all()
    return {role: counts[at, :, 1:].tolist() for at, role in enumerate(ROLES) if counts[at].any()}


def test_links_are_compared_by_span_and_by_what_they_lead_to() -> None:
    ours = [toll(0, links={"by": ["x"]}), toll(20, links={"by": ["z"]})]
    theirs = [toll(0, links={"by": ["y", "z"]}), toll(21, links={"by": ["z"]})]
    assert counted([*ISIS, *ours], [*ISIS, *theirs]) == {"by": [[0, 1, 2], [1, 1, 2]]}


def test_places_and_dates_are_compared_by_their_values() -> None:
    ours = [location(40, "hama", "x"), date(50, "2014-01", "y"), toll(0, links={"where": ["x"], "when": ["y"]})]
    theirs = [
        location(46, "hama", "x"),
        date(56, "2014-01/2014-01", "y"),
        toll(0, links={"where": ["x"], "when": ["y"]}),
    ]
    assert counted(ours, theirs) == {"where": [[0, 1, 1], [1, 1, 1]], "when": [[0, 1, 1], [1, 1, 1]]}


def test_several_mentions_of_one_actor_are_one_value() -> None:
    assert counted(
        [*ISIS, toll(0, links={"by": ["x", "y"], "victim": ["z"]})],
        [*ISIS, toll(0, links={"by": ["x"], "victim": ["x"]})],
    ) == {"victim": [[0, 1, 1], [0, 1, 1]], "by": [[1, 2, 1], [1, 1, 1]]}


def test_a_link_to_a_toll_means_the_one_that_it_is_paired_with() -> None:
    again = toll(30, links={"same_as": ["x"]})
    assert counted([toll(0, key="x"), again], [toll(2, key="x"), again]) == {"same_as": [[0, 1, 1], [1, 1, 1]]}


def test_links_that_lead_nowhere_are_none() -> None:
    others = [
        location(40, "hama", "twice"),
        location(50, "hama", "twice"),
        location(60, "hama", "place"),
        msgspec.structs.replace(actor(70, key="mute"), attributes={}),
    ]
    linked = toll(0, links={"by": ["gone", "place", "mute"], "where": ["twice"]})
    assert counted([linked, *others], [linked, *others]) == {"by": [[1, 1, 1], [0, 0, 0]]}


def test_a_toll_that_is_paired_with_no_toll_means_itself_alone() -> None:
    """It would else share a start with the actor that it overlaps, and so pass for the toll that begins there."""
    who = Span(id="s0", start=0, end=5, label="ACTOR", attributes={"form": "generic", "kind": "armed_group"})
    tolls = [Span(id="t0", start=0, end=10, label="TOLL"), Span(id="t1", start=1, end=11, label="TOLL")]
    linked = msgspec.structs.replace(tolls[1], links={"same_as": ["t0", "t2"]})
    alone = Span(id="t2", start=1, end=11, label="TOLL")
    ours, theirs = [who, *tolls], [tolls[0], linked, alone]
    assert counted(ours, theirs)["same_as"][1] == [0, 0, 2]
    assert counted(theirs, ours)["same_as"][1] == [0, 2, 0]


@given(documents("a"), documents("b"))
def test_the_sides_can_be_swapped_and_the_names_of_ids_do_not_matter(a: Markup, b: Markup) -> None:
    counts = count_links(Layer("a", [a]), Layer("b", [b]))
    swapped = count_links(Layer("b", [renamed_ids(b)]), Layer("a", [renamed_ids(a)]))
    assert (swapped[..., [GOLD, PREDICTED]] == counts[..., [PREDICTED, GOLD]]).all()
    assert (swapped[..., CORRECT_GOLD] == counts[..., CORRECT_GOLD]).all()


def test_layers_without_documents_have_no_counts() -> None:
    assert count_links(Layer("a"), Layer("b")).shape == (0, len(ROLES), 2, 4)
