"""Manifests: what is read, and that every fault in one is reported with its place."""

import datetime as dt
import pathlib

import pytest

from rift.corpus.build import collections
from rift.corpus.manifest import RowEntry, SourceEntry, StoredEntry, read_manifest
from rift.issues import InputError, Level
from rift.paths import data_root

HASH = "0" * 64

SOURCE = f"""
[collection]
title = "Letters"
redistributable = false
citation = "Letters, 2014"

[documents.letters-one]
title = "One"
publisher = "The Post"
published = 2014-05-06
published_from = "the postmark"
language = "en"
license = "LicenseRef-post"
source = "The Post, 6 May 2014"
split = "test"
raw = "letters/one.txt"
raw_bytes = 12
raw_sha256 = "{HASH}"
recipe = [{{ step = "keep_from", marker = "One" }}]
sha256 = "{HASH}"
"""

STORED = f"""
[collection]
title = "Notes"
redistributable = true
citation = "Notes, 2020"

[phenomena]
range = "a toll given as a range"
negation = "a toll that is denied"

[documents.notes-one]
sha256 = "{HASH}"
split = "train"
draws_on = ["letters-one"]
phenomena = ["range", "negation"]

[documents.notes-two]
sha256 = "{HASH}"
split = "dev"
"""


TABLES = f"""
[collection]
title = "Parish"
redistributable = false
citation = "Parish, 2015"

[transfer]
confidence = 0.5
labels = {{ Thing = "ACTOR" }}

[tables.north]
path = "north/table.csv"
format = "fa-kes"
language = "en"
license = "CC0-1.0"
source = "Parish (2015), north"
publisher = "The North"

[documents.parish-one]
row = "1"
row_sha256 = "{HASH}"
split = "test"
gold_from = 12
recipe = []
sha256 = "{HASH}"
"""

SOUTH = """
[tables.south]
path = "south/documents.json"
format = "re3d"
language = "en"
license = "CC0-1.0"
source = "Parish (2015), south"
"""


def write(folder: pathlib.Path, content: str) -> pathlib.Path:
    folder.mkdir(exist_ok=True)
    (folder / "manifest.toml").write_text(content, "utf-8")
    return folder


def test_a_manifest_of_source_texts_is_read(tmp_path: pathlib.Path) -> None:
    manifest = read_manifest(write(tmp_path / "letters", SOURCE))
    assert (manifest.name, manifest.collection.title, manifest.ids) == ("letters", "Letters", ("letters-one",))
    assert manifest.issues == []
    entry = manifest.documents["letters-one"]
    assert isinstance(entry, SourceEntry)
    assert entry.published == dt.date(2014, 5, 6)
    assert list(entry.recipe) == [{"step": "keep_from", "marker": "One"}]


def test_a_manifest_of_stored_texts_is_read(tmp_path: pathlib.Path) -> None:
    manifest = read_manifest(write(tmp_path / "notes", STORED))
    assert manifest.issues == []
    first, second = manifest.documents.values()
    assert isinstance(first, StoredEntry)
    assert isinstance(second, StoredEntry)
    assert (list(first.draws_on), list(first.phenomena)) == (["letters-one"], ["range", "negation"])
    assert (second.split, list(second.draws_on), list(second.phenomena)) == ("dev", [], [])


def test_what_the_only_table_says_goes_for_its_rows(tmp_path: pathlib.Path) -> None:
    manifest = read_manifest(write(tmp_path / "parish", TABLES))
    assert manifest.issues == []
    entry = manifest.documents["parish-one"]
    assert isinstance(entry, RowEntry)
    assert (entry.table, entry.publisher, entry.gold_from) == ("north", "The North", 12)
    assert manifest.transfer is not None
    assert (dict(manifest.transfer.labels), manifest.transfer.confidence) == ({"Thing": "ACTOR"}, 0.5)


def test_an_entry_may_say_what_its_table_does_not(tmp_path: pathlib.Path) -> None:
    content = (TABLES + SOUTH).replace('row = "1"', 'row = "1"\ntable = "south"\npublisher = "The South"')
    entry = read_manifest(write(tmp_path / "parish", content)).documents["parish-one"]
    assert isinstance(entry, RowEntry)
    assert (entry.table, entry.publisher) == ("south", "The South")


@pytest.mark.parametrize(
    ("content", "codes", "words"),
    [
        (TABLES + SOUTH, ["missing-key"], "'table'"),
        (TABLES.replace('row = "1"', 'row = "1"\ntable = "east"'), ["unknown-table"], "'east'"),
        (TABLES.replace('row = "1"', 'row = "1"\ntable = 3'), ["wrong-type"], "'table'"),
        (TABLES.replace('publisher = "The North"\n', ""), ["missing-key"], "'publisher'"),
        (TABLES.replace("gold_from = 12", "gold_from = -1"), ["wrong-type"], "'gold_from'"),
        (TABLES.replace("recipe = []", 'recipe = [{ recipe = "polish" }]'), ["unknown-recipe"], "'polish'"),
        (TABLES.replace("recipe = []", 'recipe = [{ step = "polish" }]'), ["unknown-step"], "'polish'"),
    ],
)
def test_a_faulty_entry_of_a_table_is_an_issue_with_its_document(
    tmp_path: pathlib.Path, content: str, codes: list[str], words: str
) -> None:
    manifest = read_manifest(write(tmp_path / "parish", content))
    assert [issue.code for issue in manifest.issues] == codes
    assert words in manifest.issues[0].message
    assert {(issue.where.doc, bool(issue.where.line)) for issue in manifest.issues} == {("parish-one", True)}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('format = "fa-kes"', 'format = "xlsx"', "wrong-type"),
        ('license = "CC0-1.0"\n', "", "missing-key"),
        ("confidence = 0.5", "confidence = 2", "wrong-type"),
        ('labels = { Thing = "ACTOR" }\n', "", "missing-key"),
        ("confidence = 0.5", "confidence = 0.5\nattributes = true", "unknown-key"),
    ],
)
def test_a_manifest_with_a_faulty_table_or_transfer_is_refused(
    tmp_path: pathlib.Path, old: str, new: str, code: str
) -> None:
    assert old in TABLES
    with pytest.raises(InputError) as caught:
        read_manifest(write(tmp_path / "parish", TABLES.replace(old, new)))
    assert [issue.code for issue in caught.value.issues] == [code]


def test_places_name_the_line_of_the_table(tmp_path: pathlib.Path) -> None:
    manifest = read_manifest(write(tmp_path / "notes", STORED))
    where = manifest.where("notes-two")
    assert STORED.split("\n")[where.line - 1] == "[documents.notes-two]"
    assert manifest.where("notes-three").line == 0


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ('title = "One"\n', "", ["missing-key"]),
        ('split = "test"', 'split = "exam"', ["wrong-type"]),
        ('raw = "letters/one.txt"', 'raw = "letters/one.txt"\nurl = "x"', ["unknown-key"]),
        ("published = 2014-05-06", 'published = "in May"', ["wrong-type"]),
        (f'sha256 = "{HASH}"\nrecipe', 'sha256 = "12"\nrecipe', ["wrong-type"]),
        ('"keep_from"', '"polish"', ["unknown-step"]),
        ('marker = "One"', "marker = 1", ["wrong-step-argument"]),
        ('marker = "One"', 'begin = "One"', ["wrong-step-argument", "wrong-step-argument"]),
    ],
)
def test_a_faulty_source_entry_is_an_issue_at_its_line(
    tmp_path: pathlib.Path, old: str, new: str, codes: list[str]
) -> None:
    assert old in SOURCE
    manifest = read_manifest(write(tmp_path / "letters", SOURCE.replace(old, new)))
    assert [issue.code for issue in manifest.issues] == codes
    assert {(issue.where.doc, issue.where.line) for issue in manifest.issues} == {("letters-one", 7)}
    assert manifest.documents == {}
    assert manifest.ids == ("letters-one",)


def test_the_faults_of_one_document_leave_the_others(tmp_path: pathlib.Path) -> None:
    faulty = STORED.replace('split = "dev"', 'split = "exam"').replace('"range", "negation"', '"range", "irony"')
    manifest = read_manifest(write(tmp_path / "notes", faulty + f'\n[documents.c]\nsha256 = "{HASH}"\nsplit = "dev"\n'))
    assert {issue.code for issue in manifest.issues} == {"unknown-phenomenon", "wrong-type"}
    assert list(manifest.documents) == ["c"]


def test_a_phenomenon_that_no_document_tries_is_a_warning(tmp_path: pathlib.Path) -> None:
    manifest = read_manifest(write(tmp_path / "notes", STORED.replace('"range", "negation"', '"range"')))
    (issue,) = manifest.issues
    assert (issue.code, issue.level) == ("unused-phenomenon", Level.WARNING)
    assert "'negation'" in issue.message


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("[collection", "not-toml"),
        (STORED + "\n[more]\n", "unknown-key"),
        ("[documents]\n", "missing-key"),
        (STORED.replace("redistributable = true\n", ""), "missing-key"),
        (STORED.replace("redistributable = true", 'redistributable = "yes"'), "wrong-type"),
        (STORED.replace("[documents.notes-two]", "[documents.Notes_Two]"), "wrong-type"),
    ],
)
def test_a_manifest_without_its_outline_is_refused(tmp_path: pathlib.Path, content: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read_manifest(write(tmp_path / "notes", content))
    assert [issue.code for issue in caught.value.issues] == [code]
    assert caught.value.issues[0].where.file == str(tmp_path / "notes" / "manifest.toml")


def test_a_manifest_that_is_not_utf_8_is_refused(tmp_path: pathlib.Path) -> None:
    (tmp_path / "manifest.toml").write_bytes(b'title = "caf\xe9"')
    with pytest.raises(InputError, match="not-toml"):
        read_manifest(tmp_path)


def test_a_folder_without_a_manifest_is_refused(tmp_path: pathlib.Path) -> None:
    with pytest.raises(InputError, match="no-manifest"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("name", collections())
def test_the_manifests_that_rift_carries_have_no_faults(name: str) -> None:
    assert read_manifest(data_root() / "corpus" / name).issues == []


def test_the_infighting_collection_is_for_testing_alone() -> None:
    manifest = read_manifest(data_root() / "corpus" / "infighting")
    assert len(manifest.documents) == 5
    assert {entry.split for entry in manifest.documents.values()} == {"test"}


@pytest.mark.parametrize(
    ("doc", "day", "anchor", "days"),
    [
        ("infighting-haaretz", "Tuesday", None, 0),
        ("infighting-dailystar", "Friday", dt.date(2014, 4, 10), 1),
        ("infighting-encyclopedia", "Thursday", dt.date(2016, 1, 2), 2 * 7 + 5),
        ("infighting-latimes", "Sunday", dt.date(2014, 1, 3), 2),
        ("infighting-aljazeera", "Saturday", dt.date(2014, 7, 17), 2),
    ],
)
def test_dates_of_publication_agree_with_what_they_were_inferred_from(
    doc: str, day: str, anchor: dt.date | None, days: int
) -> None:
    entry = read_manifest(data_root() / "corpus" / "infighting").documents[doc]
    assert isinstance(entry, SourceEntry)
    assert entry.published is not None
    assert entry.published.strftime("%A") == day
    assert anchor is None or entry.published == anchor + dt.timedelta(days=days)
