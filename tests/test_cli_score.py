"""The command `rift score`."""

import json
import pathlib
import re
import sys
from collections.abc import Callable

import pytest

from eval_strategies import layer, span
from rift.annotations.layer import Layer, write_layer
from rift.cli import main as command

Result = tuple[int, str, str]
Run = Callable[..., Result]


@pytest.fixture
def rift(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> Run:
    """Return a function that runs `rift score` in a folder of its own: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["rift", "score", *arguments])
        with pytest.raises(SystemExit) as caught:
            command.main()
        captured = capsys.readouterr()
        return int(caught.value.code or 0), captured.out, captured.err

    return run


@pytest.fixture
def files(tmp_path: pathlib.Path) -> None:
    gold = {"doc-a": [span(0, 6, "ACTOR"), span(10, 30, "TOLL")], "doc-b": [span(4, 9, "DATE")]}
    predicted = {"doc-a": [span(0, 6, "ACTOR"), span(12, 30, "TOLL")], "doc-b": [span(4, 9, "DATE")]}
    write_layer(tmp_path / "gold.jsonl", layer("gold", gold))
    write_layer(tmp_path / "system.jsonl", layer("system", predicted))


@pytest.mark.usefixtures("files")
def test_the_table_gives_labels_and_micro_then_the_other_modes_the_sizes_and_the_signature(rift: Run) -> None:
    code, out, err = rift("gold.jsonl", "system.jsonl", "--seed", "3", "--resamples", "50")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    cells = {line.split()[0]: re.split(r"\s{2,}", line.strip())[1:] for line in lines[:-3] if line.strip()}
    assert cells["ACTOR"] == ["1.000", "1.000", "1.000", "[1.000, 1.000]", "1", "1", "1"]
    assert cells["TOLL"][:3] == ["0.000", "0.000", "0.000"]
    assert cells["LOCATION"] == ["n/a", "n/a", "n/a", "n/a", "0", "0", "0"]
    assert cells["micro"][:3] == ["0.667", "0.667", "0.667"]
    assert cells["micro"][4:] == ["2", "3", "3"]
    assert lines[-3].startswith("micro F1: exact 0.667 [")
    assert "partial 0.833 [" in lines[-3]
    assert "type 1.000 [1.000, 1.000]" in lines[-3]
    assert lines[-2] == "2 documents, 3 gold spans, 3 predicted"
    assert "|mode:strict|split:all|gold:" in lines[-1]
    assert lines[-1].endswith("|docs:2|seed:3|resamples:50")


@pytest.mark.usefixtures("files")
def test_mode_chooses_the_table_and_the_signature(rift: Run) -> None:
    _, out, _ = rift("gold.jsonl", "system.jsonl", "--mode", "type", "--resamples", "0")
    assert "micro F1: strict 0.667 n/a, exact 0.667 n/a, partial 0.833 n/a" in out
    assert "|mode:type|" in out


@pytest.mark.usefixtures("files")
def test_names_in_square_brackets_are_printed_as_they_are(rift: Run) -> None:
    write_layer(pathlib.Path("odd.jsonl"), layer("[bold]", {"doc-b": [span(4, 9, "[/TOLL]")]}))
    code, out, _ = rift("gold.jsonl", "odd.jsonl", "--resamples", "0")
    assert code == 0
    assert out.startswith("[bold] against gold: spans, strict")
    assert "\n[/TOLL] " in out


@pytest.mark.usefixtures("files")
def test_json_holds_every_mode_and_nothing_else_is_printed(rift: Run) -> None:
    code, out, _ = rift("gold.jsonl", "system.jsonl", "--json", "--resamples", "10")
    content = json.loads(out)
    assert code == 0
    assert content["modes"]["partial"]["micro"]["f1"]["value"] == pytest.approx(2.5 / 3)
    assert list(content["modes"]["strict"]["labels"])[:4] == ["ACTOR", "LOCATION", "DATE", "TOLL"]


@pytest.mark.usefixtures("files")
def test_malformed_files_are_reported_whole_and_not_scored(rift: Run) -> None:
    pathlib.Path("broken-gold.jsonl").write_text('{"doc": 1}\nnot json\n', "utf-8")
    pathlib.Path("broken-system.jsonl").write_text("[]\n", "utf-8")
    code, out, err = rift("broken-gold.jsonl", "broken-system.jsonl")
    assert (code, out) == (1, "")
    assert "broken-gold.jsonl:1" in err
    assert "broken-gold.jsonl:2" in err
    assert "broken-system.jsonl:1" in err


@pytest.mark.usefixtures("files")
def test_a_file_that_is_not_there_is_named(rift: Run) -> None:
    code, out, err = rift("gold.jsonl", "nowhere.jsonl")
    assert (code, out) == (1, "")
    assert err.startswith("nowhere.jsonl: error [no-file]")


@pytest.mark.usefixtures("files")
def test_a_missing_document_is_a_warning_that_names_the_file(rift: Run) -> None:
    write_layer(pathlib.Path("part.jsonl"), layer("system", {"doc-b": [span(4, 9, "DATE")]}))
    code, out, err = rift("gold.jsonl", "part.jsonl", "--json", "--resamples", "0")
    assert code == 0
    assert err.startswith("part.jsonl: warning [missing-documents]")
    (issue,) = json.loads(out)["issues"]
    assert issue["where"]["file"] == "part.jsonl"


@pytest.mark.usefixtures("files")
def test_markups_of_another_text_are_an_error_that_names_file_and_document(rift: Run) -> None:
    moved = [*layer("system", {"doc-z": []})][0].sha256  # noqa: RUF015 - a layer is no iterator
    other = (
        pathlib.Path("system.jsonl").read_text("utf-8").replace(layer("", {"doc-b": []}).markups["doc-b"].sha256, moved)
    )
    pathlib.Path("other.jsonl").write_text(other, "utf-8")
    code, out, err = rift("gold.jsonl", "other.jsonl")
    assert (code, out) == (1, "")
    assert err.startswith("other.jsonl: doc-b: error [hash-mismatch]")


@pytest.mark.usefixtures("files")
def test_documents_restricts_the_gold(rift: Run) -> None:
    pathlib.Path("ids.txt").write_text("# one document\n\ndoc-b\n", "utf-8")
    code, out, err = rift("gold.jsonl", "system.jsonl", "--documents", "ids.txt", "--json", "--resamples", "0")
    content = json.loads(out)
    assert code == 0
    assert "unscored-documents" in err
    assert content["documents"] == 1
    assert content["modes"]["strict"]["micro"]["gold"] == 1
    assert "|split:listed|" in content["modes"]["strict"]["signature"]


@pytest.mark.usefixtures("files")
def test_listed_documents_that_are_not_gold_are_all_reported_with_their_lines(rift: Run) -> None:
    pathlib.Path("ids.txt").write_text("doc-x\ndoc-b\ndoc-y\n", "utf-8")
    code, _, err = rift("gold.jsonl", "system.jsonl", "--documents", "ids.txt")
    assert code == 1
    assert [line.split(" error ")[0] for line in err.splitlines()] == ["ids.txt:1: doc-x:", "ids.txt:3: doc-y:"]


def test_an_empty_gold_file_gives_undefined_scores(rift: Run, tmp_path: pathlib.Path) -> None:
    write_layer(tmp_path / "none.jsonl", Layer("gold"))
    code, out, _ = rift("none.jsonl", "none.jsonl")
    assert code == 0
    assert "0 documents, 0 gold spans, 0 predicted" in out


@pytest.mark.parametrize("wrong", [["--mode", "lenient"], ["--resamples", "-1"], ["--seed", "x"]])
@pytest.mark.usefixtures("files")
def test_wrong_usage_exits_2(rift: Run, wrong: list[str]) -> None:
    assert rift("gold.jsonl", "system.jsonl", *wrong)[0] == 2
