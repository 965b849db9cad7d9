"""Label Studio: what is wrong with an export is named, and the rest of it is read."""

import pathlib
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner

from labelstudio_texts import DOCUMENTS, KEPT, LONG, LONG_ONE, SENT, SPECIAL
from rift.annotations.formats.labelstudio import Export, from_export
from rift.annotations.formats.labelstudio_writer import to_tasks
from rift.annotations.formats.rendering import Context, Losses
from rift.annotations.layer import Span
from rift.cli.main import rift
from rift.guidelines import knowledge

CONTEXT = Context(DOCUMENTS, knowledge())
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


@pytest.mark.parametrize(
    ("ends", "hint"), [(("t1", "a1"), "give it a label, or delete it"), (("l1", "t2"), "draw it the other way")]
)
def test_a_relation_without_a_label_is_told_by_its_words(ends: tuple[str, str], hint: str) -> None:
    found = from_export([task(lambda r: r.append({**relation(*ends, "where"), "labels": []}))], CONTEXT)
    (issue,) = (issue for issue in found.issues if issue.code == "unknown-link")
    spans = {span.id: span for span in SENT.markups[KEPT].spans}
    assert all(f"{spans[end].label} {spans[end].surface!r}" in issue.message for end in ends)
    assert issue.hint == hint


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
