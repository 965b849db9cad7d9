"""The corpus as pages: what is shown of a document, where it is drawn, and what no page may hold."""

import dataclasses
import datetime as dt
import html.parser
import itertools
import json
import pathlib
import re

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import given, settings

from browsed import AZAZ, AZAZ_MENTIONS, HOSTILE, azaz, bare, entries, entry, site, unmarked
from rift.annotations.collection import read_collection, sealed_splits, splits
from rift.annotations.layer import Span
from rift.annotations.records import Estimate, Record
from rift.browse.atlas import WIDTH as MAP_WIDTH
from rift.browse.atlas import atlas
from rift.browse.catalogue import catalogue
from rift.browse.compare import beside
from rift.browse.document import view
from rift.browse.gather import gather, gather_public
from rift.browse.output import write_site
from rift.browse.reading import LEFT_OUT, Paragraph, from_surfaces, mark_all, read
from rift.browse.site import POLICY, count_files
from rift.browse.timeline import HEIGHT, WIDTH, period, timeline
from rift.browse.words import figure_words, lineage, span_words
from rift.corpus.build import build_collection, collections
from rift.guidelines import Place, knowledge, scheme
from rift.issues import InputError


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


# The timeline.


@pytest.mark.parametrize(
    ("values", "days"),
    [
        (["2014-06-10"], ("2014-06-10", "2014-06-10")),
        (["2014-06"], ("2014-06-01", "2014-06-30")),
        (["2011~"], ("2011-01-01", "2011-12-31")),
        (["2014-22"], ("2014-06-01", "2014-08-31")),
        (["2014-04-30/2014-06-10"], ("2014-04-30", "2014-06-10")),
        (["2014-01-02/.."], ("2014-01-02", "2014-01-02")),
        (["2014-06-10", "2013-05"], ("2013-05-01", "2014-06-10")),
        (["2014-06-10", "soon"], ("2014-06-10", "2014-06-10")),
        (["soon"], None),
        ([], None),
    ],
)
def test_a_date_has_a_first_and_a_last_day(values: list[str], days: tuple[str, str] | None) -> None:
    found = period(values)
    assert found == (None if days is None else (dt.date.fromisoformat(days[0]), dt.date.fromisoformat(days[1])))


@settings(deadline=None)  # the parser is slow
@given(st.text("0123456789-/~?.XyY", max_size=12))
def test_no_date_however_wrong_stops_the_timeline(value: str) -> None:
    found = period([value])
    assert found is None or found[0] <= found[1]


def toll(figure: int, when: str) -> Record:
    return Record(start=0, end=1, outcome="killed", low=figure, high=figure, when=(when,) if when else ())


@given(st.lists(st.tuples(st.integers(0, 10**7), st.dates(dt.date(2011, 1, 1), dt.date(2018, 12, 31))), min_size=1))
def test_points_lie_on_the_plane_higher_and_larger_with_their_figure(drawn: list[tuple[int, dt.date]]) -> None:
    found = timeline([toll(figure, str(day)) for figure, day in drawn])
    assert len(found.points) + found.outside == len(drawn)
    for point in found.points:
        assert 0 < point.x <= WIDTH
        assert 0 < point.y < HEIGHT
        assert point.first <= point.x <= point.last
    ordered = sorted(found.points, key=lambda point: drawn[point.toll][0])
    for one, other in itertools.pairwise(ordered):
        assert one.y >= other.y
        assert one.radius <= other.radius
    assert [point.radius for point in found.points] == sorted((point.radius for point in found.points), reverse=True)


def test_later_tolls_stand_farther_right_and_the_years_are_named() -> None:
    found = timeline([toll(5, "2014-06-10"), toll(5, "2012-01-01"), toll(5, "")])
    across = {point.toll: point.x for point in found.points}
    assert across[1] < across[0]
    assert [name for _, name in found.dates] == ["2012", "2013", "2014"]
    assert [name for _, name in found.figures] == ["0", "1", "10"]
    assert found.undated == 1


def test_a_toll_of_another_age_does_not_press_the_others_together() -> None:
    found = timeline([toll(5, "2014-06-10")] * 200 + [toll(5, "1982")])
    assert found.outside == 1
    assert [name for _, name in found.dates] == ["2014"]


def test_without_tolls_the_timeline_is_empty() -> None:
    assert timeline([]).points == ()
    assert timeline([toll(5, "")]).undated == 1


# The map.


def place(latitude: float, longitude: float, name: str = "Somewhere") -> Place:
    return Place(name=name, kind="settlement", latitude=latitude, longitude=longitude)


def test_north_is_up_east_is_right_and_the_most_named_place_is_the_largest() -> None:
    known = {"here": place(35, 36), "there": place(36.5, 38)}
    found = {spot.key: spot for spot in atlas({"here": 9, "there": 1}, known).spots}
    assert found["there"].x > found["here"].x
    assert found["there"].y < found["here"].y
    assert found["here"].radius == pytest.approx(3 * found["there"].radius, abs=0.1)


def test_a_place_far_from_the_others_is_left_to_the_table() -> None:
    known = {f"p{number}": place(35 + number / 10, 36 + number / 10) for number in range(10)} | {"far": place(51.5, 0)}
    found = atlas(dict.fromkeys(known, 1), known)
    assert {spot.key for spot in found.spots} == known.keys() - {"far"}
    assert found.height < 2 * MAP_WIDTH


def test_places_without_coordinates_or_documents_are_not_drawn() -> None:
    known = {"bare": Place(name="Bare", kind="region"), "unnamed": place(35, 36)}
    assert atlas({"bare": 3, "unnamed": 0, "unknown": 2}, known).spots == ()


points = st.tuples(st.floats(32, 37), st.floats(35, 42), st.integers(1, 200), st.text("abc ", min_size=1, max_size=12))


@given(st.lists(points, min_size=1, max_size=40))
def test_names_on_the_map_stay_on_it_and_never_cover_one_another(drawn: list[tuple[float, float, int, str]]) -> None:
    known = {str(number): place(north, east, name) for number, (north, east, _, name) in enumerate(drawn)}
    found = atlas({str(number): count for number, (_, _, count, _) in enumerate(drawn)}, known)
    boxes = []
    for spot in (spot for spot in found.spots if spot.name_at):
        assert spot.name_at
        x, y = spot.name_at
        wide = len(spot.name) * 6.6
        left = {"start": x, "end": x - wide, "middle": x - wide / 2}[spot.anchor]
        boxes.append((left, y - 10, left + wide, y + 4))
    for left, top, right, bottom in boxes:
        assert left >= -0.1
        assert top >= -0.1
        assert right <= MAP_WIDTH + 0.1
        assert bottom <= found.height + 0.1
    for one, other in itertools.combinations(boxes, 2):
        slack = 0.2  # of the rounding
        apart = one[2] <= other[0] + slack or other[2] <= one[0] + slack
        assert apart or one[3] <= other[1] + slack or other[3] <= one[1] + slack


# The catalogue.


def test_a_document_is_found_under_the_places_and_actors_that_its_own_are_part_of() -> None:
    found = catalogue([view(entry, knowledge()) for entry in entries()], knowledge(), scheme())
    options = {facet: {option.value: option.documents for option in found.facets[facet]} for facet in found.facets}
    assert options["place"] == {
        "aleppo": 2,
        "aleppo-province": 2,
        "azaz": 2,
        "raqqa": 1,
        "raqqa-province": 1,
        "syria": 3,
    }
    assert options["collection"] == {"invented": 5}
    assert options["split"] == {"dev": 4, "train": 1}
    assert list(options["label"]) == ["ACTOR", "LOCATION", "DATE", "TOLL"]
    assert options["outcome"] == {"killed": 3, "wounded": 1, "displaced": 2}
    assert options["actor"]["isis"] == 2


def test_the_tolls_are_listed_by_date_and_those_without_one_last() -> None:
    found = catalogue([view(entry, knowledge()) for entry in entries()], knowledge(), scheme())
    assert [row.view.entry.doc for row in found.tolls] == ["raqqa", *["azaz"] * 3, *["bare"] * 3, "hostile"]


def test_places_count_the_documents_and_tolls_of_all_that_lies_in_them() -> None:
    found = catalogue([view(entry, knowledge()) for entry in entries()], knowledge(), scheme())
    counts = {row.key: (row.documents, row.tolls, row.within, row.drawn) for row in found.places}
    assert counts["syria"] == (3, 5, "", False)
    assert counts["azaz"] == (2, 4, "Aleppo Governorate", True)


# What everybody may see, and what the reader has.


def test_the_public_sees_no_sealed_document_and_texts_of_redistributable_collections_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("RIFT_TEST_KEY", raising=False)
    found = gather_public(collections(), "gold").entries
    sealed = {doc for name in collections() for doc, split in splits(name).items() if split in sealed_splits(name)}
    known = {doc for name in collections() for doc in splits(name)}
    assert sealed
    assert {entry.doc for entry in found} == known - sealed
    assert {entry.collection for entry in found if entry.text is not None or entry.title} == {"briefs"}
    assert not any(entry.annotators for entry in found)


def test_the_key_opens_nothing_for_the_public(test_key: str) -> None:
    assert test_key
    shown = {entry.doc for entry in gather_public(["fakes"], "gold").entries}
    assert not shown & read_collection("fakes", "gold", "test").markups.keys()


def test_a_sealed_split_is_there_with_its_key(test_key: str) -> None:
    assert test_key
    shown = {entry.doc: entry for entry in gather(["fakes"], "gold", None).entries}
    sealed = read_collection("fakes", "gold", "test").markups
    assert sealed
    assert all(shown[doc].markup == markup for doc, markup in sealed.items())


def test_without_the_key_a_reader_sees_no_sealed_document(sources: pathlib.Path) -> None:
    shown = {entry.doc for entry in gather(["fakes"], "gold", sources).entries}
    assert shown
    assert not shown & {doc for doc, split in splits("fakes").items() if split == "test"}


def test_a_reader_with_the_sources_sees_texts_and_annotators(sources: pathlib.Path) -> None:
    for shown in gather(["infighting"], "gold", sources).entries:
        assert shown.text
        assert shown.title
        assert len(shown.annotators) == 2


def test_a_layer_that_a_collection_lacks_leaves_its_texts_bare_and_says_so() -> None:
    for found in (gather(["briefs"], "nobody", None), gather_public(["briefs"], "nobody")):
        assert [(issue.code, issue.level) for issue in found.issues] == [("no-layer", "warning")]
        assert found.entries
        assert all(entry.markup is None and entry.text for entry in found.entries)


@pytest.mark.sources
def test_no_public_page_repeats_a_run_of_a_text_that_is_not_ours(sources: pathlib.Path) -> None:
    pages = site(list(gather_public(collections(), "gold").entries))
    shown = " ".join(" ".join(plain_text(content.decode())) for content in pages.values())
    words = re.findall(r"\w+|…", shown)  # the sign stands between surfaces
    runs = {tuple(words[start : start + 12]) for start in range(len(words))}
    names = [name for name in collections() if name != "briefs"]
    texts = [item.document.text for name in names for item in build_collection(name, sources).documents]
    assert texts
    for text in texts:
        tokens = re.findall(r"\w+", text)
        assert not any(tuple(tokens[start : start + 12]) in runs for start in range(len(tokens) - 11))


# The pages.


class _Page(html.parser.HTMLParser):
    """Collects what a page holds: its texts, ids, links, and everything that could run or load something."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.scripts: list[str] = []
        self._open = ""
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._open = tag
        for key, value in attrs:
            self.attributes.add(key)
            if key == "id":
                self.ids.append(value or "")
            if key in {"href", "src"}:
                self.links.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._open = ""

    def handle_data(self, data: str) -> None:
        (self.scripts if self._open == "script" else self.texts).append(data)


def plain_text(content: str) -> list[str]:
    return _Page(content).texts


@pytest.fixture(scope="module")
def pages() -> dict[str, bytes]:
    return site(entries())


def test_every_document_has_a_page_and_only_what_was_annotated_twice_a_comparison(pages: dict[str, bytes]) -> None:
    documents = {f"documents/{entry.doc}.html" for entry in entries()}
    assert pages.keys() == {"index.html", "browse.css", "browse.js", "icon.svg", "annotators/azaz.html"} | documents
    assert len(pages) == count_files(entries())


def test_every_link_leads_to_a_page_and_every_anchor_to_an_id(pages: dict[str, bytes]) -> None:
    parsed = {name: _Page(content.decode()) for name, content in pages.items() if name.endswith(".html")}
    for name, page in parsed.items():
        assert len(page.ids) == len(set(page.ids)), name
        for link in page.links:
            path, _, anchor = link.partition("#")
            target = str(pathlib.PurePosixPath(name).parent / path) if path else name
            target = re.sub(r"[^/]+/\.\./", "", target)
            assert target in pages, (name, link)
            if anchor and "=" not in anchor:
                assert anchor in parsed[target].ids, (name, link)


def test_no_page_holds_a_script_of_its_own_a_style_or_a_handler(pages: dict[str, bytes]) -> None:
    for name, content in pages.items():
        if name.endswith(".html"):
            page = _Page(content.decode())
            assert page.tags.count("script") == (2 if name == "index.html" else 1), name
            assert not {"style", "srcdoc"} & page.attributes
            assert not any(attribute.startswith("on") for attribute in page.attributes), name
            assert not {"style", "iframe", "object", "base"} & set(page.tags)
            assert "default-src &#39;none&#39;; script-src &#39;self&#39;;" in content.decode()
    assert "unsafe" not in POLICY


def test_what_is_hostile_in_a_text_is_text(pages: dict[str, bytes]) -> None:
    page = _Page(pages["documents/hostile.html"].decode())
    assert "".join(page.texts).count(HOSTILE.partition("\n")[0]) >= 1
    assert page.tags.count("img") == 1  # the site's own
    assert page.tags.count("script") == 1


def test_the_data_of_the_front_page_is_json_that_nothing_in_it_ends(pages: dict[str, bytes]) -> None:
    page = _Page(pages["index.html"].decode())
    (data,) = page.scripts
    assert "<" not in data
    found = json.loads(data)
    assert [item["text"] for item in found["documents"]][3] == HOSTILE
    assert [item["text"] for item in found["documents"]][2] == ""
    assert found["documents"][2]["surfaces"]["TOLL"] == ["At Least 12", "15 rebels"]


def test_the_same_documents_give_the_same_pages(pages: dict[str, bytes]) -> None:
    assert site(entries()) == pages


def test_without_documents_there_is_a_front_page() -> None:
    assert b"No document is like that." in site([])["index.html"]


def test_a_label_that_the_scheme_lacks_is_shown_and_cannot_leave_its_style() -> None:
    shown = entry("odd", AZAZ, AZAZ_MENTIONS)
    assert shown.markup
    odd = Span(start=0, end=2, label='"}</style><b>', surface="At")
    marked = msgspec.structs.replace(shown.markup, spans=[odd])
    found = site([dataclasses.replace(shown, markup=marked)])
    assert b"<b>" not in found["documents/odd.html"].partition(b"<article")[2]
    assert b'"}</style>' not in found["browse.css"]


# Writing.


def test_the_site_is_written_whole_and_again_over_itself(tmp_path: pathlib.Path, pages: dict[str, bytes]) -> None:
    for _ in range(2):
        assert write_site(tmp_path / "site", pages.items()) == len(pages)
    written = {path.relative_to(tmp_path / "site").as_posix(): path.read_bytes() for path in tmp_path.rglob("*.*")}
    assert written == pages


def test_a_folder_with_other_files_is_left_alone(tmp_path: pathlib.Path, pages: dict[str, bytes]) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "gone.html").write_text("an earlier page", "utf-8")
    with pytest.raises(InputError) as caught:
        write_site(tmp_path, pages.items())
    (issue,) = caught.value.issues
    assert issue.code == "other-files"
    assert "documents/gone.html" in issue.message
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["gone.html"]
