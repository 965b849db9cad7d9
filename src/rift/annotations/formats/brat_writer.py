"""Layers written as brat standoff."""

import re
from collections.abc import Iterator, Mapping, Sequence

from rift.annotations.formats import brat_config
from rift.annotations.formats.brat import ID, SETTINGS, typed
from rift.annotations.formats.naming import span_names
from rift.annotations.formats.rendering import Context, Losses, Rendering, place, with_texts
from rift.annotations.layer import Layer, Markup, Span, Value, reading_order
from rift.guidelines import scheme

_NAME = re.compile(r"\S+")
_OWN = re.compile(r"T[0-9]+")


def render(layer: Layer, context: Context) -> Rendering:
    """Render a layer as a folder: `ID.txt` and `ID.ann` a document, `annotation.conf` and `visual.conf` for a server.

    Ids of the form `T1` stay; a span with another is named anew and its id stands in a note. Not held: a label with
    white space, an empty span or one outside the text, attributes and links that the scheme lacks, an attribute whose
    value would be read as another, a link to no span; documents without a text. An empty layer gives the two settings
    alone.
    """
    losses = Losses()
    files: dict[str, bytes] = {}
    held: list[Span] = []
    for markup, document in with_texts(layer, context, losses):
        spans = [span for span in sorted(markup.spans, key=reading_order) if _fits(span, document.text)]
        lost = [span for span in markup.spans if not _fits(span, document.text)]
        for span in lost:
            losses.add("spans", "that are empty, outside the text, or whose label has white space", place(markup, span))
        lines = _lines(markup, spans, document.text, losses)
        files[f"{markup.doc}.txt"] = document.text.encode()
        files[f"{markup.doc}.ann"] = "".join(f"{line}\n" for line in lines).encode()
        held.extend(spans)
    files[SETTINGS] = brat_config.annotation(scheme(), held).encode()
    files["visual.conf"] = brat_config.visual(scheme()).encode()
    return Rendering(files, losses.listed())


def _fits(span: Span, text: str) -> bool:
    return span.start < span.end <= len(text) and bool(_NAME.fullmatch(span.label))


def _lines(markup: Markup, spans: Sequence[Span], text: str, losses: Losses) -> Iterator[str]:
    names = span_names(spans, _OWN, "T{}")
    for span, name in zip(spans, names, strict=True):
        surface = re.sub(r"[\r\n]", " ", text[span.start : span.end])
        yield f"{name}\t{span.label} {span.start} {span.end}\t{surface}"
    attributes = [line for pair in zip(spans, names, strict=True) for line in _attributes(markup, *pair, losses)]
    yield from (f"A{number}\t{line}" for number, line in enumerate(attributes, start=1))
    by_id = {span.id: name for span, name in zip(spans, names, strict=True) if span.id is not None}
    links = [line for pair in zip(spans, names, strict=True) for line in _links(markup, *pair, by_id, losses)]
    yield from (f"R{number}\t{line}" for number, line in enumerate(links, start=1))
    renamed = [(name, span.id) for span, name in zip(spans, names, strict=True) if span.id not in (None, name)]
    yield from (f"#{number}\t{ID} {name}\t{own}" for number, (name, own) in enumerate(renamed, start=1))


def _attributes(markup: Markup, span: Span, name: str, losses: Losses) -> Iterator[str]:
    label = scheme().labels.get(span.label)
    for key, value in span.attributes.items():
        kind = label.attributes[key].type if label and key in label.attributes else None
        if kind is None:
            losses.add("attributes", "that the scheme lacks", place(markup, span))
        elif not _comes_back(kind, value):
            losses.add("attributes", "whose value would be read as another", place(markup, span))
        else:
            yield f"{key} {name}" if value is True else f"{key} {name} {_written(value)}"


def _written(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _comes_back(kind: str, value: Value) -> bool:
    """Say whether a value written is read as the same value of the same type."""
    if value is True:
        return True
    written = _written(value)
    again = typed(kind, written)
    return bool(written.strip()) and written.isprintable() and again == value


def _links(markup: Markup, span: Span, name: str, by_id: Mapping[str, str], losses: Losses) -> Iterator[str]:
    label = scheme().labels.get(span.label)
    for key, targets in span.links.items():
        if label is None or key not in label.links:
            losses.add("links", "that the scheme lacks", place(markup, span), len(targets))
            continue
        lost = [target for target in targets if target not in by_id]
        losses.add("links", "that lead to no span", place(markup, span), len(lost))
        yield from (f"{key} Arg1:{name} Arg2:{by_id[target]}" for target in targets if target in by_id)
