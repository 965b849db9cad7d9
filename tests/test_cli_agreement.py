"""The command `rift annotations agreement`."""

import json
import pathlib
from collections.abc import Sequence

import pytest
from click.testing import CliRunner, Result

from rift.annotations import collection as collection_module
from rift.annotations import sealed as sealed_module
from rift.annotations.collection import known_documents
from rift.annotations.layer import Layer, Markup, Span, write_layer
from rift.annotations.sealed import KEY_VARIABLE
from rift.cli.agreement import POOLED, agreement_command
from rift.corpus.build import collection_folder
from rift.corpus.manifest import read_manifest
from rift.corpus.tokens import tokenize
from rift.issues import InputError, Level
from rift.paths import write_whole

MANIFESTS = {name: read_manifest(collection_folder(name)) for name in ("briefs", "fakes", "infighting")}
ENTRIES = {doc: entry for manifest in MANIFESTS.values() for doc, entry in manifest.documents.items()}
BRIEFS, FAKES, INFIGHTING = (list(manifest.documents) for manifest in MANIFESTS.values())
DEV = [doc for doc in BRIEFS if ENTRIES[doc].split == "dev"]
TEXTS = known_documents(None)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(
        agreement_command, arguments, env={"COLUMNS": "160", "RIFT_SOURCES": "", KEY_VARIABLE: ""}
    )


def layer(name: str, documents: Sequence[str], *, words: int = 3) -> Layer:
    """Mark the first words of documents of the corpus, whatever they are, as actors."""
    return Layer(
        name,
        (Markup(doc=doc, sha256=ENTRIES[doc].sha256, layer=name, spans=_spans(doc, words)) for doc in documents),
    )


def _spans(doc: str, words: int) -> list[Span]:
    document = TEXTS.get(doc)
    text = document.text if document else "one two three four"
    return [Span(start=start, end=end, label="ACTOR") for start, end in tokenize(text)[:words]]


@pytest.fixture
def annotations(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """Let the collections have the layers of a folder of their own, and none at first."""
    for module in (collection_module, sealed_module):
        monkeypatch.setattr(module, "data_root", lambda: tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "annotations"


@pytest.fixture
def briefs(annotations: pathlib.Path) -> pathlib.Path:
    write_layer(annotations / "briefs" / "annotator-a.jsonl", layer("annotator-a", BRIEFS))
    write_layer(annotations / "briefs" / "annotator-b.jsonl", layer("annotator-b", BRIEFS, words=2))
    return annotations


def row(output: str, name: str) -> list[str]:
    return next(line for line in output.splitlines() if line.strip().startswith(name)).split()


@pytest.mark.usefixtures("briefs")
def test_a_collection_gets_a_table_of_labels_one_of_attributes_and_one_of_links() -> None:
    result = run("briefs")
    assert result.exit_code == 0
    number = len(BRIEFS)
    assert row(result.stdout, "all")[:5] == ["all", str(3 * number), str(2 * number), "0.800", "0.800"]
    assert row(result.stdout, "LOCATION") == ["LOCATION", "0", "0", *["n/a"] * 6]
    assert row(result.stdout, "TOLL.low") == ["TOLL.low", "n/a", "0"]
    assert row(result.stdout, "same_as") == ["same_as", "n/a", "0", "n/a", "0"]
    assert f"{number} shared documents; kappa and alpha over {number} of them" in result.stdout
    assert "briefs: annotator-a and annotator-b" in result.stdout
    assert POOLED not in result.stdout


@pytest.mark.usefixtures("briefs")
def test_a_split_takes_its_documents_alone() -> None:
    found = json.loads(run("briefs", "--split", "dev", "--json").stdout)["briefs"]
    assert (found["documents"], found["rows"]["ACTOR"]["a"]) == (len(DEV), 3 * len(DEV))


def test_several_collections_are_pooled_too(briefs: pathlib.Path) -> None:
    for name in ("annotator-a", "annotator-b"):
        write_layer(briefs / "infighting" / f"{name}.jsonl", layer(name, INFIGHTING))
    result = run("--json")
    found = json.loads(result.stdout)
    assert list(found) == ["briefs", "infighting", POOLED]
    numbers = [found[name]["documents"] for name in found]
    assert numbers == [
        len(BRIEFS),
        len(INFIGHTING),
        len(BRIEFS) + len(INFIGHTING),
    ]
    assert found["infighting"]["rows"]["all"]["kappa"]["value"] is None
    assert "[no-text]" in result.stderr


def test_a_collection_without_one_of_the_layers_is_left_out_with_a_sentence(briefs: pathlib.Path) -> None:
    write_layer(briefs / "infighting" / "annotator-a.jsonl", layer("annotator-a", INFIGHTING))
    result = run("briefs", "infighting", "--json")
    assert (result.exit_code, list(json.loads(result.stdout))) == (0, ["briefs"])
    (sentence,) = result.stderr.splitlines()
    assert "infighting: warning [no-layer] there is no layer 'annotator-b' (its layers: annotator-a)" in sentence


def sealed(annotations: pathlib.Path, name: str) -> None:
    """Give `fakes` a layer whose test split is sealed."""
    open_part = [doc for doc in FAKES if ENTRIES[doc].split != "test"]
    write_layer(annotations / "fakes" / f"{name}.jsonl", layer(name, open_part))
    write_whole(annotations / "fakes" / "sealed" / f"{name}.jsonl.age", b"nobody reads this")


def test_a_sealed_split_is_left_out_with_a_sentence(annotations: pathlib.Path) -> None:
    for name in ("annotator-a", "annotator-b"):
        sealed(annotations, name)
    result = run("fakes", "--json")
    found = json.loads(result.stdout)["fakes"]
    assert found["documents"] == sum(ENTRIES[doc].split != "test" for doc in FAKES)
    assert [line.split("[")[1].split("]")[0] for line in result.stderr.splitlines()] == ["sealed", "no-text"]
    alone = run("fakes", "--split", "test")
    assert isinstance(alone.exception, InputError)
    assert [issue.code for issue in alone.exception.issues] == ["sealed"]


def test_a_split_that_only_one_annotator_has_done_is_left_out_with_a_sentence(briefs: pathlib.Path) -> None:
    write_layer(briefs / "briefs" / "annotator-b.jsonl", layer("annotator-b", DEV))
    result = run("briefs", "--json")
    assert json.loads(result.stdout)["briefs"]["documents"] == len(DEV)
    assert "no document of the split 'test' is in both annotator-a and annotator-b" in result.stderr
    assert "'dev'" not in result.stderr


@pytest.mark.usefixtures("annotations")
def test_where_nothing_can_be_compared_every_reason_is_an_error() -> None:
    result = run("briefs", "infighting")
    assert isinstance(result.exception, InputError)
    found = [(issue.code, issue.level, pathlib.Path(issue.where.file).name) for issue in result.exception.issues]
    assert found == [("no-layer", Level.ERROR, "briefs"), ("no-layer", Level.ERROR, "infighting")]
    unknown = run("nowhere")
    assert isinstance(unknown.exception, InputError)
    assert [issue.code for issue in unknown.exception.issues] == ["no-collection"]


def test_other_layers_can_be_named(briefs: pathlib.Path) -> None:
    write_layer(briefs / "briefs" / "gold.jsonl", layer("gold", BRIEFS[1:]))
    found = json.loads(run("briefs", "--layers", "annotator-a, gold", "--json").stdout)["briefs"]
    assert (found["a"], found["b"], found["documents"]) == ("annotator-a", "gold", len(BRIEFS) - 1)
    assert found["only_a"] == BRIEFS[:1]
    assert found["rows"]["all"]["f1"]["strict"]["value"] == 1


def test_two_files_are_compared(tmp_path: pathlib.Path) -> None:
    paths = [str(tmp_path / name) for name in ("a.jsonl", "b.jsonl")]
    write_layer(paths[0], layer("ours", DEV))
    write_layer(paths[1], layer("theirs", DEV[1:]))
    result = run(*paths)
    assert result.exit_code == 0
    assert row(result.stdout, "ACTOR")[:4] == ["ACTOR", *[str(3 * (len(DEV) - 1))] * 2, "1.000"]
    assert result.stderr == (
        f"ours: warning [unshared-documents] 1 of {len(DEV)} documents are not in theirs and are left out: {DEV[0]}\n"
    )


def test_a_faulty_file_is_reported_whole(tmp_path: pathlib.Path) -> None:
    write_layer(tmp_path / "a.jsonl", layer("ours", DEV))
    (tmp_path / "b.jsonl").write_text("nothing\n[]\n")
    result = run(str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl"))
    assert isinstance(result.exception, InputError)
    assert [(issue.code, issue.where.line) for issue in result.exception.issues] == [("not-json", 1), ("wrong-type", 2)]


@pytest.mark.usefixtures("briefs")
def test_the_file_holds_what_json_prints(tmp_path: pathlib.Path) -> None:
    printed = run("briefs", "--json").stdout
    result = run("briefs", "--out", str(tmp_path / "deep" / "agreement.json"))
    assert (tmp_path / "deep" / "agreement.json").read_text("utf-8") == printed
    assert "same_as" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["one.jsonl"],
        ["one.jsonl", "briefs"],
        ["one.jsonl", "two.jsonl", "three.jsonl"],
        ["one.jsonl", "two.jsonl", "--split", "dev"],
        ["one.jsonl", "two.jsonl", "--layers", "a,b"],
        ["briefs", "--split", "some"],
        ["briefs", "--layers", "annotator-a"],
        ["briefs", "--layers", "a,b,c"],
        ["briefs", "--layers", "a,"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_two(arguments: Sequence[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Error: " in result.stderr
