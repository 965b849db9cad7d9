"""The type system of UIMA CAS files: a type of annotations a label, made from the label scheme."""

import re
from collections.abc import Sequence
from typing import Any

from rift.guidelines import Label, scheme
from rift.issues import needs

EXTRA = ("cas", "UIMA CAS files")

TYPES = "TypeSystem.xml"
"""The name of the file that describes the types, beside the XMI files."""

ID = "id"
"""The feature that holds a span's id."""

PACKAGE = "rift."
"""What the names of our types begin with, before the label."""

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
"""What the name of a type may be."""


def type_of(label: str) -> str:
    """Return the name of a label's type."""
    return f"{PACKAGE}{label}"


def link_type_of(label: str, link: str) -> str:
    """Return the name of the type that holds the targets of a link, by the pattern of INCEpTION."""
    return f"{type_of(label)}{link.capitalize()}Link"


def label_of(name: str) -> Label:
    """Return the scheme's label of that name, for another name one without attributes and links."""
    return scheme().labels.get(name, Label("", ""))


def type_system(others: Sequence[str] = ()) -> Any:  # noqa: ANN401 - an extra's type
    """Return the types of the scheme's labels, and of those among `others` that can be names of types.

    A type's features are `id`, the label's attributes and its links, as INCEpTION has them: an array of structures with
    a `role` and a `target`. A flag is a boolean; every other attribute is a string, a count too, since numbers in UIMA
    are 0 and never absent. Raises InputError (`missing-package`).
    """
    with needs(*EXTRA):
        from cassis import TypeSystem  # noqa: PLC0415 - an extra
    types = TypeSystem()
    labels = {name: label_of(name) for name in dict.fromkeys([*scheme().labels, *filter(NAME.fullmatch, others)])}
    for name, label in labels.items():
        types.create_type(type_of(name), description=label.gloss)
    for name, label in labels.items():
        types.create_feature(type_of(name), ID, "uima.cas.String", description="the id of the span")
        for key, attribute in label.attributes.items():
            kind = "uima.cas.Boolean" if attribute.type == "flag" else "uima.cas.String"
            types.create_feature(type_of(name), key, kind, description=attribute.gloss)
        for key, link in label.links.items():
            held = link_type_of(name, key)
            types.create_type(held, supertypeName="uima.cas.TOP")
            types.create_feature(held, "role", "uima.cas.String")
            types.create_feature(held, "target", type_of(link.target))
            types.create_feature(type_of(name), key, "uima.cas.FSArray", elementType=held, description=link.gloss)
    return types
