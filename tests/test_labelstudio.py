"""Label Studio: a server's export is read to the last offset."""

import copy
import json
import pathlib
from typing import Any

import pytest
from click.testing import CliRunner, Result

from invented import document
from labelstudio_texts import CHANGED, DOCUMENTS, KEPT, LONG, LONG_ONE, MADE, RELABELLED, SENT, SKIPPED, TWICE
from rift.annotations.formats.labelstudio import Export, from_export
from rift.annotations.formats.rendering import Context
from rift.annotations.layer import Span, encode_layer
from rift.cli.main import rift
from rift.guidelines import knowledge
from rift.jsonl import encode_values

GOLDEN = pathlib.Path(__file__).parent / "golden" / "labelstudio.json"
RECORDED: list[dict[str, Any]] = json.loads(GOLDEN.read_text("utf-8"))["cases"]
CONTEXT = Context(DOCUMENTS, knowledge())
FIRST, SECOND = "1", "2"


@pytest.fixture(scope="module")
def exported() -> Export:
    return from_export(RECORDED, CONTEXT)


def marks(export: Export, name: str, who: str = FIRST) -> dict[str, Span]:
    return {span.surface or "": span for span in export.layers[who].markups[name].spans}


@pytest.mark.parametrize("name", [KEPT, TWICE, LONG_ONE])
def test_predictions_that_were_submitted_as_they_were_come_back_whole(exported: Export, name: str) -> None:
    assert list(exported.layers[FIRST].markups[name].spans) == list(SENT.markups[name].spans)


def test_every_surface_is_cut_from_our_text(exported: Export) -> None:
    spans = [(markup.doc, span) for layer in exported.layers.values() for markup in layer for span in markup.spans]
    assert len(spans) > 50
    assert all(DOCUMENTS[doc].text[span.start : span.end] == span.surface for doc, span in spans)


def test_offsets_are_those_of_what_was_marked_in_the_browser(exported: Export) -> None:
    made = [span.surface for span in exported.layers[FIRST].markups[MADE].spans]
    assert made == [
        "\U0001f600 held",
        "Azaz",
        "4 May 2014",
        "\u062d\u0644\u0628",
        "at least 12 rebels",
        "line\nafter",
    ]
    assert "\U0001f468\u200d\U0001f469\u200d\U0001f467 rebels too" in marks(exported, CHANGED)
    assert exported.layers[FIRST].markups[LONG_ONE].spans[-1].start == LONG.rindex("Azaz")


def test_the_text_of_a_region_is_never_trusted() -> None:
    """The server writes a line end in it as a backslash and an n."""
    texts = [
        result["value"]["text"] for task in RECORDED for result in task["annotations"][0]["result"] if "id" in result
    ]
    assert "line\\nafter" in texts
    lying = copy.deepcopy(RECORDED)
    for task in lying:
        for annotation in task["annotations"]:
            for result in annotation["result"]:
                if result["type"] == "labels":
                    result["value"]["text"] = "something else"
    before, after = (from_export(export, CONTEXT).layers for export in (RECORDED, lying))
    assert [encode_layer(layer) for layer in after.values()] == [encode_layer(layer) for layer in before.values()]


def test_what_was_set_in_the_browser_is_read(exported: Export) -> None:
    made = marks(exported, MADE)
    assert made["at least 12 rebels"].attributes == {"outcome": "killed", "low": 12, "approx": True}
    assert made["4 May 2014"].attributes == {"value": "2014-05-04"}
    assert made["Azaz"].attributes == {"place": "azaz"}
    assert made["\u062d\u0644\u0628"].attributes == {"place": "halab"}


def test_a_relation_without_a_label_is_the_only_link_that_it_can_be(exported: Export) -> None:
    relations = [result for result in RECORDED[3]["annotations"][0]["result"] if result["type"] == "relation"]
    assert [relation.get("labels") for relation in relations] == [["where"], None]
    made = marks(exported, MADE)
    expected = {"where": [made["Azaz"].id], "when": [made["4 May 2014"].id]}
    assert made["at least 12 rebels"].links == expected


def test_a_change_is_read_and_told_from_what_was_left(exported: Export) -> None:
    changed = marks(exported, CHANGED)
    assert changed["at least 12 rebels"].attributes["low"] == 13
    work = next(work for work in exported.work if work.doc == CHANGED)
    by_origin = {
        origin: [key for key, found in work.origins.items() if found == origin] for origin in work.origins.values()
    }
    new = changed["\U0001f468\u200d\U0001f469\u200d\U0001f467 rebels too"]
    assert by_origin["prediction-changed"] == ["t1"]
    assert by_origin["manual"] == [new.id]
    assert sorted(by_origin["prediction"]) == sorted({str(s.id) for s in SENT.markups[CHANGED].spans} - {"t1"})
    assert work.lead_time is not None
    assert work.lead_time > 0


def test_what_stays_of_a_label_that_was_changed_is_passed_over(exported: Export) -> None:
    (span,) = exported.layers[FIRST].markups[RELABELLED].spans
    assert (span.label, span.attributes) == ("LOCATION", {})
    issues = [issue for issue in exported.issues if issue.where.doc == RELABELLED]
    assert [(issue.code, issue.where.span) for issue in issues] == [("not-read", span.id)]


def test_a_skipped_task_is_told_and_not_read(exported: Export) -> None:
    assert SKIPPED not in exported.layers[FIRST].markups
    (issue,) = [issue for issue in exported.issues if issue.where.doc == SKIPPED]
    assert (issue.code, "skipped" in issue.message) == ("not-read", True)
    assert [work.skipped for work in exported.work if work.doc == SKIPPED] == [True]


def test_each_annotator_has_a_layer(exported: Export) -> None:
    assert list(exported.layers) == [FIRST, SECOND]
    assert list(exported.layers[SECOND].markups) == [TWICE]
    assert [span.surface for span in exported.layers[SECOND].markups[TWICE].spans] == ["Na\u00efve re\u0301bels"]
    alone = from_export(RECORDED, Context(DOCUMENTS, knowledge(), annotator=SECOND))
    assert list(alone.layers) == [SECOND]
    assert [work.annotator for work in alone.work] == [SECOND]


def test_one_of_several_annotators_is_chosen_when_converting(tmp_path: pathlib.Path) -> None:
    one = document("Nobody came to Azaz.", "one")
    (tmp_path / "documents.jsonl").write_bytes(encode_values([one]))
    annotations: list[dict[str, Any]] = [{"completed_by": number, "result": []} for number in (1, 2)]
    exported = [{"id": 1, "data": {"doc": "one", "text": one.text}, "annotations": annotations}]
    (tmp_path / "project-1.json").write_text(json.dumps(exported), "utf-8")

    def convert(target: str, *options: str) -> Result:
        files = [str(tmp_path / "project-1.json"), str(tmp_path / target)]
        return CliRunner().invoke(rift, ["convert", *files, "--documents", str(tmp_path / "documents.jsonl"), *options])

    refused, chosen, nobody = (
        convert("a.jsonl"),
        convert("b.jsonl", "--annotator", "2"),
        convert("c.jsonl", "--annotator", "3"),
    )
    assert refused.exit_code == nobody.exit_code == 1
    assert "[which-annotator] the file holds the marks of 1, 2 (choose one with --annotator)" in refused.output
    assert "[which-annotator]" in nobody.output
    assert (chosen.exit_code, sorted(path.name for path in tmp_path.glob("*.jsonl"))) == (
        0,
        ["b.jsonl", "documents.jsonl"],
    )
