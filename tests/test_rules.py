"""The baseline `rules`."""

import re
import tomllib
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invented import document
from rift.annotations.layer import Layer, Markup, Span, Value
from rift.annotations.validate import check_markups
from rift.baselines.extractor import Extractor, read_settings
from rift.baselines.rules import RulesExtractor
from rift.guidelines import Actor, Knowledge, Place, scheme
from rift.issues import InputError

KNOWN = Knowledge(
    actors={
        "red-falcons": Actor("Red Falcons", "armed_group", aliases=["al-Suqur", "RF"]),
        "red-falcons-north": Actor("Red Falcons North", "armed_group"),
        "army-of-ruritania": Actor("Ruritanian army", "state_force"),
        "ruritania-government": Actor("Ruritania's government", "government", aliases=["Ruritania"]),
        "strelsau-times": Actor("Strelsau Times", "outlet"),
    },
    places={
        "ruritania": Place("Ruritania", "country"),
        "zenda": Place("Zenda", "settlement"),
        "zenda-province": Place("Zenda province", "admin"),
        "zenda-gas-field": Place("Zenda gas field", "facility"),
        "hofbau": Place("Hofbau", "settlement"),
    },
)
RULES = RulesExtractor(read_settings("rules"), KNOWN)

WORDS = st.sampled_from(
    re.findall(
        r"\S+|\n\n",
        "Red Falcons North al - Suqur RF Ruritanian army Ruritania Zenda province gas field Hofbau rebels fighters"
        " regime at least 40 two dozens of people soldiers a captain killed wounded captured on Monday May 2014 last"
        " week between and 3 , . ' ( ) splinter group anti pro government from the \n\n",
    )
)


def spans(text: str, label: str) -> list[Span]:
    return [span for span in RULES.predict(document(text)).spans if span.label == label]


def surfaces(text: str, label: str) -> list[str]:
    return [str(span.surface) for span in spans(text, label)]


def attributes(text: str, label: str) -> Mapping[str, Value]:
    (span,) = spans(text, label)
    return span.attributes


def faults(text: str, markup: Markup) -> list[str]:
    found = document(text)
    return [str(issue) for issue in check_markups([(1, markup)], {"doc": found}, scheme(), KNOWN, "prediction")]


@given(st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=80))
def test_output_on_any_text_obeys_the_scheme_and_repeats_itself(text: str) -> None:
    markup = RULES.predict(document(text))
    assert faults(text, markup) == []
    assert markup == RULES.predict(document(text))


def test_it_is_an_extractor_that_training_leaves_as_it_is() -> None:
    assert isinstance(RULES, Extractor)
    assert RULES.fit([document("Rebels")], Layer("gold")) is RULES


def test_an_empty_text_gives_no_span() -> None:
    assert RULES.predict(document("")).spans == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Red Falcons North left.", ["Red Falcons North"]),
        ("Al-Suqur's men left al-Suqur.", ["Al-Suqur", "al-Suqur"]),
        ("red falcons flew", []),
        ("RED FALCONS ADVANCE", ["RED FALCONS"]),
        ("Red Falcons fighters left.", ["Red Falcons"]),
        ("Gunmen from the Red Falcons left.", ["Red Falcons"]),
        ("A Red Falcons splinter group left.", ["Red Falcons splinter group"]),
        ("The Red Falcons' forces and forces loyal to RF left.", ["Red Falcons", "forces", "forces", "RF"]),
        ("HOFBAU (Strelsau Times) \u2013 Nothing, the Strelsau Times said.", ["Strelsau Times"]),
        ("Reporting by the Strelsau Times", []),
    ],
)
def test_named_actors(text: str, found: list[str]) -> None:
    assert surfaces(text, "ACTOR") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the rebels met foreign jihadists", ["rebels", "foreign jihadists"]),
        ("other anti-Assad fighters fled", ["anti-Assad fighters"]),
        ("far-flung rebel groups and the group", ["rebel groups"]),
        ("a rebel town under government bombardment", []),
        ("regime warplanes bombed, the regime denied", ["regime"]),
        ("the regime's foes", ["regime"]),
    ],
)
def test_generic_actors_are_heads_with_the_modifiers_that_say_the_side(text: str, found: list[str]) -> None:
    assert surfaces(text, "ACTOR") == found


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("They fled to Ruritania.", "LOCATION"),
        ("Fighting in northern Ruritania went on.", "LOCATION"),
        ("On Monday Ruritania said it would not.", "ACTOR"),
        ("A Ruritania-backed militia.", "ACTOR"),
        ("Attacks by Ruritania went on.", "ACTOR"),
        ("Ruritania's war goes on.", "LOCATION"),
    ],
)
def test_a_country_is_ground_or_government_by_its_context(text: str, label: str) -> None:
    assert surfaces(text, label)[:1] == ["Ruritania"]


@pytest.mark.parametrize(
    ("text", "surface", "place"),
    [
        ("in Zenda.", "Zenda", "zenda"),
        ("in Zenda city", "Zenda", "zenda"),
        ("in Zenda province", "Zenda province", "zenda-province"),
        ("in the province of Zenda", "Zenda", "zenda-province"),
        ("at the Zenda gas field", "Zenda gas field", "zenda-gas-field"),
        ("in northern Zenda", "Zenda", "zenda"),
        ("Zendas people", "Zenda", "zenda"),
    ],
)
def test_a_place_has_the_type_word_that_makes_it_another_one(text: str, surface: str, place: str) -> None:
    (span,) = spans(text, "LOCATION")
    assert (span.surface, span.attributes["place"]) == (surface, place)


def test_a_road_between_two_places_is_two_places() -> None:
    assert surfaces("on the Zenda-Hofbau road", "LOCATION") == ["Zenda", "Hofbau"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("At least 39 rebel fighters were killed.", {"At least 39 rebel fighters": "killed"}),
        ("It killed 20 rebels and wounded 30.", {"20 rebels": "killed", "30": "wounded"}),
        ("Ten people died and dozens more were wounded.", {"Ten people": "killed", "dozens": "wounded"}),
        ("40 people were killed or wounded.", {"40 people": "casualties"}),
        ("They kidnapped 34 of his comrades.", {"34 of his comrades": "captured"}),
        ("A large number of them were killed.", {"A large number": "killed"}),
        ("It killed 700 soldiers, guards and staff.", {"700 soldiers, guards and staff": "killed"}),
        ("A captain was killed.", {"A captain": "killed"}),
        ("Senior Commander killed\n\nNothing else.", {"Senior Commander": "killed"}),
        ("The death toll rose to 40.", {"40": "killed"}),
        ("There were no casualties.", {"no casualties": "casualties"}),
        ("Some 9,000 people fled.", {"Some 9,000 people": "displaced"}),
        ("They found 20 bodies.", {"20 bodies": "killed"}),
        ("They released 20 prisoners.", {}),
        ("They deployed 300 troops.", {}),
        ("It destroyed three tanks.", {}),
        ("They killed 20 percent of them.", {}),
        ("They were killed on 3 May 2014.", {}),
        ("Base 46 fell and its men were killed.", {}),
    ],
)
def test_figures_of_people_harmed_are_tolls_with_an_outcome(text: str, found: dict[str, str]) -> None:
    assert {str(span.surface): span.attributes["outcome"] for span in spans(text, "TOLL")} == found


def test_a_toll_has_its_range_victims_and_scope() -> None:
    assert attributes("Nearly 100 women were killed on Monday.", "TOLL") == {
        "outcome": "killed",
        "low": 100,
        "high": 100,
        "approx": True,
        "victims": "civilians",
        "scope": "incident",
    }
    assert attributes("125 rebels at least have been killed since 2013.", "TOLL") == {
        "outcome": "killed",
        "low": 125,
        "victims": "combatants",
        "scope": "cumulative",
    }


def test_a_toll_holds_the_generic_and_the_date_keeps_its_number() -> None:
    assert surfaces("35 rebel fighters were killed on 3 May.", "ACTOR") == ["rebel fighters"]
    assert surfaces("35 rebel fighters were killed on 3 May.", "DATE") == ["3 May"]


def test_a_date_that_nothing_anchors_has_no_attribute() -> None:
    (span,) = RULES.predict(document("They met on Friday.", published=None)).spans
    assert (span.label, span.attributes) == ("DATE", {})


def test_settings_of_another_form_are_refused_with_the_file() -> None:
    settings = tomllib.loads("[words]\nfunction = 3")
    with pytest.raises(InputError) as caught:
        RulesExtractor(settings, KNOWN)
    (issue,) = caught.value.issues
    assert (issue.code, issue.where.file) == ("bad-settings", "baselines/rules/config.toml")
