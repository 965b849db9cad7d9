"""`rift corpus stats`, on the repository's own briefs."""

import json
import pathlib
import xml.etree.ElementTree as ET

import pytest
from click.testing import CliRunner

from rift.annotations.collection import read_collection
from rift.annotations.sealed import KEY_VARIABLE
from rift.cli.main import rift
from rift.paths import SOURCES_VARIABLE


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SOURCES_VARIABLE, raising=False)
    monkeypatch.delenv(KEY_VARIABLE, raising=False)


def test_the_numbers_are_those_of_the_layer() -> None:
    result = CliRunner().invoke(rift, ["corpus", "stats", "briefs", "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    gold = read_collection("briefs", "gold")
    *parts, whole = found["parts"]
    assert whole["profile"]["documents"] == len(gold) == sum(part["profile"]["documents"] for part in parts)
    assert sum(whole["profile"]["spans"].values()) == sum(len(markup.spans) for markup in gold)
    for label, count in whole["profile"]["spans"].items():
        assert count == sum(part["profile"]["spans"][label] for part in parts)
    assert [part["unseen"] is None for part in parts] == [part["split"] == "train" for part in parts]
    assert {row["collection"] for row in found["texts"]} == {"briefs"}


def documents(*names: str) -> list[int]:
    """Return the numbers of documents of the parts of these collections, the whole last."""
    parts = json.loads(CliRunner().invoke(rift, ["corpus", "stats", *names, "--json"]).stdout)["parts"]
    return [part["profile"]["documents"] for part in parts]


def test_the_whole_is_of_gold_made_by_the_guidelines_where_there_is_any() -> None:
    assert documents("infighting", "re3d") == [5, 98, 5]
    assert documents("re3d") == [98, 98]


def test_tables_have_titles_and_a_row_for_the_whole() -> None:
    result = CliRunner().invoke(rift, ["corpus", "stats", "briefs"], env={"COLUMNS": "120"})
    for title in (
        "texts at hand",
        "spans",
        "figures by size",
        "what figures assert",
        "links",
        "TOLL.outcome",
        "not in",
    ):
        assert title in result.stdout
    assert result.stdout.count("\n  all ") >= 5


def test_without_sources_the_layers_are_counted_all_the_same_and_a_sealed_split_is_named() -> None:
    result = CliRunner().invoke(rift, ["corpus", "stats", "fakes", "infighting"])
    assert result.exit_code == 0
    assert "fakes/test: warning [sealed]" in result.stderr
    assert "no-sources" in result.stderr
    assert "infighting" in result.stdout


def test_a_layer_that_a_collection_lacks_is_said() -> None:
    result = CliRunner().invoke(rift, ["corpus", "stats", "briefs", "--layer", "nobody"])
    assert result.exit_code == 0
    assert "no-layer" in result.stderr


def test_the_plots_are_svg_and_the_same_each_time(tmp_path: pathlib.Path) -> None:
    for name in ("one", "other"):
        assert CliRunner().invoke(rift, ["corpus", "stats", "briefs", "--plot", str(tmp_path / name)]).exit_code == 0
    files = sorted((tmp_path / "one").iterdir())
    assert [path.name for path in files] == ["distances.svg", "figures.svg", "spans.svg", "unseen.svg"]
    for path in files:
        assert ET.fromstring(path.read_text()).tag.endswith("svg")  # noqa: S314  (our own file)
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes()
        assert "briefs" in path.read_text()
