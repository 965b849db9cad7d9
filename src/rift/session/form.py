"""How a document becomes a task: what a session needs of a format of annotation tools, and Label Studio's."""

import dataclasses
from collections.abc import Mapping
from typing import Protocol

import msgspec

from rift import guidelines
from rift.annotations.formats import labelstudio_config
from rift.annotations.formats.labelstudio_writer import to_tasks
from rift.annotations.formats.rendering import Context, Losses
from rift.annotations.implied import without_implied
from rift.annotations.layer import Layer, Markup
from rift.corpus.document import Document
from rift.guidelines import Knowledge

DOC = "doc"
"""The key of a task's data under which its document's id stands."""


class Form(Protocol):
    """The format of a tool's tasks. Both functions depend on their arguments and the label scheme alone."""

    def config(self) -> str:
        """Return the labelling configuration, XML."""

    def task(self, document: Document, pre: Markup | None) -> Mapping[str, object]:
        """Return a document as a task: `data`, with the document's id under `DOC`, and `predictions` where `pre` is."""


@dataclasses.dataclass(frozen=True)
class SchemeForm:
    """The form of the label scheme and the knowledge files: every attribute has a control, every link a relation."""

    knowledge: Knowledge = dataclasses.field(default_factory=guidelines.knowledge)

    def config(self) -> str:
        """Return the configuration of `labelstudio_config.config`."""
        return labelstudio_config.config(guidelines.scheme(), self.knowledge)

    def task(self, document: Document, pre: Markup | None) -> Mapping[str, object]:
        """Return what `labelstudio_writer.to_tasks` makes of the document; without `pre` it has no prediction.

        What follows from an entry is not shown ticked, as it would stay so when another entry is chosen.
        """
        markup = pre or Markup(doc=document.id, sha256=document.sha256, layer="", spans=())
        spans = tuple(
            msgspec.structs.replace(span, attributes=without_implied(span.label, span.attributes, self.knowledge))
            for span in markup.spans
        )
        markup = msgspec.structs.replace(markup, spans=spans)
        context = Context({document.id: document}, self.knowledge)
        (task,) = to_tasks(Layer(markup.layer, [markup]), context, "predictions", Losses())
        return task if pre is not None else {"data": task["data"]}
