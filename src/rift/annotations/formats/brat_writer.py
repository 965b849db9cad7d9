"""Layers written as brat standoff."""

import pathlib
import re
from collections.abc import Iterator, Mapping, Sequence

from rift.annotations.formats.brat import names_of, typed
from rift.annotations.formats.codes import finding
from rift.annotations.formats.held import ordered
from rift.annotations.geometry import span_where
from rift.annotations.layer import Layer, Span, Value, reading_order
from rift.corpus.document import Document
from rift.guidelines import scheme
from rift.issues import Issue, Where
from rift.paths import write_whole

_NAME = re.compile(r"\S+")


def write_brat(folder: pathlib.Path, layer: Layer, documents: Mapping[str, Document]) -> list[Issue]:
    """Write `ID.txt` and `ID.ann` for each document, and return what brat cannot hold, each as `not-held`.

    Held are spans, attributes and links of the scheme, ids of the form `T1` (others are numbered anew). Not held: a
    label with white space, an empty span or one outside the text, attributes and links that the scheme lacks or whose
    value would be read back as another, a link to no span. An empty layer makes the folder alone.
    """
    where = Where(str(folder))
    issues: list[Issue] = []
    folder.mkdir(parents=True, exist_ok=True)
    for markup in ordered(layer, documents, where, issues):
        text = documents[markup.doc].text
        here = Where(str(folder / f"{markup.doc}.ann"), 0, markup.doc)
        lines = list(_lines(sorted(markup.spans, key=reading_order), text, here, issues))
        write_whole(folder / f"{markup.doc}.txt", text.encode())
        write_whole(folder / f"{markup.doc}.ann", "".join(f"{line}\n" for line in lines).encode())
    return issues


def _lines(spans: Sequence[Span], text: str, where: Where, issues: list[Issue]) -> Iterator[str]:
    held = []
    for span in spans:
        if span.start < span.end <= len(text) and _NAME.fullmatch(span.label):
            held.append(span)
        else:
            message = f"the {span.label!r} is empty, outside the text, or its label has white space; it is left out"
            issues.append(finding("not-held", span_where(where, span), message))
    names = names_of(held)
    by_id = {span.id: name for span, name in zip(held, names, strict=True) if span.id is not None}
    if any(span.id is not None and span.id != name for span, name in zip(held, names, strict=True)):
        issues.append(finding("not-held", where, "ids are not of the form T1; they are numbered anew"))
    for span, name in zip(held, names, strict=True):
        surface = re.sub(r"[\r\n]", " ", text[span.start : span.end])
        yield f"{name}\t{span.label} {span.start} {span.end}\t{surface}"
    yield from _attributes(held, names, where, issues)
    yield from _links(held, names, by_id, where, issues)


def _attributes(spans: Sequence[Span], names: Sequence[str], where: Where, issues: list[Issue]) -> Iterator[str]:
    number = 0
    for span, name in zip(spans, names, strict=True):
        label = scheme().labels.get(span.label)
        for key, value in span.attributes.items():
            kind = label.attributes[key].type if label and key in label.attributes else None
            if kind is None or not _comes_back(kind, value):
                message = f"the attribute {key!r} with the value {value!r} has no form in brat; it is left out"
                issues.append(finding("not-held", span_where(where, span), message))
                continue
            number += 1
            yield f"A{number}\t{key} {name}" if value is True else f"A{number}\t{key} {name} {value}"


def _comes_back(kind: str, value: Value) -> bool:
    """Say whether a value written is read as the same value of the same type."""
    if value is True:
        return True
    return bool(str(value).strip()) and str(value).isprintable() and _same(typed(kind, str(value)), value)


def _same(one: Value, other: Value) -> bool:
    return type(one) is type(other) and one == other


def _links(
    spans: Sequence[Span], names: Sequence[str], by_id: Mapping[str, str], where: Where, issues: list[Issue]
) -> Iterator[str]:
    number = 0
    for span, name in zip(spans, names, strict=True):
        label = scheme().labels.get(span.label)
        for key, targets in span.links.items():
            for target in targets:
                if label is None or key not in label.links or target not in by_id:
                    message = f"the link {key!r} to {target!r} has no form in brat; it is left out"
                    issues.append(finding("not-held", span_where(where, span), message))
                    continue
                number += 1
                yield f"R{number}\t{key} Arg1:{name} Arg2:{by_id[target]}"
