"""Sealed layers: opened with the key alone, and a clear sentence for all who do not have it."""

import pathlib

import msgspec
import pyrage
import pytest
from click.testing import CliRunner

from invented import document
from rift.annotations import collection as collection_module
from rift.annotations import sealed as module
from rift.annotations.collection import read_collection, sealed_splits
from rift.annotations.layer import Layer, Markup, Span, read_layer, write_layer
from rift.annotations.sealed import CANARY, KEY_VARIABLE, find_key, seal, sealed_file, sealed_files, unseal
from rift.cli import sealing
from rift.cli.main import rift
from rift.corpus import build as build_module
from rift.issues import InputError
from rift.jsonl import write_values

IDENTITY = pyrage.x25519.Identity.generate()
KEY = str(IDENTITY)
SECRET = b'{"doc": "notes-b"}\n'


def code(error: pytest.ExceptionInfo[InputError]) -> str:
    (issue,) = error.value.issues
    return issue.code


@pytest.fixture
def notes(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """Return the root of a data folder with a collection of a training and a sealed test document."""
    for known in (build_module, module, collection_module, sealing):
        monkeypatch.setattr(known, "data_root", lambda: tmp_path)
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    folder = tmp_path / "corpus" / "notes"
    folder.mkdir(parents=True)
    documents = [
        msgspec.structs.replace(document(f"Bridge {name} opens", f"notes-{name}"), collection="notes") for name in "ab"
    ]
    write_values(folder / "documents.jsonl", documents)
    manifest = '[collection]\ntitle = "Notes"\nredistributable = true\ncitation = "Notes"\nsealed = ["test"]\n'
    for item, split in zip(documents, ("train", "test"), strict=True):
        manifest += f'[documents.{item.id}]\nsplit = "{split}"\nsha256 = "{item.sha256}"\n'
    (folder / "manifest.toml").write_text(manifest)
    (tmp_path / "annotations").mkdir()
    (tmp_path / "annotations" / "rift-test.pub").write_text(str(IDENTITY.to_public()))
    span = Span(id="s1", start=0, end=6, label="LOCATION", surface="Bridge")
    marks = [Markup(doc=item.id, sha256=item.sha256, layer="gold", spans=[span]) for item in documents]
    write_layer(tmp_path / "gold.jsonl", Layer("gold", marks))
    return tmp_path


def test_what_is_sealed_opens_with_its_key_and_shows_nothing_without(notes: pathlib.Path) -> None:
    path = notes / "secret.age"
    seal(path, SECRET)
    assert unseal(path, KEY) == SECRET
    assert b"notes-b" not in path.read_bytes()
    assert pyrage.decrypt(path.read_bytes(), [IDENTITY]).startswith(CANARY.encode())


def test_without_a_key_it_says_how_the_split_is_scored(notes: pathlib.Path) -> None:
    seal(notes / "secret.age", SECRET)
    with pytest.raises(InputError, match=KEY_VARIABLE) as error:
        unseal(notes / "secret.age", None)
    assert code(error) == "sealed"


def test_a_wrong_key_and_a_damaged_file_are_told(notes: pathlib.Path) -> None:
    path = notes / "secret.age"
    seal(path, SECRET)
    with pytest.raises(InputError) as error:
        unseal(path, str(pyrage.x25519.Identity.generate()))
    assert code(error) == "wrong-key"
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(InputError) as error:
        unseal(path, KEY)
    assert code(error) == "wrong-key"


def test_the_variable_holds_the_key_or_names_its_file(tmp_path: pathlib.Path) -> None:
    (tmp_path / "key").write_text(f"# made on a Monday\n{KEY}\n")
    (tmp_path / "other").write_text("nothing")
    assert find_key({}) is None
    assert find_key({KEY_VARIABLE: KEY}) == find_key({KEY_VARIABLE: str(tmp_path / "key")}) == KEY
    for name in ("other", "missing"):
        with pytest.raises(InputError) as error:
            find_key({KEY_VARIABLE: str(tmp_path / name)})
        assert code(error) == "no-key"


def test_a_layer_is_split_into_what_all_may_read_and_what_the_key_opens(
    notes: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = CliRunner().invoke(rift, ["annotations", "seal", "notes", str(notes / "gold.jsonl")])
    assert result.exit_code == 0, result.output
    assert list(read_layer(notes / "annotations" / "notes" / "gold.jsonl").markups) == ["notes-a"]
    assert [path.name for path in sealed_files("notes")] == ["gold.jsonl.age"]
    assert list(read_collection("notes", "gold", "train").markups) == ["notes-a"]
    for split in ("test", None):
        with pytest.raises(InputError) as error:
            read_collection("notes", "gold", split)
        assert code(error) == "sealed"
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    assert list(read_collection("notes", "gold", "test").markups) == ["notes-b"]
    assert set(read_collection("notes", "gold").markups) == {"notes-a", "notes-b"}


def test_sealing_the_same_again_leaves_the_file_as_it_is(notes: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    command = ["annotations", "seal", "notes", str(notes / "gold.jsonl")]
    CliRunner().invoke(rift, command)
    path = sealed_file("notes", "gold.jsonl")
    assert path is not None
    before = path.read_bytes()
    CliRunner().invoke(rift, command)
    assert path.read_bytes() == before


def test_a_line_of_another_collection_is_refused_and_nothing_written(notes: pathlib.Path) -> None:
    (notes / "gold.jsonl").write_text('{"doc": "other-1"}\n')
    result = CliRunner().invoke(rift, ["annotations", "seal", "notes", str(notes / "gold.jsonl")])
    assert result.exit_code == 1
    assert "unknown-document" in result.output
    assert not (notes / "annotations" / "notes").exists()


def test_what_is_unsealed_stays_outside_the_repository(
    notes: pathlib.Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    CliRunner().invoke(rift, ["annotations", "seal", "notes", str(notes / "gold.jsonl")])
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    inside = CliRunner().invoke(rift, ["annotations", "unseal", "notes", "gold.jsonl", str(notes / "plain.jsonl")])
    assert inside.exit_code == 2
    assert "inside the repository" in inside.output
    outside = tmp_path_factory.mktemp("outside") / "plain.jsonl"
    result = CliRunner().invoke(rift, ["annotations", "unseal", "notes", "gold.jsonl", str(outside)])
    assert result.exit_code == 0, result.output
    assert list(read_layer(outside).markups) == ["notes-b"]


def test_only_the_test_split_of_fakes_is_sealed() -> None:
    assert {name: list(sealed_splits(name)) for name in build_module.collections()} == {
        "briefs": [],
        "fakes": ["test"],
        "infighting": [],
        "re3d": [],
    }


def test_scoring_the_sealed_split_without_the_key_says_how_it_is_scored() -> None:
    done = CliRunner().invoke(rift, ["score", "fakes/test", "nowhere.jsonl"])
    assert done.exit_code == 1
    assert "sealed" in done.output
    assert KEY_VARIABLE in done.output


def test_a_collection_that_is_sealed_in_part_is_scored_by_its_splits() -> None:
    done = CliRunner().invoke(rift, ["score", "fakes", "nowhere.jsonl"])
    assert done.exit_code == 1
    assert "name one split: dev, test, train" in done.output


def test_the_sealed_layers_open_with_the_key_and_hold_the_test_documents_alone(test_key: str) -> None:
    assert find_key() is not None
    assert test_key
    test = {doc for doc, split in collection_module.splits("fakes").items() if split == "test"}
    for name in ("annotator-a", "annotator-b", "gold"):
        assert read_collection("fakes", name, "test").markups.keys() == test
