"""The site: who sees which documents, what no page may hold, and how it is written."""

import dataclasses
import html.parser
import json
import pathlib
import re

import msgspec
import pytest

from browsed import AZAZ, AZAZ_MENTIONS, HOSTILE, entries, entry, site
from rift.annotations.collection import read_collection, sealed_splits, splits
from rift.annotations.layer import Span
from rift.browse.gather import gather, gather_public
from rift.browse.output import write_site
from rift.browse.site import POLICY, count_files
from rift.corpus.build import build_collection, collections
from rift.issues import InputError

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
