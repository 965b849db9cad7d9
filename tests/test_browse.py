"""A document as a page: what is read of it, its values in words, and gold beside the annotators."""

import dataclasses

import hypothesis.strategies as st
import pytest
from hypothesis import given

from browsed import AZAZ, azaz, bare, unmarked
from rift.annotations.layer import Span
from rift.annotations.records import Estimate
from rift.browse.compare import beside
from rift.browse.document import view
from rift.browse.reading import LEFT_OUT, Paragraph, from_surfaces, mark_all, read
from rift.browse.words import figure_words, lineage, span_words
from rift.guidelines import knowledge


def text_of(paragraph: Paragraph) -> str:
    return "".join(piece.text for piece in paragraph)


# What is shown of a document.


def test_a_document_is_read_with_its_title_its_records_and_its_estimate() -> None:
    found = view(azaz(), knowledge())
    assert "\n\n".join(map(text_of, found.paragraphs)) == AZAZ
    assert found.headed
    assert [fact.words for fact in found.facts] == [
        "at least 12 killed, Azaz, 2014-06-09",
        "15 killed, Azaz, 2014-06-09",
        "about 40 displaced, 2014-06-09",
    ]
    assert found.estimate == Estimate(12, 15, 15)
    assert {named.name: named.mentions for named in found.places} == {"Azaz": 2, "Aleppo": 1}
    assert [named.key for named in found.actors] == ["isis", "syrian-observatory"]


def test_a_record_names_actors_places_and_other_records() -> None:
    slots = dict(view(azaz(), knowledge()).facts[1].slots)
    said = {role: [(reference.words, reference.key, reference.record) for reference in slots[role]] for role in slots}
    assert said == {
        "victim": [("armed group, generic", "", 0)],
        "by": [(knowledge().actors["isis"].name, "isis", 0)],
        "source": [(knowledge().actors["syrian-observatory"].name, "syrian-observatory", 0)],
        "where": [("Azaz", "azaz", 0)],
        "when": [("2014-06-09", "", 0)],
        "same_as": [("record 1", "", 1)],
    }


def test_links_lead_to_the_marks_of_their_spans() -> None:
    marks = {mark.span.id: mark for mark in view(azaz(), knowledge()).marks}
    by_anchor = {mark.anchor: mark.span.id for mark in marks.values()}
    assert {(role, by_anchor[anchor]) for role, anchor in marks["t1"].links} == {
        ("same_as", "t0"),
        ("victim", "r"),
        ("by", "is"),
        ("where", "z1"),
        ("when", "d"),
        ("source", "o"),
    }


def test_without_its_text_a_document_is_its_surfaces_in_reading_order() -> None:
    found = view(bare(), knowledge())
    assert found.heading == "bare"
    assert not found.headed
    shown = text_of(found.paragraphs[0])
    surfaces = [
        "At Least 12",
        "Azaz",
        "Islamic State",
        "15 rebels",
        "Azaz",
        "Monday",
        "Observatory",
        LEFT_OUT,
        "Aleppo",
    ]
    assert shown == " … ".join(surfaces)
    assert [fact.words for fact in found.facts] == [fact.words for fact in view(azaz(), knowledge()).facts]


spans = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6), st.booleans()), max_size=6)


@given(spans)
def test_surfaces_that_do_not_cross_stand_in_the_text_that_is_made_of_them(drawn: list[tuple[int, int, bool]]) -> None:
    text = "abcdefghijklmnopqrstuvwxyz"
    kept: list[Span] = []
    for start, length, known in drawn:
        end = start + length
        if all(
            end <= other.start or other.end <= start or (start >= other.start and end <= other.end) for other in kept
        ):
            kept.append(Span(start=start, end=end, label="X", surface=text[start:end] if known else None))
    made, moved = from_surfaces(mark_all(kept, lambda _: ""))
    assert len(moved) == len(kept)
    for mark in moved:
        inner = made[mark.span.start : mark.span.end]
        assert inner == (LEFT_OUT if mark.span.surface is None else mark.span.surface) or mark.span.surface is None


def test_without_text_and_spans_there_is_nothing_to_read() -> None:
    assert read(None, []) == []


@pytest.mark.parametrize(
    ("label", "attributes", "words"),
    [
        ("ACTOR", {"form": "name", "entity": "isis"}, knowledge().actors["isis"].name),
        ("ACTOR", {"form": "generic", "kind": "armed_group"}, "armed group, generic"),
        ("ACTOR", {"form": "name", "entity": "nobody-knows"}, "nobody-knows"),
        ("ACTOR", {}, ""),
        ("LOCATION", {"place": "azaz"}, "Azaz"),
        ("DATE", {"value": "2014-06~"}, "2014-06~"),
        ("TOLL", {"outcome": "killed", "low": 39}, "at least 39 killed"),
        ("TOLL", {"low": 365, "high": 365, "approx": True}, "about 365"),
        ("TOLL", {"low": 3, "approx": True}, "at least 3"),
        ("OTHER", {"b": 1, "a": "x"}, "a x, b 1"),
    ],
)
def test_a_span_says_its_value_in_words(label: str, attributes: dict[str, str | int | bool], words: str) -> None:
    assert span_words(Span(start=0, end=1, label=label, attributes=attributes), knowledge()) == words


def test_a_toll_without_a_number_asserts_no_figure() -> None:
    assert figure_words(Span(start=0, end=1, label="TOLL")) == "no figure"


def test_a_lineage_leads_from_a_place_to_what_it_lies_in() -> None:
    assert list(lineage("azaz", knowledge().places)) == ["azaz", "aleppo-province", "syria"]
    assert list(lineage("nowhere", knowledge().places)) == ["nowhere"]


# Gold beside the annotators.


def test_gold_stands_between_the_annotators_with_the_differences_numbered() -> None:
    found = beside(azaz(), knowledge())
    assert found
    assert [column.name for column in found.columns] == ["annotator-a", "gold", "annotator-b"]
    assert [(row.kind, row.a, row.b, row.gold) for row in found.rows] == [
        ("extent", "15 (TOLL)", "15 rebels (TOLL)", "annotator-b"),
        ("attribute: high", "About 40 people (TOLL): 40", "About 40 people (TOLL): 50", "annotator-a"),
        ("attribute: low", "About 40 people (TOLL): 40", "About 40 people (TOLL): 50", "annotator-a"),
        ("only a", "Aleppo (LOCATION)", "", "annotator-a"),
    ]
    marked = [
        {
            (mark.span.surface, tuple(mark.numbers))
            for paragraph in column.paragraphs
            for piece in paragraph
            for mark, _ in piece.opening
            if mark.numbers
        }
        for column in found.columns
    ]
    tolls = ("About 40 people", (2, 3))
    assert marked == [
        {("15", (1,)), tolls, ("Aleppo", (4,))},
        {("15 rebels", (1,)), tolls, ("Aleppo", (4,))},
        {("15 rebels", (1,)), tolls},
    ]


def test_what_gold_changes_against_both_is_a_difference_too() -> None:
    one = azaz().annotators[0]
    found = beside(dataclasses.replace(azaz(), annotators=[one, one]), knowledge())
    assert found
    assert [(row.kind, row.gold) for row in found.rows] == [("extent", "changed, though both agreed: 15 rebels (TOLL)")]


def test_without_two_annotators_nothing_stands_beside_gold() -> None:
    assert beside(unmarked(), knowledge()) is None
