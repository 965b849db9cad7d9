"""The files of re3d: what is read of them, and that what cannot be read is named and leaves the rest."""

import json
import pathlib
import zipfile
from collections.abc import Callable

import pytest

import invented_re3d as invented
from rift.corpus import build as build_module
from rift.corpus.build import Built, build_collection
from rift.corpus.re3d import read_entities, read_rows
from rift.corpus.table import row_digest
from rift.issues import Level

ROWS = [invented.document_line("A1", "Bridge opens", "It did."), invented.document_line("A2", "Bridge shut", "It is.")]
FILE = invented.lines(ROWS)


def written(folder: pathlib.Path, content: bytes) -> pathlib.Path:
    path = folder / "documents.json"
    path.write_bytes(content)
    return path


def test_documents_are_rows_with_their_lines(tmp_path: pathlib.Path) -> None:
    rows, issues = read_rows(written(tmp_path, FILE))
    assert issues == []
    assert [(row.line, row.id, row.title, row.body) for row in rows] == [
        (1, "A1", "Bridge opens", "It did."),
        (2, "A2", "Bridge shut", "It is."),
    ]


def test_an_empty_file_has_no_rows(tmp_path: pathlib.Path) -> None:
    assert read_rows(written(tmp_path, b"")) == ([], [])


def test_windows_line_ends_change_no_row(tmp_path: pathlib.Path) -> None:
    plain = read_rows(written(tmp_path, FILE)).rows
    other = read_rows(written(tmp_path, FILE.replace(b"\n", b"\r\n"))).rows
    assert [row_digest(row) for row in other] == [row_digest(row) for row in plain]


@pytest.mark.parametrize(
    ("content", "code", "line", "left"),
    [
        (FILE.replace(b'"_id": "A1"', b'"_id": "A1'), "not-json", 1, ["A2"]),
        (FILE.replace(b'"title": "Bridge opens", ', b""), "missing-key", 1, ["A2"]),
        (FILE.replace(b'"title": "Bridge opens"', b'"title": 7'), "wrong-type", 1, ["A2"]),
        (FILE.replace(b"opens", b"o\xffens"), "not-utf-8", 1, ["A2"]),
        (FILE[:-30], "source-truncated", 2, ["A1"]),
        (FILE[:30], "source-truncated", 1, []),
        (b"[\n" + FILE + b"]", "not-lines", 1, []),
        (b"<html>no table</html>\n", "not-json", 1, []),
    ],
)
def test_a_faulty_line_is_named_and_leaves_the_others(
    tmp_path: pathlib.Path, content: bytes, code: str, line: int, left: list[str]
) -> None:
    path = written(tmp_path, content)
    rows, (issue,) = read_rows(path)
    assert (issue.code, issue.where.file, issue.where.line, issue.level) == (code, str(path), line, Level.ERROR)
    assert issue.hint
    assert [row.id for row in rows] == left


def test_a_file_that_is_not_there_and_an_archive_are_named(tmp_path: pathlib.Path) -> None:
    (missing,) = read_rows(tmp_path / "documents.json").issues
    with zipfile.ZipFile(tmp_path / "documents.json", "w") as archive:
        archive.writestr("documents.json", FILE)
    (packed,) = read_rows(tmp_path / "documents.json").issues
    assert (missing.code, packed.code) == ("no-source", "source-packed")
    assert "docs/sources.md" in missing.hint


@pytest.mark.parametrize(
    "change", [{"confidence": 1.5}, {"begin": -1}, {"end": "7"}, {"value": None}, {"documentId": 3}], ids=str
)
def test_an_entity_of_wrong_form_is_named_and_leaves_the_others(
    tmp_path: pathlib.Path, change: dict[str, object]
) -> None:
    path = tmp_path / "entities.json"
    path.write_bytes(invented.lines([invented.entity("Ada", "Person") | change, invented.entity("Monday", "Temporal")]))
    entities, (issue,) = read_entities(path)
    assert (issue.code, issue.where.line) == ("wrong-type", 1)
    assert [entity.value for entity in entities] == ["Monday"]


@pytest.fixture
def town(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    monkeypatch.setattr(build_module, "data_root", lambda: tmp_path)
    invented.write_collection(tmp_path)
    return tmp_path


def built(root: pathlib.Path) -> Built:
    return build_collection("town", root / "sources")


def test_a_collection_draws_on_several_tables(town: pathlib.Path) -> None:
    made = built(town)
    assert made.issues == ()
    first, second = (item.document for item in made.documents)
    assert (first.text, first.title, first.published) == (invented.TEXT, "Bridge opens", None)
    assert (first.publisher, second.publisher) == ("The town", "The village")
    assert second.source == "Town (2017), village, row BBBB0002"


def remove(path: pathlib.Path) -> None:
    path.unlink()


def remove_folder(path: pathlib.Path) -> None:
    path.unlink()
    (path.parent / "entities.json").unlink()
    path.parent.rmdir()


def truncate(path: pathlib.Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def empty(path: pathlib.Path) -> None:
    path.write_bytes(b"")


def alter(path: pathlib.Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"duck", b"goose"))


def break_up(path: pathlib.Path) -> None:
    path.write_text(json.dumps([invented.document_line("AAAA0001", "Bridge opens", invented.BODY)], indent=1), "utf-8")


@pytest.mark.parametrize(
    ("harm", "code", "doc"),
    [
        (remove, "no-source", ""),
        (remove_folder, "no-source", ""),
        (truncate, "source-truncated", ""),
        (break_up, "not-lines", ""),
        (empty, "no-row", "town-aaaa0001"),
        (alter, "row-altered", "town-aaaa0001"),
    ],
)
def test_a_faulty_table_is_named_and_the_other_is_built(
    town: pathlib.Path, harm: Callable[[pathlib.Path], None], code: str, doc: str
) -> None:
    path = town / "sources" / "town" / "town" / "documents.json"
    harm(path)
    made = built(town)
    (issue,) = made.issues
    assert (issue.code, issue.where.file, issue.where.doc, issue.level) == (code, str(path), doc, Level.ERROR)
    assert issue.hint
    assert [item.document.id for item in made.documents] == ["town-bbbb0002"]
    assert made.skipped == ("town-aaaa0001",)
