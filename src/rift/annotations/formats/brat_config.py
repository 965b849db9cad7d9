"""The settings by which a brat server shows a folder, made from the label scheme (https://brat.nlplab.org)."""

import re
from collections.abc import Iterator, Sequence

from rift.annotations.layer import Span
from rift.guidelines import Attribute, Scheme

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_VALUE = re.compile(r"[^\s,|<>]+")
"""What a value may be: the others are signs of the settings' own grammar."""


def annotation(scheme: Scheme, spans: Sequence[Span]) -> str:
    """Return `annotation.conf`: labels, links as relations, attributes with their values, and what may stand in what.

    brat shows what is named here alone. So labels of `spans` that the scheme lacks are named too, and of attributes
    whose values the scheme does not list, those that `spans` have; an attribute without any is left out.
    """
    return "\n".join([
        "# Made from the label scheme of RIFT.",
        "[entities]", *_labels(scheme, spans), "",
        "[relations]", *_relations(scheme), "",
        "[events]", "",
        "[attributes]", *_attributes(scheme, spans), "",
    ])  # fmt: skip


def visual(scheme: Scheme) -> str:
    """Return `visual.conf`: how labels, links and flags are written, and the labels' colours."""
    links = sorted({name for label in scheme.labels.values() for name in label.links})
    attributes = {name: one for label in scheme.labels.values() for name, one in label.attributes.items()}
    return "\n".join([
        "# Made from the label scheme of RIFT.",
        "[labels]", *(f"{name} | {name.replace('_', ' ')}" for name in [*scheme.labels, *links]), "",
        "[drawing]",
        "SPAN_DEFAULT\tfgColor:black, bgColor:lightgrey, borderColor:darken",
        "ARC_DEFAULT\tcolor:black, arrowHead:triangle-5",
        *(f"{name}\tbgColor:{label.colour}" for name, label in scheme.labels.items()),
        *(f"{name}\tglyph:[{name}]" for name, attribute in attributes.items() if attribute.type == "flag"), "",
    ])  # fmt: skip


def _labels(scheme: Scheme, spans: Sequence[Span]) -> list[str]:
    others = {span.label for span in spans} - scheme.labels.keys()
    return [*scheme.labels, *sorted(filter(_NAME.fullmatch, others))]


def _relations(scheme: Scheme) -> Iterator[str]:
    for name, label in scheme.labels.items():
        yield from (f"{link}\tArg1:{name}, Arg2:{what.target}" for link, what in label.links.items())
        if label.contains:
            yield f"<OVERLAP>\tArg1:{'|'.join(label.contains)}, Arg2:{name}, <OVL-TYPE>:contain|equal"


def _attributes(scheme: Scheme, spans: Sequence[Span]) -> Iterator[str]:
    """Yield a line an attribute; one that several labels have takes the values of all."""
    names = dict.fromkeys(name for label in scheme.labels.values() for name in label.attributes)
    for name in names:
        owners = {key: label.attributes[name] for key, label in scheme.labels.items() if name in label.attributes}
        values = list(dict.fromkeys(value for key, one in owners.items() for value in _values(name, key, one, spans)))
        flag = all(attribute.type == "flag" for attribute in owners.values())
        if values or flag:
            yield f"{name}\tArg:{'|'.join(owners)}{'' if flag else ', Value:' + '|'.join(values)}"


def _values(name: str, label: str, attribute: Attribute, spans: Sequence[Span]) -> Sequence[str]:
    """Return the values of an attribute in the order of the scheme, or where it lists none, numbers before words."""
    if attribute.values:
        return attribute.values
    found = {str(span.attributes[name]) for span in spans if span.label == label and name in span.attributes}
    return sorted(filter(_VALUE.fullmatch, found), key=lambda value: (not value.isdecimal(), len(value), value))
