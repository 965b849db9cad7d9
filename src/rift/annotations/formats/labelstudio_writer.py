"""Layers as tasks of Label Studio (1.23): as annotations, or as predictions that annotators start from."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from rift.annotations.formats.labelstudio_config import LABELS, PUBLISHED, TEXT, config
from rift.annotations.formats.labelstudio_values import held
from rift.annotations.formats.naming import named_by_id, span_names
from rift.annotations.formats.rendering import Context, Losses, Rendering, place, with_texts
from rift.annotations.layer import Layer, Markup, Span, reading_order
from rift.corpus.document import Document
from rift.guidelines import scheme

TASKS = "tasks.json"
"""The name of the file of tasks in a folder."""

Role = Literal["annotations", "predictions"]

_ID = re.compile(r"[^\s,#]+")
"""What an id may be: Label Studio adds to it after a #."""

Json = dict[str, Any]


def to_tasks(layer: Layer, context: Context, role: Role, losses: Losses) -> list[Json]:
    """Return a task a document, as Label Studio imports them, and count in `losses` what they do not hold.

    The data of a task are `doc`, `text` and `published`. A span's id is its region's; one without an id that is its
    own gets a new one. A markup without spans is an annotation without a region. Predictions have the layer's name as
    model version. Not held: ids that several spans have or with a #; spans that are empty, outside the text or of a
    label that the scheme lacks; attributes that it lacks, false ones and values that no control can hold; links that
    it lacks, or to no span or to an id that several have; documents without a text. An empty layer gives [].
    """
    tasks: list[Json] = []
    for markup, document in with_texts(layer, context, losses):
        body: Json = {"result": list(_results(markup, document, context, losses))}
        if role == "predictions":
            body["model_version"] = layer.name
        published = f"published {document.published or 'on a day not known'}"
        data = {"doc": document.id, PUBLISHED: published, TEXT: document.text}
        tasks.append({"data": data, role: [body]})
    return tasks


def render(layer: Layer, context: Context, role: Role) -> Rendering:
    """Render a layer as a folder: `tasks.json` to import (see `to_tasks`), `config.xml` for the project's settings."""
    losses = Losses()
    tasks = msgspec.json.format(msgspec.json.encode(to_tasks(layer, context, role, losses)), indent=1)
    settings = config(scheme(), context.knowledge).encode()
    return Rendering({TASKS: tasks, "config.xml": settings}, losses.listed())


def _results(markup: Markup, document: Document, context: Context, losses: Losses) -> Iterator[Json]:
    known = scheme().labels
    spans: list[Span] = []
    for span in sorted(markup.spans, key=reading_order):
        if span.start < span.end <= len(document.text) and span.label in known:
            spans.append(span)
        else:
            which = "that are empty, outside the text, or of a label that the scheme lacks"
            losses.add("spans", which, place(markup, span))
    names = span_names(spans, _ID, "x{}")
    for span, name in zip(spans, names, strict=True):
        lost = span.id not in {None, name}
        losses.add("ids", "that several spans have, or that are no name of a region", place(markup, span), int(lost))
    by_id = named_by_id(spans, names)
    for span, name in zip(spans, names, strict=True):
        value = {"start": span.start, "end": span.end, "text": document.text[span.start : span.end]}
        region = {"id": name, "to_name": TEXT}
        yield {**region, "from_name": LABELS, "type": "labels", "value": {**value, "labels": [span.label]}}
        yield from (
            {**region, **result, "value": {**value, **result["value"]}}
            for result in _attributes(markup, span, context, losses)
        )
    for span, name in zip(spans, names, strict=True):
        yield from _relations(markup, span, name, by_id, losses)


def _attributes(markup: Markup, span: Span, context: Context, losses: Losses) -> Iterator[Json]:
    """Yield a result a control, of which `value` has only what is its own."""
    attributes = scheme().labels[span.label].attributes
    for key, value in span.attributes.items():
        if key not in attributes:
            losses.add("attributes", "that the scheme lacks", place(markup, span))
        elif (one := held(span.label, key, attributes[key], value, context.knowledge)) is None:
            losses.add("attributes", "that are false, or that no control can hold", place(markup, span))
        else:
            yield {"from_name": one.control, "type": one.type, "value": {one.key: one.content}}


def _relations(markup: Markup, span: Span, name: str, by_id: Mapping[str, str], losses: Losses) -> Iterator[Json]:
    """Yield a relation a target, with all the links that lead there: two regions have one relation each way."""
    to: dict[str, list[str]] = {}
    known: Sequence[str] = tuple(scheme().labels[span.label].links)
    for link, targets in span.links.items():
        if link not in known:
            losses.add("links", "that the scheme lacks", place(markup, span), len(targets))
            continue
        for target in targets:
            if target in by_id:
                to.setdefault(by_id[target], []).append(link)
            else:
                losses.add("links", "that lead to no span, or to an id that several have", place(markup, span))
    for target, labels in to.items():
        yield {"type": "relation", "from_id": name, "to_id": target, "direction": "right", "labels": labels}
