"""Prediction files of brat: read as the spans that they say, and written."""

import pathlib

import pytest
from hypothesis import given, settings

from predicted import BRAT, DOCUMENTS, TEXT, at, bare, brat, document, layer, marked, plain, read, write
from rift.annotations.formats.predictions import read_predictions, read_predictions_leniently
from rift.annotations.layer import Span


@given(marked(flat=False))
@settings(max_examples=40, deadline=None)
def test_spans_come_back_from_brat(tmp_path_factory: pytest.TempPathFactory, drawn: tuple[str, list[Span]]) -> None:
    text, spans = drawn
    folder = tmp_path_factory.mktemp("folder") / "brat"
    documents = {"doc": document(text)}
    assert write(folder, layer(spans, text), documents) == ()
    found, issues = read_predictions_leniently(folder, documents)
    assert bare(found) == bare(layer(spans, text))
    assert issues == []


@pytest.mark.parametrize("text", [TEXT, TEXT + "\n", None])
def test_brat_gives_spans_attributes_and_links_of_the_scheme(text: str | None, tmp_path: pathlib.Path) -> None:
    folder = brat(tmp_path, BRAT, text)
    toll, actor = read_predictions(folder, DOCUMENTS).markups["doc"].spans
    assert (toll.surface, actor.surface) == ("12 rebels", "rebels")
    assert toll.attributes == {"outcome": "killed", "low": 12, "approx": True}
    assert toll.links == {"victim": ["T2"]}
    assert read(folder / "doc.ann") == (plain(at("12 rebels", "TOLL"), at("rebels", "ACTOR", 2)), [])


def test_what_brat_holds_comes_back(tmp_path: pathlib.Path) -> None:
    (tmp_path / "in").mkdir()
    first = read_predictions(brat(tmp_path / "in", BRAT), DOCUMENTS)
    assert write(tmp_path / "out-brat", first) == ()
    assert read_predictions(tmp_path / "out-brat", DOCUMENTS).markups["doc"].spans == first.markups["doc"].spans


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        ("T1\tTOLL 46 48;50 55\t12 rebels\n", ["discontinuous-span", "surface-differs"]),
        ("T1\tTOLL 46 55\t13 rebels\n", ["surface-differs"]),
        (BRAT + "A4\tmood T1 grim\n", ["not-read"]),
        (BRAT + "E1\tAttack:T1\n#1\tNote T1 sure\n", ["not-read", "not-read"]),
        (BRAT + "R2\tvictim Arg1:T1 Arg2:T9\n", ["dangling-link"]),
        (BRAT + BRAT[:18] + "\n", ["duplicate-id"]),
        ("T1 TOLL 46 55 12 rebels\n", ["bad-annotation"]),
    ],
)
def test_what_brat_says_and_a_layer_does_not_hold_is_reported(
    lines: str, codes: list[str], tmp_path: pathlib.Path
) -> None:
    assert sorted(read(brat(tmp_path, lines))[1]) == codes


def test_offsets_on_another_text_are_refused(tmp_path: pathlib.Path) -> None:
    found, issues = read_predictions_leniently(brat(tmp_path, BRAT, TEXT.replace("\n", "\r\n")), DOCUMENTS)
    assert len(found) == 0
    assert [issue.code for issue in issues] == ["text-differs"]
    assert "LF" in issues[0].hint
