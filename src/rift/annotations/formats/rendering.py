"""What a writer gives: a layer in some form as bytes, and a count of what the form leaves out."""

import dataclasses
import pathlib
from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from rift import guidelines
from rift.annotations.geometry import span_where
from rift.annotations.layer import Layer, Markup, Span
from rift.corpus.document import Document
from rift.guidelines import Knowledge, Scheme
from rift.issues import Where
from rift.paths import write_folder, write_whole

Kind = Literal["documents", "spans", "ids", "surfaces", "attributes", "links"]
"""The parts of a layer that a form may have no place for."""


class Loss(msgspec.Struct, frozen=True):
    """What is left out of a form: how many of a kind, which ones (`that lead to no span`), and where the first is."""

    kind: Kind
    which: str
    count: int
    first: Where


class Losses:
    """Counts what a writer leaves out, by kind and reason."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[tuple[Kind, str], Loss] = {}

    def add(self, kind: Kind, which: str, where: Where, count: int = 1) -> None:
        """Count `count` more of a kind; 0 adds nothing."""
        if count:
            known = self._found.get((kind, which), Loss(kind, which, 0, where))
            self._found[kind, which] = msgspec.structs.replace(known, count=known.count + count)

    def listed(self) -> tuple[Loss, ...]:
        """Return what was counted, in the order of the first of each."""
        return tuple(self._found.values())


class Rendering(msgspec.Struct, frozen=True):
    """A layer in some form: the bytes of its file, or those of each file of its folder by name, and what they lack."""

    content: bytes | Mapping[str, bytes]
    losses: tuple[Loss, ...] = ()

    def save(self, path: pathlib.Path) -> None:
        """Write the file or folder whole or not at all; raises OSError, also for a folder that is not empty."""
        if isinstance(self.content, bytes):
            write_whole(path, self.content)
        else:
            write_folder(path, self.content)


@dataclasses.dataclass(frozen=True, slots=True)
class Context:
    """What layers speak of: the documents that may be marked, None for one whose text is not at hand, and knowledge.

    `scheme` is the one that a layer is held to when it is read, `annotator` whose marks are read from a file that holds
    those of several.
    """

    documents: Mapping[str, Document | None]
    knowledge: Knowledge
    scheme: Scheme = dataclasses.field(default_factory=guidelines.scheme)
    annotator: str | None = None

    @property
    def texts(self) -> dict[str, Document]:
        """The documents whose text is at hand."""
        return {key: document for key, document in self.documents.items() if document}


def with_texts(layer: Layer, context: Context, losses: Losses) -> Iterator[tuple[Markup, Document]]:
    """Yield each markup with its document, by id; those whose text is not at hand, or is another one, are left out."""
    for markup in sorted(layer, key=lambda markup: markup.doc):
        document = context.documents.get(markup.doc)
        if document is None:
            losses.add("documents", "whose text is not at hand", Where("", doc=markup.doc))
        elif document.sha256 != markup.sha256:
            losses.add("documents", "that are marked in another version of the text", Where("", doc=markup.doc))
        else:
            yield markup, document


def place(markup: Markup, span: Span) -> Where:
    """Return where a span is, for a loss."""
    return span_where(Where("", doc=markup.doc), span)
