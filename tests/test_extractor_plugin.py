"""Extractors by entry point: ours, a stranger's, and those that cannot be loaded."""

import json
import pathlib
import subprocess
import sys
from collections.abc import Callable

import pytest

from invented import document
from rift.annotations.layer import Layer, read_layer
from rift.baselines.extractor import Plugin, load_extractor, plugins, predict_layer, read_settings
from rift.issues import InputError

STRANGER = '''
"""Marks the first word of every text as an ACTOR."""

from rift.annotations.layer import Markup, Span


class FirstWord:
    name = "first-word"

    def __init__(self, settings):
        assert settings == {}

    def fit(self, documents, gold):
        return self

    def predict(self, document):
        end = len(document.text.split()[0])
        spans = [Span(start=0, end=end, label="ACTOR")]
        return Markup(doc=document.id, sha256=document.sha256, layer=self.name, spans=spans)


class Half:
    def __init__(self, settings):
        pass
'''

Install = Callable[[str], pathlib.Path]


@pytest.fixture
def install(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return a function that puts a stranger's package with the entry points given on the path, as pip lays it out."""
    site = tmp_path / "site"

    def write(entry_points: str) -> pathlib.Path:
        information = site / "stranger-1.0.dist-info"
        information.mkdir(parents=True)
        (site / "stranger.py").write_text(STRANGER, "utf-8")
        (information / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n", "utf-8")
        (information / "entry_points.txt").write_text(f"[rift.extractors]\n{entry_points}\n", "utf-8")
        monkeypatch.syspath_prepend(site)
        monkeypatch.delitem(sys.modules, "stranger", raising=False)
        return site

    return write


def refusal(name: str) -> tuple[str, str, str]:
    """Return code, message and hint of the one issue that loading `name` gives."""
    with pytest.raises(InputError) as caught:
        load_extractor(name)
    (issue,) = caught.value.issues
    return issue.code, issue.message, issue.hint


def test_both_baselines_are_installed_and_load_with_their_settings() -> None:
    ours = [plugin.name for plugin in plugins() if plugin.distribution == "rift-corpus"]
    assert ours == ["linear", "rules"]
    assert [load_extractor(name).name for name in ours] == ours


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    code, _, hint = refusal("oracle")
    assert code == "unknown-extractor"
    assert "linear, rules" in hint


def test_an_extractor_without_a_settings_file_gets_none() -> None:
    assert read_settings("first-word") == {}


def test_a_strangers_extractor_is_found_and_runs(install: Install) -> None:
    install("first-word = stranger:FirstWord")
    assert Plugin("first-word", "stranger:FirstWord", "stranger", "1.0") in plugins()
    layer = predict_layer(load_extractor("first-word"), [document("Rebels left.", "a"), document("Rain fell.", "b")])
    assert [(markup.doc, markup.spans[0].end) for markup in layer] == [("a", 6), ("b", 4)]


def test_the_command_runs_a_strangers_extractor_and_writes_a_valid_layer(
    install: Install, tmp_path: pathlib.Path
) -> None:
    site = install("first-word = stranger:FirstWord")
    found = document("Rebels left the town.", "invented-1", published=None)
    row = {name: getattr(found, name) for name in found.__struct_fields__}
    (tmp_path / "documents.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    arguments = ["baselines", "predict", "first-word", "--documents", "documents.jsonl", "--out", "layer.jsonl"]
    code = f"import sys; sys.path.insert(0, {str(site)!r}); from rift.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    markup = read_layer(tmp_path / "layer.jsonl").markups["invented-1"]
    assert (markup.layer, markup.sha256) == ("first-word", found.sha256)
    assert [(span.start, span.end, span.label) for span in markup.spans] == [(0, 6, "ACTOR")]


def test_a_name_that_two_distributions_give_is_refused_with_both(install: Install) -> None:
    install("rules = stranger:FirstWord")
    code, message, _ = refusal("rules")
    assert code == "ambiguous-extractor"
    assert "rift-corpus, stranger" in message


@pytest.mark.parametrize("target", ["stranger:Nothing", "stranger:Half", "stranger:__doc__"])
def test_an_entry_point_that_makes_no_extractor_is_refused(install: Install, target: str) -> None:
    install(f"broken = {target}")
    assert refusal("broken")[0] == "broken-extractor"


def test_a_missing_module_of_a_strangers_is_named(install: Install) -> None:
    install("absent = not_installed_anywhere:Thing")
    code, message, hint = refusal("absent")
    assert code == "missing-extra"
    assert "'not_installed_anywhere'" in message
    assert "stranger" in hint


def test_without_scikit_learn_linear_says_which_extra_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [name for name in sys.modules if name.partition(".")[0] == "sklearn"]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.delitem(sys.modules, "rift.baselines.linear", raising=False)
    code, _, hint = refusal("linear")
    assert code == "missing-extra"
    assert hint == "pip install 'rift-corpus[linear]'"


def test_a_document_given_twice_is_refused() -> None:
    with pytest.raises(InputError, match="duplicate-document"):
        predict_layer(load_extractor("rules"), [document("Rain.", "a"), document("Rain.", "a")])


def test_no_document_gives_an_empty_layer() -> None:
    layer = predict_layer(load_extractor("rules"), [])
    assert isinstance(layer, Layer)
    assert len(layer) == 0
