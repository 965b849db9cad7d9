"""The timeline, the map and the lists of all documents: what is drawn where, and what is found under what."""

import datetime as dt
import itertools

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from browsed import entries
from rift.annotations.records import Record
from rift.browse.atlas import WIDTH as MAP_WIDTH
from rift.browse.atlas import atlas
from rift.browse.catalogue import catalogue
from rift.browse.document import view
from rift.browse.timeline import HEIGHT, WIDTH, period, timeline
from rift.guidelines import Place, knowledge, scheme

# The timeline.


@pytest.mark.parametrize(
    ("values", "days"),
    [
        (["2014-06-10"], ("2014-06-10", "2014-06-10")),
        (["2014-06"], ("2014-06-01", "2014-06-30")),
        (["2011~"], ("2011-01-01", "2011-12-31")),
        (["2014-22"], ("2014-06-01", "2014-08-31")),
        (["2014-04-30/2014-06-10"], ("2014-04-30", "2014-06-10")),
        (["2014-01-02/.."], ("2014-01-02", "2014-01-02")),
        (["2014-06-10", "2013-05"], ("2013-05-01", "2014-06-10")),
        (["2014-06-10", "soon"], ("2014-06-10", "2014-06-10")),
        (["soon"], None),
        ([], None),
    ],
)
def test_a_date_has_a_first_and_a_last_day(values: list[str], days: tuple[str, str] | None) -> None:
    found = period(values)
    assert found == (None if days is None else (dt.date.fromisoformat(days[0]), dt.date.fromisoformat(days[1])))


@settings(deadline=None)  # the parser is slow
@given(st.text("0123456789-/~?.XyY", max_size=12))
def test_no_date_however_wrong_stops_the_timeline(value: str) -> None:
    found = period([value])
    assert found is None or found[0] <= found[1]


def toll(figure: int, when: str) -> Record:
    return Record(start=0, end=1, outcome="killed", low=figure, high=figure, when=(when,) if when else ())


@given(st.lists(st.tuples(st.integers(0, 10**7), st.dates(dt.date(2011, 1, 1), dt.date(2018, 12, 31))), min_size=1))
def test_points_lie_on_the_plane_higher_and_larger_with_their_figure(drawn: list[tuple[int, dt.date]]) -> None:
    found = timeline([toll(figure, str(day)) for figure, day in drawn])
    assert len(found.points) + found.outside == len(drawn)
    for point in found.points:
        assert 0 < point.x <= WIDTH
        assert 0 < point.y < HEIGHT
        assert point.first <= point.x <= point.last
    ordered = sorted(found.points, key=lambda point: drawn[point.toll][0])
    for one, other in itertools.pairwise(ordered):
        assert one.y >= other.y
        assert one.radius <= other.radius
    assert [point.radius for point in found.points] == sorted((point.radius for point in found.points), reverse=True)


def test_later_tolls_stand_farther_right_and_the_years_are_named() -> None:
    found = timeline([toll(5, "2014-06-10"), toll(5, "2012-01-01"), toll(5, "")])
    across = {point.toll: point.x for point in found.points}
    assert across[1] < across[0]
    assert [name for _, name in found.dates] == ["2012", "2013", "2014"]
    assert [name for _, name in found.figures] == ["0", "1", "10"]
    assert found.undated == 1


def test_a_toll_of_another_age_does_not_press_the_others_together() -> None:
    found = timeline([toll(5, "2014-06-10")] * 200 + [toll(5, "1982")])
    assert found.outside == 1
    assert [name for _, name in found.dates] == ["2014"]


def test_without_tolls_the_timeline_is_empty() -> None:
    assert timeline([]).points == ()
    assert timeline([toll(5, "")]).undated == 1


# The map.


def place(latitude: float, longitude: float, name: str = "Somewhere") -> Place:
    return Place(name=name, kind="settlement", latitude=latitude, longitude=longitude)


def test_north_is_up_east_is_right_and_the_most_named_place_is_the_largest() -> None:
    known = {"here": place(35, 36), "there": place(36.5, 38)}
    found = {spot.key: spot for spot in atlas({"here": 9, "there": 1}, known).spots}
    assert found["there"].x > found["here"].x
    assert found["there"].y < found["here"].y
    assert found["here"].radius == pytest.approx(3 * found["there"].radius, abs=0.1)


def test_a_place_far_from_the_others_is_left_to_the_table() -> None:
    known = {f"p{number}": place(35 + number / 10, 36 + number / 10) for number in range(10)} | {"far": place(51.5, 0)}
    found = atlas(dict.fromkeys(known, 1), known)
    assert {spot.key for spot in found.spots} == known.keys() - {"far"}
    assert found.height < 2 * MAP_WIDTH


def test_places_without_coordinates_or_documents_are_not_drawn() -> None:
    known = {"bare": Place(name="Bare", kind="region"), "unnamed": place(35, 36)}
    assert atlas({"bare": 3, "unnamed": 0, "unknown": 2}, known).spots == ()


points = st.tuples(st.floats(32, 37), st.floats(35, 42), st.integers(1, 200), st.text("abc ", min_size=1, max_size=12))


@given(st.lists(points, min_size=1, max_size=40))
def test_names_on_the_map_stay_on_it_and_never_cover_one_another(drawn: list[tuple[float, float, int, str]]) -> None:
    known = {str(number): place(north, east, name) for number, (north, east, _, name) in enumerate(drawn)}
    found = atlas({str(number): count for number, (_, _, count, _) in enumerate(drawn)}, known)
    boxes = []
    for spot in (spot for spot in found.spots if spot.name_at):
        assert spot.name_at
        x, y = spot.name_at
        wide = len(spot.name) * 6.6
        left = {"start": x, "end": x - wide, "middle": x - wide / 2}[spot.anchor]
        boxes.append((left, y - 10, left + wide, y + 4))
    for left, top, right, bottom in boxes:
        assert left >= -0.1
        assert top >= -0.1
        assert right <= MAP_WIDTH + 0.1
        assert bottom <= found.height + 0.1
    for one, other in itertools.combinations(boxes, 2):
        slack = 0.2  # of the rounding
        apart = one[2] <= other[0] + slack or other[2] <= one[0] + slack
        assert apart or one[3] <= other[1] + slack or other[3] <= one[1] + slack


# The catalogue.


def test_a_document_is_found_under_the_places_and_actors_that_its_own_are_part_of() -> None:
    found = catalogue([view(entry, knowledge()) for entry in entries()], knowledge(), scheme())
    options = {facet: {option.value: option.documents for option in found.facets[facet]} for facet in found.facets}
    assert options["place"] == {
        "aleppo": 2,
        "aleppo-province": 2,
        "azaz": 2,
        "raqqa": 1,
        "raqqa-province": 1,
        "syria": 3,
    }
    assert options["collection"] == {"invented": 5}
    assert options["split"] == {"dev": 4, "train": 1}
    assert list(options["label"]) == ["ACTOR", "LOCATION", "DATE", "TOLL"]
    assert options["outcome"] == {"killed": 3, "wounded": 1, "displaced": 2}
    assert options["actor"]["isis"] == 2


def test_the_tolls_are_listed_by_date_and_those_without_one_last() -> None:
    found = catalogue([view(entry, knowledge()) for entry in entries()], knowledge(), scheme())
    assert [row.view.entry.doc for row in found.tolls] == ["raqqa", *["azaz"] * 3, *["bare"] * 3, "hostile"]


def test_places_count_the_documents_and_tolls_of_all_that_lies_in_them() -> None:
    found = catalogue([view(entry, knowledge()) for entry in entries()], knowledge(), scheme())
    counts = {row.key: (row.documents, row.tolls, row.within, row.drawn) for row in found.places}
    assert counts["syria"] == (3, 5, "", False)
    assert counts["azaz"] == (2, 4, "Aleppo Governorate", True)
