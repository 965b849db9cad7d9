"""The report pages in a browser: no requests, no errors, working filters, no overflow, nothing injected."""

import itertools
import pathlib
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from chromium import low_contrast
from rift.annotations.layer import Layer, Markup, Span
from rift.corpus.document import Document, digest
from rift.eval.board import Entry
from rift.eval.report import render_report, score_report
from rift.eval.resample import Bootstrap
from rift.eval.scoring import score
from rift.guidelines import scheme

TEXTS = {
    "plain": "Raid kills 12 rebels near Azaz\n\nThe Observatory said so on Monday.",
    "script": "<script>document.title = 'owned'</script> in Azaz</style>\n\n<img src=x onerror=\"document.title=1\">",
    "quiet": "Nothing happened at all.",
    "long": "Averyveryverylongnamethatnoscreenofaphonecouldeverholdonasinglelineofitstext again",
}
Marked = dict[str, list[tuple[str, str, dict[str, int]]]]

GOLD: Marked = {
    "plain": [("TOLL", "12 rebels", {"low": 12, "high": 12}), ("ACTOR", "rebels", {}), ("LOCATION", "Azaz", {})],
    "script": [("LOCATION", "Azaz", {})],
    "long": [("ACTOR", "Averyveryverylongnamethatnoscreenofaphonecouldeverholdonasinglelineofitstext", {})],
    "absent": [("ACTOR", "rebels", {})],
}
PREDICTED: Marked = {
    "plain": [("TOLL", "12 rebels", {"low": 10, "high": 20}), ("ACTOR", "near", {}), ("ACTOR", "Azaz", {})],
    "script": [("<b>LABEL</b>", "script", {})],
}


def document(name: str) -> Document:
    text = TEXTS[name]
    return Document(
        id=name,
        collection="tests",
        title=text.partition("\n")[0],
        publisher="RIFT",
        published=None,
        language="en",
        license="CC0-1.0",
        source="",
        text=text,
        sha256=digest(text),
    )


def layer(name: str, marked: Marked) -> Layer:
    markups = []
    for doc in [*TEXTS, "absent"]:
        text = TEXTS.get(doc, "A few rebels")
        spans = [
            Span(
                start=text.index(surface),
                end=text.index(surface) + len(surface),
                label=label,
                surface=surface,
                attributes=attributes,
            )
            for label, surface, attributes in marked.get(doc, [])
        ]
        markups.append(Markup(doc=doc, sha256=digest(text), layer=name, spans=spans))
    return Layer(name, markups)


def score_page() -> str:
    gold, predicted = layer("gold", GOLD), layer("system", PREDICTED)
    scores = score(gold, predicted, labels=scheme().labels, bootstrap=Bootstrap(resamples=20))
    return score_report(gold, predicted, scores, [document(name) for name in TEXTS], scheme())


def board_page() -> str:
    gold = layer("gold", GOLD).only(TEXTS)
    entries = []
    for system, predicted in (("one", layer("one", PREDICTED)), ("two", gold)):
        scores = score(gold, predicted.only(TEXTS), labels=scheme().labels, bootstrap=Bootstrap(resamples=20))
        texts = [document(name) for name in TEXTS]
        entries.append(Entry(system, "tests", "dev", texts, gold, predicted.only(TEXTS), scores))
    return render_report(entries, scheme(), ["Only a test."])


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("pages")
    (folder / "score.html").write_text(score_page(), "utf-8")
    (folder / "board.html").write_text(board_page(), "utf-8")
    return folder


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, files: pathlib.Path) -> Iterator[Visit]:
    """Open a page; after the test it must have had no error, no message and no request but for itself."""
    noise: list[str] = []
    pages: list[Page] = []

    def opened(
        name: str, width: int = 1280, *, fragment: str = "", javascript: bool = True, dark: bool = False
    ) -> Page:
        page = browser.new_page(
            viewport={"width": width, "height": 800},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
        )
        page.set_default_timeout(10_000)
        page.on("console", lambda message: noise.append(message.text))
        page.on("pageerror", lambda error: noise.append(str(error)))
        address = (files / f"{name}.html").as_uri()
        page.on("request", lambda request: noise.append(request.url) if request.url.split("#")[0] != address else None)
        page.goto(address + fragment)
        pages.append(page)
        return page

    yield opened
    for page in pages:
        page.close()
    assert noise == []


def shown(page: Page) -> list[str]:
    """Return the names of the documents that are shown."""
    notes = page.locator("details.document:visible").evaluate_all("all => all.map(one => one.innerText)")
    return [name for note in notes for name in [*TEXTS, "absent"] if f"{name}," in note or note.startswith(name)]


def test_every_document_is_shown_at_first_and_counts_stand_beside_the_filters(visit: Visit) -> None:
    page = visit("score")
    assert sorted(shown(page)) == sorted([*TEXTS, "absent"])
    assert page.locator("#shown").inner_text() == "5 of 5 documents shown."
    counts = page.locator("[name=kind]").evaluate_all(
        "all => Object.fromEntries(all.map(box => [box.value, box.parentElement.querySelector('.count').textContent]))"
    )
    assert counts == {
        "correct": "1",
        "label": "1",
        "boundary": "0",
        "label_and_boundary": "0",
        "missed": "4",
        "spurious": "2",
    }


def test_an_error_class_alone_leaves_the_documents_that_have_it(visit: Visit) -> None:
    page = visit("score")
    for kind in ("correct", "label", "boundary", "label_and_boundary", "missed"):
        page.locator(f"[name=kind][value={kind}]").uncheck()
    assert sorted(shown(page)) == ["plain", "script"]
    assert page.locator("#shown").inner_text() == "2 of 5 documents shown."
    page.locator("[name=label]").first.uncheck()
    assert shown(page) == ["script"]
    page.locator("[name=kind][value=spurious]").uncheck()
    assert shown(page) == []
    assert page.locator("#nothing").is_visible()
    page.get_by_role("button", name="Reset filters").click()
    expect(page.locator("#shown")).to_have_text("5 of 5 documents shown.")


def test_a_filtered_mark_turns_into_plain_text_and_a_filtered_row_goes(visit: Visit) -> None:
    page = visit("score")
    page.get_by_role("button", name="Open all").click()
    missed = page.locator("mark.missed", has_text="rebels")
    look = "mark => [getComputedStyle(mark).outlineStyle, getComputedStyle(mark, '::after').content]"
    style, content = missed.evaluate(look)
    assert style == "dashed"
    assert content.startswith('"A\N{MINUS SIGN}"')
    page.locator("[name=kind][value=missed]").uncheck()
    style, content = missed.evaluate(look)
    assert (style, content) == ("none", "none")
    assert missed.is_visible()
    assert page.locator("tr.missed").is_hidden()


def test_the_filters_work_by_keyboard(visit: Visit) -> None:
    page = visit("score")
    box = page.locator("[name=kind][value=correct]")
    for _ in range(100):
        page.keyboard.press("Tab")
        if box.evaluate("box => box === document.activeElement"):
            break
    page.keyboard.press("Space")
    assert not box.is_checked()
    assert "off-kind-correct" in (page.locator("#list").get_attribute("class") or "")
    page.keyboard.press("Space")
    assert box.is_checked()


def test_the_first_stop_of_the_keyboard_skips_to_the_content(visit: Visit) -> None:
    page = visit("score")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"


def test_a_frequent_error_leads_to_its_document(visit: Visit) -> None:
    page = visit("score")
    page.locator("[name=kind][value=spurious]").uncheck()
    page.locator("tr", has=page.get_by_role("rowheader", name="near")).get_by_role("link", name="plain").click()
    mark = page.locator("mark.spurious", has_text="near")
    mark.wait_for(state="visible")
    assert mark.evaluate("mark => mark.getBoundingClientRect().top >= 0 && mark.matches(':target')")
    assert page.locator("[name=kind][value=spurious]").is_checked()


def test_a_link_to_another_system_chooses_it(visit: Visit) -> None:
    page = visit("board")
    first = page.locator("[name=system]:checked").evaluate("radio => radio.parentElement.innerText.trim()")
    assert first == "two"
    assert page.locator("mark.missed").count() > 0
    assert page.locator("mark.missed:visible").count() == 0
    page.locator("details.entry", has_text="tests dev, one").locator("summary").click()
    page.locator("details.entry a[href^='#e0-1-']").first.click()
    expect(page.locator("mark:target")).to_be_visible()
    assert page.locator("#system-1").is_checked()


def test_a_page_opened_at_a_span_shows_it(visit: Visit) -> None:
    page = visit("score", fragment="#e0")
    assert page.locator("#e0").is_visible()


@pytest.mark.parametrize("name", ["score", "board"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_body_never_overflows(visit: Visit, name: str, width: int) -> None:
    page = visit(name, width)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ["score", "board"])
def test_texts_titles_and_labels_are_escaped(visit: Visit, name: str) -> None:
    page = visit(name)
    page.get_by_role("button", name="Open all").click()
    assert "RIFT" in page.title()
    assert page.locator("script").count() == 1
    assert page.locator("img").count() == 0
    assert page.get_by_text("<b>LABEL</b>", exact=True).count() > 0
    assert page.locator("p.gold:visible", has_text="<script>document.title = 'owned'</script>").count() == 1


@pytest.mark.parametrize("name", ["score", "board"])
def test_without_javascript_every_document_is_shown_and_no_dead_filter(visit: Visit, name: str) -> None:
    page = visit(name, javascript=False)
    assert page.locator("details.document:visible").count() == page.locator("details.document").count() > 0
    assert page.locator("[name=kind]:visible").count() == 0


@pytest.mark.parametrize("dark", [False, True])
def test_text_has_contrast_in_light_and_dark(visit: Visit, *, dark: bool) -> None:
    page = visit("score", dark=dark)
    page.get_by_role("button", name="Open all").click()
    texts = page.locator("p, th, td, a, mark, label, .note, .count, .sample, button, caption")
    assert texts.count() > 50
    assert low_contrast(texts) == []


def test_controls_and_regions_have_names_and_ids_are_unique(visit: Visit) -> None:
    page = visit("board")
    nameless = page.locator("input, button, [role=region], section, nav, form").evaluate_all(
        "all => all.filter(one => !(one.labels?.[0]?.innerText.trim() ?? '') && !one.innerText.trim() &&"
        " !one.hasAttribute('aria-label') && !one.hasAttribute('aria-labelledby')).map(one => one.outerHTML)"
    )
    assert nameless == []
    ids = page.locator("[id]").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))
    levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(one => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
