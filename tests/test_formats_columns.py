"""Prediction files of columns: tokens and tags of any kind read as the spans that they say, and written."""

import pathlib
import unicodedata

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import given, settings

from predicted import DOCUMENTS, FLAT, FLAT_SPANS, at, bare, columns, document, layer, marked, plain, read, write
from rift.annotations.formats.predictions import read_predictions, read_predictions_leniently
from rift.annotations.formats.tags import chunks, schemes
from rift.annotations.formats.walk import walk
from rift.annotations.layer import Span
from rift.issues import InputError


@pytest.mark.parametrize("separator", ["\t", " ", "   "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_columns_are_read_with_tabs_or_spaces_and_any_line_ends(
    separator: str, end: str, tmp_path: pathlib.Path
) -> None:
    path = columns(tmp_path / "p.conll", FLAT, separator=separator, end=end)
    assert read(path) == (plain(*FLAT_SPANS), [])


def test_each_scheme_of_tags_gives_the_same_spans(tmp_path: pathlib.Path) -> None:
    singles = ("rebels/B-ACTOR", "Azaz/B-LOCATION", "\u062d\u0644\u0628/B-LOCATION", "Aleppo/B-LOCATION")
    iobes = FLAT.replace("2014/I-", "2014/E-").replace("rebels/I-TOLL", "rebels/E-TOLL")
    for single in singles:
        iobes = iobes.replace(single, single.replace("/B-", "/S-"))
    bilou = iobes.replace("/S-", "/U-").replace("/E-", "/L-")
    iob1 = FLAT.replace("/B-", "/I-")
    for tagged in (iobes, bilou, iob1):
        assert read(columns(tmp_path / "p.conll", tagged)) == (plain(*FLAT_SPANS), [])


def test_an_empty_line_ends_a_span(tmp_path: pathlib.Path) -> None:
    spans, _ = read(columns(tmp_path / "p.conll", FLAT.replace("12/B-TOLL rebels/I-TOLL", "12/I-TOLL | rebels/I-TOLL")))
    assert plain(at("12", "TOLL"), at("rebels", "TOLL", 2)) == [span for span in spans if span[2] == "TOLL"]


def test_mixed_tags_are_read_as_conlleval_does_and_reported_once(tmp_path: pathlib.Path) -> None:
    spans, codes = read(columns(tmp_path / "p.conll", FLAT.replace("Azaz/B-", "Azaz/I-")))
    assert (spans, codes) == (plain(*FLAT_SPANS), ["ill-formed-tags"])


def test_a_column_a_label_gives_nested_spans(tmp_path: pathlib.Path) -> None:
    rows = [part.rpartition("/")[::2] for part in FLAT.split() if part != "|"]
    lines = ["# doc = doc"]
    for number, (word, tag) in enumerate(rows):
        actor = "B-ACTOR" if word == "rebels" else "O"
        lines.append(f"{word}\tNN{number}\t{actor}\t{tag if 'TOLL' in tag else 'O'}")
    path = tmp_path / "p.conll"
    path.write_text("\n".join(lines), encoding="utf-8")
    expected = plain(at("rebels", "ACTOR"), at("12 rebels", "TOLL"), at("rebels", "ACTOR", 2))
    assert read(path) == (expected, ["not-read"])


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("(/O Aleppo/B-LOCATION )/O fell/O ;/O", "(Aleppo)/B-LOCATION fell;/O"),
        ("(/O", "-LRB-/O"),
        ("Na\u00efve/O", "Na/O ##\u00efve/O"),
        ("Na\u00efve/O", unicodedata.normalize("NFD", "Na\u00efve") + "/O"),
        ("2014/I-DATE", "20/I-DATE 14/I-DATE"),
    ],
)
def test_another_tokeniser_is_followed(ours: str, theirs: str, tmp_path: pathlib.Path) -> None:
    spans, codes = read(columns(tmp_path / "p.conll", FLAT.replace(ours, theirs)))
    wide = at("(Aleppo)", "LOCATION") if "(Aleppo)" in theirs else at("Aleppo", "LOCATION")
    assert (spans, codes) == (plain(*FLAT_SPANS[:4], wide, FLAT_SPANS[5]), [])


def test_a_token_that_does_not_fit_is_reported_with_its_line_and_the_rest_is_read(tmp_path: pathlib.Path) -> None:
    path = columns(tmp_path / "p.conll", FLAT.replace("held/O", "hold/O").replace("died/O", "dead/B-TOLL"))
    found, issues = read_predictions_leniently(path, DOCUMENTS)
    assert bare(found)["doc"] == plain(*FLAT_SPANS)
    assert [(issue.code, issue.where.line) for issue in issues] == [("token-differs", 5), ("tagged-token-differs", 21)]
    with pytest.raises(InputError, match="21"):
        read_predictions(path, DOCUMENTS)


def test_left_out_text_is_reported(tmp_path: pathlib.Path) -> None:
    spans, codes = read(columns(tmp_path / "p.conll", FLAT.replace("fell/O ;/O ", "")))
    assert (spans, codes) == (plain(*FLAT_SPANS), ["skipped-text"])


@pytest.mark.parametrize("start", ["# doc doc", "# newdoc id = doc", "-DOCSTART- doc", "-DOCSTART- -X- O O", ""])
def test_documents_are_told_by_a_header_or_by_their_first_tokens(start: str, tmp_path: pathlib.Path) -> None:
    documents = {"first": document("Quiet in Idlib."), "doc": document()}
    documents["first"] = msgspec.structs.replace(documents["first"], id="first")
    path = columns(tmp_path / "p.conll", FLAT, header=False)
    path.write_text(
        f"{start}\n\n{path.read_text('utf-8')}\n-DOCSTART-\n\nQuiet\tO\nin\tO\nIdlib\tB-LOCATION\n.\tO\n", "utf-8"
    )
    found = read_predictions(path, documents)
    assert bare(found) == {"doc": plain(*FLAT_SPANS), "first": [(9, 14, "LOCATION")]}


def test_a_token_that_is_a_hash_is_no_comment(tmp_path: pathlib.Path) -> None:
    text = "# doc of rebels"
    path = tmp_path / "p.conll"
    path.write_text("# doc = doc\n# a remark\n#\tO\ndoc\tO\nof\tO\nrebels\tB-ACTOR\n", "utf-8")
    assert read(path, {"doc": document(text)}) == ([(9, 15, "ACTOR")], [])


@given(marked(flat=True))
@settings(max_examples=60, deadline=None)
def test_flat_spans_come_back_from_columns(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[str, list[Span]]
) -> None:
    text, spans = drawn
    path = tmp_path_factory.mktemp("conll") / "system.conll"
    documents = {"doc": document(text)}
    assert write(path, layer(spans, text), documents) == ()
    found, issues = read_predictions_leniently(path, documents)
    assert bare(found) == bare(layer(spans, text))
    assert issues == []


@given(marked(flat=False))
@settings(max_examples=60, deadline=None)
def test_columns_hold_every_span_or_say_which_not(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[str, list[Span]]
) -> None:
    text, spans = drawn
    path = tmp_path_factory.mktemp("conll") / "system.conll"
    documents = {"doc": document(text)}
    losses = write(path, layer(spans, text), documents)
    found, faults = read_predictions_leniently(path, documents)
    held = bare(found)["doc"]
    assert set(held) <= set(plain(*spans))
    assert len(held) + sum(loss.count for loss in losses) == len(spans)
    assert faults == []


def test_tokens_are_found_again_after_some_that_do_not_fit() -> None:
    text = "the rebels of the north met the rebels of the south"
    tokens = ["the", "rebels", "from", "a", "the", "north", "met", "the", "rebels", "of", "the", "south"]
    places = walk(tokens, text)
    assert [text[place.start : place.end] if place else None for place in places] == [
        *("the", "rebels", None, None, "the", "north", "met", "the", "rebels", "of", "the", "south")
    ]


@given(st.lists(st.sampled_from(["O", "B-X", "I-X", "E-X", "S-X", "B-Y", "I-Y"]), max_size=8))
def test_every_tag_but_o_is_in_one_span(tags: list[str]) -> None:
    inside = [index for chunk in chunks(tags) for index in range(chunk.start, chunk.end)]
    assert inside == [index for index, tag in enumerate(tags) if tag != "O"]


def test_well_formed_tags_are_told_by_scheme() -> None:
    assert schemes(["I-X", "B-X", "O"]) == {"IOB1"}
    assert schemes(["B-X", "I-X", "O"]) == {"IOB2"}
    assert schemes(["B-X", "E-X", "S-X"]) == {"IOBES"}
    assert schemes(["B-X", "L-X", "U-X"]) == {"BILOU"}
    assert schemes(["O"]) == {"IOB1", "IOB2", "IOBES", "BILOU"}
    assert schemes(["B-X", "O", "I-X"]) == set()
