"""How a document becomes a task: what a session needs of a format of annotation tools."""

from collections.abc import Mapping
from typing import Protocol

from rift.annotations.layer import Markup
from rift.corpus.document import Document

DOC = "doc"
"""The key of a task's data under which its document's id stands."""


class Form(Protocol):
    """The format of a tool's tasks. Both functions depend on their arguments and the label scheme alone."""

    def config(self) -> str:
        """Return the labelling configuration, XML."""

    def task(self, document: Document, pre: Markup | None) -> Mapping[str, object]:
        """Return a document as a task: `data`, with the document's id under `DOC`, and `predictions` where `pre` is."""
