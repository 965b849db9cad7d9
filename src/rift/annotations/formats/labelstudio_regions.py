"""The results of one annotation in Label Studio, read as spans."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from rift.annotations.codes import finding
from rift.annotations.formats import codes
from rift.annotations.formats.codes import quoted
from rift.annotations.formats.labelstudio_values import attribute_of, values
from rift.annotations.layer import Span, Value, reading_order
from rift.guidelines import scheme
from rift.issues import Issue, Where


class Result(msgspec.Struct, frozen=True):
    """One result: a region's label, an attribute of the region with the same `id`, or a relation, which has no id."""

    type: str
    id: str = ""
    from_name: str = ""
    value: Mapping[str, Any] = {}
    from_id: str = ""
    to_id: str = ""
    direction: str = "right"
    labels: Sequence[str] = ()
    meta: Mapping[str, Any] = {}


def read_spans(results: Sequence[Result], text: str, where: Where, issues: list[Issue]) -> Iterator[Span]:
    """Yield the spans of an annotation's results in reading order, and report every fault with its region.

    A relation without a label is the only link that the scheme has between two such regions. Codes: `wrong-type` (no
    id, offsets or label), `empty-span`, `offset-outside`, `duplicate-id`, `bad-value` (no whole number; a second value
    or label), `dangling-link`, `unknown-link` (a relation without a label that could be several links or none), and
    `not-read`: an attribute of another label than the region's, and whatever a layer does not hold.
    """
    spans = _regions(results, text, where, issues)
    known = {result.id for result in results if result.type == "labels"}
    attributes: dict[str, dict[str, Value]] = {key: {} for key in spans}
    links: dict[str, dict[str, list[str]]] = {key: {} for key in spans}
    for result in results:
        if result.type == "labels" and result.meta:
            issues.append(codes.finding("not-read", _at(where, result.id), "the region's note is not part of a layer"))
        if result.type == "relation":
            _add_links(result, spans, links, where, issues)
        elif result.id in spans and result.type != "labels":
            _add_attribute(result, spans[result.id], attributes[result.id], _at(where, result.id), issues)
        elif result.id not in known:
            message = f"{quoted(result.from_name)} belongs to no region with a label"
            issues.append(codes.finding("not-read", _at(where, result.id), message))
    made = (msgspec.structs.replace(one, attributes=attributes[key], links=links[key]) for key, one in spans.items())
    yield from sorted(made, key=reading_order)


def _at(where: Where, region: str) -> Where:
    return Where(where.file, where.line, where.doc, codes.shown(region))


def _regions(results: Sequence[Result], text: str, where: Where, issues: list[Issue]) -> dict[str, Span]:
    """Return a span for each region, by its id."""
    spans: dict[str, Span] = {}
    for result in results:
        here = _at(where, result.id)
        match result.type, result.value:
            case "labels", {"start": int(start), "end": int(end), "labels": [str(label), *more]} if result.id.strip():
                if result.id in spans:
                    issues.append(finding("duplicate-id", here, "the region stands twice; the second is left out"))
                elif not 0 <= start < end:
                    issues.append(finding("empty-span", here, f"the region {start}-{end} covers no text"))
                elif end > len(text):
                    message = f"the region {start}-{end} ends after the text, which has {len(text)} characters"
                    issues.append(finding("offset-outside", here, message))
                else:
                    spans[result.id] = Span(id=result.id, start=start, end=end, label=label, surface=text[start:end])
                if more:
                    message = f"the region has several labels; {label} is kept"
                    issues.append(finding("bad-value", here, message, "give it one label"))
            case "labels", _:
                message = f"a region has no id, no offsets or no label: {quoted(str(dict(result.value)), 80)}"
                hint = "annotate the text with the controls of our configuration"
                issues.append(finding("wrong-type", here, message, hint))
    return spans


def _add_attribute(result: Result, span: Span, attributes: dict[str, Value], here: Where, issues: list[Issue]) -> None:
    """Add what one control says of a region."""
    found = attribute_of(scheme(), result.from_name)
    if found is None or found[0] != span.label:
        message = f"the control {quoted(result.from_name)} is for no attribute of {span.label}"
        issues.append(codes.finding("not-read", here, message))
        return
    _, key, attribute = found
    try:
        told = dict.fromkeys(values(attribute, result.type, result.value))
    except ValueError as error:
        issues.append(finding("bad-value", here, f"{key!r}: {error}", "mend it in Label Studio"))
        return
    for value in told:
        if attributes.setdefault(key, value) != value:
            message = f"{key!r} is {attributes[key]!r} and {value!r} as well; the first is kept"
            issues.append(finding("bad-value", here, message, "keep one of the two"))


def _add_links(
    result: Result,
    spans: Mapping[str, Span],
    links: Mapping[str, dict[str, list[str]]],
    where: Where,
    issues: list[Issue],
) -> None:
    """Add the links that one relation stands for."""
    ends = result.from_id, result.to_id
    source, target = reversed(ends) if result.direction == "left" else ends
    here = _at(where, source)
    missing = [end for end in (source, target) if end not in spans]
    if missing:
        message = f"a relation from {source!r} to {target!r}: {missing[0]!r} is no region that was read"
        issues.append(finding("dangling-link", here, message, "delete it in Label Studio"))
        return
    if result.direction == "bi":
        issues.append(codes.finding("not-read", here, f"that the relation to {target!r} goes both ways"))
    names = result.labels or _possible(spans[source].label, spans[target].label)
    if not result.labels and len(names) != 1:
        words = " to ".join(f"the {spans[end].label} {quoted(spans[end].surface or '')}" for end in (source, target))
        message = f"a relation from {words} has no label, and could be {' or '.join(names) or 'none'}"
        reverse = not names and _possible(spans[target].label, spans[source].label)
        hint = "draw it the other way" if reverse else "give it a label, or delete it"
        issues.append(finding("unknown-link", here, message, hint))
        return
    for name in names:
        links[source].setdefault(name, []).append(target)


def _possible(source: str, target: str) -> list[str]:
    """Return the links that the scheme has from one label to another."""
    label = scheme().labels.get(source)
    return [name for name, link in label.links.items() if link.target == target] if label else []
