"""`rift.eval.replay` and `rift.eval.run`: a result computed anew."""

import json
import pathlib
from collections.abc import Callable

import pytest

from eval_strategies import layer, span
from rift.annotations.layer import write_layer
from rift.eval.replay import MISSING, replay
from rift.eval.resample import Bootstrap
from rift.eval.run import Request, as_json, evaluate
from rift.issues import InputError

Change = Callable[[dict[str, object]], None]


@pytest.fixture
def result(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """Return a result file beside its gold and prediction, in the working folder."""
    monkeypatch.chdir(tmp_path)
    gold = {"doc-a": [span(0, 6, "ACTOR"), span(10, 30, "TOLL")], "doc-b": [span(4, 9, "DATE")]}
    predicted = {"doc-a": [span(0, 6, "ACTOR"), span(12, 30, "TOLL")], "doc-b": [span(4, 9, "DATE")]}
    write_layer(tmp_path / "gold.jsonl", layer("gold", gold))
    write_layer(tmp_path / "system.jsonl", layer("system", predicted))
    return written(
        Request(gold="gold.jsonl", predicted="system.jsonl", bootstrap=Bootstrap(1, 50), by=("form", "split"))
    )


def written(request: Request) -> pathlib.Path:
    path = pathlib.Path("result.json").absolute()
    path.write_bytes(as_json(evaluate(request, None)))
    return path


def edit(path: pathlib.Path, *keys: str, to: object) -> None:
    content = json.loads(path.read_text("utf-8"))
    inner = content
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = to
    path.write_text(json.dumps(content), "utf-8")


def test_the_same_files_give_the_same_numbers(result: pathlib.Path) -> None:
    found = replay(result, None)
    assert found.differences == ()
    assert found.issues == ()
    content = json.loads(result.read_text("utf-8"))
    content.pop("run")
    assert found.numbers == sum(1 for _ in numbers(content))
    assert found.numbers > 100


def numbers(content: object) -> list[object]:
    if isinstance(content, dict):
        return [leaf for value in content.values() for leaf in numbers(value)]
    if isinstance(content, list):
        return [leaf for value in content for leaf in numbers(value)]
    return [] if isinstance(content, str) else [content]


def test_a_number_that_was_changed_is_named(result: pathlib.Path) -> None:
    edit(result, "modes", "strict", "micro", "f1", "value", to=0.6666666666666667)
    edit(result, "slices", "form", "slices", "other", "modes", "exact", "gold", to=99)
    (first, second) = replay(result, None).differences
    assert (first.place, first.stored, first.again) == ("modes.strict.micro.f1.value", 0.6666666666666667, 2 / 3)
    assert (second.place, second.stored) == ("slices.form.slices.other.modes.exact.gold", 99)


def test_the_last_digit_counts(result: pathlib.Path) -> None:
    value = json.loads(result.read_text("utf-8"))["modes"]["partial"]["micro"]["f1"]["value"]
    edit(result, "modes", "partial", "micro", "f1", "value", to=value + 1.2e-16)
    assert [found.place for found in replay(result, None).differences] == ["modes.partial.micro.f1.value"]


def test_numbers_that_one_side_lacks_are_named(result: pathlib.Path) -> None:
    edit(result, "modes", "strict", "micro", "extra", to=1)
    edit(result, "modes", "strict", "micro", "recall", to={})
    found = {difference.place: (difference.stored, difference.again) for difference in replay(result, None).differences}
    places = ["modes.strict.micro.extra", "modes.strict.micro.recall.value"]
    assert [found[place] for place in places] == [(1, MISSING), (MISSING, 2 / 3)]


def test_an_undefined_number_is_not_zero(result: pathlib.Path) -> None:
    edit(result, "modes", "strict", "labels", "LOCATION", "f1", "value", to=0)
    found = [(difference.stored, difference.again) for difference in replay(result, None).differences]
    assert found == [(0, None)]


def test_a_changed_file_is_said_with_the_numbers_that_change(result: pathlib.Path) -> None:
    write_layer(pathlib.Path("system.jsonl"), layer("system", {"doc-a": [], "doc-b": []}))
    found = replay(result, None)
    assert [(issue.code, issue.where.file) for issue in found.issues] == [("file-changed", "system.jsonl")]
    assert "modes.strict.micro.f1.value" in {difference.place for difference in found.differences}


def test_a_file_in_another_order_is_said_but_changes_no_number(result: pathlib.Path) -> None:
    gold = pathlib.Path("gold.jsonl")
    gold.write_text("\n".join(reversed(gold.read_text("utf-8").splitlines())), "utf-8")
    found = replay(result, None)
    assert [issue.code for issue in found.issues] == ["file-changed"]
    assert found.differences == ()


def test_other_files_may_be_named(result: pathlib.Path) -> None:
    pathlib.Path("gold.jsonl").rename("elsewhere.jsonl")
    pathlib.Path("system.jsonl").rename("moved.jsonl")
    with pytest.raises(InputError) as caught:
        replay(result, None)
    assert {issue.code for issue in caught.value.issues} == {"no-file"}
    found = replay(result, None, "elsewhere.jsonl", "moved.jsonl")
    assert (found.differences, found.issues) == ((), ())


def test_files_are_looked_for_beside_the_result_too(
    result: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.chdir(other)
    assert replay(result, None).differences == ()


def test_another_version_is_said_once(result: pathlib.Path) -> None:
    edit(result, "run", "version", to="0.0.1")
    edit(result, "modes", "strict", "signature", to="rift:0.0.1|…")
    (issue,) = replay(result, None).issues
    assert issue.code == "other-version"


def test_another_signature_is_said(result: pathlib.Path) -> None:
    edit(result, "modes", "exact", "signature", to="mine")
    found = replay(result, None)
    assert [issue.code for issue in found.issues] == ["signature-differs"]
    assert found.differences == ()


@pytest.mark.parametrize("track", ["spans", "values", "tolls"])
def test_a_split_of_the_corpus_can_be_replayed_in_every_track(
    track: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_layer(tmp_path / "none.jsonl", layer("none", {}))
    request = Request(gold="briefs/dev", predicted="none.jsonl", track=track, bootstrap=Bootstrap(0, 20))
    path = written(request)
    assert json.loads(path.read_text("utf-8"))["run"]["gold"]["path"] == "annotations/briefs/gold.jsonl"
    assert replay(path, None).differences == ()


def test_listed_documents_are_kept(result: pathlib.Path) -> None:
    del result
    request = Request(gold="gold.jsonl", predicted="system.jsonl", documents=("doc-b",), bootstrap=Bootstrap(0, 5))
    path = written(request)
    assert json.loads(path.read_text("utf-8"))["documents"] == 1
    assert replay(path, None).differences == ()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "no-file"),
        (b"{", "not-json"),
        (b"[1]", "not-json"),
        (b'{"modes": {}}', "no-run"),
        (b'{"run": {"version": "1"}}', "missing-key"),
        (b'{"run": 1}', "wrong-type"),
    ],
)
def test_a_file_that_is_no_result_is_refused(tmp_path: pathlib.Path, content: bytes | None, code: str) -> None:
    path = tmp_path / "result.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        replay(path, None)
    assert caught.value.issues[0].code == code
    assert caught.value.issues[0].hint


def test_an_unknown_track_in_a_result_is_refused(result: pathlib.Path) -> None:
    edit(result, "run", "request", "track", to="mood")
    with pytest.raises(InputError) as caught:
        replay(result, None)
    assert [issue.code for issue in caught.value.issues] == ["no-request"]
    assert "mood" in caught.value.issues[0].message
