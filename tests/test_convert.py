"""`rift convert`: from one form into another, whole or not at all, and every loss listed."""

import json
import pathlib
import shutil

import pytest
from click.testing import CliRunner, Result

from rift.annotations.collection import layer_file
from rift.annotations.formats.forms import FORMS
from rift.annotations.formats.record_table import read_records
from rift.annotations.layer import read_layer
from rift.annotations.records import records
from rift.cli.main import rift

GOLD = layer_file("briefs", "gold")
CASES = pathlib.Path(__file__).parent / "cases"


def convert(*arguments: object) -> Result:
    return CliRunner().invoke(rift, ["convert", *map(str, arguments)])


UNORDERED = ("cas", "label-studio", "label-studio-predictions")
"""Forms in which neither attributes nor links have an order."""


@pytest.mark.parametrize("name", [name for name in FORMS if name not in {"csv", *UNORDERED}])
def test_gold_comes_back_from_every_form_byte_by_byte(name: str, tmp_path: pathlib.Path) -> None:
    there, again = tmp_path / f"gold{FORMS[name].ending}", tmp_path / "again" / "gold.jsonl"
    there = there.with_name("gold-brat") if name == "brat" else there
    first, second = convert(GOLD, there), convert(there, again)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "left out" not in first.output + second.output
    assert again.read_text("utf-8") == GOLD.read_text("utf-8").replace('"layer":"gold"', f'"layer":"{again.stem}"')


@pytest.mark.parametrize("name", UNORDERED)
def test_gold_comes_back_from_forms_without_an_order_of_links(name: str, tmp_path: pathlib.Path) -> None:
    there, again = tmp_path / f"gold-{FORMS[name].ending}", tmp_path / "again" / "gold.jsonl"
    first, second = convert(GOLD, there), convert(there, again)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "left out" not in first.output + second.output
    assert {m.doc: list(m.spans) for m in read_layer(again)} == {m.doc: list(m.spans) for m in read_layer(GOLD)}


def test_the_records_of_gold_come_back_from_the_table(tmp_path: pathlib.Path) -> None:
    result = convert(GOLD, tmp_path / "out.csv")
    assert result.exit_code == 0
    gold = read_layer(GOLD)
    found = read_records(tmp_path / "out.csv")
    assert found == {markup.doc: records(markup) for markup in gold if records(markup)}
    others = sum(span.label != "TOLL" for markup in gold for span in markup.spans)
    assert f"{others:,} spans" in result.output


def test_a_program_reads_what_was_lost(tmp_path: pathlib.Path) -> None:
    summary = json.loads(convert(GOLD, tmp_path / "out", "--to", "csv", "--json").stdout)
    assert (summary["form"], summary["path"], summary["documents"]) == (
        "csv",
        str(tmp_path / "out"),
        len(read_layer(GOLD)),
    )
    assert {loss["kind"] for loss in summary["lost"]} >= {"spans", "ids"}
    assert all(loss["count"] > 0 and loss["which"] and loss["first"]["doc"] for loss in summary["lost"])


@pytest.mark.parametrize("target", ["out.conll", "out.spacy", "out-brat", "out.mentions", "out-cas", "out-labelstudio"])
def test_every_document_without_a_text_is_named_and_nothing_written(
    target: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RIFT_SOURCES", raising=False)
    monkeypatch.chdir(tmp_path)
    result = convert(layer_file("infighting", "gold"), target)
    assert result.exit_code == 1
    assert result.output.count("[no-text]") == 5
    assert list(tmp_path.iterdir()) == []


def test_a_table_needs_no_texts_and_quotes_no_long_run_of_those_of_others(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RIFT_SOURCES", raising=False)
    monkeypatch.chdir(tmp_path)
    row = json.loads((CASES / "valid" / "layer.jsonl").read_text("utf-8"))
    words = " ".join(["dead"] * 11)
    row["spans"][1] |= {"end": row["spans"][1]["start"] + len(words), "surface": words}
    row |= {"doc": "infighting-latimes", "spans": [{**row["spans"][1], "id": "long"}]}
    (tmp_path / "theirs.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    result = convert("theirs.jsonl", "out.csv")
    assert result.exit_code == 0
    assert "1 surfaces" in result.output
    assert words not in (tmp_path / "out.csv").read_text("utf-8")


def test_a_layer_with_errors_is_not_converted(tmp_path: pathlib.Path) -> None:
    result = convert(
        CASES / "invalid" / "dangling-link" / "layer.jsonl",
        tmp_path / "o.csv",
        "--documents",
        CASES / "documents.jsonl",
    )
    assert result.exit_code == 1
    assert "[dangling-link]" in result.output
    assert not (tmp_path / "o.csv").exists()


def test_a_table_is_no_layer(tmp_path: pathlib.Path) -> None:
    convert(GOLD, tmp_path / "out.csv")
    result = convert(tmp_path / "out.csv", tmp_path / "out.jsonl")
    assert (result.exit_code, "[no-layer]" in result.output) == (1, True)
    assert not (tmp_path / "out.jsonl").exists()


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "out-brat"
    folder.mkdir()
    (folder / "briefs-001.ann").write_text("T1\tACTOR 0 5\tmine\n", "utf-8")
    result = convert(GOLD, folder)
    assert result.exit_code == 1
    assert f"{folder}: error [not-written]" in result.output
    assert [path.name for path in tmp_path.rglob("*")] == ["out-brat", "briefs-001.ann"]


def test_what_reading_passes_over_is_said(tmp_path: pathlib.Path) -> None:
    convert(GOLD, tmp_path / "brat")
    with (tmp_path / "brat" / "briefs-001.ann").open("a", encoding="utf-8") as file:
        file.write("#99\tAnnotatorNotes T1\tsure\n")
    result = convert(tmp_path / "brat", tmp_path / "again.jsonl")
    assert result.exit_code == 0
    assert "[not-read] notes are not part of a layer" in result.stderr


def test_other_texts_and_knowledge_may_be_named(tmp_path: pathlib.Path) -> None:
    knowledge = tmp_path / "knowledge"
    knowledge.mkdir()
    (knowledge / "actors.toml").write_text(
        '[al-nusra-front]\nname = "Another name"\nkind = "armed_group"\n'
        '[syrian-observatory]\nname = "Observatory"\nkind = "organisation"\n',
        "utf-8",
    )
    (knowledge / "places.toml").write_text(
        '[azaz]\nname = "Azaz"\nkind = "settlement"\nlatitude = -36.5\nlongitude = 37.0\n', "utf-8"
    )
    options = ("--documents", CASES / "documents.jsonl", "--knowledge", knowledge)
    assert convert(CASES / "valid" / "layer.jsonl", tmp_path / "out.csv", *options).exit_code == 0
    assert "Another name" in (tmp_path / "out.csv").read_text("utf-8")
    assert convert(CASES / "valid" / "layer.jsonl", tmp_path / "out.conll", *options).exit_code == 0
    shutil.copy(tmp_path / "out.conll", tmp_path / "copy.iob2")
    assert convert(tmp_path / "copy.iob2", tmp_path / "case.jsonl", *options).exit_code == 0
    valid = read_layer(CASES / "valid" / "layer.jsonl")
    assert [markup.spans for markup in read_layer(tmp_path / "case.jsonl")] == [markup.spans for markup in valid]


@pytest.mark.parametrize("target", ["out.txt", "out", "out.jsonl.gz"])
def test_a_name_of_no_form_is_wrong_usage(target: str, tmp_path: pathlib.Path) -> None:
    result = convert(GOLD, tmp_path / target)
    assert result.exit_code == 2
    assert "--to" in result.output
    assert not (tmp_path / target).exists()
