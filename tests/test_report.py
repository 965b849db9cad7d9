"""The board, the highlighting and the report page."""

import html.parser
import io
import re
from collections.abc import Sequence

import hypothesis.strategies as st
from hypothesis import given
from rich.console import Console

from rift.annotations.layer import Layer, Markup, Span
from rift.corpus.document import Document, digest
from rift.eval.board import Entry, board_table, lines, ranked
from rift.eval.highlight import pieces
from rift.eval.report import render_report
from rift.eval.resample import Bootstrap
from rift.eval.scoring import score
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


def test_the_board_shows_scores_with_their_interval() -> None:
    shown = io.StringIO()
    Console(width=132, file=shown).print(board_table([entry("half", GOLD[:1])]))
    assert re.search(r"tests dev +1 +half +1\.000 +0\.333 +0\.500 +\[0\.500, 0\.500\]", shown.getvalue())


@given(st.lists(st.tuples(st.integers(0, 70), st.integers(0, 70), st.sampled_from(["TOLL", "ACTOR"])), max_size=6))
def test_the_pieces_are_the_text_and_each_is_covered_by_its_spans(drawn: list[tuple[int, int, str]]) -> None:
    spans = [Span(start=start, end=end, label=label) for start, end, label in drawn]
    found = list(pieces(TEXT, spans))
    assert "".join(piece.text for piece in found) == TEXT
    position = 0
    for piece in found:
        expected = {
            index
            for index, span in enumerate(spans)
            if span.start <= position and span.end >= position + len(piece.text) and span.start < span.end
        }
        assert len(piece.covering) == len(expected)
        position += len(piece.text)


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


def test_the_report_is_self_contained_and_shows_board_texts_and_spans() -> None:
    content = render_report([entry("half", GOLD[:1])], scheme(), ["Only a test."])
    page = _Page()
    page.feed(content)
    assert [address for address in page.addresses if not address.startswith("#")] == []
    assert "@import" not in content
    assert "url(" not in content.replace("url(#", "")
    assert "Only a test." in page.text
    assert "0.500" in page.text
    assert "Raid <kills> " in page.text
    assert page.text.count("The Observatory & others said so.") == 2
    assert 'data-close="ACTOR"' in content
    assert "TOLL, low 12, high 12" in content


def test_a_predicted_span_that_gold_lacks_is_marked_as_wrong() -> None:
    right = render_report([entry("one", GOLD[:1])], scheme(), [])
    wrong = render_report([entry("one", [Span(start=0, end=4, label="ACTOR")])], scheme(), [])
    assert 'wrong close"' not in right
    assert 'wrong close"' in wrong


def test_the_same_entries_give_the_same_page() -> None:
    assert render_report([entry("half", GOLD[:1])], scheme(), []) == render_report(
        [entry("half", GOLD[:1])], scheme(), []
    )


def test_without_entries_the_page_has_an_empty_board() -> None:
    assert "<h2>Board</h2>" in render_report([], scheme(), [])
