"""The commands `rift baselines list` and `rift baselines predict`."""

import json
import pathlib
import sys
from collections.abc import Callable

import pytest

from invented import document
from rift import guidelines, jsonl
from rift.annotations.layer import Markup, Span, read_layer
from rift.annotations.validate import check_file
from rift.baselines import extractor
from rift.cli import main as command
from rift.corpus.document import Document, digest

Result = tuple[int, str, str]
Run = Callable[..., Result]

TEXT = "At least 40 rebels were killed on 3 May 2014.\n\nThe regime denied it."
PREDICT = ("predict", "rules", "--documents", "documents.jsonl", "--out", "out/layer.jsonl")


@pytest.fixture
def rift(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> Run:
    """Return a function that runs `rift baselines` in a folder of its own: exit code, standard output and error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")

    def run(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["rift", "baselines", *arguments])
        with pytest.raises(SystemExit) as caught:
            command.main()
        captured = capsys.readouterr()
        return int(caught.value.code or 0), captured.out, captured.err

    return run


def write_documents(path: pathlib.Path, *, sha256: str | None = None) -> Document:
    made = document(TEXT, "invented-1", published=None, sha256=sha256)
    jsonl.write_values(path, [made])
    return made


def test_list_names_the_baselines_and_their_distribution(rift: Run) -> None:
    code, out, _ = rift("list")
    assert code == 0
    assert "rules" in out
    code, out, _ = rift("list", "--json")
    rows = {row["name"]: row["distribution"] for row in json.loads(out)}
    assert rows["rules"] == rows["linear"] == "rift-corpus"


def test_predict_writes_a_valid_layer_and_progress_on_standard_error_only(rift: Run, tmp_path: pathlib.Path) -> None:
    document = write_documents(tmp_path / "documents.jsonl")
    code, out, err = rift(*PREDICT)
    assert (code, out) == (0, "")
    assert "1 documents" in err
    path = tmp_path / "out" / "layer.jsonl"
    layer, issues = check_file(path, {document.id: document}, guidelines.scheme(), guidelines.knowledge())
    assert issues == []
    assert [span.surface for span in layer.markups["invented-1"].spans] == [
        "At least 40 rebels",
        "rebels",
        "3 May 2014",
        "regime",
    ]


def test_predict_trains_on_the_files_named(rift: Run, tmp_path: pathlib.Path) -> None:
    write_documents(tmp_path / "documents.jsonl")
    assert rift(*PREDICT)[0] == 0
    training = ("--train-documents", "documents.jsonl", "--train-gold", "out/layer.jsonl")
    code, _, err = rift("predict", "linear", "--documents", "documents.jsonl", "--out", "linear.jsonl", *training)
    assert code == 0, err
    assert read_layer(tmp_path / "linear.jsonl").name == "linear"


def test_untrained_linear_writes_nothing_and_says_what_to_do(rift: Run, tmp_path: pathlib.Path) -> None:
    write_documents(tmp_path / "documents.jsonl")
    code, _, err = rift("predict", "linear", "--documents", "documents.jsonl", "--out", "linear.jsonl")
    assert code == command.FINDINGS
    assert "not-trained" in err
    assert not (tmp_path / "linear.jsonl").exists()


def test_training_documents_without_gold_are_wrong_usage(rift: Run) -> None:
    code, _, err = rift(*PREDICT, "--train-documents", "documents.jsonl")
    assert code == 2
    assert "go together" in err


@pytest.mark.parametrize(("name", "expected"), [("oracle", "unknown-extractor"), ("rules", "no-file")])
def test_an_unknown_extractor_and_a_missing_file_are_findings(rift: Run, name: str, expected: str) -> None:
    code, _, err = rift("predict", name, "--documents", "absent.jsonl", "--out", "layer.jsonl")
    assert code == command.FINDINGS
    assert expected in err


def test_a_text_that_is_not_the_one_its_hash_names_is_refused(rift: Run, tmp_path: pathlib.Path) -> None:
    write_documents(tmp_path / "documents.jsonl", sha256=digest("another"))
    code, _, err = rift(*PREDICT)
    assert code == command.FINDINGS
    assert "hash-differs" in err


def test_a_layer_with_errors_is_reported_and_not_written(
    rift: Run, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Careless:
        name = "careless"

        def fit(self, documents: object, gold: object) -> "Careless":
            del documents, gold
            return self

        def predict(self, document: Document) -> Markup:
            spans = [Span(start=0, end=4, label="CHEESE"), Span(start=0, end=3, label="ACTOR")]
            return Markup(doc=document.id, sha256=document.sha256, layer=self.name, spans=spans)

    monkeypatch.setattr(extractor, "load_extractor", lambda name: Careless() if name else None)
    write_documents(tmp_path / "documents.jsonl")
    code, _, err = rift(*PREDICT)
    assert code == command.FINDINGS
    assert "unknown-label" in err
    assert "edge-space" in err
    assert not (tmp_path / "out").exists()
