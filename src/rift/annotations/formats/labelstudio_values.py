"""Attributes as results of Label Studio's controls, and results as attributes."""

from collections.abc import Mapping
from typing import NamedTuple

from rift.annotations.formats.labelstudio_config import control, free_control
from rift.annotations.layer import Value
from rift.guidelines import Attribute, Knowledge, Scheme

_GREATEST = 2**53
"""Whole numbers up to here are exact in JavaScript."""


class Held(NamedTuple):
    """An attribute as a control holds it: the control's name, the result's type, and the key and content of `value`."""

    control: str
    type: str
    key: str
    content: object


def held(label: str, key: str, attribute: Attribute, value: Value, knowledge: Knowledge) -> Held | None:
    """Return how the configuration's controls hold an attribute, None for a value that none of them can hold."""
    name = control(label, key)
    match attribute.type, value:
        case "choice", str() if value in attribute.values:
            return Held(name, "choices", "choices", [value])
        case "flag", True:
            return Held(name, "choices", "choices", [key])
        case "count", int() if not isinstance(value, bool) and 0 <= value <= _GREATEST:
            return Held(name, "number", "number", value)
        case (("actor" | "place"), str()) if entry := knowledge.actors.get(value) or knowledge.places.get(value):
            return Held(name, "taxonomy", "taxonomy", [[entry.kind, value]])
        case (("actor" | "place" | "edtf"), str()) if _is_line(value):
            return Held(name if attribute.type == "edtf" else free_control(label, key), "textarea", "text", [value])
    return None


def _is_line(value: str) -> bool:
    return bool(value) and value.isprintable() and value == value.strip()


def attribute_of(scheme: Scheme, name: str) -> tuple[str, str, Attribute] | None:
    """Return the label, the name and the attribute that a control is for, None where the scheme has none for it."""
    for label, key, attribute in (
        (name, key, attribute) for name, one in scheme.labels.items() for key, attribute in one.attributes.items()
    ):
        if name in {control(label, key), free_control(label, key)}:
            return label, key, attribute
    return None


def values(attribute: Attribute, kind: str, value: Mapping[str, object]) -> list[Value]:
    """Return what a result of type `kind` says of an attribute: [] where nothing is chosen, else every choice.

    Raises ValueError for what is no value of the attribute's type.
    """
    found = value.get("text" if kind == "textarea" else kind)
    items = found if isinstance(found, list) else [found]
    leaves = [item[-1] if isinstance(item, list) and item else item for item in items]
    written = [leaf for leaf in leaves if leaf is not None and leaf != ""]
    match attribute.type:
        case "flag":
            return [True] if written else []
        case "count":
            return [_count(item) for item in written]
        case _:
            return [text for item in written if (text := _text(item))]


def _count(item: object) -> int:
    match item:
        case bool():
            pass
        case int() if item >= 0:
            return item
        case float() if item.is_integer() and item >= 0:
            return int(item)
        case str() if item.strip().isascii() and item.strip().isdecimal():
            return int(item)
    raise ValueError(f"{item!r} is no whole number from 0")


def _text(item: object) -> str:
    if not isinstance(item, str):
        raise ValueError(f"{item!r} is no text")  # noqa: TRY004 - a fault of the file, like the others
    return item.strip()
