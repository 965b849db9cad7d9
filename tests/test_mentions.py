"""Mention lists: to layers and back."""

import pathlib
import re

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import given

from invented import document
from rift.annotations.layer import Markup, Span, Value
from rift.annotations.mentions import MentionList, parse, render
from rift.annotations.validate import check_markups
from rift.corpus.document import Document
from rift.guidelines import knowledge, scheme
from rift.paths import data_root


def read(text: str, *lines: str) -> tuple[list[Span], list[str]]:
    """Parse a list over one text; a list's tabs are written as bars."""
    content = "\n".join(["# doc doc", *lines]).replace("|", "\t")
    found = parse(content, "folder/list.mentions", {"doc": document(text)}, scheme(), knowledge())
    markups = list(found.markups)
    issues = list(found.issues)
    return list(markups[0].spans), [issue.code for issue in issues]


def offsets(spans: list[Span]) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in spans]


def test_a_surface_is_found_after_the_mention_before_it() -> None:
    spans, issues = read("rebels met rebels", "ACTOR|rebels|kind=armed_group", "ACTOR|rebels|kind=armed_group")
    assert issues == []
    assert offsets(spans) == [(0, 6), (11, 17)]


def test_after_a_toll_the_search_goes_on_inside_it() -> None:
    spans, _ = read(
        "12 rebels died", "TOLL|12 rebels|outcome=killed|low=12|high=12|victim=r", "ACTOR|rebels|kind=armed_group|id=r"
    )
    assert offsets(spans) == [(0, 9), (3, 9)]
    assert spans[0].links == {"victim": ["r"]}
    assert spans[0].attributes == {"outcome": "killed", "low": 12, "high": 12}


def test_nth_skips_occurrences() -> None:
    assert offsets(read("Hama, Hama, Hama", "LOCATION|Hama|nth=3|place=hama")[0]) == [(12, 16)]


def test_a_surface_is_found_as_whole_words_only() -> None:
    spans, _ = read("Syrian guns in Syria", "LOCATION|Syria|place=syria")
    assert offsets(spans) == [(15, 20)]


def test_a_figure_is_not_found_inside_a_longer_one() -> None:
    assert offsets(read("1,300 shells hit 300 men", "TOLL|300 men")[0]) == [(17, 24)]
    assert offsets(read("2.5 tons fell on 2 men", "TOLL|2")[0]) == [(17, 18)]


def test_a_part_of_a_word_is_given_with_its_word() -> None:
    spans, issues = read("the Syrias war", "LOCATION|Syria|in=[Syria]s|place=syria")
    assert (offsets(spans), issues) == ([(4, 9)], [])


def test_what_the_knowledge_says_need_not_be_repeated() -> None:
    spans, _ = read(
        "ISIL left Homs to rebels",
        "ACTOR|ISIL|entity=isis",
        "LOCATION|Homs|place=homs",
        "ACTOR|rebels|kind=armed_group",
    )
    assert [span.attributes for span in spans] == [
        {"form": "name", "kind": "armed_group", "entity": "isis"},
        {"kind": "settlement", "place": "homs"},
        {"form": "generic", "kind": "armed_group"},
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("ACTOR|ISIS", "surface-not-found"),
        ("ACTOR rebels", "bad-mention"),
        ("ACTOR|rebels|kind", "bad-mention"),
        ("ACTOR|rebels|kind=a|kind=b", "bad-mention"),
        ("ACTOR|rebels|nth=0", "bad-mention"),
        ("ACTOR|rebels|in=rebels", "bad-mention"),
        ("ACTOR|rebels|colour=red", "unknown-attribute"),
        ("TOLL|12|low=twelve", "bad-value"),
        ("TOLL|12|approx=perhaps", "bad-value"),
    ],
)
def test_a_faulty_line_is_reported_and_the_rest_is_kept(line: str, code: str) -> None:
    spans, issues = read("12 rebels fled Homs", line, "LOCATION|Homs|place=homs")
    assert issues == [code]
    assert spans[-1].surface == "Homs"


def test_a_surface_out_of_order_is_reported_with_its_line_and_a_hint() -> None:
    content = "# doc doc\nLOCATION\tHoms\tplace=homs\n\n# a remark\nACTOR\trebels\tkind=armed_group\n"
    found = parse(content, "l.mentions", {"doc": document("rebels left Homs")}, scheme(), knowledge())
    issues = list(found.issues)
    assert [(issue.code, issue.where.line) for issue in issues] == [("surface-not-found", 5)]
    assert "reading order" in issues[0].hint


def test_an_empty_list_gives_no_markup() -> None:
    assert parse("", "l.mentions", {}, scheme(), knowledge()) == MentionList([], [], {})


def examples() -> list[tuple[Document, str]]:
    """Return the guidelines' worked examples: text and mention list."""
    guidelines = (data_root() / "guidelines" / "guidelines.md").read_text("utf-8")
    found = re.findall(r"```example\npublished: \S+\n(.*?)\n--\n(.*?)```", guidelines, re.DOTALL)
    return [(document(text), mentions) for text, mentions in found]


def test_the_guidelines_have_worked_examples() -> None:
    assert len(examples()) >= 4


@pytest.mark.parametrize("example", examples(), ids=range(len(examples())))
def test_the_guidelines_worked_examples_are_valid_mention_lists(example: tuple[Document, str]) -> None:
    text, mentions = example
    found = parse(f"# doc doc\n{mentions}", "g.mentions", {"doc": text}, scheme(), knowledge())
    markups = list(found.markups)
    issues = list(found.issues)
    assert issues == []
    assert list(check_markups([(0, markups[0])], {"doc": text}, scheme(), knowledge(), "g")) == []


WORDS = st.sampled_from(
    [
        "rebels",
        "Syria",
        "Syrias",
        "12",
        "1,200",
        "ISIL",
        "\u0627\u0644\u0634\u0627\u0645",
        "\U0001f600",
        "-",
        "[x]",
        "a\\n",
        "Hama.",
        "\n\n",
    ]
)


ATTRIBUTES: dict[str, dict[str, Value]] = {
    "ACTOR": {"form": "generic", "kind": "coalition"},
    "LOCATION": {"kind": "settlement", "place": "homs"},
    "DATE": {"value": "2014"},
    "TOLL": {"low": 3, "approx": True},
}


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[Document, Markup]:
    """Draw a text and a markup that a mention list can hold: spans apart, but for those inside a TOLL."""
    words = draw(st.lists(WORDS, min_size=1, max_size=12))
    text = draw(st.sampled_from([" ", ""])).join(words)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=10)))
    spans: list[Span] = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        if text[start:end] != text[start:end].strip():
            continue
        label = draw(st.sampled_from(list(ATTRIBUTES)))
        attributes = ATTRIBUTES[label]
        spans.append(Span(start=start, end=end, label=label, surface=text[start:end], attributes=attributes))
        if label == "TOLL" and end - start > 1 and not text[start + 1].isspace() and draw(st.booleans()):
            inner = text[start + 1 : end]
            spans.append(Span(start=start + 1, end=end, label="DATE", surface=inner, attributes={"value": "2014~"}))
    keys = draw(st.permutations([f"s{n}" for n in range(1, len(spans) + 1)]))
    tolls = [key for key, span in zip(keys, spans, strict=True) if span.label == "TOLL"]
    linked = [
        msgspec.structs.replace(span, id=key, links={"same_as": [tolls[0]]} if span.label == "TOLL" else {})
        for key, span in zip(keys, spans, strict=True)
    ]
    found = document(text)
    return found, Markup(doc="doc", sha256=found.sha256, layer="list", spans=tuple(linked))


@given(marked_texts())
def test_a_layer_becomes_a_list_and_the_same_layer_again(marked: tuple[Document, Markup]) -> None:
    text, markup = marked
    documents = {"doc": text}
    found = parse(render([markup], documents, knowledge()), "list.mentions", documents, scheme(), knowledge())
    again = list(found.markups)
    issues = list(found.issues)
    assert issues == []
    assert again == [markup]


def test_what_a_list_cannot_hold_is_refused() -> None:
    text = document("one two three")
    crossing = (Span(id="a", start=0, end=7, label="ACTOR"), Span(id="b", start=4, end=9, label="LOCATION"))
    markup = Markup(doc="doc", sha256=text.sha256, layer="x", spans=crossing)
    with pytest.raises(ValueError, match="cannot hold the span b"):
        render([markup], {"doc": text}, knowledge())


def test_a_real_file_is_read_from_the_disk_and_named_after_its_stem(tmp_path: pathlib.Path) -> None:
    spans, _ = read("Homs", "LOCATION|Homs|place=homs")
    assert spans[0].id == "s1"
    found = parse(
        "# doc doc\n", str(tmp_path / "annotator-a.mentions"), {"doc": document("Homs")}, scheme(), knowledge()
    )
    markups = list(found.markups)

    assert markups[0].layer == "annotator-a"


def test_a_span_without_an_id_gets_the_one_of_its_place() -> None:
    text = document("Homs fell")
    markup = Markup(doc="doc", sha256=text.sha256, layer="l", spans=(Span(start=0, end=4, label="LOCATION"),))
    assert render([markup], {"doc": text}, knowledge()) == "# doc doc\nLOCATION\tHoms\n"


def test_issues_of_a_list_carry_the_line_of_their_mention() -> None:
    content = "# doc doc\nLOCATION\tHoms\tplace=homs\nTOLL\t12\toutcome=killed\tlow=12\tid=t\n"
    found = parse(content, "l.mentions", {"doc": document("Homs lost 12")}, scheme(), knowledge())
    issues = check_markups(
        [(0, found.markups[0])], {"doc": document("Homs lost 12")}, scheme(), knowledge(), "l.mentions"
    )
    assert {(found.with_line(issue).where.line, issue.code) for issue in issues} == {(3, "missing-attribute")}


@pytest.mark.parametrize("header", ["# doc", "#doc: doc", "# doc doc more"])
def test_a_header_that_names_no_document_is_reported(header: str) -> None:
    found = parse(f"{header}\n", "l.mentions", {"doc": document("Homs")}, scheme(), knowledge())
    assert [issue.code for issue in found.issues] == ["bad-mention"]


def test_link_targets_may_have_a_space_after_the_comma() -> None:
    spans, _ = read("12 men from Homs and Hama", "TOLL|12 men|where=a, b", "LOCATION|Homs|id=a|place=homs")
    assert spans[0].links == {"where": ["a", "b"]}
