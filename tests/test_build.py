"""Building collections, from sources made up here and from the real ones where there are any."""

import hashlib
import pathlib
import re
from collections.abc import Callable

import pytest

from rift.corpus import build as build_module
from rift.corpus.build import Built, build, build_collection, collections, find_document
from rift.corpus.check import check_collections
from rift.corpus.document import Document, canonical_faults, digest
from rift.corpus.manifest import read_manifest
from rift.corpus.stats import Row, Sizes, size_rows, text_sizes, total_sizes
from rift.issues import InputError, Issue, Level
from rift.jsonl import write_values

TEXT = "Bridge opens at Caf\u00e9 Nero\n\nThe mayor\u2019s bridge opened on Monday. Nobody fell in."
RAW = f"Menu\n{TEXT}\n\nShare this".encode()
RECIPE = """[
  { step = "normalise_spaces" },
  { step = "keep_from", marker = "Bridge" },
  { step = "drop_from", marker = "Share" },
  { step = "lines_to_paragraphs" },
]"""


def entry(doc: str, *, recipe: str = RECIPE, text: str = TEXT) -> str:
    return f"""
[documents.{doc}]
title = "Bridge opens"
publisher = "The Town Crier"
published = 2014-05-06
published_from = "the Tuesday after"
language = "en"
license = "LicenseRef-crier"
source = "The Town Crier, 6 May 2014"
split = "test"
raw = "town/{doc}.txt"
raw_bytes = {len(RAW)}
raw_sha256 = "{hashlib.sha256(RAW).hexdigest()}"
recipe = {recipe}
sha256 = "{digest(text)}"
"""


OUTLINE = '[collection]\ntitle = "Town"\nredistributable = false\ncitation = "Town, 2014"\n'


@pytest.fixture
def town(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """Return the root of a data folder with one collection of two documents, and `sources` with their raw texts."""
    monkeypatch.setattr(build_module, "data_root", lambda: tmp_path)
    (tmp_path / "corpus" / "town").mkdir(parents=True)
    (tmp_path / "sources" / "town").mkdir(parents=True)
    for doc in ("town-a", "town-b"):
        (tmp_path / "sources" / "town" / f"{doc}.txt").write_bytes(RAW)
    write_manifest(tmp_path, OUTLINE + entry("town-a") + entry("town-b"))
    return tmp_path


def write_manifest(root: pathlib.Path, content: str) -> None:
    (root / "corpus" / "town" / "manifest.toml").write_text(content, "utf-8")


def built_town(root: pathlib.Path) -> Built:
    return build_collection("town", root / "sources")


def only_issue(built: Built) -> Issue:
    (issue,) = built.issues
    assert issue.level is Level.ERROR
    assert issue.hint
    assert issue.where.doc == "town-a"
    assert [item.document.id for item in built.documents] == ["town-b"]
    assert built.skipped == ("town-a",)
    return issue


def test_documents_are_built_from_their_sources(town: pathlib.Path) -> None:
    built = built_town(town)
    assert built.issues == ()
    assert built.skipped == ()
    first, second = built.documents
    assert (first.document.text, first.document.sha256, first.split) == (TEXT, digest(TEXT), "test")
    assert (first.document.id, first.document.collection, second.document.id) == ("town-a", "town", "town-b")
    assert str(first.document.published) == "2014-05-06"


def test_a_missing_source_is_named(town: pathlib.Path) -> None:
    path = town / "sources" / "town" / "town-a.txt"
    path.unlink()
    issue = only_issue(built_town(town))
    assert (issue.code, issue.where.file) == ("no-source", str(path))
    assert f"{len(RAW)} bytes" in issue.message
    assert "docs/sources.md" in issue.hint


def with_bom(data: bytes) -> bytes:
    return b"\xef\xbb\xbf" + data


def with_crlf(data: bytes) -> bytes:
    return data.replace(b"\n", b"\r\n")


def as_cp1252(data: bytes) -> bytes:
    return data.decode().encode("cp1252")


def as_latin_1(data: bytes) -> bytes:
    return data.decode().encode("latin-1", "replace")


def as_utf_16(data: bytes) -> bytes:
    return data.decode().encode("utf-16")


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (with_bom, "source-bom", "begins with a byte order mark"),
        (with_crlf, "source-crlf", "has Windows line ends"),
        (as_cp1252, "source-encoding", "was saved as Windows-1252"),
        (as_latin_1, "source-encoding", "is not UTF-8 (byte 0xe9 at"),
        (as_utf_16, "source-encoding", "is not UTF-8 (byte 0xff at 0)"),
        (lambda data: data + b"\n", "source-final-newline", "has a line end added"),
        (lambda data: with_bom(with_crlf(data)), "source-bom", "byte order mark and has Windows line ends"),
        (
            lambda data: with_crlf(as_cp1252(data)),
            "source-encoding",
            "Windows-1252 or Latin-1 and has Windows line ends",
        ),
        (lambda data: data[:40], "source-truncated", "has only 40 bytes"),
        (lambda data: data[: data.index(b"\x80\x99")], "source-truncated", "cut off"),
        (lambda _: b"", "source-truncated", "has only 0 bytes"),
        (lambda data: data.replace(b"Nobody", b"No one"), "source-altered", f"was altered (it has {len(RAW)} bytes"),
        (lambda data: data + "\u0141".encode(), "source-altered", "was altered"),
        (lambda data: data + b" with your friends", "source-altered", f"was altered (it has {len(RAW) + 18} bytes"),
    ],
)
def test_a_changed_source_is_refused_and_the_change_is_named(
    town: pathlib.Path, change: Callable[[bytes], bytes], code: str, words: str
) -> None:
    path = town / "sources" / "town" / "town-a.txt"
    path.write_bytes(change(RAW))
    issue = only_issue(built_town(town))
    assert (issue.code, issue.where.file) == (code, str(path))
    assert words in issue.message
    assert hashlib.sha256(RAW).hexdigest() in issue.message


def test_latin_1_without_other_letters_is_recognised(town: pathlib.Path) -> None:
    raw = "Menu\nBridge opens\n\nCaf\u00e9 Nero\n\nShare".encode()
    text = "Bridge opens\n\nCaf\u00e9 Nero"
    changed = entry("town-a", text=text).replace(hashlib.sha256(RAW).hexdigest(), hashlib.sha256(raw).hexdigest())
    write_manifest(town, OUTLINE + changed + entry("town-b"))
    path = town / "sources" / "town" / "town-a.txt"
    path.write_bytes(raw)
    assert built_town(town).issues == ()
    path.write_bytes(raw.decode().encode("latin-1"))
    assert only_issue(built_town(town)).code == "source-encoding"


@pytest.mark.parametrize(
    ("recipe", "code", "words"),
    [
        (RECIPE.replace("normalise_spaces", "polish"), "unknown-step", "step 1 of the recipe, 'polish', is not known"),
        (RECIPE.replace("marker", "begin", 1), "wrong-step-argument", "'begin' is not known"),
        (RECIPE.replace('"Share"', '"Subscribe"'), "step-not-applicable", "step 3 of the recipe, 'drop_from'"),
        (RECIPE.replace('  { step = "drop_from", marker = "Share" },\n', ""), "hash-differs", digest(TEXT)),
        (RECIPE.replace('"lines_to_paragraphs"', '"keep_from", marker = "The"'), "not-canonical", "blank line"),
    ],
)
def test_a_recipe_that_does_not_give_the_text_is_refused(
    town: pathlib.Path, recipe: str, code: str, words: str
) -> None:
    write_manifest(town, OUTLINE + entry("town-a", recipe=recipe) + entry("town-b"))
    built = built_town(town)
    issues = [issue for issue in built.issues if issue.code == code]
    assert any(words in issue.message for issue in issues)
    assert {issue.where for issue in built.issues} == {read_manifest(town / "corpus" / "town").where("town-a")}
    assert built.issues[0].where.line > 0
    assert [item.document.id for item in built.documents] == ["town-b"]


@pytest.mark.usefixtures("town")
def test_without_sources_a_collection_is_skipped_with_a_word_on_how_to_get_them() -> None:
    built = build_collection("town", None)
    (issue,) = built.issues
    assert (issue.code, issue.level) == ("no-sources", Level.WARNING)
    assert "docs/sources.md" in issue.hint
    assert (built.documents, built.skipped) == ((), ("town-a", "town-b"))


def test_a_folder_of_sources_that_does_not_exist_is_an_error(town: pathlib.Path) -> None:
    built = build_collection("town", town / "nowhere")
    (issue,) = built.issues
    assert (issue.code, issue.level, issue.where.file) == ("no-sources-folder", Level.ERROR, str(town / "nowhere"))


def test_an_unknown_collection_is_refused(town: pathlib.Path) -> None:
    assert collections() == ["town"]
    with pytest.raises(InputError, match=r"no-collection.*known collections: town"):
        build_collection("village", town)


def test_a_document_is_found_by_its_id(town: pathlib.Path) -> None:
    assert find_document("town-b", town / "sources").document.text == TEXT
    with pytest.raises(InputError, match=r"no-document.*did you mean town-b, town-a"):
        find_document("town-c", town / "sources")
    with pytest.raises(InputError, match="no-sources"):
        find_document("town-a", None)
    (town / "sources" / "town" / "town-a.txt").write_bytes(b"")
    with pytest.raises(InputError, match="source-truncated"):
        find_document("town-a", town / "sources")


def note(doc: str, text: str) -> Document:
    return Document(
        id=doc,
        collection="notes",
        title="Note",
        publisher="RIFT",
        published=None,
        language="en",
        license="CC-BY-4.0",
        source="written for this test",
        text=text,
        sha256=digest(text),
    )


NOTES = '[collection]\ntitle = "Notes"\nredistributable = true\ncitation = "Notes"\n[phenomena]\nrange = "a range"\n'


def stored(doc: str, text: str, split: str, more: str = "") -> str:
    return f'[documents.{doc}]\nsha256 = "{digest(text)}"\nsplit = "{split}"\n{more}\n'


@pytest.fixture
def notes(town: pathlib.Path) -> pathlib.Path:
    """Return the data folder of `town` with a second collection, of two stored documents."""
    folder = town / "corpus" / "notes"
    folder.mkdir()
    manifest = NOTES + stored("notes-a", "One.", "train", 'phenomena = ["range"]') + stored("notes-b", "Two.", "dev")
    (folder / "manifest.toml").write_text(manifest, "utf-8")
    write_values(folder / "documents.jsonl", [note("notes-a", "One."), note("notes-b", "Two.")])
    return town


@pytest.mark.usefixtures("notes")
def test_stored_documents_build_without_sources() -> None:
    built = build_collection("notes", None)
    assert built.issues == ()
    assert [(item.document.text, item.split, list(item.phenomena)) for item in built.documents] == [
        ("One.", "train", ["range"]),
        ("Two.", "dev", []),
    ]


@pytest.mark.parametrize(
    ("documents", "code", "doc"),
    [
        ([note("notes-a", "One.")], "no-document", "notes-b"),
        ([note("notes-a", "One."), note("notes-b", "2.")], "hash-differs", "notes-b"),
        ([note("notes-a", "One."), note("notes-b", "Two."), note("notes-c", "3.")], "not-in-manifest", "notes-c"),
        ([note("notes-a", "One."), note("notes-b", "Two."), note("notes-b", "Two.")], "duplicate-document", "notes-b"),
    ],
)
def test_stored_documents_that_differ_from_the_manifest_are_named(
    notes: pathlib.Path, documents: list[Document], code: str, doc: str
) -> None:
    write_values(notes / "corpus" / "notes" / "documents.jsonl", documents)
    built = build_collection("notes", None)
    assert [(issue.code, issue.where.doc) for issue in built.issues] == [(code, doc)]
    assert built.documents[0].document.id == "notes-a"


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ('"text":"Two."', '"text":"Tvo."', ["hash-differs"]),
        ('"text":"Two."', '"text":"Two. "', ["not-canonical", "hash-differs"]),
        ('"collection":"notes","title":"Note"', '"collection":"town","title":"Note"', ["wrong-collection"] * 2),
        ('"language":"en",', "", ["missing-key"] * 2),
        ('{"id":"notes-b"', '"id":"notes-b"', ["not-json"]),
    ],
)
def test_a_faulty_stored_document_is_an_issue(notes: pathlib.Path, old: str, new: str, codes: list[str]) -> None:
    path = notes / "corpus" / "notes" / "documents.jsonl"
    content = path.read_text("utf-8")
    assert old in content
    path.write_text(content.replace(old, new), "utf-8")
    assert [issue.code for issue in build_collection("notes", None).issues] == codes


def test_a_missing_documents_file_is_one_issue(notes: pathlib.Path) -> None:
    (notes / "corpus" / "notes" / "documents.jsonl").unlink()
    assert [issue.code for issue in build_collection("notes", None).issues] == ["no-file"]


def test_checking_sound_collections_finds_that_two_documents_are_the_same(notes: pathlib.Path) -> None:
    issues = check_collections(["notes", "town"], notes / "sources")
    assert [(issue.code, issue.where.doc) for issue in issues] == [("splits-overlap", "town-b")]


@pytest.mark.parametrize(
    ("first", "second", "codes"),
    [
        ([], [], []),
        (["elsewhere-1"], ["elsewhere-2"], []),
        (["elsewhere-1"], ["elsewhere-1"], ["split-leak"]),
        ([], ["notes-a"], ["split-leak"]),
        ([], ["town-a"], ["split-leak"]),
        ([], ["town-z"], ["unknown-document"]),
    ],
)
def test_documents_of_two_splits_share_no_document_that_they_draw_on(
    notes: pathlib.Path, first: list[str], second: list[str], codes: list[str]
) -> None:
    more = [f"draws_on = {drawn}" for drawn in (first, second)]
    manifest = NOTES + stored("notes-a", "One.", "train", f'phenomena = ["range"]\n{more[0]}')
    manifest += stored("notes-b", "Two.", "dev", more[1])
    (notes / "corpus" / "notes" / "manifest.toml").write_text(manifest, "utf-8")
    write_manifest(notes, OUTLINE + entry("town-a"))
    issues = check_collections(["notes", "town"], notes / "sources")
    assert [(issue.code, issue.where.doc) for issue in issues] == [(code, "notes-b") for code in codes]


def test_documents_of_one_split_may_draw_on_the_same(notes: pathlib.Path) -> None:
    manifest = NOTES + stored("notes-a", "One.", "dev", 'phenomena = ["range"]\ndraws_on = ["elsewhere-1"]')
    manifest += stored("notes-b", "Two.", "dev", 'draws_on = ["elsewhere-1", "notes-a"]')
    (notes / "corpus" / "notes" / "manifest.toml").write_text(manifest, "utf-8")
    assert check_collections(["notes"], None) == []


def test_checking_goes_on_after_a_manifest_that_cannot_be_read(notes: pathlib.Path) -> None:
    write_manifest(notes, "[collection")
    issues = check_collections(["town", "notes", "village"], None)
    assert [issue.code for issue in issues] == ["not-toml", "no-collection"]


def test_an_id_in_two_collections_is_found(notes: pathlib.Path) -> None:
    write_manifest(notes, OUTLINE + entry("notes-a"))
    issues = check_collections(["notes", "town"], None)
    assert [issue.code for issue in issues] == ["no-sources", "duplicate-id"]


def test_sizes_count_words_of_letters_or_digits() -> None:
    assert text_sizes("Head\n\nAl-Zor: 1,300 fled. Why?") == Sizes(documents=1, paragraphs=2, sentences=3, words=7)
    assert text_sizes("") == Sizes(documents=1)
    assert total_sizes([]) == Sizes()


def test_sizes_are_given_by_collection_and_split(notes: pathlib.Path) -> None:
    items = [*build_collection("notes", None).documents, *build_collection("town", notes / "sources").documents]
    assert size_rows(items) == [
        Row("notes", "train", 1, 1, 1, 1),
        Row("notes", "dev", 1, 1, 1, 1),
        Row("town", "test", 2, 4, 6, 30),
    ]
    assert size_rows([]) == []


CHROME = re.compile(
    r"Share|Sign in|LOG IN|Click the|Credit:|mainimg|dailystar|Spotlight|Recommended|emoji|World Library|Flag as"
    r"|\[\d+\]|\^|\u2022|\xa0|[\u0590-\u05ff]|Creative Commons|References|Send in"
)


@pytest.mark.sources
def test_the_infighting_collection_builds_to_its_pinned_texts(sources: pathlib.Path) -> None:
    built = build_collection("infighting", sources)
    assert built.issues == ()
    assert len(built.documents) == 5
    for item in built.documents:
        document = item.document
        assert document.sha256 == digest(document.text)
        assert list(canonical_faults(document.text)) == []
        assert CHROME.search(document.text) is None
        paragraphs = document.text.split("\n\n")
        assert paragraphs[0] == document.title
        assert len(set(paragraphs)) == len(paragraphs)


@pytest.mark.sources
def test_the_encyclopedia_reads_forward(sources: pathlib.Path) -> None:
    text = find_document("infighting-encyclopedia", sources).document.text
    paragraphs = text.split("\n\n")
    headings = [paragraph for paragraph in paragraphs[1:] if not re.search(r"\d|\.$", paragraph)]
    assert len(headings) == 14
    assert [headings[0], headings[1], headings[8], headings[-1]] == [
        "Background",
        "Open warfare",
        "Koban\u00ee",
        "Casualties",
    ]
    assert not re.search(r"  | [,.;]", text)


@pytest.mark.sources
def test_building_twice_gives_the_same(sources: pathlib.Path) -> None:
    manifest = read_manifest(build_module.collection_folder("infighting"))
    assert build(manifest, sources) == build(manifest, sources)
