"""Files in and out: whole or not at all, and every fault in one sentence."""

import io
import os
import pathlib
import runpy
import sys

import msgspec
import pytest
from click.testing import CliRunner
from rich.table import Table

from rift.annotations.collection import layer_file
from rift.annotations.layer import Layer, Markup, Span, read_layer, write_layer
from rift.cli.console import print_table
from rift.cli.main import rift
from rift.issues import InputError, Issue
from rift.jsonl import read_values
from rift.paths import find_sources, write_folder, write_whole


class BrokenOffError(RuntimeError):
    """Stands for whatever may break a write off."""


def test_a_write_that_breaks_off_leaves_the_old_file_and_nothing_else(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "layer.jsonl"
    write_whole(target, b"old")

    def broken(self: pathlib.Path, target: pathlib.Path) -> None:
        raise BrokenOffError(f"{self} {target}")

    monkeypatch.setattr(pathlib.Path, "replace", broken)
    with pytest.raises(BrokenOffError):
        write_whole(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["layer.jsonl"]
    assert target.read_bytes() == b"old"


def test_a_folder_appears_whole_or_not_at_all(tmp_path: pathlib.Path) -> None:
    target = tmp_path / "folder"
    with pytest.raises(FileNotFoundError):
        write_folder(target, {"a.txt": b"a", "no/such/folder.txt": b"b"})
    assert list(tmp_path.iterdir()) == []
    write_folder(target, {"a.txt": b"a", "b.txt": b"b"})
    assert {path.name: path.read_bytes() for path in target.iterdir()} == {"a.txt": b"a", "b.txt": b"b"}
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_holds_something_is_not_written_over(tmp_path: pathlib.Path) -> None:
    target = tmp_path / "folder"
    write_folder(target, {})
    write_folder(target, {"a.txt": b"mine"})
    with pytest.raises(OSError, match="folder"):
        write_folder(target, {"a.txt": b"theirs"})
    assert (target / "a.txt").read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    "arguments",
    [
        ["corpus", "build", "briefs", "--out", "file/x"],
        ["convert", str(layer_file("briefs", "gold")), "file/x.mentions"],
        ["reproduce", "--out", "file/x"],
    ],
)
def test_a_folder_that_cannot_be_written_is_one_sentence_and_no_traceback(
    arguments: list[str], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    result = CliRunner().invoke(rift, arguments)
    assert result.exit_code == 1
    assert "[not-written]" in result.stderr
    assert "file" in result.stderr
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"[" * 100_000 + b"\n", "not-json", 1),
        (b"null\n\xff\n", "not-utf-8", 2),
        (b"[\n{}\n]\n", "not-lines", 1),
        (b'{\n"doc": 1\n}\n', "not-lines", 1),
        (b'{"a": NaN}\n', "not-json", 1),
    ],
)
def test_a_bad_line_is_an_issue_with_its_number(content: bytes, code: str, line: int, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "file.jsonl"
    path.write_bytes(content)
    issues = [row for row in read_values(path) if isinstance(row, Issue)]
    assert [(issue.code, issue.where.line) for issue in issues] == [(code, line)]


def test_a_folder_in_place_of_a_file_is_an_issue(tmp_path: pathlib.Path) -> None:
    (issue,) = read_values(tmp_path)
    assert isinstance(issue, Issue)
    assert issue.code == "no-file"


def test_an_offset_beyond_any_text_is_refused(tmp_path: pathlib.Path) -> None:
    row = {"doc": "d", "sha256": "0" * 64, "layer": "l", "spans": [{"start": 0, "end": 10**18, "label": "TOLL"}]}
    path = tmp_path / "layer.jsonl"
    path.write_bytes(msgspec.json.encode(row))
    with pytest.raises(InputError, match="wrong-type"):
        read_layer(path)


@pytest.mark.parametrize("key", ["a,b", "a b", "", "a\tb"])
def test_ids_that_a_mention_list_cannot_name_are_refused(key: str, tmp_path: pathlib.Path) -> None:
    row = {"doc": "d", "sha256": "0" * 64, "layer": "l", "spans": [{"id": key, "start": 0, "end": 1, "label": "TOLL"}]}
    path = tmp_path / "layer.jsonl"
    path.write_bytes(msgspec.json.encode(row))
    with pytest.raises(InputError, match="wrong-type"):
        read_layer(path)


def test_a_layer_is_written_and_read_back_by_a_path_as_text(tmp_path: pathlib.Path) -> None:
    path = str(tmp_path / "layer.jsonl")
    spans = (Span(start=5, end=6, label="DATE"), Span(start=0, end=1, label="ACTOR"))
    write_layer(path, Layer("l", [Markup(doc="d", sha256="0" * 64, layer="l", spans=spans)]))
    assert [span.label for span in read_layer(path).markups["d"].spans] == ["ACTOR", "DATE"]


@pytest.mark.parametrize("names", [("gold.jsonl", "gold.txt"), ("gold.jsonl", "gold.jsonl")])
def test_convert_refuses_other_names_and_its_own_input(names: tuple[str, str], tmp_path: pathlib.Path) -> None:
    files = [str(tmp_path / name) for name in names]
    (tmp_path / names[0]).write_bytes(layer_file("briefs", "gold").read_bytes())
    result = CliRunner().invoke(rift, ["convert", *files])
    assert result.exit_code == 2
    assert (tmp_path / names[0]).read_bytes() == layer_file("briefs", "gold").read_bytes()


def test_a_layer_whose_text_is_not_at_hand_is_not_converted_to_a_list(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RIFT_SOURCES", raising=False)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(rift, ["convert", str(layer_file("infighting", "gold")), "gold.mentions"])
    assert result.exit_code == 1
    assert result.output.count("[no-text]") == 5
    assert "docs/sources.md" in result.output


def test_checking_says_which_texts_were_not_at_hand(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RIFT_SOURCES", raising=False)
    assert "infighting is skipped" in CliRunner().invoke(rift, ["annotations", "check"]).output
    result = CliRunner().invoke(rift, ["annotations", "check", "--sources", "nowhere"])
    assert result.exit_code == 1
    assert "no-sources-folder" in result.output


def test_an_unrelated_folder_called_sources_is_passed_over(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sources").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RIFT_SOURCES", raising=False)
    result = CliRunner().invoke(rift, ["corpus", "check"])
    assert result.exit_code == 0
    assert "infighting is skipped" in result.output


def test_the_variable_decides_where_the_sources_are(tmp_path: pathlib.Path) -> None:
    assert find_sources({"RIFT_SOURCES": "/nowhere"}, tmp_path) == pathlib.Path("/nowhere")
    assert find_sources({}, tmp_path) is None
    (tmp_path / "sources").mkdir()
    assert find_sources({}, tmp_path) == tmp_path / "sources"


def test_a_table_loses_no_digit_on_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stdout", shown)
    table = Table(*(f"heading {number}" for number in range(9)))
    table.add_row(*["0.123456"] * 9)
    print_table(table)
    assert shown.getvalue().count("0.123456") == 9
    assert "…" not in shown.getvalue()


def test_collections_named_twice_are_taken_once() -> None:
    once = CliRunner().invoke(rift, ["corpus", "check", "briefs"])
    twice = CliRunner().invoke(rift, ["corpus", "check", "briefs", "briefs"])
    assert (once.exit_code, once.output) == (twice.exit_code, twice.output) == (0, "nothing found\n")


def test_the_module_runs_as_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", [os.devnull, "--version"])
    with pytest.raises(SystemExit):
        runpy.run_module("rift", run_name="__main__")
    assert capsys.readouterr().out.startswith("rift, version")
