"""The corpus in a browser: search, filters, wires, map and timeline, by pointer, touch and keyboard, read aloud."""

import dataclasses
import itertools
import pathlib
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from browsed import AZAZ, AZAZ_MENTIONS, entries, entry, site
from chromium import contrast, low_contrast
from rift.browse.output import write_site
from rift.browse.serve import HOST, listen

PAGES = ["index.html", "annotators/azaz.html", *(f"documents/{shown.doc}.html" for shown in entries())]
NARROW, WIDE = 360, 1280


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    made = site(entries())
    write_site(tmp_path_factory.getbasetemp() / "site", made.items())
    return made


@pytest.fixture(scope="module")
def root(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return where the pages stand as files."""
    assert files
    return (tmp_path_factory.getbasetemp() / "site").as_uri()


@pytest.fixture(scope="module")
def served(files: dict[str, bytes]) -> Iterator[str]:
    """Return where the pages are served."""
    with listen(files, 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://{HOST}:{server.server_port}"
        server.shutdown()
        thread.join()


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, root: str) -> Iterator[Visit]:
    """Open a page; it must have no error, no message (the policy would give one) and no request beyond its site."""
    noise: list[str] = []
    contexts: list[BrowserContext] = []

    def opened(
        name: str,
        width: int = WIDE,
        *,
        at: str = root,
        dark: bool = False,
        touch: bool = False,
        javascript: bool = True,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            has_touch=touch,
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: noise.append(message.text))
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on("dialog", lambda dialog: noise.append(dialog.message))
        page.on("request", lambda request: noise.append(request.url) if not request.url.startswith(at) else None)
        page.on("requestfailed", lambda request: noise.append(f"failed: {request.url}"))
        page.goto(f"{at}/{name}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert noise == []


def status(page: Page) -> str:
    return page.get_by_role("status").inner_text()


def hits(page: Page) -> list[str]:
    """Return the ids of the documents that are shown."""
    links: list[str] = page.locator(".hit:visible h3 a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    return [pathlib.PurePosixPath(link).stem for link in links]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_works_as_a_file_and_served_under_its_policy(visit: Visit, served: str, name: str) -> None:
    for page in (visit(name), visit(name, at=served)):
        assert page.title() != "owned"
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        shown = page.get_by_role("search") if name == "index.html" else page.get_by_role("main")
        expect(shown).to_be_visible()


# The front page.


def test_a_search_looks_in_texts_titles_and_surfaces_and_says_how_many_it_found(visit: Visit) -> None:
    page = visit("index.html")
    assert status(page) == "5 documents, 8 tolls, 6 places"
    search = page.get_by_role("searchbox", name="Search")
    search.fill("gunmen azaz")
    assert hits(page) == ["azaz"]  # where the text is not shown, its words are not searched
    assert status(page) == "1 document, 3 tolls, 4 places"
    expect(page.locator(".hit:visible .snippet b")).to_have_text("gunmen")
    search.fill("15 rebels")
    assert hits(page) == ["azaz", "bare"]
    search.fill("CAFE beyrouth's")
    assert hits(page) == ["raqqa"]
    expect(page.locator(".hit:visible .snippet b")).to_have_text("café")
    search.fill("no such words")
    assert hits(page) == []
    expect(page.get_by_text("No document is like that.")).to_be_visible()
    page.get_by_role("button", name="Clear all").click()
    expect(page.get_by_role("status")).to_have_text("5 documents, 8 tolls, 6 places")
    expect(search).to_be_focused()


@pytest.mark.parametrize(
    ("facet", "value", "found"),
    [
        ("Collection", "invented", ["azaz", "raqqa", "bare", "hostile", "unmarked"]),
        ("Split", "train", ["bare"]),
        ("Label", "DATE", ["azaz", "raqqa", "bare"]),
        ("Actor", "isis", ["azaz", "bare"]),
        ("Place", "aleppo-province", ["azaz", "bare"]),
        ("Outcome", "wounded", ["raqqa"]),
    ],
)
def test_each_filter_leaves_the_documents_that_have_the_value(
    visit: Visit, facet: str, value: str, found: list[str]
) -> None:
    page = visit("index.html")
    page.get_by_role("combobox", name=facet).select_option(value)
    assert hits(page) == found
    assert status(page).startswith(f"{len(found)} document")


def test_filters_add_up_and_each_choice_says_how_many_it_would_leave(visit: Visit) -> None:
    page = visit("index.html")
    place = page.get_by_role("combobox", name="Place")
    expect(place.locator("option[value=syria]")).to_have_text("Syria (3)")
    page.get_by_role("combobox", name="Outcome").select_option("wounded")
    expect(place.locator("option[value=syria]")).to_have_text("Syria (1)")
    assert place.locator("option[value=azaz]").is_disabled()
    place.select_option("raqqa")
    assert hits(page) == ["raqqa"]


def test_with_a_label_the_search_looks_in_its_mentions_alone(visit: Visit) -> None:
    page = visit("index.html")
    page.get_by_role("searchbox").fill("rebels")
    page.get_by_role("combobox", name="Label").select_option("ACTOR")
    assert hits(page) == ["azaz", "bare"]
    page.get_by_role("combobox", name="Label").select_option("LOCATION")
    assert hits(page) == []


def test_a_search_stands_in_the_address_and_is_there_again(visit: Visit) -> None:
    page = visit("index.html")
    page.get_by_role("searchbox").fill("azaz")
    page.get_by_role("combobox", name="Split").select_option("train")
    page.get_by_role("link", name="Map").click()
    address = page.url
    page.get_by_role("link", name="Timeline").click()
    page.reload()
    assert status(page).startswith("1 document")
    expect(page.get_by_role("link", name="Timeline")).to_have_attribute("aria-current", "page")
    page.go_back()
    assert page.url == address
    expect(page.get_by_role("heading", name="Map of the places")).to_be_visible()
    assert page.get_by_role("searchbox").input_value() == "azaz"


def test_an_unknown_value_in_an_address_is_passed_over(visit: Visit) -> None:
    page = visit("index.html#place=nowhere&view=moon&page=many")
    assert status(page).startswith("5 documents")
    assert len(hits(page)) == 5


def test_the_timeline_shows_the_tolls_of_what_was_found_drawn_and_as_a_table(visit: Visit) -> None:
    page = visit("index.html#view=timeline")
    page.get_by_text("The tolls as a table").click()
    drawn, rows = page.locator("a.point:visible"), page.locator("#tolls tr:visible")
    assert (drawn.count(), rows.count()) == (7, 8)
    page.get_by_role("combobox", name="Outcome").select_option("displaced")
    assert (drawn.count(), rows.count()) == (2, 2)
    assert status(page) == "2 documents, 2 tolls, 4 places"
    first = page.get_by_role("row", name="displaced").first
    expect(first.get_by_role("cell")).to_have_text(["2014-06-09", "displaced", "", "azaz"])
    expect(first.get_by_role("rowheader")).to_have_text("about 40")
    page.get_by_role("combobox", name="Place").select_option("azaz")
    assert rows.count() == 0  # nobody says that they fled in Azaz


def test_outcomes_differ_in_shape_and_in_colour(visit: Visit) -> None:
    page = visit("index.html#view=timeline")
    shapes = page.get_by_role("list", name="Outcomes").locator("svg")
    looks = shapes.evaluate_all(
        "all => all.map(one => [one.firstElementChild.getAttribute('d'), getComputedStyle(one).fill])"
    )
    assert len(looks) == 6
    assert len({path for path, _ in looks}) == len({colour for _, colour in looks}) == 6


def test_a_mark_of_the_timeline_leads_to_its_record(visit: Visit) -> None:
    page = visit("index.html#view=timeline")
    page.locator("a.point", has_text="2 wounded").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A Quiet Year in Raqqa")
    expect(page.locator("#r1")).to_be_focused()


def test_the_map_draws_the_places_of_what_was_found_and_a_place_can_be_chosen_on_it(visit: Visit) -> None:
    page = visit("index.html#view=map")
    page.get_by_text("The places as a table").click()
    spots, rows = page.locator("a.spot:visible"), page.locator("#places tr:visible")
    assert (spots.count(), rows.count()) == (3, 6)
    page.locator("a.spot[data-place=raqqa]").click()
    assert status(page) == "1 document, 1 toll, 3 places"
    assert (spots.count(), rows.count()) == (1, 3)
    expect(page.get_by_role("combobox", name="Place")).to_have_value("raqqa")
    expect(page.locator("a.spot[data-place=raqqa] title")).to_have_text("Raqqa: 1 documents, 1 tolls")
    page.get_by_role("button", name="Clear all").click()
    page.get_by_role("rowheader", name="Azaz").get_by_role("link").click()
    assert status(page).startswith("2 documents, 4 tolls")
    expect(page.get_by_role("row", name="Azaz").get_by_role("cell")).to_have_text(
        ["settlement", "Aleppo Governorate", "2", "4", "yes"]
    )


def test_a_circle_shrinks_with_the_documents_that_are_left(visit: Visit) -> None:
    page = visit("index.html#view=map")
    circle = page.locator("a.spot[data-place=azaz] circle")
    before = float(circle.get_attribute("r") or 0)
    page.get_by_role("combobox", name="Split").select_option("train")
    assert float(circle.get_attribute("r") or 0) == pytest.approx(before / 2**0.5, abs=0.1)


def test_a_hundred_documents_are_shown_at_a_time(visit: Visit, tmp_path: pathlib.Path) -> None:
    one = entry("azaz", AZAZ, AZAZ_MENTIONS)
    write_site(tmp_path, site([dataclasses.replace(one, doc=f"d{number}") for number in range(205)]).items())
    page = visit("index.html", at=tmp_path.as_uri())
    assert status(page).startswith("205 documents")
    assert (hits(page)[0], len(hits(page))) == ("d0", 100)
    expect(page.get_by_role("button", name="Previous")).to_be_disabled()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    assert hits(page) == [f"d{number}" for number in range(200, 205)]
    expect(page.get_by_text("Page 3 of 3")).to_be_visible()
    expect(page.get_by_role("button", name="Next")).to_be_disabled()
    page.get_by_role("searchbox").fill("d20")
    assert hits(page) == ["d20", *(f"d{number}" for number in range(200, 205))]
    expect(page.get_by_role("navigation", name="Pages of results")).to_be_hidden()


# A document.


def toll(page: Page, text: str) -> Locator:
    return page.locator("a.toll", has_text=text)


def wires(page: Page) -> list[str]:
    """Return the names on the wires that are drawn."""
    return sorted(page.locator("#wires text").all_text_contents())


WIRES = ["by", "same as", "source", "victim", "when", "where"]


def test_a_toll_under_the_pointer_draws_a_wire_to_each_span_that_it_is_linked_with(visit: Visit) -> None:
    page = visit("documents/azaz.html")
    assert wires(page) == []
    toll(page, "15 rebels").hover()
    assert wires(page) == WIRES
    assert sorted(page.locator(".linked").all_inner_texts()) == sorted(
        ["At Least 12", "Azaz", "Islamic State", "Monday", "Observatory", "rebels"]
    )
    expect(page.locator(".record.chosen h3")).to_have_text("15 killed")
    page.mouse.move(5, 5)
    assert wires(page) == []


def test_a_wire_runs_from_its_toll_to_its_span(visit: Visit) -> None:
    page = visit("documents/azaz.html")
    toll(page, "15 rebels").hover()
    ends = page.locator("#wires .wire").evaluate_all(
        """all => all.map(one => {
          const { left, top } = document.getElementById("text").getBoundingClientRect();
          return [0, one.getTotalLength()].map(at => one.getPointAtLength(at)).map(({ x, y }) => {
            const near = [...document.querySelectorAll(".linked, .toll.chosen")].filter((mark) =>
              [...mark.getClientRects()].some((box) => box.left - left - 2 <= x && x <= box.right - left + 2 &&
                box.top - top - 2 <= y && y <= box.bottom - top + 2));
            return near.map((mark) => mark.className);
          });
        })"""
    )
    assert len(ends) == 6
    for start, end in ends:
        assert "toll chosen" in start
        assert any("linked" in name for name in end)


def test_the_tolls_are_gone_through_by_keyboard(visit: Visit) -> None:
    page = visit("documents/azaz.html")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('a.toll')"):
            break
    expect(toll(page, "At Least 12")).to_be_focused()
    assert wires(page) == ["by", "when", "where"]
    page.keyboard.press("Tab")
    expect(toll(page, "15 rebels")).to_be_focused()
    assert wires(page) == WIRES
    page.keyboard.press("ArrowRight")
    expect(toll(page, "About 40 people")).to_be_focused()
    assert wires(page) == ["when"]
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    record = page.locator(".record", has_text="15 killed")
    expect(record).to_be_focused()
    assert wires(page) == WIRES
    page.keyboard.press("Tab")
    assert record.get_by_role("link", name="15 rebels").evaluate("one => one === document.activeElement")
    page.keyboard.press("Escape")
    expect(toll(page, "15 rebels")).to_be_focused()
    page.keyboard.press("Escape")
    assert wires(page) == []


@pytest.mark.parametrize("name", ["index.html", "documents/azaz.html"])
def test_whatever_has_the_focus_shows_it_and_the_first_stop_skips_to_the_content(visit: Visit, name: str) -> None:
    page = visit(name)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    seen = 0
    while page.evaluate("document.activeElement !== document.body") and seen < 100:
        style, width, boxes = page.evaluate(
            "(({ outlineStyle, outlineWidth }) => [outlineStyle, parseFloat(outlineWidth),"
            " document.activeElement.getClientRects().length])(getComputedStyle(document.activeElement))"
        )
        assert (style, boxes > 0) != ("none", True), page.evaluate("document.activeElement.outerHTML")
        assert width >= 1
        seen += 1
        page.keyboard.press("Tab")
    assert seen > 8


def test_a_toll_that_was_clicked_stays_chosen_until_escape(visit: Visit) -> None:
    page = visit("documents/azaz.html")
    toll(page, "15 rebels").click()
    page.mouse.move(5, 5)
    page.get_by_role("heading", name="Toll records").click()
    assert wires(page) == WIRES
    page.keyboard.press("Escape")
    assert wires(page) == []


def test_on_a_phone_a_tap_draws_the_wires_and_brings_the_record_which_can_be_closed(visit: Visit) -> None:
    page = visit("documents/azaz.html", NARROW, touch=True)
    toll(page, "15 rebels").tap()
    assert wires(page) == WIRES
    record = page.locator(".record.chosen")
    expect(record).to_be_in_viewport()
    assert record.evaluate("one => getComputedStyle(one).position") == "fixed"
    sheet, card = toll(page, "15 rebels").bounding_box(), record.bounding_box()
    assert sheet
    assert card
    assert sheet["y"] + sheet["height"] <= card["y"]
    record.get_by_role("button", name="Close the record").tap()
    expect(record).to_have_count(0)
    assert wires(page) == []


def test_an_address_of_a_record_or_a_toll_chooses_it(visit: Visit) -> None:
    page = visit("documents/azaz.html#r2")
    expect(page.locator("#r2")).to_be_focused()
    assert wires(page) == WIRES
    page.locator("#r2").get_by_role("link", name="record 1").click()
    expect(page.locator("#r1")).to_be_focused()
    assert wires(page) == ["by", "when", "where"]
    page.locator("#r1").get_by_role("link", name="At Least 12").click()
    expect(toll(page, "At Least 12")).to_be_focused()


def test_a_place_of_a_record_leads_to_the_documents_that_name_it(visit: Visit) -> None:
    page = visit("documents/azaz.html")
    page.locator("#r2").get_by_role("link", name="Azaz").click()
    expect(page.get_by_role("status")).to_have_text("2 documents, 4 tolls, 4 places")


def test_values_can_be_shown_in_the_text(visit: Visit) -> None:
    page = visit("documents/azaz.html")
    look = "mark => getComputedStyle(mark, '::after').content"
    mark = page.locator("article mark", has_text="Monday").last
    assert not mark.evaluate(look).startswith('"D 2014-06-09"')
    page.get_by_role("checkbox", name="show values in the text").check()
    assert mark.evaluate(look).startswith('"D 2014-06-09"')


def test_a_document_is_read_aloud_with_label_and_value_of_each_span(visit: Visit) -> None:
    page = visit("documents/azaz.html")
    expect(page.get_by_role("article").get_by_role("link")).to_have_count(3)
    expect(page.get_by_role("article").get_by_role("link", name="(TOLL 15 killed)")).to_be_visible()
    spoken = page.get_by_role("article").aria_snapshot()
    assert "(LOCATION Azaz)" in spoken
    assert "(DATE 2014-06-09)" in spoken
    assert "(ACTOR armed group, generic)" in spoken
    assert "(TOLL about 40 displaced)" in spoken
    expect(page.get_by_role("region", name="Toll records").get_by_role("listitem")).to_have_count(3)


def test_a_text_that_may_not_be_shown_is_its_spans_with_their_wires(visit: Visit) -> None:
    page = visit("documents/bare.html")
    expect(page.get_by_role("heading", level=1)).to_have_text("bare")
    assert "gunmen" not in page.content()
    toll(page, "15 rebels").hover()
    assert wires(page) == WIRES


def test_annotators_stand_beside_gold_with_their_differences_framed(visit: Visit) -> None:
    page = visit("documents/azaz.html")
    page.get_by_role("link", name="Annotators").click()
    expect(page.get_by_role("heading", name="Differences: 4")).to_be_visible()
    framed = page.locator("mark.differs")
    assert framed.first.evaluate("mark => getComputedStyle(mark).outlineStyle") == "solid"
    assert "difference 1" in page.get_by_role("region", name="Side by side").aria_snapshot()
    last = page.get_by_role("row", name="only a").get_by_role("cell").all_inner_texts()
    assert last == ["only a", "Aleppo (LOCATION)", "nothing", "annotator-a"]


# All pages.


@pytest.mark.parametrize("name", PAGES)
def test_the_parts_of_a_page_are_named_and_its_headings_in_order(visit: Visit, name: str) -> None:
    page = visit(name)
    for role in ("banner", "main", "contentinfo"):
        expect(page.get_by_role(role)).to_have_count(1)
    levels = page.locator("h1, h2, h3").evaluate_all("all => all.map(one => Number(one.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    nameless = page.locator("input, select, button, a[href]:not([tabindex='-1']), nav, section, form").evaluate_all(
        "all => all.filter(one => !one.closest('svg') && !one.labels?.[0]?.innerText.trim() && !one.textContent.trim()"
        " && !one.hasAttribute('aria-label')).map(one => one.outerHTML)"
    )
    assert nameless == []


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("name", [*PAGES, "index.html#view=timeline", "index.html#view=map"])
def test_no_page_is_wider_than_its_screen(visit: Visit, name: str, width: int) -> None:
    page = visit(name, width)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", ["index.html", "index.html#view=timeline", "index.html#view=map", *PAGES[1:3]])
def test_texts_have_contrast_in_light_and_dark(visit: Visit, name: str, *, dark: bool) -> None:
    page = visit(name, dark=dark)
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    texts = page.locator("p, th, td, a, mark, label, li, dt, dd, span, h1, h2, h3, button, summary, output, select")
    assert texts.count() > 20
    assert low_contrast(texts) == []
    if page.locator("a.toll").count():
        page.locator("a.toll").nth(1).click()
        assert low_contrast(texts) == []


@pytest.mark.parametrize("dark", [False, True])
def test_shapes_and_wires_stand_out_from_the_page(visit: Visit, *, dark: bool) -> None:
    colours = """all => all.map((one) => {
      const canvas = document.createElement("canvas").getContext("2d");
      canvas.fillStyle = getComputedStyle(one)[one.matches(".wire") ? "stroke" : "fill"];
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    })"""
    page = visit("index.html#view=timeline", dark=dark)
    drawn = page.get_by_role("list", name="Outcomes").locator("svg").evaluate_all(colours)
    behind = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    other = visit("documents/azaz.html", dark=dark)
    other.locator("a.toll").nth(1).hover()
    drawn += other.locator("#wires .wire").evaluate_all(colours)
    assert len(drawn) == 12
    assert [colour for colour in drawn if contrast(colour, behind) < 3] == []


@pytest.mark.parametrize("name", PAGES)
def test_without_javascript_everything_is_there_and_no_dead_control(visit: Visit, name: str) -> None:
    page = visit(name, javascript=False)
    assert page.locator("input:visible, select:visible, button:visible").count() == 0
    if name == "index.html":
        assert page.locator(".hit:visible").count() == 5
        expect(page.get_by_role("heading", name="Map of the places")).to_be_visible()
