"""`rift corpus`: what its commands print, write and return."""

import pathlib

import msgspec
import pytest
from click.testing import CliRunner, Result

from rift.cli.corpus import corpus
from rift.corpus import build as build_module
from rift.corpus.document import Document, digest
from rift.issues import InputError
from rift.jsonl import read_structs, write_values

TEXT = "Bridge opens [sic]\n\nNobody fell in."


@pytest.fixture
def collection(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """Return the folder of the one collection, `notes`, of one stored document; the working folder is empty."""
    monkeypatch.setattr(build_module, "data_root", lambda: tmp_path)
    monkeypatch.delenv("RIFT_SOURCES", raising=False)
    folder = tmp_path / "corpus" / "notes"
    folder.mkdir(parents=True)
    (folder / "manifest.toml").write_text(
        '[collection]\ntitle = "Notes"\nredistributable = true\ncitation = "Notes"\n'
        f'[documents.notes-a]\nsha256 = "{digest(TEXT)}"\nsplit = "dev"\n',
        "utf-8",
    )
    document = Document(
        id="notes-a",
        collection="notes",
        title="Bridge opens",
        publisher="RIFT",
        published=None,
        language="en",
        license="CC-BY-4.0",
        source="written for this test",
        text=TEXT,
        sha256=digest(TEXT),
    )
    write_values(folder / "documents.jsonl", [document])
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return folder


def add_source_collection(root: pathlib.Path) -> None:
    (root / "town").mkdir()
    (root / "town" / "manifest.toml").write_text(
        '[collection]\ntitle = "Town"\nredistributable = false\ncitation = "Town"\n'
        '[documents.town-a]\ntitle = "T"\npublisher = "P"\npublished_from = "unknown"\nlanguage = "en"\n'
        'license = "LicenseRef-x"\nsource = "S"\nsplit = "test"\nraw = "a.txt"\nraw_bytes = 1\nrecipe = []\n'
        f'raw_sha256 = "{digest("T")}"\nsha256 = "{digest("T")}"\n',
        "utf-8",
    )


def run(*arguments: str) -> Result:
    return CliRunner().invoke(corpus, arguments)


@pytest.mark.usefixtures("collection")
def test_build_writes_the_documents_and_prints_a_table() -> None:
    result = run("build")
    assert result.exit_code == 0
    assert result.stdout.split()[:4] == ["collection", "documents", "words", "skipped"]
    assert "notes" in result.stdout
    (document,) = read_structs(Document, pathlib.Path("build/corpus/notes/documents.jsonl"))
    assert document.text == TEXT


def test_build_writes_where_it_is_told(collection: pathlib.Path, tmp_path: pathlib.Path) -> None:
    assert run("build", "--out", str(tmp_path / "out"), "notes").exit_code == 0
    assert (tmp_path / "out" / "notes" / "documents.jsonl").read_bytes() == (
        collection / "documents.jsonl"
    ).read_bytes()


def test_build_without_sources_skips_with_a_word_and_succeeds(collection: pathlib.Path, tmp_path: pathlib.Path) -> None:
    add_source_collection(collection.parent)
    result = run("build", "--out", str(tmp_path / "out"))
    assert result.exit_code == 0
    assert "[no-sources]" in result.stderr
    assert "docs/sources.md" in result.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["notes"]


@pytest.mark.parametrize("how", ["option", "variable", "beside"])
def test_sources_are_found(collection: pathlib.Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    add_source_collection(collection.parent)
    folder = pathlib.Path("sources" if how == "beside" else "elsewhere")
    folder.mkdir()
    (folder / "a.txt").write_text("T", "utf-8")
    if how == "variable":
        monkeypatch.setenv("RIFT_SOURCES", str(folder))
    result = run("show", "town-a", *(["--sources", str(folder)] if how == "option" else []))
    assert result.exit_code == 0
    assert result.stdout.endswith("\nT\n")


def test_a_folder_of_sources_that_does_not_exist_is_reported_once(
    collection: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_source_collection(collection.parent)
    monkeypatch.setenv("RIFT_SOURCES", "nowhere")
    for command in ("build", "check", "stats"):
        result = run(command)
        assert result.exit_code == 1
        assert result.stderr.count("no-sources-folder") == 1


def test_build_of_an_unknown_collection_is_refused(collection: pathlib.Path) -> None:
    result = run("build", "village")
    assert isinstance(result.exception, InputError)
    assert result.exception.issues[0].code == "no-collection"
    assert not (collection.parent / "work" / "build").exists()


@pytest.mark.usefixtures("collection")
def test_show_prints_metadata_and_the_text_as_it_is() -> None:
    result = run("show", "notes-a")
    assert result.stdout.endswith(f"\n{TEXT}\n")
    assert "CC-BY-4.0" in result.stdout
    assert "dev" in result.stdout


@pytest.mark.usefixtures("collection")
def test_show_prints_json_for_programs() -> None:
    document = msgspec.json.decode(run("show", "notes-a", "--json").stdout, type=Document)
    assert document.text == TEXT


@pytest.mark.usefixtures("collection")
def test_check_says_so_when_nothing_is_found() -> None:
    result = run("check")
    assert (result.exit_code, result.stdout) == (0, "nothing found\n")


def test_check_reports_every_error_at_once(collection: pathlib.Path) -> None:
    path = collection / "documents.jsonl"
    path.write_text(path.read_text("utf-8").replace("Nobody", "No-one "), "utf-8")
    manifest = collection / "manifest.toml"
    manifest.write_text(manifest.read_text("utf-8") + 'phenomena = ["irony"]\n', "utf-8")
    result = run("check")
    assert result.exit_code == 1
    assert "unknown-phenomenon" in result.stderr
    assert path.is_file()
    manifest.write_text(manifest.read_text("utf-8").replace('phenomena = ["irony"]', 'draws_on = ["notes-z"]'), "utf-8")
    result = run("check")
    assert "hash-differs" in result.stderr
    assert "unknown-document" in result.stderr


@pytest.mark.usefixtures("collection")
def test_stats_are_printed_as_a_table_and_as_json() -> None:
    table = run("stats").stdout.split()
    assert table[3:9] == ["collection", "split", "documents", "paragraphs", "sentences", "words"]
    assert table[10:16] == ["notes", "dev", "1", "2", "2", "6"]
    rows = msgspec.json.decode(run("stats", "--json").stdout)
    assert rows["texts"] == [
        {"collection": "notes", "split": "dev", "documents": 1, "paragraphs": 2, "sentences": 2, "words": 6}
    ]


@pytest.mark.parametrize("command", ["build", "show", "check", "stats"])
def test_every_command_has_help(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "RIFT_SOURCES" in result.stdout
