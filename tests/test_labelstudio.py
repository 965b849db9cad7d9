"""Label Studio: a server's export is read to the last offset, faults are named, the configuration fits the tasks."""

import copy
import json
import pathlib
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from click.testing import CliRunner, Result

from invented import document
from labelstudio_texts import (
    CHANGED,
    DOCUMENTS,
    KEPT,
    LONG,
    LONG_ONE,
    MADE,
    RELABELLED,
    SENT,
    SKIPPED,
    SPECIAL,
    TWICE,
)
from rift.annotations.formats.labelstudio import Export, from_export
from rift.annotations.formats.labelstudio_config import config, control, free_control
from rift.annotations.formats.labelstudio_writer import to_tasks
from rift.annotations.formats.rendering import Context, Losses
from rift.annotations.layer import Layer, Markup, Span, Value, encode_layer
from rift.cli.main import rift
from rift.guidelines import knowledge, scheme
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


# --- what a server exported ---


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


# --- faults ---

Results = list[dict[str, Any]]


def task(change: Callable[[Results], object] = lambda _: None) -> dict[str, Any]:
    """Return a sound task, its results changed."""
    (one,) = to_tasks(SENT.only([KEPT]), CONTEXT, "annotations", Losses())
    change(one["annotations"][0]["result"])
    return {"id": 17, **one}


def of(results: Results, region: str, name: str = "label") -> dict[str, Any]:
    return next(result for result in results if result.get("id") == region and result["from_name"] == name)


def region(start: int, end: int, label: str = "ACTOR", key: str = "new") -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": [label]}
    return {"id": key, "from_name": "label", "to_name": "text", "type": "labels", "value": value}


def told(key: str, name: str, kind: str, **value: object) -> dict[str, Any]:
    return {"id": key, "from_name": name, "to_name": "text", "type": kind, "value": value}


def relation(source: str, target: str, *labels: str, **rest: str) -> dict[str, Any]:
    return {
        "type": "relation",
        "from_id": source,
        "to_id": target,
        "direction": "right",
        "labels": list(labels),
        **rest,
    }


AT = SPECIAL.index("(Aleppo")


@pytest.mark.parametrize(
    ("change", "code", "where", "spans"),
    [
        (lambda r: of(r, "d1")["value"].update(labels=["TIME"]), "unknown-label", "d1", 11),
        (lambda r: of(r, "d1")["value"].update(labels=["DATE", "ACTOR"]), "bad-value", "d1", 11),
        (lambda r: r.append(region(len(SPECIAL) - 4, len(SPECIAL) + 1)), "offset-outside", "new", 11),
        (lambda r: r.append(region(7, 7)), "empty-span", "new", 11),
        (lambda r: r.append(region(AT, AT + 3)), "crossing", "l3", 12),
        (lambda r: r.append(region(14, 15, key="a0")), "duplicate-id", "a0", 11),
        (lambda r: r.append(region(14, 15, key="")), "wrong-type", "", 11),
        (lambda r: r.append({**region(14, 15), "value": {"labels": ["ACTOR"]}}), "wrong-type", "new", 11),
        (lambda r: r.append({**region(14, 15), "from_name": 3}), "wrong-type", "new", 11),
        (lambda r: r.append(7), "wrong-type", "", 11),
        (lambda r: r.append(relation("t1", "nowhere", "where")), "dangling-link", "t1", 11),
        (lambda r: r.append(relation("nowhere", "t1", "where")), "dangling-link", "nowhere", 11),
        (lambda r: r.append(relation("t2", "a4", "where")), "wrong-target", "t2", 11),
        (lambda r: r.append(relation("t2", "a4", "near")), "unknown-link", "t2", 11),
        (lambda r: r.append(relation("t2", "a4")), "unknown-link", "t2", 11),
        (lambda r: r.append(relation("a4", "t2")), "unknown-link", "a4", 11),
        (lambda r: r.append(relation("t2", "l1", "where", direction="bi")), "not-read", "t2", 11),
        (lambda r: of(r, "t2", "TOLL-low")["value"].update(number=2.5), "bad-value", "t2", 11),
        (lambda r: of(r, "t2", "TOLL-low")["value"].update(number=-3), "bad-value", "t2", 11),
        (lambda r: of(r, "t2", "TOLL-low")["value"].update(number="three"), "bad-value", "t2", 11),
        (lambda r: of(r, "t2", "TOLL-low")["value"].update(number=True), "bad-value", "t2", 11),
        (lambda r: of(r, "t1", "TOLL-scope")["value"]["choices"].append("cumulative"), "bad-value", "t1", 11),
        (lambda r: of(r, "t1", "TOLL-scope")["value"].update(choices=[["incident"], 4]), "bad-value", "t1", 11),
        (lambda r: r.append(told("a4", "ACTOR-entity-new", "textarea", text=["nusra"])), "bad-value", "a4", 11),
        (lambda r: r.append(told("a4", "LOCATION-place-new", "textarea", text=["nusra"])), "not-read", "a4", 11),
        (lambda r: r.append(told("a4", "mood", "choices", choices=["grim"])), "not-read", "a4", 11),
        (lambda r: r.append(told("whole", "topic", "choices", choices=["war"])), "not-read", "whole", 11),
        (lambda r: of(r, "d1").update(meta={"text": ["sure?"]}), "not-read", "d1", 11),
    ],
)  # fmt: skip
def test_a_fault_names_the_task_and_the_region_and_the_rest_is_kept(
    change: Callable[[Results], object], code: str, where: str, spans: int
) -> None:
    found = from_export([task(change)], CONTEXT)
    sound = {(issue.code, issue.where.span) for issue in from_export([task()], CONTEXT).issues}
    new = [issue for issue in found.issues if (issue.code, issue.where.span) not in sound]
    assert (code, where) in {(issue.code, issue.where.span) for issue in new}
    assert all(issue.message.startswith("task 17: ") for issue in new)
    kept = found.layers["annotations"].markups[KEPT].spans
    assert len(kept) == spans
    before = {span.id: span for span in SENT.markups[KEPT].spans}
    assert sum(before.get(span.id) == span for span in kept) >= len(before) - 1


def test_a_relation_that_points_left_is_read_from_its_end() -> None:
    found = from_export([task(lambda r: r.append(relation("l1", "t2", "where", direction="left")))], CONTEXT)
    assert marks_by_id(found)["t2"].links["where"] == ["l1"]


def marks_by_id(export: Export) -> dict[str | None, Span]:
    return {span.id: span for span in export.layers["annotations"].markups[KEPT].spans}


def test_numbers_and_lines_as_people_type_them_are_read() -> None:
    def change(results: Results) -> None:
        of(results, "t2", "TOLL-low")["value"]["number"] = 3.0
        of(results, "t2", "TOLL-high")["value"]["number"] = " 4 "
        of(results, "d1", "DATE-value")["value"]["text"] = " 2014-05 "
        of(results, "t1", "TOLL-approx")["value"]["choices"] = []

    found = marks_by_id(from_export([task(change)], CONTEXT))
    assert (found["t2"].attributes["low"], found["t2"].attributes["high"]) == (3, 4)
    assert found["d1"].attributes == {"value": "2014-05"}
    assert "approx" not in found["t1"].attributes


@pytest.mark.parametrize(
    ("export", "codes"),
    [
        ({"id": 1}, ["wrong-type"]),
        ([7], ["wrong-type"]),
        ([{"id": 1}], ["wrong-type"]),
        ([{"data": {"doc": "nowhere", "text": "Nobody."}}], ["unknown-document"]),
        ([{"data": {"doc": KEPT, "text": "Another text."}}], ["text-differs"]),
        ([{"data": {"doc": KEPT, "text": SPECIAL}, "annotations": [{"result": 3}]}], ["wrong-type"]),
        ([{"data": {"doc": KEPT, "text": SPECIAL}, "annotations": [{}, {}]}], ["duplicate-document"]),
        ([{"data": {"doc": KEPT, "text": SPECIAL}, "drafts": [{"result": []}]}], ["not-read"]),
        ([{"data": {"doc": KEPT, "text": SPECIAL}, "predictions": ["x"]}], ["wrong-type"]),
        ([{"data": {"doc": KEPT, "text": SPECIAL}, "predictions": [4]}], []),
        ([{"data": {"text": LONG}}], []),
        ([], []),
    ],
)
def test_what_is_wrong_with_a_task_is_said(export: object, codes: list[str]) -> None:
    assert [issue.code for issue in from_export(export, CONTEXT).issues] == codes


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ({"completed_by": {"id": 3, "email": "a@example.org"}}, "a@example.org"),
        ({"completed_by": {"id": 3}}, "3"),
        ({"completed_by": "b@example.org"}, "b@example.org"),
        ({}, "annotations"),
    ],
)
def test_an_annotator_is_named_by_address_or_number(who: dict[str, object], name: str) -> None:
    found = from_export([{"data": {"doc": KEPT, "text": SPECIAL}, "annotations": [who]}], CONTEXT)
    assert list(found.layers) == [name]


def test_a_task_without_our_name_is_known_by_its_text() -> None:
    found = from_export([{"data": {"text": LONG}, "annotations": [{"result": []}]}], CONTEXT)
    assert list(found.layers["annotations"].markups) == [LONG_ONE]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'[{"id":1,"annotations":', "not-json"),
        (b'[{"id":1,"annotations":' + b"[" * 100_000, "not-json"),
        (b'[{"text":"Nobody.","id":1,"label":[{"start":0,"end":6,"labels":["ACTOR"]}],"annotator":1}]', "json-array"),
        (b'[{"doc":"briefs-001","spans":[]}]', "json-array"),
    ],
)
def test_a_file_that_is_no_export_is_refused(content: bytes, code: str, tmp_path: pathlib.Path) -> None:
    """The last two are an export of the type JSON-MIN, which lacks relations, and predictions as an array."""
    (tmp_path / "export.json").write_bytes(content)
    result = CliRunner().invoke(rift, ["convert", str(tmp_path / "export.json"), str(tmp_path / "a.jsonl")])
    assert result.exit_code == 1
    assert f"[{code}]" in result.output
    assert not (tmp_path / "a.jsonl").exists()


# --- tasks and the configuration ---


def settings() -> Element:
    return fromstring(config(scheme(), knowledge()))  # noqa: S314 - our own


def test_every_result_of_a_task_has_its_control() -> None:
    kinds = {
        "choices": "Choices",
        "taxonomy": "Taxonomy",
        "number": "Number",
        "textarea": "TextArea",
        "labels": "Labels",
    }
    controls = {one.get("name"): one for one in settings().iter() if one.get("toName") == "text"}
    results = [r for t in to_tasks(SENT, CONTEXT, "predictions", Losses()) for r in t["predictions"][0]["result"]]
    assert {result["type"] for result in results} == {*kinds, "relation"}
    for result in results:
        if result["type"] == "relation":
            assert set(result["labels"]) <= {one.get("value") for one in settings().iter("Relation")}
            continue
        assert controls[result["from_name"]].tag == kinds[result["type"]]
        offered = {one.get("alias") or one.get("value") for one in controls[result["from_name"]].iter("Choice")}
        for chosen in result["value"].get("choices", []):
            assert chosen in offered
        for path in result["value"].get("taxonomy", []):
            assert set(path) <= offered


def test_a_control_is_shown_for_the_regions_of_its_label_alone() -> None:
    shown: dict[str, set[str]] = {}
    for box in settings().iter("View"):
        if box.get("visibleWhen"):
            assert box.get("visibleWhen") == "region-selected"
            within = {str(one.get("name")) for one in box.iter() if one.get("perRegion") == "true"}
            shown[str(box.get("whenLabelValue"))] = within
    for name, label in scheme().labels.items():
        ids = [key for key, attribute in label.attributes.items() if attribute.type in {"actor", "place"}]
        expected = {control(name, key) for key in label.attributes} | {free_control(name, key) for key in ids}
        assert shown[name] == expected
    assert shown.keys() == scheme().labels.keys()


def test_labels_have_the_colours_of_the_scheme_and_keys_that_no_choice_has() -> None:
    labels = {one.get("value"): (one.get("background"), one.get("hotkey")) for one in settings().iter("Label")}
    expected = {name: (one.colour, str(n)) for n, (name, one) in enumerate(scheme().labels.items(), start=1)}
    assert labels == expected
    boxes = [choice for choices in settings().iter("Choices") for choice in choices]
    assert {len(choice.get("hotkey", "")) for choice in boxes} == {3}


def test_every_entry_can_be_found_by_each_of_its_names() -> None:
    taxonomies = {one.get("name"): one for one in settings().iter("Taxonomy")}
    for name, entries in (("ACTOR-entity", knowledge().actors), ("LOCATION-place", knowledge().places)):
        leaves = {
            one.get("alias"): str(one.get("value")) for one in taxonomies[name].iter("Choice") if one.get("alias")
        }
        assert leaves.keys() == entries.keys()
        for key, entry in entries.items():
            assert all(form.casefold() in leaves[key].casefold() for form in (entry.name, *entry.aliases))


def test_a_layer_without_spans_is_an_annotation_without_a_region() -> None:
    empty = Layer("x", [Markup(doc=KEPT, sha256=DOCUMENTS[KEPT].sha256, layer="x", spans=())])
    assert [t["annotations"] for t in to_tasks(empty, CONTEXT, "annotations", Losses())] == [[{"result": []}]]
    assert to_tasks(Layer("x"), CONTEXT, "predictions", Losses()) == []


def test_two_links_to_one_span_are_one_relation() -> None:
    """The server keeps one relation between two regions, and drops a second."""
    relations = [r for r in task()["annotations"][0]["result"] if r["type"] == "relation"]
    ends = [(one["from_id"], one["to_id"]) for one in relations]
    assert len(set(ends)) == len(ends)
    assert {"by", "source"} in [set(one["labels"]) for one in relations]


def test_values_that_no_control_can_hold_are_counted() -> None:
    odd: dict[str, Value] = {"low": 2**53 + 1, "high": -1, "approx": False, "outcome": "grim", "mood": "grim"}
    date: dict[str, Value] = {"value": "2014\n05"}
    spans = (
        Span(id="t", start=62, end=80, label="TOLL", attributes=odd),
        Span(id="d", start=31, end=41, label="DATE", attributes=date),
    )
    losses = Losses()
    layer = Layer("x", [Markup(doc=KEPT, sha256=DOCUMENTS[KEPT].sha256, layer="x", spans=spans)])
    to_tasks(layer, CONTEXT, "annotations", losses)
    counted = [(loss.which, loss.count, loss.first.span) for loss in losses.listed()]
    assert counted == [("that are false, or that no control can hold", 5, "d"), ("that the scheme lacks", 1, "t")]
