"""`rift annotations adjudicate`, `decide` and `audit`."""

import json
import pathlib

import pytest
from click.testing import CliRunner

from invented import document
from rift.annotations.layer import Layer, Markup, Span, write_layer
from rift.cli.main import rift
from rift.eval.decisions import Decision
from rift.jsonl import read_structs, write_values

TEXT = "Rebels fought ISIL near Azaz on Monday; five died."
NOTE = document(TEXT, "note-1")


def span(surface: str, label: str, **attributes: str | int | bool) -> Span:
    start = TEXT.index(surface)
    return Span(
        id=f"{label[0].lower()}{start}",
        start=start,
        end=start + len(surface),
        label=label,
        surface=surface,
        attributes=attributes,
    )


ISIL = span("ISIL", "ACTOR", form="name", kind="armed_group", entity="isis")
REBELS = span("Rebels", "ACTOR", form="generic", kind="armed_group")
AZAZ = span("Azaz", "LOCATION", kind="settlement", place="azaz")
FIVE = span("five", "TOLL", outcome="killed", low=5, high=5, victims="unspecified", scope="incident")
SIX = span("five", "TOLL", outcome="killed", low=6, high=6, victims="unspecified", scope="incident")


@pytest.fixture
def work(tmp_path: pathlib.Path) -> pathlib.Path:
    write_values(tmp_path / "documents.jsonl", [NOTE])
    for name, spans in {"a": [ISIL, AZAZ, FIVE], "b": [REBELS, ISIL, SIX], "gold": [REBELS, ISIL, AZAZ, FIVE]}.items():
        write_layer(
            tmp_path / f"{name}.jsonl", Layer(name, [Markup(doc="note-1", sha256=NOTE.sha256, layer=name, spans=spans)])
        )
    return tmp_path


def run(*arguments: str | pathlib.Path) -> tuple[int, str]:
    result = CliRunner().invoke(rift, ["annotations", *map(str, arguments)])
    return result.exit_code, result.output


def test_every_difference_is_listed_with_its_text(work: pathlib.Path) -> None:
    code, output = run("adjudicate", work / "a.jsonl", work / "b.jsonl", "--documents", work / "documents.jsonl")
    lines = output.splitlines()
    assert code == 0
    assert lines[0] == "# doc note-1"
    assert lines[1].startswith("1\tonly-b\tA: nothing  B: ACTOR [Rebels]\t")
    assert "near [[Azaz]] on Monday" in lines[2]
    assert [line.split("\t")[1] for line in lines[3:]] == ["attribute high", "attribute low"]
    assert lines[3].split("\t")[2] == "A: 5  B: 6"


def test_the_list_comes_as_json_too(work: pathlib.Path) -> None:
    _, output = run("adjudicate", work / "a.jsonl", work / "b.jsonl", "--json")
    assert [json.loads(line)["number"] for line in output.splitlines()] == [1, 2, 3, 4]


def test_decisions_are_recorded_with_their_reasons(work: pathlib.Path) -> None:
    reasons = "".join(f"note-1\t{number}\tslip\tseen\n" for number in (1, 2, 3, 4))
    (work / "reasons.tsv").write_text(f"# document, number, reason, note\n{reasons}")
    out = work / "decisions.jsonl"
    code, output = run(
        "decide", work / "a.jsonl", work / "b.jsonl", work / "gold.jsonl", work / "reasons.tsv", "--out", out
    )
    assert code == 0, output
    decisions = read_structs(Decision, out)
    assert [(item.number, item.choice, item.reason, item.note) for item in decisions] == [
        (1, "b", "slip", "seen"),
        (2, "a", "slip", "seen"),
        (3, "a", "slip", "seen"),
        (4, "a", "slip", "seen"),
    ]
    assert "slip" in output


def test_a_decision_without_reason_stops_it_and_nothing_is_written(work: pathlib.Path) -> None:
    (work / "reasons.tsv").write_text("note-1\t1\tslip\nnote-1 two\nnote-1\t2\twhim\n")
    out = work / "decisions.jsonl"
    code, output = run(
        "decide", work / "a.jsonl", work / "b.jsonl", work / "gold.jsonl", work / "reasons.tsv", "--out", out
    )
    assert code == 1
    for found in ("wrong-reason", "no-reason", "unknown-reason", "reasons.tsv:2"):
        assert found in output
    assert not out.exists()


def test_an_audit_within_bounds_ends_well_and_one_beyond_with_findings(work: pathlib.Path) -> None:
    assert run("audit", work / "gold.jsonl", work / "gold.jsonl")[0] == 0
    code, output = run("audit", work / "a.jsonl", work / "gold.jsonl")
    assert code == 1
    assert "1 documents read" in output
    assert run("audit", work / "a.jsonl", work / "gold.jsonl", "--most", "0.5")[0] == 0
    found = json.loads(run("audit", work / "a.jsonl", work / "gold.jsonl", "--json")[1])
    assert found["rows"][-1]["rate"]["value"] == 1 / 4


def test_a_draw_is_repeated_by_its_seed() -> None:
    code, output = run("draw", "briefs", "--documents", "7", "--seed", "3")
    assert code == 0
    assert len(set(output.split())) == 7
    assert run("draw", "briefs", "--documents", "7", "--seed", "3")[1] == output
    assert run("draw", "briefs", "--documents", "7", "--seed", "4")[1] != output
    assert run("draw", "briefs", "--documents", "5000")[0] == 2
