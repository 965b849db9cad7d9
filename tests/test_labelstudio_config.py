"""Label Studio: the configuration fits the tasks, and the tasks hold the layer."""

from xml.etree.ElementTree import Element, fromstring

import msgspec

from labelstudio_texts import DOCUMENTS, KEPT, SENT
from rift.annotations.formats.labelstudio_config import config, control, free_control, label_keys
from rift.annotations.formats.labelstudio_writer import to_tasks
from rift.annotations.formats.rendering import Context, Losses
from rift.annotations.layer import Layer, Markup, Span, Value
from rift.guidelines import knowledge, scheme

CONTEXT = Context(DOCUMENTS, knowledge())


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
    keys = dict(zip(scheme().labels, "aldt", strict=True))
    assert labels == {name: (one.colour, keys[name]) for name, one in scheme().labels.items()}
    boxes = [choice for choices in settings().iter("Choices") for choice in choices]
    assert {len(choice.get("hotkey", "")) for choice in boxes} == {3}


def test_labels_that_begin_with_the_same_letter_have_their_numbers_as_keys() -> None:
    two = {"TOLL": scheme().labels["TOLL"], "TIME": scheme().labels["DATE"]}
    assert label_keys(msgspec.structs.replace(scheme(), labels=two)) == {"TOLL": "1", "TIME": "2"}


def test_a_settlement_is_found_before_what_is_named_after_it() -> None:
    (places,) = (one for one in settings().iter("Taxonomy") if one.get("name") == "LOCATION-place")
    assert [kind.get("value") for kind in places] == list(scheme().labels["LOCATION"].attributes["kind"].values)
    order = [one.get("alias") for one in places.iter("Choice")]
    assert order.index("azaz") < order.index("azaz-hospital")


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
    (task,) = to_tasks(SENT.only([KEPT]), CONTEXT, "annotations", Losses())
    relations = [r for r in task["annotations"][0]["result"] if r["type"] == "relation"]
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
