"""The board, the highlighting and the report page."""

import base64
import dataclasses
import hashlib
import html.parser
import io
import itertools
import re
from collections.abc import Sequence

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import given
from rich.console import Console

from rift.annotations.layer import Layer, Markup, Span
from rift.corpus.document import Document, digest
from rift.eval.board import TRANSFER, Entry, board_table, lines, ranked
from rift.eval.errors import Error, Range
from rift.eval.highlight import paragraphs, pieces
from rift.eval.page import Mark, show_range
from rift.eval.palette import short_names
from rift.eval.report import render_report, score_report
from rift.eval.resample import Bootstrap
from rift.eval.scoring import score
from rift.eval.tracks import find_track
from rift.guidelines import scheme

TEXT = "Raid <kills> 12 rebels\n\nThe Observatory & others said so."
GOLD = (
    Span(id="t", start=13, end=22, label="TOLL", surface="12 rebels", attributes={"low": 12, "high": 12}),
    Span(id="a", start=16, end=22, label="ACTOR", surface="rebels"),
    Span(id="o", start=28, end=39, label="ACTOR", surface="Observatory"),
)


def document() -> Document:
    return Document(
        id="doc",
        collection="tests",
        title="Raid <kills> 12 rebels",
        publisher="RIFT",
        published=None,
        language="en",
        license="CC0-1.0",
        source="",
        text=TEXT,
        sha256=digest(TEXT),
    )


def layer(name: str, spans: Sequence[Span]) -> Layer:
    return Layer(name, [Markup(doc="doc", sha256=digest(TEXT), layer=name, spans=spans)])


def entry(system: str, spans: Sequence[Span]) -> Entry:
    gold, predicted = layer("gold", GOLD), layer(system, spans)
    scores = score(gold, predicted, labels=scheme().labels, bootstrap=Bootstrap(resamples=50))
    return Entry(system, "tests", "dev", [document()], gold, predicted, scores)


def test_the_better_system_stands_first_and_an_undefined_score_last() -> None:
    nothing = Entry("empty", "tests", "dev", [], Layer("gold"), Layer("empty"), score(Layer("gold"), Layer("empty")))
    entries = [nothing, entry("half", GOLD[:1]), entry("whole", GOLD)]
    assert [found.system for found in ranked(entries)] == ["whole", "half", "empty"]
    assert [line.system for line in lines(entries)] == ["whole", "half", "empty"]


def test_a_test_of_transfer_is_marked_on_the_board_and_in_the_report() -> None:
    plain = entry("half", GOLD[:1])
    other = dataclasses.replace(entry("half", GOLD[:1]), split="test", transfer=True)
    shown = io.StringIO()
    Console(width=132, file=shown).print(board_table([plain, other]))
    assert re.search(r"tests dev +1 +half.*tests test\* +1 +half", shown.getvalue(), re.DOTALL)
    assert TRANSFER in shown.getvalue()
    assert [line.transfer for line in lines([plain, other])] == [False, True]
    page = render_report([plain, other], scheme(), [])
    assert "tests test*" in page
    assert TRANSFER in page
    assert TRANSFER not in render_report([plain], scheme(), [])


def test_the_board_shows_scores_with_their_interval() -> None:
    shown = io.StringIO()
    Console(width=132, file=shown).print(board_table([entry("half", GOLD[:1])]))
    assert re.search(r"tests dev +1 +half +1\.000 +0\.333 +0\.500 +n/a", shown.getvalue())


@given(
    st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70), st.sampled_from(["TOLL", "ACTOR"])), max_size=6),
    st.integers(0, len(TEXT)),
    st.integers(0, len(TEXT)),
)
def test_the_pieces_are_the_text_and_each_is_covered_by_its_marks(
    drawn: list[tuple[int, int, str]], one: int, other: int
) -> None:
    spans = [Span(start=start, end=end, label=label) for start, end, label in drawn]
    low, high = sorted([one, other])
    opened: list[Mark] = []
    position = low
    for piece in pieces(TEXT, [Mark(span, Error("doc", "missed", span, None)) for span in spans], (low, high)):
        opened += [mark for mark, _ in piece.opening]
        for mark, first in piece.opening:
            assert first == (mark.span.start == position)
        after = position + len(piece.text)
        assert piece.text == TEXT[position:after]
        expected = [span for span in spans if span.start <= position < after <= span.end]
        assert sorted(map(repr, expected)) == sorted(repr(mark.span) for mark in opened)
        position = after
        del opened[len(opened) - piece.closing :]
    assert position == high
    assert opened == []


@given(st.text("ab\n", max_size=30))
def test_paragraphs_are_all_of_the_text_but_the_lines_that_part_them(text: str) -> None:
    bounds = paragraphs(text)
    assert "".join(text[start:end] for start, end in bounds).replace("\n", "") == text.replace("\n", "")
    assert all("\n\n" not in text[start:end].rstrip("\n") for start, end in bounds)
    assert all(end <= after for (_, end), (after, _) in itertools.pairwise(bounds))


class _Page(html.parser.HTMLParser):
    """Collects the text and every address of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for key, value in attrs if key in {"src", "href"}]
        if tag in {"script", "link", "iframe"}:
            self.addresses.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def one_score(spans: Sequence[Span], documents: Sequence[Document], *, labels: Sequence[str] = ()) -> str:
    gold, predicted = layer("gold", GOLD), layer("system", spans)
    scores = score(gold, predicted, labels=labels, bootstrap=Bootstrap(resamples=20))
    return score_report(gold, predicted, scores, documents, scheme())


PAGES = {
    "board": lambda: render_report([entry("half", GOLD[:1])], scheme(), ["Only a test."]),
    "score": lambda: one_score(GOLD[:1], [document()]),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_report_is_self_contained_and_shows_scores_texts_and_spans(name: str) -> None:
    content = PAGES[name]()
    page = _Page()
    page.feed(content)
    assert [address for address in page.addresses if not address.startswith("#")] == ["script"]
    assert "<script>" in content
    assert "@import" not in content
    assert "url(" not in content.replace("url(#", "")
    assert "0.500" in page.text
    assert "Raid <kills> " in page.text
    assert page.text.count("The Observatory & others said so.") == 2
    assert "TOLL, correct: high 12, low 12" in content


def test_the_policy_of_a_report_allows_its_own_script_alone() -> None:
    content = PAGES["score"]()
    script = content.partition("<script>")[2].partition("</script>")[0]
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'" in content


def test_notes_stand_on_the_page() -> None:
    assert "Only a test." in PAGES["board"]()


def test_missed_spans_are_marked_in_the_gold_text_and_spurious_ones_in_the_predicted() -> None:
    content = one_score([Span(start=0, end=4, label="ACTOR")], [document()])
    gold, _, predicted = content.partition('<p class="gold">')[2].partition('<p class="predicted">')
    assert 'missed"' in gold
    assert 'spurious"' not in gold
    assert 'spurious"' in predicted.partition("</p>")[0]
    right = one_score(GOLD, [document()])
    assert " missed" not in right.partition('<div class="sides">')[2].partition("</details>")[0]


def test_a_document_whose_text_is_not_at_hand_is_listed_by_its_surfaces() -> None:
    changed = msgspec.structs.replace(document(), sha256="0" * 64)
    for documents in ([], [changed]):
        page = _Page()
        content = one_score([Span(start=13, end=22, label="TOLL"), Span(start=40, end=42, label="ACTOR")], documents)
        page.feed(content)
        assert "The text is not at hand" in page.text
        assert "Observatory" in page.text
        assert "[40, 42)" in page.text
        assert "others said so" not in page.text


def test_a_label_that_the_scheme_lacks_is_shown_too_and_cannot_leave_its_style() -> None:
    content = one_score([Span(start=0, end=4, label='"}</style><b>')], [document()])
    assert content.count("</style>") == 1
    assert "&#34;}&lt;/style&gt;&lt;b&gt;" in content


def test_a_label_in_any_script_and_with_signs_of_formulas_is_plotted_as_it_is() -> None:
    content = one_score([Span(start=0, end=4, label="地$x$")], [document()])
    assert "地$x$</text>" in content


def test_short_names_tell_labels_apart() -> None:
    assert short_names(["ACTOR", "DATE", "DATUM", "ACTORS"]) == {
        "ACTOR": "ACTOR",
        "DATE": "DATE",
        "DATUM": "DATU",
        "ACTORS": "ACTORS",
    }


@pytest.mark.parametrize(
    ("asserted", "shown"),
    [
        ((None, None), "no figure"),
        ((39, None), "at least 39"),
        ((None, 50), "at most 50"),
        ((1200, 1200), "1,200"),
        ((5, 10), "5 to 10"),
    ],
)
def test_a_range_is_said_in_words(asserted: Range, shown: str) -> None:
    assert show_range(asserted) == shown


@pytest.mark.parametrize("name", PAGES)
def test_the_same_entries_give_the_same_page(name: str) -> None:
    assert PAGES[name]() == PAGES[name]()


def test_without_entries_the_page_has_an_empty_board() -> None:
    assert "Board</h2>" in render_report([], scheme(), [])


def test_without_documents_a_score_has_a_page() -> None:
    nothing = score(Layer("gold"), Layer("system"), bootstrap=Bootstrap(resamples=20))
    assert "n/a" in score_report(Layer("gold"), Layer("system"), nothing, [], scheme())


@pytest.mark.parametrize("track", ["values", "tolls"])
def test_every_track_has_a_page_with_its_own_figures(track: str) -> None:
    gold, predicted = layer("gold", GOLD), layer("system", GOLD[:1])
    scores = score(gold, predicted, track, bootstrap=Bootstrap(resamples=20))
    content = score_report(gold, predicted, scores, [document()], scheme())
    assert find_track(track).meaning in content
    assert all(f">{name}</th>" in content for name in scores.figures)
    assert ("Fatality estimates" in content) == bool(scores.estimates)


def test_the_farthest_tolls_are_listed_and_linked() -> None:
    far = Span(start=13, end=22, label="TOLL", attributes={"low": 120, "high": 130})
    content = one_score([far], [document()])
    assert "Farthest apart" in content
    assert "120 to 130" in content
    assert "Pairs of tolls: 1; with a figure on both sides: 1; with the same range: 0." in content
    without = one_score([Span(start=13, end=22, label="TOLL")], [document()])
    assert "Pairs of tolls: 1; with a figure on both sides: 0;" in without
    assert "<figcaption>Gold against" not in without
