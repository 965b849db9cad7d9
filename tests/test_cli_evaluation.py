"""`rift score` in all tracks and by slices, `rift compare`, `rift eval check` and `rift eval replay`."""

import gzip
import importlib.util
import json
import pathlib
import subprocess
import sys

import msgspec
import pytest
from click.testing import CliRunner, Result

from eval_strategies import layer, span
from rift.annotations.collection import load_portion
from rift.annotations.layer import Layer, write_layer
from rift.cli.main import rift
from rift.eval.compare import ComparisonResult
from rift.eval.metadata import SLICINGS

FEW = ("--resamples", "40")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(rift, arguments, env={"COLUMNS": "130"})


@pytest.fixture(autouse=True)
def files(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put gold and three systems of twelve documents into the working folder, where there are no sources."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RIFT_SOURCES", raising=False)
    names = [f"doc-{number:02}" for number in range(12)]
    right = [span(0, 6), span(10, 30, "TOLL"), span(40, 44, "DATE")]
    write_layer(tmp_path / "gold.jsonl", layer("gold", dict.fromkeys(names, right)))
    write_layer(tmp_path / "good.jsonl", layer("good", {name: right[: 2 + (name > "doc-01")] for name in names}))
    write_layer(tmp_path / "twin.jsonl", layer("twin", {name: right[: 2 + (name < "doc-10")] for name in names}))
    write_layer(tmp_path / "poor.jsonl", layer("poor", {name: [span(7, 9)] for name in names}))


def dev_layer(name: str, spans: int) -> Layer:
    """Return the gold of briefs/dev with so many spans a document, under another name."""
    gold = load_portion("briefs", "dev").gold
    return Layer(name, (msgspec.structs.replace(m, layer=name, spans=m.spans[:spans]) for m in gold))


@pytest.mark.parametrize("by", SLICINGS)
def test_score_prints_a_table_for_each_slicing(by: str) -> None:
    write_layer(pathlib.Path("system.jsonl"), dev_layer("system", 9))
    result = run("score", "briefs/dev", "system.jsonl", "--by", by, *FEW)
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"\nby {by}, strict" in result.stdout
    assert ("a document may be in several" in result.stdout) is (by == "phenomenon")


def test_score_takes_several_slicings_and_the_mode_for_all_tables() -> None:
    result = run("score", "gold.jsonl", "good.jsonl", "--by", "form", "--by", "split", "--mode", "type", *FEW)
    assert "by form, type" in result.stdout
    assert "by split, type" in result.stdout
    assert [line.split()[0] for line in result.stdout.splitlines() if line.startswith(("other", "unknown"))] == [
        "other",
        "unknown",
        "unknown",
    ]


@pytest.mark.parametrize("track", ["spans", "values", "tolls"])
def test_score_knows_every_track(track: str) -> None:
    write_layer(pathlib.Path("system.jsonl"), dev_layer("system", 9))
    result = run("score", "briefs/dev", "system.jsonl", "--track", track, *FEW)
    assert result.exit_code == 0
    assert f"system against gold: {track}, strict" in result.stdout
    assert f"|track:{track}|mode:strict|split:briefs-dev|" in result.stdout
    content = json.loads(run("score", "briefs/dev", "system.jsonl", "--track", track, "--json", *FEW).stdout)
    assert content["track"] == content["run"]["request"]["track"] == track


def test_json_holds_settings_and_files_with_their_hashes() -> None:
    pathlib.Path("ids.txt").write_text("doc-01\ndoc-02\n", "utf-8")
    arguments = ("--json", "--seed", "3", "--resamples", "7", "--documents", "ids.txt", "--by", "length")
    content = json.loads(run("score", "gold.jsonl", "good.jsonl", *arguments).stdout)
    assert content["run"]["request"] == {
        "gold": "gold.jsonl",
        "predicted": "good.jsonl",
        "track": "spans",
        "bootstrap": {"seed": 3, "resamples": 7},
        "documents": ["doc-01", "doc-02"],
        "by": ["length"],
    }
    assert content["run"]["gold"]["path"] == "gold.jsonl"
    assert len(content["run"]["predicted"]["sha256"]) == 64
    assert list(content["slices"]) == ["length"]


def test_other_file_formats_are_scored_and_replayed_alike() -> None:
    write_layer(pathlib.Path("system.jsonl"), dev_layer("system", 9))
    pathlib.Path("system.jsonl.gz").write_bytes(gzip.compress(pathlib.Path("system.jsonl").read_bytes()))
    plain, packed = (run("score", "briefs/dev", name, "--json", *FEW) for name in ("system.jsonl", "system.jsonl.gz"))
    assert packed.exit_code == 0, packed.stderr
    assert json.loads(packed.stdout)["modes"] == json.loads(plain.stdout)["modes"]
    pathlib.Path("result.json").write_text(packed.stdout, "utf-8")
    assert run("eval", "replay", "result.json").exit_code == 0


def test_a_folder_of_brat_files_is_scored_and_replayed() -> None:
    text = load_portion("briefs", "dev").documents[0]
    pathlib.Path("brat").mkdir()
    pathlib.Path("brat", f"{text.id}.ann").write_text(f"T1\tACTOR 0 4\t{text.text[:4]}\n", "utf-8")
    result = run("score", "briefs/dev", "brat", "--json", *FEW)
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["modes"]["strict"]["micro"]["predicted"] == 1
    pathlib.Path("result.json").write_text(result.stdout, "utf-8")
    assert run("eval", "replay", "result.json").exit_code == 0
    pathlib.Path("brat", f"{text.id}.ann").write_text("", "utf-8")
    assert "[file-changed]" in run("eval", "replay", "result.json").stderr


def test_report_writes_a_page_and_says_where() -> None:
    pytest.importorskip("matplotlib")
    result = run("score", "gold.jsonl", "good.jsonl", "--report", "out/page.html", *FEW)
    assert result.exit_code == 0
    assert result.stderr == "report: out/page.html\n"
    assert "<html" in pathlib.Path("out/page.html").read_text("utf-8")


def test_report_that_cannot_be_written_is_said() -> None:
    pytest.importorskip("matplotlib")
    result = run("score", "gold.jsonl", "good.jsonl", "--report", "gold.jsonl/page.html", *FEW)
    assert result.exit_code == 1
    assert "[not-written]" in result.stderr


def test_report_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", {}.get)
    result = run("score", "gold.jsonl", "good.jsonl", "--report", "page.html", *FEW)
    assert result.exit_code == 1
    assert "rift-corpus[report]" in result.stderr


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (["--track", "mood"], "'mood' is not one of"),
        (["--track", "values", "--mode", "exact"], "the track 'values' has no mode 'exact'; its modes: strict"),
        (["--track", "tolls", "--by", "form"], "the track 'tolls' scores no spans: --by form does not apply"),
        (["--by", "mood"], "'mood' is not one of"),
        (["--seed", "-1"], "-1 is not in the range"),
        (["--resamples", "many"], "'many' is not a valid integer"),
        (["--documents", "absent.txt"], "absent.txt"),
        (["--report", "."], "is a directory"),
        (["--nothing"], "No such option"),
    ],
)
def test_wrong_usage_of_score_exits_2_with_a_word(wrong: list[str], message: str) -> None:
    result = run("score", "gold.jsonl", "good.jsonl", *wrong)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())


def test_a_list_of_documents_that_is_not_utf_8_is_wrong_usage() -> None:
    pathlib.Path("ids.txt").write_bytes(b"doc-01\n\xff\n")
    result = run("score", "gold.jsonl", "good.jsonl", "--documents", "ids.txt")
    assert (result.exit_code, "ids.txt is not UTF-8" in result.stderr) == (2, True)


def test_an_unknown_split_and_collection_are_said() -> None:
    unknown = run("score", "briefs/summer", "good.jsonl")
    assert (unknown.exit_code, "[no-split]" in unknown.stderr, "dev, test, train" in unknown.stderr) == (1, True, True)
    assert "[no-file]" in run("score", "nowhere/dev", "good.jsonl").stderr


def test_compare_ranks_and_says_what_can_be_told_apart() -> None:
    result = run("compare", "gold.jsonl", "poor.jsonl", "good.jsonl", "twin.jsonl", "--rounds", "400", *FEW)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0].startswith("3 systems against gold: spans, strict, micro F1")
    ranks = [line.split()[:3] for line in lines if line[:1].isdigit()][1:]
    assert ranks == [["1", "good", "0.971"], ["1", "twin", "0.971"], ["3", "poor", "0.000"]]
    assert lines[-2].startswith("smallest detectable difference: 0.")
    assert lines[-1].endswith("|docs:12|seed:0|resamples:40|rounds:400")


def test_compare_gives_every_pair_as_json() -> None:
    result = run("compare", "gold.jsonl", "poor.jsonl", "good.jsonl", "twin.jsonl", "--json", "--seed", "2", *FEW)
    found = msgspec.json.decode(result.stdout, type=ComparisonResult)
    assert [(pair.first, pair.second) for pair in found.comparison.pairs] == [
        ("good", "twin"),
        ("good", "poor"),
        ("twin", "poor"),
    ]
    assert found.comparison.pairs[0].p == 1
    assert found.comparison.randomisation.seed == found.comparison.bootstrap.seed == 2


@pytest.mark.parametrize("arguments", [("--mode", "partial"), ("--track", "values"), ("--track", "tolls")])
def test_compare_has_the_values_of_score(arguments: tuple[str, ...]) -> None:
    write_layer(pathlib.Path("nine.jsonl"), dev_layer("nine", 9))
    write_layer(pathlib.Path("four.jsonl"), dev_layer("four", 4))
    together = run("compare", "briefs/dev", "four.jsonl", "nine.jsonl", "--json", *arguments, *FEW)
    compared = msgspec.json.decode(together.stdout, type=ComparisonResult)
    for system in compared.comparison.systems:
        alone = json.loads(run("score", "briefs/dev", f"{system.name}.jsonl", "--json", *arguments, *FEW).stdout)
        scores = alone["modes"][compared.mode]
        assert system.value == scores["micro"]["f1"]["value"]
        assert list(system.interval or ()) == scores["micro"]["f1"]["interval"]
        assert compared.signature == f"{scores['signature']}|rounds:10000"


def test_compare_of_one_system_gives_what_could_be_detected() -> None:
    result = run("compare", "gold.jsonl", "good.jsonl", "--json", *FEW)
    found = msgspec.json.decode(result.stdout, type=ComparisonResult)
    assert [system.rank for system in found.comparison.systems] == [1]
    assert found.comparison.pairs == []
    assert run("compare", "gold.jsonl", "good.jsonl", *FEW).stdout.splitlines()[-2].startswith("smallest detectable")


def test_systems_of_one_name_are_called_by_their_files() -> None:
    pathlib.Path("copy.jsonl").write_bytes(pathlib.Path("good.jsonl").read_bytes())
    found = msgspec.json.decode(
        run("compare", "gold.jsonl", "good.jsonl", "copy.jsonl", "--json", *FEW).stdout, type=ComparisonResult
    )
    assert [system.name for system in found.comparison.systems] == ["copy.jsonl", "good.jsonl"]


def test_compare_refuses_a_file_that_is_named_twice() -> None:
    result = run("compare", "gold.jsonl", "good.jsonl", "good.jsonl")
    assert result.exit_code == 2
    assert "good.jsonl is named twice" in result.stderr


def test_compare_reports_the_faults_of_all_files_at_once() -> None:
    pathlib.Path("broken.jsonl").write_text("{\n", "utf-8")
    result = run("compare", "gold.jsonl", "broken.jsonl", "absent.jsonl", "good.jsonl")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "broken.jsonl:1" in result.stderr
    assert "absent.jsonl: error [no-file]" in result.stderr


def test_compare_reports_all_systems_that_count_on_other_texts() -> None:
    other = layer("x", {"other": []}).markups["other"].sha256
    for name in ("one", "two"):
        markup = msgspec.structs.replace(layer(name, {"doc-00": []}).markups["doc-00"], sha256=other)
        write_layer(pathlib.Path(f"{name}.jsonl"), Layer(name, [markup]))
    result = run("compare", "gold.jsonl", "one.jsonl", "two.jsonl")
    assert result.exit_code == 1
    assert [line.split(": ")[0] for line in result.stderr.splitlines()] == ["one.jsonl", "two.jsonl"]


def test_compare_restricts_the_documents_and_says_which_are_not_gold() -> None:
    pathlib.Path("ids.txt").write_text("doc-01\ndoc-02\n", "utf-8")
    result = run("compare", "gold.jsonl", "good.jsonl", "twin.jsonl", "--documents", "ids.txt", *FEW)
    assert "|split:listed|" in result.stdout
    assert "|docs:2|" in result.stdout
    pathlib.Path("ids.txt").write_text("doc-01\n# no\ndoc-99\n", "utf-8")
    wrong = run("compare", "gold.jsonl", "good.jsonl", "--documents", "ids.txt")
    assert (wrong.exit_code, wrong.stderr.split(" error ")[0]) == (1, "ids.txt:3: doc-99:")


@pytest.mark.parametrize(
    "wrong", [[], ["good.jsonl", "--rounds", "0"], ["good.jsonl", "--track", "tolls", "--mode", "type"]]
)
def test_wrong_usage_of_compare_exits_2(wrong: list[str]) -> None:
    assert run("compare", "gold.jsonl", *wrong).exit_code == 2


def test_check_passes_a_sound_submission() -> None:
    write_layer(pathlib.Path("system.jsonl"), dev_layer("system", 9))
    result = run("eval", "check", "system.jsonl", "--split", "briefs/dev")
    assert (result.exit_code, result.stdout.splitlines()[-1][:8]) == (0, "0 errors")


def test_check_reports_errors_for_people_and_programs() -> None:
    pathlib.Path("broken.jsonl").write_text("{\n", "utf-8")
    result = run("eval", "check", "broken.jsonl", "--split", "briefs/dev")
    assert result.exit_code == 1
    assert "broken.jsonl:1" in result.stdout
    issues = json.loads(run("eval", "check", "broken.jsonl", "--split", "briefs/dev", "--json").stdout)
    assert {issue["level"] for issue in issues} >= {"error"}


@pytest.mark.parametrize(
    ("split", "code"), [("briefs/summer", "no-split"), ("nowhere/dev", "no-collection"), ("nowhere", "no-collection")]
)
def test_check_says_that_there_is_no_such_split(split: str, code: str) -> None:
    result = run("eval", "check", "good.jsonl", "--split", split)
    assert result.exit_code == 1
    assert f"[{code}]" in result.stderr


@pytest.mark.parametrize("wrong", [["check", "good.jsonl"], ["check"], ["replay"], ["replay", "a", "b"], ["guess"]])
def test_wrong_usage_of_eval_exits_2(wrong: list[str]) -> None:
    assert run("eval", *wrong).exit_code == 2


def test_replay_says_same_and_then_which_number_differs() -> None:
    path = pathlib.Path("result.json")
    path.write_text(run("score", "gold.jsonl", "good.jsonl", "--json", *FEW).stdout, "utf-8")
    same = run("eval", "replay", "result.json")
    assert (same.exit_code, same.stderr) == (0, "")
    assert same.stdout.endswith("numbers are the same to the last digit\n")
    content = json.loads(path.read_text("utf-8"))
    content["modes"]["exact"]["micro"]["predicted"] = 1
    path.write_text(json.dumps(content), "utf-8")
    other = run("eval", "replay", "result.json")
    assert other.exit_code == 1
    assert other.stdout.splitlines()[0] == "modes.exact.micro.predicted: 1 stored, 34 computed anew"
    assert other.stdout.splitlines()[1].startswith("1 of ")
    outcome = json.loads(run("eval", "replay", "result.json", "--json").stdout)
    assert outcome["differences"] == [{"place": "modes.exact.micro.predicted", "stored": 1, "again": 34}]


def test_replay_with_another_prediction_says_so_and_fails() -> None:
    pathlib.Path("result.json").write_text(run("score", "gold.jsonl", "good.jsonl", "--json", *FEW).stdout, "utf-8")
    result = run("eval", "replay", "result.json", "--predicted", "poor.jsonl", "--gold", "gold.jsonl")
    assert result.exit_code == 1
    assert "poor.jsonl: warning [file-changed]" in result.stderr
    assert "modes.strict.micro.f1.value: 0.97" in result.stdout


def test_replay_of_something_else_is_refused() -> None:
    result = run("eval", "replay", "gold.jsonl")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "[not-json]" in result.stderr


@pytest.mark.parametrize("arguments", [("score",), ("compare",), ("eval",), ("eval", "check"), ("eval", "replay")])
def test_every_command_has_help(arguments: tuple[str, ...]) -> None:
    result = run(*arguments, "--help")
    assert result.exit_code == 0
    assert "Usage: " in result.stdout


@pytest.mark.parametrize("module", ["score", "compare", "evaluate"])
def test_help_loads_no_heavy_library(module: str) -> None:
    heavy = {"numpy", "scipy", "sklearn", "matplotlib", "jinja2"}
    program = f"import sys, rift.cli.{module}; print(sorted({heavy!r} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
