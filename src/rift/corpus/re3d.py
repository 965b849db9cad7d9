"""The files of re3d (Dstl 2017): documents and entities as JSON Lines, a folder a source."""

import io
import pathlib
from collections.abc import Mapping, Sequence
from typing import Annotated, TypeVar

import msgspec

from rift.corpus.table import HINT, Row, Rows, read_file
from rift.issues import Issue, Level
from rift.jsonl import decode_lines, to_structs

ENTITIES = "entities.json"
"""Name of the file of entities; it stands beside the documents that they are of."""

_NAMES: Mapping[str, str] = {
    "id": "_id",
    "source_name": "sourceName",
    "source_url": "sourceUrl",
    "word_count": "wordCount",
    "sentence_count": "sentenceCount",
    "document": "documentId",
}

Offset = Annotated[int, msgspec.Meta(ge=0)]


class _Document(msgspec.Struct, frozen=True, kw_only=True, rename=_NAMES):
    """A line of documents.json."""

    id: str
    title: str
    text: str
    source_name: str
    source_url: str
    word_count: int
    sentence_count: int


class Entity(msgspec.Struct, frozen=True, kw_only=True, rename=_NAMES):
    """A line of entities.json: `text[begin:end]` of a document, code points, is of a type.

    `value` is those words as re3d gives them, `confidence` (0 to 1) how probably people would call it so.
    """

    id: str
    document: str
    begin: Offset
    end: Offset
    type: str
    value: str
    confidence: Annotated[float, msgspec.Meta(ge=0, le=1)]


T = TypeVar("T", _Document, Entity)


def read_rows(path: pathlib.Path) -> Rows:
    """Return the documents of a file `documents.json` as rows, in its order; none for an empty file.

    A line that is faulty is an issue and leaves the others. Codes: those of `rift.corpus.table.read_file`, of
    `rift.jsonl.decode_lines` and `to_structs`, and `source-truncated`.
    """
    found, issues = _read(path, _Document)
    return Rows([Row(line=line, id=item.id, title=item.title, body=item.text) for line, item in found], issues)


def read_entities(path: pathlib.Path) -> tuple[Sequence[Entity], Sequence[Issue]]:
    """Return the entities of a file `entities.json`, in its order, and the issues that `read_rows` would give."""
    found, issues = _read(path, Entity)
    return [item for _, item in found], issues


def _read(path: pathlib.Path, kind: type[T]) -> tuple[list[tuple[int, T]], list[Issue]]:
    data = read_file(path)
    if isinstance(data, Issue):
        return [], [data]
    found, issues = to_structs(kind, decode_lines(io.BytesIO(data), str(path)), str(path))
    if issues and not data.endswith(b"\n") and issues[-1].where.line > data.count(b"\n"):
        message = f"the file is cut off after {len(data)} bytes, within a line"
        issues[-1] = Issue("source-truncated", Level.ERROR, issues[-1].where, message, HINT)
    return found, issues
