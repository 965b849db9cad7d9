"""Sizes of texts: paragraphs, sentences, words."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from rift.corpus.build import SplitDocument
from rift.corpus.document import Document
from rift.corpus.tokens import sentences, tokenize


class Sizes(NamedTuple):
    """Counts, all from 0: documents, paragraphs (headlines and headings too), sentences, words."""

    documents: int = 0
    paragraphs: int = 0
    sentences: int = 0
    words: int = 0


class Row(msgspec.Struct, frozen=True):
    """The sizes of one split of one collection."""

    collection: str
    split: str
    documents: int
    paragraphs: int
    sentences: int
    words: int


def text_sizes(text: str) -> Sizes:
    """Return the sizes of one canonical text; all but `documents` are 0 for an empty one.

    A word is a token (`rift.corpus.tokens`) of letters or digits; sentences are those of the same module.
    """
    tokens = tokenize(text)
    return Sizes(
        documents=1,
        paragraphs=sum(1 for paragraph in text.split("\n\n") if paragraph),
        sentences=len(sentences(text, tokens)),
        words=sum(text[token.start].isalnum() for token in tokens),
    )


def total_sizes(documents: Iterable[Document]) -> Sizes:
    """Return the sizes of `documents` together; all 0 for none."""
    columns = zip(*(text_sizes(document.text) for document in documents), strict=True)
    return Sizes(*(sum(column) for column in columns))


def size_rows(documents: Sequence[SplitDocument]) -> list[Row]:
    """Return a row for each collection and split that occurs, in the order of first occurrence; [] for no documents."""
    groups: dict[tuple[str, str], list[Document]] = {}
    for item in documents:
        groups.setdefault((item.document.collection, item.split), []).append(item.document)
    return [Row(*group, *total_sizes(members)) for group, members in groups.items()]
