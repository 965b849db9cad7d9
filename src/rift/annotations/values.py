"""Checks of labels, attributes and links against the scheme and the knowledge files."""

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from rift.annotations.codes import finding
from rift.annotations.dates import parse_date
from rift.annotations.geometry import span_where
from rift.annotations.layer import Span, Value
from rift.guidelines import Attribute, Knowledge, Label, Scheme
from rift.issues import Issue, Where


def attribute_issues(spans: Sequence[Span], scheme: Scheme, knowledge: Knowledge, where: Where) -> Iterator[Issue]:
    """Yield labels, attributes and values that the scheme or the knowledge does not have; nothing for no spans.

    Codes: `unknown-label`, `unknown-attribute`, `missing-attribute`, `bad-value`, `unknown-entity`, `kind-differs`,
    `form-differs`, `no-figure`, `range-reversed`. A span without any attribute is checked for its label only, since a
    submission may leave the attributes out.
    """
    for span in spans:
        here = span_where(where, span)
        label = scheme.labels.get(span.label)
        if label is None:
            known = ", ".join(scheme.labels)
            yield finding("unknown-label", here, f"the label {span.label!r} is not known", f"known labels: {known}")
        elif span.attributes:
            yield from _label_issues(span, label, knowledge, here)


def _label_issues(span: Span, label: Label, knowledge: Knowledge, here: Where) -> Iterator[Issue]:
    for key in span.attributes.keys() - label.attributes.keys():
        message = f"{span.label} has no attribute {key!r}"
        yield finding("unknown-attribute", here, message, f"known: {', '.join(label.attributes)}")
    for key, attribute in label.attributes.items():
        value = span.attributes.get(key)
        if value is not None:
            yield from _value_issues(key, value, attribute, knowledge, here)
        elif attribute.required or _is_required(span, attribute):
            yield finding("missing-attribute", here, f"{span.label} lacks the attribute {key!r}", attribute.gloss)
    yield from _kind_issues(span, knowledge, here)
    ends = {end.range: span.attributes.get(key) for key, end in label.attributes.items() if end.range}
    low, high = ends.get("low"), ends.get("high")
    if ends and low is None and high is None:
        yield finding("no-figure", here, "the toll has neither low nor high")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield finding("range-reversed", here, f"low is {low}, high is {high}")


def _is_required(span: Span, attribute: Attribute) -> bool:
    when = attribute.required_when
    return bool(when) and all(span.attributes.get(key) == value for key, value in when.items())


def _value_issues(key: str, value: Value, attribute: Attribute, knowledge: Knowledge, here: Where) -> Iterator[Issue]:
    shown = f"{key!r} is {value!r}"
    match attribute.type:
        case "choice" if value not in attribute.values:
            yield finding(
                "bad-value", here, f"{shown}, not one of the scheme's", f"known: {', '.join(attribute.values)}"
            )
        case "flag" if not isinstance(value, bool):
            yield finding("bad-value", here, f"{shown}, not true or false")
        case "count" if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            yield finding("bad-value", here, f"{shown}, not a whole number from 0")
        case "edtf" if not is_edtf(str(value)):
            yield finding("bad-value", here, f"{shown}, not an EDTF date of level 1", "e.g. 2014-06-10, 2014-01~")
        case "actor" if value not in knowledge.actors:
            yield finding("unknown-entity", here, f"there is no actor {value!r}", "add it to knowledge/actors.toml")
        case "place" if value not in knowledge.places:
            yield finding("unknown-entity", here, f"there is no place {value!r}", "add it to knowledge/places.toml")


def _kind_issues(span: Span, knowledge: Knowledge, here: Where) -> Iterator[Issue]:
    attributes = span.attributes
    entry = knowledge.actors.get(str(attributes.get("entity"))) or knowledge.places.get(str(attributes.get("place")))
    if entry and attributes.get("kind", entry.kind) != entry.kind:
        message = f"the kind is {attributes['kind']!r}, the entry of {entry.name!r} says {entry.kind!r}"
        yield finding("kind-differs", here, message)
    if attributes.get("form") == "generic" and "entity" in attributes:
        yield finding("form-differs", here, f"a generic actor has the entity {attributes['entity']!r}")


@functools.cache
def is_edtf(value: str) -> bool:
    """Say whether `value` is an EDTF expression of level 0 or 1 (ISO 8601-2:2019) of calendar time."""
    return parse_date(value) is not None


def link_issues(spans: Sequence[Span], scheme: Scheme, where: Where) -> Iterator[Issue]:
    """Yield links that lead nowhere, to the wrong label or in a circle, and breakdowns that do not add up.

    Codes: `unknown-link`, `dangling-link`, `wrong-target`, `circular-link`, `breakdown-sum`, `part-exceeds` (a warning:
    texts do that), `breakdown-without-parts`, `missing-attribute` (a toll with parts that does not say whether they are
    all). Nothing for no spans.
    """
    by_id = {span.id: span for span in spans if span.id is not None}
    for span in spans:
        label = scheme.labels.get(span.label)
        here = span_where(where, span)
        for name, targets in span.links.items() if label else ():
            link = label.links.get(name) if label else None
            if link is None:
                yield finding("unknown-link", here, f"{span.label} has no link {name!r}")
                continue
            for target in targets:
                if target not in by_id:
                    yield finding(
                        "dangling-link", here, f"{name!r} leads to {target!r}, which is no span of the document"
                    )
                elif by_id[target].label != link.target:
                    message = f"{name!r} leads to {target!r}, a {by_id[target].label}"
                    yield finding("wrong-target", here, message, f"link to a {link.target}")
            if _comes_back(span, name, by_id):
                yield finding("circular-link", here, f"{name!r} leads back to the span itself")
    yield from _breakdown_issues(by_id, where)


def _comes_back(span: Span, name: str, by_id: Mapping[str, Span]) -> bool:
    seen: set[str] = set()
    waiting = list(span.links[name])
    while waiting:
        target = waiting.pop()
        if target == span.id:
            return True
        if target in by_id and target not in seen:
            seen.add(target)
            waiting.extend(by_id[target].links.get(name, ()))
    return False


def _breakdown_issues(by_id: Mapping[str, Span], where: Where) -> Iterator[Issue]:
    parts: dict[str, list[Span]] = defaultdict(list)
    for span in by_id.values():
        for target in span.links.get("part_of", ()):
            parts[target].append(span)
    for key, whole in by_id.items():
        here = span_where(where, whole)
        announced = whole.attributes.get("breakdown")
        if not parts[key]:
            if announced is not None:
                yield finding("breakdown-without-parts", here, f"breakdown is {announced!r}, but no toll is part of it")
            continue
        if announced is None:
            yield finding(
                "missing-attribute", here, "the toll has parts but no attribute 'breakdown'", "complete or partial"
            )
        yield from _sum_issues(whole, parts[key], here)


def _sum_issues(whole: Span, parts: Sequence[Span], here: Where) -> Iterator[Issue]:
    """Compare the ranges: what parts that are all can sum to must meet the whole's, and no part exceed it.

    The parts of a partial breakdown may cut across one another (the children among the dead of two towns).
    """
    least, most = _range(whole)
    ranges = [_range(part) for part in parts]
    low = sum(low for low, _ in ranges)
    high = None if any(high is None for _, high in ranges) else sum(high or 0 for _, high in ranges)
    if whole.attributes.get("breakdown") == "partial":
        greatest = max(low for low, _ in ranges)
        if most is not None and greatest > most:
            yield finding("part-exceeds", here, f"a part is {greatest} or more, the whole is {most}")
    elif most is not None and low > most:
        message = f"the parts add up to {low} or more, the whole is {most}: {low - most} too many"
        yield finding("breakdown-sum", here, message)
    elif high is not None and high < least:
        message = f"the parts add up to {high}, the whole is {least}: {least - high} are missing"
        yield finding("breakdown-sum", here, message)


def _range(toll: Span) -> tuple[int, int | None]:
    low, high = toll.attributes.get("low"), toll.attributes.get("high")
    return (low if isinstance(low, int) else 0), (high if isinstance(high, int) else None)
