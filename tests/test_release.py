"""`rift release`: a folder that others load without RIFT, its cards, its checksums, and what verifying finds."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import mlcroissant
import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner

import rift
from rift.annotations.collection import layer_files, read_open, splits
from rift.annotations.formats.forms import read as read_form
from rift.annotations.formats.rendering import Context
from rift.annotations.layer import read_layer
from rift.cli.main import rift as command
from rift.corpus.build import build_collection, collections
from rift.guidelines import knowledge
from rift.issues import InputError
from rift.release import build as module
from rift.release.build import build
from rift.release.folder import CHECKSUMS, read_rows
from rift.release.verify import verify
from rift.release.version import about


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("releases") / "release"
    build(folder)
    return folder


@pytest.fixture
def copy(release: pathlib.Path, tmp_path: pathlib.Path) -> pathlib.Path:
    return pathlib.Path(shutil.copytree(release, tmp_path / "copy"))


def codes(folder: pathlib.Path) -> list[str]:
    return [issue.code for issue in verify(folder)]


def test_a_release_is_what_the_repository_says(release: pathlib.Path) -> None:
    assert verify(release) == []


LOADS = """
import sys
from datasets import load_dataset
data = load_dataset(sys.argv[1], sys.argv[2])
assert not [name for name in sys.modules if name.split(".")[0] == "rift"]
print({split: len(rows) for split, rows in data.items()})
print(data["test"].features["toll_tags"].feature.names)
"""


@pytest.mark.parametrize("config", ["all", "briefs", "fakes", "infighting"])
def test_datasets_loads_it_offline_without_rift(release: pathlib.Path, tmp_path: pathlib.Path, config: str) -> None:
    environment = {**os.environ, "HF_DATASETS_OFFLINE": "1", "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", LOADS, str(release), config],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    counts, names = done.stdout.splitlines()[-2:]
    expected = [split for split, _ in read_rows(release, config)]
    assert counts == str({split: expected.count(split) for split in dict.fromkeys(expected)})
    assert names == "['O', 'B-TOLL', 'I-TOLL']"


def test_the_release_joined_with_the_texts_is_what_rift_loads(release: pathlib.Path) -> None:
    ours, theirs = rift.load("briefs"), rift.load("briefs", release=release)
    assert list(ours) == list(theirs)
    assert all(list(ours[split]) == list(theirs[split]) for split in ours)


@pytest.mark.sources
def test_one_call_joins_the_readers_own_texts(release: pathlib.Path, sources: pathlib.Path) -> None:
    ours, theirs = rift.load("all", sources=sources), rift.load("all", sources=sources, release=release)
    assert all(list(ours[split]) == list(theirs[split]) for split in ours)
    assert all(row["text"] for row in theirs["test"])


@pytest.mark.sources
def test_no_text_that_is_not_ours_and_no_sealed_gold_is_released(
    sources: pathlib.Path, tmp_path: pathlib.Path, test_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert test_key
    monkeypatch.setenv("RIFT_SOURCES", str(sources))
    build(tmp_path / "release")
    content = b"".join(path.read_bytes() for path in (tmp_path / "release").rglob("*") if path.is_file())
    rows = [row for _, row in read_rows(tmp_path / "release", "all")]
    assert {row["collection"] for row in rows if row["text"]} == {"briefs"}
    assert not [row["id"] for row in rows if row["gold"] == "sealed" and (row["spans"] or row["tolls"])]
    for name in ("fakes", "infighting"):
        for item in build_collection(name, sources).documents:
            body = item.document.text.partition("\n\n")[2]
            assert body[:120].encode() not in content


def test_the_card_says_what_is_in_the_files(release: pathlib.Path) -> None:
    card = (release / "README.md").read_text()
    header = yaml.safe_load(card.split("---\n")[1])
    assert [item["config_name"] for item in header["configs"]] == ["all", *collections()]
    assert header["license"] == "cc-by-4.0"
    files = {path for item in header["configs"] for part in item["data_files"] for path in part["path"]}
    assert files == {path.relative_to(release).as_posix() for path in release.glob("data/*/*.parquet")}
    lines = re.findall(r"^\| `(\w+)` \| (\w+) \| (\d+) \| (\d+) \| (\d+) \|(.+)\|$", card, re.MULTILINE)
    assert len(lines) == len(files)
    for name, split, documents, texts, gold, spans in lines:
        rows = pq.read_table(release / "data" / name / f"{split}.parquet").to_pylist()
        assert int(documents) == len(rows)
        assert int(texts) == sum(bool(row["text"]) for row in rows)
        assert int(gold) == sum(row["gold"] == "open" for row in rows)
        assert sum(int(cell.replace(",", "")) for cell in spans.split("|")) == sum(len(row["spans"]) for row in rows)
    assert "language models" in card
    assert about().version in card


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib, within itself
@pytest.mark.filterwarnings("ignore:The inplace keyword:DeprecationWarning")  # pandas, within mlcroissant
def test_croissant_is_valid_and_reads_the_rows_back(release: pathlib.Path) -> None:
    described = mlcroissant.Dataset(jsonld=str(release / "croissant.json"))
    assert not described.metadata.issues.errors
    assert described.metadata.version == about().version
    assert described.metadata.data_biases
    assert described.metadata.annotator_demographics
    rows = pq.read_table(release / "data" / "briefs" / "dev.parquet").to_pylist()
    read = list(described.records("briefs-dev"))
    assert [item["briefs-dev/text"].decode() for item in read] == [row["text"] for row in rows]
    assert [list(item["briefs-dev/toll_tags"]) for item in read] == [row["toll_tags"] for row in rows]


def test_the_layers_are_those_of_the_repository(release: pathlib.Path) -> None:
    for name in collections():
        for path in layer_files(name):
            assert list(read_layer(release / "layers" / name / path.name)) == list(read_layer(path))


def test_the_other_forms_say_what_gold_says(release: pathlib.Path) -> None:
    documents = {item.document.id: item.document for item in build_collection("briefs", None).documents}
    gold = read_open("briefs", "gold")
    context = Context(documents, knowledge())
    for split in ("train", "dev", "test"):
        members = [doc for doc, its in splits("briefs").items() if its == split]
        for name in (f"{split}.conll", f"{split}-brat", f"{split}.spacy"):
            layer, issues = read_form(release / "formats" / "briefs" / name, context)
            assert [issue for issue in issues if issue.level == "error"] == []
            assert {markup.doc: {(span.start, span.end, span.label) for span in markup.spans} for markup in layer} == {
                doc: {(span.start, span.end, span.label) for span in gold.markups[doc].spans} for doc in members
            }
    tables = {path.relative_to(release / "formats").as_posix() for path in (release / "formats").rglob("*.csv")}
    assert tables == {
        *(f"briefs/{split}.csv" for split in ("train", "dev", "test")),
        "fakes/train.csv",
        "fakes/dev.csv",
        "infighting/test.csv",
    }
    lines = (release / "formats" / "fakes" / "dev.csv").read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("doc,outcome,low,high,victims,by,where,lat,lon,when,source,scope,surface")
    dev = read_open("fakes", "gold").only(doc for doc, split in splits("fakes").items() if split == "dev")
    assert len(lines) - 1 == sum(span.label == "TOLL" for markup in dev for span in markup.spans)


def test_sha256sum_agrees(release: pathlib.Path) -> None:
    for line in (release / CHECKSUMS).read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((release / name).read_bytes()).hexdigest() == digest


def test_a_file_changed_missing_or_put_in_is_named(copy: pathlib.Path) -> None:
    (copy / "data" / "fakes" / "dev.parquet").write_bytes(b"PAR1")
    (copy / "croissant.json").unlink()
    (copy / "notes.txt").write_text("mine")
    issues = verify(copy)
    assert [(issue.code, pathlib.Path(issue.where.file).name) for issue in issues] == [
        ("file-missing", "croissant.json"),
        ("file-changed", "dev.parquet"),
        ("file-unknown", "notes.txt"),
    ]
    assert all(issue.hint for issue in issues)
    with pytest.raises(InputError, match="file-changed"):
        rift.load("fakes", release=copy)


def test_a_download_that_was_broken_off_is_no_release(copy: pathlib.Path) -> None:
    (copy / CHECKSUMS).unlink()
    assert codes(copy) == ["no-release"]
    with pytest.raises(InputError, match="no-release"):
        rift.load("briefs", release=copy)


def test_a_line_that_is_no_checksum_is_named(copy: pathlib.Path) -> None:
    with (copy / CHECKSUMS).open("a") as file:
        file.write("half a li")
    (issue,) = verify(copy)
    assert (issue.code, issue.where.line) == ("bad-checksums", len((copy / CHECKSUMS).read_text().splitlines()))


def test_an_unknown_config_of_a_release_is_named(release: pathlib.Path) -> None:
    with pytest.raises(InputError, match=r"no-collection.*all, briefs"):
        rift.load("news", release=release)


def test_what_the_repository_says_otherwise_is_a_warning(
    release: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = module.pieces(["briefs"])
    row = found[0].rows[0]
    changed = module.Piece(found[0].part, [{**row, "title": "Another"}, {**row, "id": "briefs-new"}])
    monkeypatch.setattr("rift.release.verify.pieces", lambda _: [changed, *found[1:]])
    issues = verify(release)
    assert {issue.level for issue in issues} == {"warning"}
    assert {issue.code for issue in issues} == {"row-differs", "row-new", "row-missing"}
    assert "title" in next(issue.message for issue in issues if issue.code == "row-differs")


def test_a_folder_of_something_else_is_left_alone(tmp_path: pathlib.Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(InputError, match="not-a-release"):
        build(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_build_that_fails_leaves_the_old_release(copy: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "croissant", fail)
    with pytest.raises(OSError, match="No space"):
        build(copy)
    assert verify(copy) == []
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_the_commands_build_and_verify(copy: pathlib.Path, tmp_path: pathlib.Path) -> None:
    runner = CliRunner()
    done = runner.invoke(command, ["release", "build", "--site", "--out", str(tmp_path / "new")])
    assert done.exit_code == 0, done.output
    pages = {path.stem for path in (tmp_path / "new" / "site" / "documents").glob("*.html")}
    assert {"briefs-001", "infighting-haaretz"} <= pages
    assert not pages & {doc for doc, split in splits("fakes").items() if split == "test"}
    assert "infighting" in done.output
    assert runner.invoke(command, ["release", "verify", str(tmp_path / "new")]).exit_code == 0
    (copy / "README.md").write_text("edited")
    done = runner.invoke(command, ["release", "verify", str(copy), "--json"])
    assert done.exit_code == 1
    assert [item["code"] for item in json.loads(done.output)] == ["file-changed"]
