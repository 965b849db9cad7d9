"""The main job and what the README says of it."""

import pathlib
import re
import shutil
from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec
import pytest
from click.testing import CliRunner

from rift.annotations.collection import load_portion, splits
from rift.annotations.layer import read_layer
from rift.cli import reproduce as command
from rift.cli.main import rift
from rift.corpus.document import Document
from rift.eval.board import Line
from rift.eval.scoring import score
from rift.issues import InputError
from rift.jsonl import read_structs
from rift.reproduce import Reproduction, reproduce

T = TypeVar("T")
REPOSITORY = pathlib.Path(__file__).resolve().parents[1]
FILES = ("README.md", "annotations/README.md", "corpus/DATASHEET.md", "corpus/re3d/README.md")
"""Those whose blocks `make readme` writes."""


def silent(items: Sequence[T], description: str) -> Iterable[T]:
    """Pass the items through; every stage says what it is."""
    assert description
    return items


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> tuple[Reproduction, pathlib.Path]:
    """Run the main job without sources."""
    out = tmp_path_factory.mktemp("bare")
    return reproduce(None, out, silent), out


def test_without_sources_the_briefs_are_scored_and_it_says_how_to_get_more(
    bare: tuple[Reproduction, pathlib.Path],
) -> None:
    made, out = bare
    assert {(entry.system, entry.collection, entry.split) for entry in made.entries} == {
        (system, "briefs", split) for system in ("rules", "linear") for split in ("dev", "test")
    }
    skipped = [issue for issue in made.issues if issue.code == "no-sources"]
    assert [pathlib.Path(issue.where.file).parent.name for issue in skipped] == ["fakes", "infighting", "re3d"]
    assert all("docs/sources.md" in issue.hint for issue in skipped)
    assert {issue.code for issue in made.issues} <= {"no-sources", "no-gold"}
    assert "infighting is skipped" in (out / "report" / "index.html").read_text("utf-8")


def test_what_it_writes_can_be_read_back_and_scored_again(bare: tuple[Reproduction, pathlib.Path]) -> None:
    made, out = bare
    documents = read_structs(Document, out / "corpus" / "briefs" / "documents.jsonl")
    assert {document.id for document in documents} == splits("briefs").keys()
    board = msgspec.json.decode((out / "board.json").read_bytes(), type=list[Line])
    assert {line.system for line in board} == {"rules", "linear"}
    for entry in made.entries:
        predicted = read_layer(out / "predictions" / entry.system / f"briefs-{entry.split}.jsonl")
        again = score(entry.gold, predicted, labels=entry.scores.modes["strict"].labels, split=f"briefs-{entry.split}")
        assert again.modes == entry.scores.modes


def test_every_toll_of_the_634_dead_is_in_the_gold() -> None:
    gold = load_portion("infighting", "test").gold.markups["infighting-haaretz"]
    tolls = {span.id: span for span in gold.spans if span.label == "TOLL"}
    (whole,) = (span for span in tolls.values() if span.attributes.get("breakdown") == "complete")
    parts = [span.attributes["low"] for span in tolls.values() if whole.id in span.links.get("part_of", ())]
    assert (whole.attributes["low"], whole.attributes["high"]) == (634, 634)
    assert sorted(int(part) for part in parts) == [39, 241, 354]


@pytest.mark.sources
def test_with_sources_the_articles_are_scored_too_but_for_the_sealed(
    sources: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    made = reproduce(sources, tmp_path, silent)
    assert {issue.code for issue in made.issues} <= {"sealed", "no-gold"}
    assert [issue.where.file for issue in made.issues if issue.code == "sealed"] == ["fakes/test"]
    scored = {(entry.collection, entry.split): len(entry.documents) for entry in made.entries}
    assert scored["infighting", "test"] == 5
    assert scored["re3d", "test"] == 98
    assert scored.keys() == {
        ("briefs", "dev"),
        ("briefs", "test"),
        ("fakes", "dev"),
        ("infighting", "test"),
        ("re3d", "test"),
    }
    assert {entry.collection for entry in made.entries if entry.transfer} == {"re3d"}
    others = [entry for entry in made.entries if entry.transfer]
    assert {tuple(entry.scores.modes["strict"].labels) for entry in others} == {("ACTOR", "LOCATION", "DATE")}
    tolls = read_layer(tmp_path / "predictions" / "rules" / "re3d-test.jsonl")
    assert any(span.label == "TOLL" for markup in tolls for span in markup.spans)  # said, but not counted


@pytest.mark.sources
@pytest.mark.usefixtures("test_key")
def test_with_the_key_the_sealed_split_is_scored_and_the_readme_shows_the_board_as_it_is_printed(
    sources: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    """Scores of the trained baseline may move in the last digits with the numerical libraries; the others may not."""
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    arguments = ["reproduce", "--sources", str(sources), "--out", str(tmp_path / "out")]
    shown, printed = board_rows(readme), board_rows(CliRunner().invoke(rift, arguments).output)
    assert shown.keys() == printed.keys()
    assert ("fakes test", "rules") in printed
    for (split, system), figures in printed.items():
        assert len(figures) == (8 if split == "re3d test*" else 9)
        assert figures == pytest.approx(shown[split, system], abs=0 if system == "rules" else 0.03), (split, system)


@pytest.mark.sources
def test_a_source_that_is_missing_leaves_the_rest(sources: pathlib.Path, tmp_path: pathlib.Path) -> None:
    copy = tmp_path / "sources" / "infighting"
    shutil.copytree(sources / "infighting", copy)
    next(copy.glob("003_*")).unlink()
    result = CliRunner().invoke(rift, ["reproduce", "--sources", str(copy.parent), "--out", str(tmp_path / "out")])
    assert result.exit_code == 1
    assert "infighting-latimes" in result.output
    assert "003_" in result.output
    board = msgspec.json.decode((tmp_path / "out" / "board.json").read_bytes(), type=list[Line])
    assert {line.scores.documents for line in board if line.collection == "infighting"} == {4}


def test_a_missing_extra_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(command.NEEDED, "a_module_that_is_not_there", "linear")
    result = CliRunner().invoke(rift, ["reproduce"])
    assert result.exit_code == 1
    assert "a_module_that_is_not_there" in result.output
    assert "pip install 'rift-corpus[all]'" in result.output


def test_an_invalid_layer_stops_the_job_before_anything_is_scored(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    broken = tmp_path / "gold.jsonl"
    broken.write_text("[]\n", encoding="utf-8")
    monkeypatch.setattr("rift.reproduce.layer_files", lambda _: [broken])
    with pytest.raises(InputError, match="wrong-type"):
        reproduce(None, tmp_path / "out", silent)
    assert not (tmp_path / "out" / "board.json").exists()


def blocks() -> Iterable[tuple[str, str]]:
    """Yield each file and command whose output it shows, but for the board, which has a test of its own."""
    for file in FILES:
        for line in re.findall(r"<!-- \$ (rift [^>]+) -->", (REPOSITORY / file).read_text("utf-8")):
            if line != "rift reproduce":
                yield file, line


BLOCKS = list(blocks())


def board_rows(text: str) -> dict[tuple[str, str], list[float]]:
    """Return the figures of a printed board by split and system; a split is printed at its first row only."""
    rows: dict[tuple[str, str], list[float]] = {}
    split = ""
    for line in text.splitlines():
        if found := re.fullmatch(r" *(?:(\w+ \w+\*?) +\d+)? +(rules|linear) +(.*)", line):
            split = found[1] or split
            rows[split, found[2]] = [float(figure) for figure in re.findall(r"\d\.\d{3}", found[3])]
    return rows


@pytest.mark.sources
@pytest.mark.usefixtures("test_key")
@pytest.mark.parametrize(("file", "line"), BLOCKS, ids=[f"{file} {line}" for file, line in BLOCKS])
def test_the_readmes_show_what_the_commands_print(file: str, line: str) -> None:
    shown = (REPOSITORY / file).read_text("utf-8").partition(f"<!-- $ {line} -->\n```text\n")[2].partition("```")[0]
    result = CliRunner().invoke(rift, line.split()[1:])
    printed = [row.rstrip() for row in result.stdout.splitlines() if row.strip()]
    assert shown.splitlines() == printed
