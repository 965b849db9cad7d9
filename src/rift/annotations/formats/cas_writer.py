"""Layers written as UIMA CAS: XMI files with their type system, which INCEpTION opens."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from rift.annotations.formats.brat import typed
from rift.annotations.formats.cas_types import EXTRA, NAME, TYPES, label_of, link_type_of, type_of, type_system
from rift.annotations.formats.rendering import Context, Losses, Rendering, place, with_texts
from rift.annotations.layer import Layer, Markup, Span, Value, reading_order
from rift.issues import Where, needs

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write."""


def render(layer: Layer, context: Context) -> Rendering:
    """Render a layer as a folder: `ID.xmi` a document, and `TypeSystem.xml`, which INCEpTION imports as its layers.

    Spans are annotations of the types of `cas_types.type_system`. Offsets count UTF-16 units, as UIMA's do. Not held:
    spans that end before they begin or outside the text, or whose label cannot be the name of a type; attributes and
    links that the scheme lacks, flags that are false, values that would be read as others or that XML cannot hold;
    links to no span, to one of a label that the scheme does not allow there, or to an id that several have; documents
    without a text, or with one that XML cannot hold. Raises InputError (`missing-package`). An empty layer gives the
    types alone.
    """
    with needs(*EXTRA):
        from cassis import Cas  # noqa: PLC0415 - an extra
    losses = Losses()
    types = type_system(sorted({span.label for markup in layer for span in markup.spans}))
    files = {TYPES: types.to_xml().encode()}
    for markup, document in with_texts(layer, context, losses):
        if _FORBIDDEN.search(document.text):
            losses.add("documents", "whose text XML cannot hold", Where("", doc=markup.doc))
            continue
        cas = Cas(typesystem=types)
        cas.sofa_string, cas.sofa_mime = document.text, "text/plain"
        _add_spans(cas, markup, document.text, losses)
        files[f"{markup.doc}.xmi"] = cas.to_xmi().encode()
    return Rendering(files, losses.listed())


def _add_spans(cas: Any, markup: Markup, text: str, losses: Losses) -> None:  # noqa: ANN401 - an extra's type
    spans: list[Span] = []
    for span in sorted(markup.spans, key=reading_order):
        if span.start <= span.end <= len(text) and NAME.fullmatch(span.label):
            spans.append(span)
        else:
            which = "that end before they begin or outside the text, or whose label cannot be a type"
            losses.add("spans", which, place(markup, span))
    made = {name: cas.typesystem.get_type(name) for name in ("uima.cas.FSArray", *(type_of(s.label) for s in spans))}
    annotations = [
        made[type_of(span.label)](
            begin=span.start, end=span.end, id=_id(markup, span, losses), **_attributes(markup, span, losses)
        )
        for span in spans
    ]
    cas.add_all(annotations)
    uses = Counter(span.id for span in spans)
    unique = [(span, one) for span, one in zip(spans, annotations, strict=True) if one.id and uses[span.id] == 1]
    labels = {span.id or "": span.label for span, _ in unique}
    by_id = {span.id: annotation for span, annotation in unique}
    for span, annotation in zip(spans, annotations, strict=True):
        for key, targets in _links(markup, span, labels, losses).items():
            link = cas.typesystem.get_type(link_type_of(span.label, key))
            held = [link(role=key, target=by_id[target]) for target in targets]
            annotation[key] = made["uima.cas.FSArray"](elements=held)


def _id(markup: Markup, span: Span, losses: Losses) -> str | None:
    held = None if _FORBIDDEN.search(span.id or "") else span.id
    losses.add("ids", "that XML cannot hold", place(markup, span), int(held != span.id))
    return held


def _attributes(markup: Markup, span: Span, losses: Losses) -> dict[str, Value]:
    known = label_of(span.label).attributes
    held: dict[str, Value] = {}
    for key, value in span.attributes.items():
        if key not in known:
            losses.add("attributes", "that the scheme lacks", place(markup, span))
        elif _comes_back(known[key].type, value):
            held[key] = value if known[key].type == "flag" else str(value)
        else:
            losses.add("attributes", "that are false, or whose value would be read as another", place(markup, span))
    return held


def _comes_back(kind: str, value: Value) -> bool:
    """Say whether a value written is read as the same value of the same type."""
    if kind == "flag" or isinstance(value, bool):
        return kind == "flag" and value is True
    again = typed(kind, str(value))
    return type(again) is type(value) and again == value and not _FORBIDDEN.search(str(value))


def _links(markup: Markup, span: Span, labels: Mapping[str, str], losses: Losses) -> dict[str, list[str]]:
    """Return the targets that each link may have; `labels` are those of the spans that can be named, by id."""
    known = label_of(span.label).links
    held: dict[str, list[str]] = {}
    for key, targets in span.links.items():
        if key not in known:
            losses.add("links", "that the scheme lacks", place(markup, span), len(targets))
            continue
        held[key] = [target for target in targets if labels.get(target) == known[key].target]
        which = "that lead to no span of the right label, or to an id that several have"
        losses.add("links", which, place(markup, span), len(targets) - len(held[key]))
    return {key: targets for key, targets in held.items() if targets}
