"""The baseline `linear`: features, tags, decoding and the extractor as a whole."""

import itertools
import re
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from invented import document
from rift import guidelines
from rift.annotations.layer import Layer, Markup, Span
from rift.annotations.validate import check_markups
from rift.baselines import bio
from rift.baselines.analysis import Analysis, Stretch
from rift.baselines.extractor import Extractor, read_settings
from rift.baselines.features import shape, token_features
from rift.baselines.gazetteer import Gazetteer
from rift.baselines.linear import LinearExtractor
from rift.baselines.settle import settle
from rift.baselines.viterbi import Scores, decode
from rift.corpus.document import Document
from rift.guidelines import Actor, Knowledge, Place
from rift.issues import InputError

KNOWN = Knowledge(
    actors={"red-falcons": Actor("Red Falcons", "armed_group"), "blue-guard": Actor("Blue Guard", "armed_group")},
    places={"zenda": Place("Zenda", "settlement"), "hofbau": Place("Hofbau", "settlement")},
)
GAZETTEER = Gazetteer(KNOWN)
FORBIDDEN = float("-inf")
scores = st.floats(-50, 50).map(lambda value: round(value, 3))


def lesson(number: int) -> tuple[Document, Markup]:
    """Return an invented report with gold for all four labels, a toll around an actor among them."""
    actor = ("Red Falcons", "Blue Guard", "Green Lancers")[number % 3]
    place = ("Zenda", "Hofbau")[number % 2]
    toll = f"{number + 2} rebel fighters"
    text = f"Clashes near {place}\n\nThe {actor} killed {toll} in {place} on Monday. Nothing else was said."
    found = document(text, f"lesson-{number}")
    marks = [
        (actor, "ACTOR"),
        (toll, "TOLL"),
        ("rebel fighters", "ACTOR"),
        (f"{place} on", "LOCATION"),
        ("Monday", "DATE"),
    ]
    spans = [Span(start=text.index(s), end=text.index(s) + len(s.split(" on")[0]), label=label) for s, label in marks]
    headline = Span(start=13, end=13 + len(place), label="LOCATION")
    return found, Markup(doc=found.id, sha256=found.sha256, layer="gold", spans=[headline, *spans])


LESSONS = [lesson(number) for number in range(12)]
DOCUMENTS = [found for found, _ in LESSONS]
GOLD = Layer("gold", (markup for _, markup in LESSONS))


@pytest.fixture(scope="module")
def recipe() -> LinearExtractor:
    return LinearExtractor(read_settings("linear"), KNOWN)


@pytest.fixture(scope="module")
def trained(recipe: LinearExtractor) -> Extractor:
    return recipe.fit(DOCUMENTS, GOLD)


def score(tags: Sequence[int], emissions: Scores, transitions: Scores, initial: Scores) -> float:
    steps = sum(float(transitions[left, right]) for left, right in itertools.pairwise(tags))
    return float(initial[tags[0]]) + steps + sum(float(emissions[place, tag]) for place, tag in enumerate(tags))


@given(st.data(), st.integers(1, 5), st.integers(1, 3))
def test_viterbi_finds_the_best_of_all_sequences(data: st.DataObject, places: int, tags: int) -> None:
    possible = scores | st.just(FORBIDDEN)
    emissions = data.draw(arrays.arrays(np.float64, (places, tags), elements=scores))
    transitions = data.draw(arrays.arrays(np.float64, (tags, tags), elements=possible))
    initial = data.draw(arrays.arrays(np.float64, tags, elements=possible))
    every = itertools.product(range(tags), repeat=places)
    best = max(score(found, emissions, transitions, initial) for found in every)
    if best == FORBIDDEN:
        with pytest.raises(ValueError, match="forbidden"):
            decode(emissions, transitions, initial)
    else:
        assert score(decode(emissions, transitions, initial), emissions, transitions, initial) == pytest.approx(best)


def test_viterbi_of_no_place_is_no_tag() -> None:
    assert decode(np.empty((0, 3)), np.zeros((3, 3)), np.zeros(3)) == []


@given(arrays.arrays(np.float64, st.tuples(st.integers(1, 12), st.just(3)), elements=scores), st.floats(0, 2))
def test_decoded_tags_never_go_on_where_no_span_began(emissions: Scores, weight: float) -> None:
    transitions, initial = bio.transition_scores([[0, 1, 2, 0], [1, 0]], 0.5, weight)
    tags = decode(emissions, transitions, initial)
    assert all(left != bio.OUTSIDE or right != bio.INSIDE for left, right in itertools.pairwise([bio.OUTSIDE, *tags]))


def test_a_step_that_is_common_after_a_tag_scores_above_one_that_is_rare() -> None:
    transitions, _ = bio.transition_scores([[0, 0, 1, 2, 0, 0, 1, 2, 0]] * 10, 0.5, 1.0)
    assert transitions[bio.BEGIN, bio.INSIDE] > 0 > transitions[bio.BEGIN, bio.BEGIN]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 3)), max_size=5))
def test_spans_on_tokens_of_a_sentence_survive_the_tags(steps: list[tuple[int, int]]) -> None:
    analysis = Analysis(document("one two three four five six seven eight nine ten eleven twelve", "doc"), GAZETTEER)
    spans, place = [], 0
    for gap, length in steps:
        if place + gap + length <= len(analysis.tokens):
            spans.append(range(place + gap, place + gap + length))
            place += gap + length
    offsets = [(analysis.tokens[span.start].start, analysis.tokens[span[-1]].end) for span in spans]
    assert list(bio.runs(bio.encode(analysis, offsets))) == spans


def test_a_run_loses_punctuation_at_its_edges_and_may_lose_all() -> None:
    analysis = Analysis(document('"Zenda." ...', "doc"), GAZETTEER)
    assert bio.trim(analysis, range(4), "LOCATION") == Stretch(1, 6, "LOCATION")
    assert bio.trim(analysis, range(4, 7), "LOCATION") is None


def test_the_better_of_two_spans_that_cannot_stand_together_stays() -> None:
    toll, actor, crossing = Stretch(0, 10, "TOLL"), Stretch(2, 10, "ACTOR"), Stretch(8, 12, "LOCATION")
    scheme = guidelines.scheme()
    assert settle({toll: -0.2, actor: -0.3, crossing: -0.1}, scheme) == [crossing]
    assert settle({toll: -0.1, actor: -0.3, crossing: -0.2}, scheme) == [toll, actor]
    assert settle({}, scheme) == []


@pytest.mark.parametrize(
    ("word", "expected"), [("Zenda", "Xxx"), ("ISIL", "XX"), ("2014", "99"), ("B52s", "X99x"), ("-", "-")]
)
def test_shape(word: str, expected: str) -> None:
    assert shape(word) == expected


@given(st.text(max_size=60))
def test_every_token_of_any_text_has_features(text: str) -> None:
    analysis = Analysis(document(text, "doc"), GAZETTEER)
    assert list(map(bool, token_features(analysis))) == [True] * len(analysis.tokens)


def test_features_see_the_gazetteer_the_headline_and_no_other_sentence() -> None:
    analysis = Analysis(document("Zenda falls\n\nIt rained. Nobody left.", "doc"), GAZETTEER)
    zenda, *_, left, _ = token_features(analysis)
    assert {"B-place-settlement", "headline", "-1:edge"} <= set(zenda)
    assert "headline" not in left
    assert "-2:edge" in left
    assert not any("rained" in feature for feature in left)


def test_it_learns_what_it_was_taught_nested_spans_too(trained: Extractor) -> None:
    for found, markup in LESSONS:
        predicted = {(span.start, span.end, span.label) for span in trained.predict(found).spans}
        assert predicted == {(span.start, span.end, span.label) for span in markup.spans}


def test_it_finds_an_unknown_name_where_it_has_seen_names(trained: Extractor) -> None:
    text = "Clashes near Zenda\n\nThe Grey Lancers killed 5 rebel fighters in Zenda on Monday."
    actors = [span for span in trained.predict(document(text, "doc")).spans if span.label == "ACTOR"]
    assert [(span.surface, dict(span.attributes)) for span in actors] == [
        ("Grey Lancers", {}),
        ("rebel fighters", {"form": "generic", "kind": "armed_group"}),
    ]


WORDS = st.sampled_from(re.findall(r"\S+", "The Red Falcons killed 5 rebel fighters in Zenda on Monday . , \" ' -"))


@given(st.lists(WORDS, max_size=30))
def test_output_on_any_text_obeys_the_scheme(trained: Extractor, words: list[str]) -> None:
    found = document(" ".join(words), "doc")
    markup = trained.predict(found)
    issues = check_markups([(1, markup)], {"doc": found}, guidelines.scheme(), KNOWN, "prediction")
    assert list(map(str, issues)) == []


def test_the_same_input_trains_the_same_extractor(recipe: LinearExtractor, trained: Extractor) -> None:
    again = trained.fit(DOCUMENTS, GOLD)
    assert [again.predict(found) for found in DOCUMENTS] == [trained.predict(found) for found in DOCUMENTS]
    assert recipe.name == trained.name == "linear"
    assert isinstance(recipe, Extractor)
    assert isinstance(trained, Extractor)


def test_a_label_that_the_gold_lacks_is_never_predicted(recipe: LinearExtractor) -> None:
    (found, markup), *_ = LESSONS
    dates = [span for span in markup.spans if span.label == "DATE"]
    gold = Layer("gold", [Markup(doc=found.id, sha256=found.sha256, layer="gold", spans=dates)])
    assert {span.label for span in recipe.fit(DOCUMENTS, gold).predict(found).spans} <= {"DATE"}
    empty = Layer("gold", [Markup(doc=found.id, sha256=found.sha256, layer="gold", spans=[])])
    assert recipe.fit(DOCUMENTS, empty).predict(found).spans == ()


def test_untrained_it_says_that_it_must_be_trained(recipe: LinearExtractor) -> None:
    with pytest.raises(InputError, match="must be trained first"):
        recipe.predict(DOCUMENTS[0])


def test_training_refuses_gold_of_no_document_and_gold_of_another_text(recipe: LinearExtractor) -> None:
    with pytest.raises(InputError, match="no-training-data"):
        recipe.fit(DOCUMENTS, Layer("gold"))
    changed = [document("Another text.", "lesson-0"), document("A third one.", "lesson-1")]
    with pytest.raises(InputError) as caught:
        recipe.fit(changed, GOLD)
    assert [issue.code for issue in caught.value.issues] == ["hash-mismatch"] * 2


def test_unknown_settings_are_refused() -> None:
    with pytest.raises(InputError, match="bad-settings"):
        LinearExtractor({"depth": 3}, KNOWN)
