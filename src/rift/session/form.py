"""How a document becomes a task: what a session needs of a format of annotation tools."""

from collections.abc import Mapping
from typing import Protocol

from rift.annotations.layer import Markup
from rift.corpus.document import Document
from rift.issues import InputError, Issue, Level, Where

DOC = "doc"
"""The key of a task's data under which its document's id stands."""


class Form(Protocol):
    """The format of a tool's tasks. Both functions depend on their arguments and the label scheme alone."""

    def config(self) -> str:
        """Return the labelling configuration, XML."""

    def task(self, document: Document, pre: Markup | None) -> Mapping[str, object]:
        """Return a document as a task: `data`, with the document's id under `DOC`, and `predictions` where `pre` is."""


def label_studio() -> Form:
    """Return the format of Label Studio's tasks; raises InputError (`no-form`) where this version has none."""
    message = "this version of RIFT cannot write Label Studio's tasks"
    raise InputError([Issue("no-form", Level.ERROR, Where("label-studio"), message, "install a later one")])
