"""Manifests: what a collection holds, where each text comes from, how it is cleaned, and which split it is in."""

import dataclasses
import datetime as dt
import functools
import pathlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from rift.corpus.document import Identifier, Sha256
from rift.corpus.recipe import Call, Fault, expand, recipe_faults
from rift.issues import InputError, Issue, Level, Where
from rift.jsonl import to_struct

T = TypeVar("T", bound=msgspec.Struct)

Split = Literal["train", "dev", "test"]

MANIFEST = "manifest.toml"


class Collection(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What holds for a collection as a whole.

    `redistributable` says that the texts are ours to release: they then stand in `documents.jsonl` beside the manifest;
    otherwise each is rebuilt from a raw source that the user holds. The annotations of the splits in `sealed` stand in
    the repository encrypted.
    """

    title: str
    redistributable: bool
    citation: str
    sealed: Sequence[Split] = ()


class Remote(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a file of the source texts may be downloaded: an address that does not change, and the file's digest."""

    url: Annotated[str, msgspec.Meta(pattern=r"^https?://")]
    sha256: Sha256


class SourceEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A document that is rebuilt from a raw source: the fields of a Document without its text, and how to make that.

    `published_from` says from what `published` was inferred. `raw` is a path below the folder of the source texts,
    `raw_bytes` and `raw_sha256` are that file's, `recipe` turns it into the text, whose digest is `sha256`.
    """

    title: str
    publisher: str
    published: dt.date | None = None
    published_from: str
    language: str
    license: str
    source: str
    split: Split
    raw: str
    raw_bytes: Annotated[int, msgspec.Meta(ge=0)]
    raw_sha256: Sha256
    recipe: Sequence[Call]
    sha256: Sha256


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of which texts of a collection are rows, and what holds for all of them.

    `path` is its place below the folder of the source texts, `format` whose form it has; the other fields are those of
    a Document, `publisher` where all rows share it.
    """

    path: str
    format: Literal["fa-kes", "re3d"]
    language: str
    license: str
    source: str
    publisher: str | None = None

    def source_of(self, row: str) -> str:
        """Return the `source` of a Document that is made from the row with the id `row`."""
        return f"{self.source}, row {row}"


class Transfer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Says that the gold of a collection is other people's, made by rules of their own, and what of it is taken.

    It is spans alone, without attributes and links. `labels` maps their types to ours; what is of no such type is left
    out, and so is what they are less sure of than `confidence` (0 to 1).
    """

    labels: Mapping[str, str]
    confidence: Annotated[float, msgspec.Meta(ge=0, le=1)]


class RowEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A document that is made from a row of a table, its title being the first paragraph.

    `table` may be left out where the collection has one table, `publisher` where the table has it. `row` is the row's
    id, `row_sha256` the digest of its title and text (`rift.corpus.table.row_digest`), `published` the date that the
    row itself states, `recipe` turns the row into the text, whose digest is `sha256`. Gold covers the text from the
    offset `gold_from` on: others' gold may leave the title out.
    """

    table: Identifier
    row: str
    row_sha256: Sha256
    publisher: str
    published: dt.date | None = None
    split: Split
    gold_from: Annotated[int, msgspec.Meta(ge=0)] = 0
    recipe: Sequence[Call]
    sha256: Sha256


class StoredEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A document whose text stands in the collection's `documents.jsonl`.

    `draws_on` names the documents from which it takes facts, `phenomena` what it tries, in the manifest's vocabulary.
    """

    sha256: Sha256
    split: Split
    draws_on: Sequence[Identifier] = ()
    phenomena: Sequence[Identifier] = ()


Entry = SourceEntry | RowEntry | StoredEntry


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The tables of a manifest, the documents as yet unchecked."""

    collection: Any
    documents: dict[Identifier, Any]
    phenomena: dict[Identifier, str] = {}
    tables: dict[Identifier, Any] = {}
    transfer: Any = None
    files: dict[str, Remote] = {}
    recipes: dict[Identifier, Sequence[Call]] = {}


@dataclasses.dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest: the collection's id, the file, its tables, each document's line in it, and what is wrong there.

    `ids` are those of all documents, in the file's order; `documents` holds the usable entries alone; `phenomena` maps
    each phenomenon to its meaning in a line; `issues` are faults that leave the other documents usable. `tables` are
    those that documents are rows of, by name. `files` are those that may be downloaded, by their path below the folder
    of the source texts. `transfer` is there where gold is other people's.
    """

    name: str
    path: pathlib.Path
    collection: Collection
    ids: Sequence[str]
    documents: Mapping[str, Entry]
    phenomena: Mapping[str, str]
    lines: Mapping[str, int]
    issues: Sequence[Issue]
    tables: Mapping[str, Table] = dataclasses.field(default_factory=dict)
    files: Mapping[str, Remote] = dataclasses.field(default_factory=dict)
    transfer: Transfer | None = None

    @property
    def ours(self) -> bool:
        """Whether RIFT made the gold, so that the collection is one of `all`."""
        return self.transfer is None

    def where(self, doc: str) -> Where:
        """Return the place of the document `doc` in the manifest; the line is 0 where it is not known."""
        return Where(str(self.path), self.lines.get(doc, 0), doc)


def read_manifest(folder: pathlib.Path) -> Manifest:
    """Read and check the manifest in the folder of a collection; the folder's name is the collection's id.

    Raises InputError where nothing in it can be used (`no-manifest`, `not-toml`, or a wrong `[collection]` or outline).
    The faults of single documents are in the result's `issues`: `wrong-type`, `missing-key`, `unknown-key`,
    `unknown-table`, `unknown-recipe`, `unknown-step`, `wrong-step-argument`, `unknown-phenomenon`, and the warning
    `unused-phenomenon`.
    """
    path = folder / MANIFEST
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"the manifest cannot be read: {error.strerror}"
        issue = Issue("no-manifest", Level.ERROR, Where(str(path)), message, "check the collection's name")
        raise InputError([issue]) from error
    return _read(path, content)


@functools.lru_cache(maxsize=32)
def _read(path: pathlib.Path, raw: bytes) -> Manifest:
    """Read a manifest's content: many ask for the same one, and a large one takes a moment."""
    where = Where(str(path))
    try:
        content = raw.decode()
        tables = tomllib.loads(content)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError([Issue("not-toml", Level.ERROR, where, f"the manifest is not TOML: {error}")]) from error
    outline = _sure(_File, tables, where)
    collection = _sure(Collection, outline.collection, where)
    sources = {name: _sure(Table, table, where) for name, table in outline.tables.items()}
    transfer = None if outline.transfer is None else _sure(Transfer, outline.transfer, where)
    lines = _table_lines(content)
    kind: type[Entry] = StoredEntry if collection.redistributable else SourceEntry
    documents: dict[str, Entry] = {}
    issues: list[Issue] = []
    for doc, table in outline.documents.items():
        place = Where(str(path), lines.get(doc, 0), doc)
        entry = _row_entry(table, place, sources, outline.recipes) if sources else to_struct(kind, table, place)
        faults = entry if isinstance(entry, list) else list(_entry_issues(entry, outline.phenomena, place))
        issues.extend(faults)
        if not isinstance(entry, list) and not faults:
            documents[doc] = entry
    if not issues:
        issues.extend(_unused(documents.values(), outline.phenomena, where))
    return Manifest(
        name=path.parent.name,
        path=path,
        collection=collection,
        ids=tuple(outline.documents),
        documents=documents,
        phenomena=outline.phenomena,
        lines=lines,
        issues=issues,
        tables=sources,
        files=outline.files,
        transfer=transfer,
    )


def _sure(kind: type[T], value: object, where: Where) -> T:
    """Convert a part without which nothing can be used; raises InputError."""
    found = to_struct(kind, value, where)
    if isinstance(found, list):
        raise InputError(found)
    return found


_TABLE = re.compile(r"\s*\[\s*documents\s*\.\s*[\"']?(?P<id>[a-z0-9-]+)[\"']?\s*\]")


def _table_lines(content: str) -> dict[str, int]:
    matches = ((number, _TABLE.match(line)) for number, line in enumerate(content.split("\n"), start=1))
    return {match["id"]: number for number, match in matches if match}


def _row_entry(
    values: object, where: Where, tables: Mapping[str, Table], recipes: Mapping[str, Sequence[Call]]
) -> RowEntry | list[Issue]:
    """Read an entry, with what its table says for it and its recipe written out."""
    given = values if isinstance(values, dict) else {}
    only = next(iter(tables)) if len(tables) == 1 else None
    name = given.get("table", only)
    table = tables.get(name) if isinstance(name, str) else None
    if isinstance(name, str) and table is None:
        message = f"the table {name!r} is not known"
        return [Issue("unknown-table", Level.ERROR, where, message, f"known tables: {', '.join(tables)}")]
    told = {"table": only, "publisher": table.publisher if table else ""}  # without a table its publisher is not asked
    known = {key: value for key, value in told.items() if value is not None}
    entry = to_struct(RowEntry, {**known, **given} if given else values, where)
    if isinstance(entry, list):
        return entry
    recipe = expand(entry.recipe, recipes)
    if isinstance(recipe, Fault):
        return [Issue(recipe.code, Level.ERROR, where, recipe.message, recipe.hint)]
    return msgspec.structs.replace(entry, recipe=recipe)


def _entry_issues(entry: Entry, vocabulary: Mapping[str, str], where: Where) -> Iterator[Issue]:
    match entry:
        case SourceEntry() | RowEntry():
            for fault in recipe_faults(entry.recipe):
                yield Issue(fault.code, Level.ERROR, where, fault.message, fault.hint)
        case StoredEntry():
            for name in entry.phenomena:
                if name not in vocabulary:
                    hint = "name it under [phenomena], or correct it"
                    yield Issue("unknown-phenomenon", Level.ERROR, where, f"the phenomenon {name!r} is not known", hint)


def _unused(entries: Iterable[Entry], vocabulary: Mapping[str, str], where: Where) -> Iterator[Issue]:
    used = {name for entry in entries if isinstance(entry, StoredEntry) for name in entry.phenomena}
    for name in vocabulary:
        if name not in used:
            message = f"no document tries the phenomenon {name!r}"
            yield Issue("unused-phenomenon", Level.WARNING, where, message, "tag a document with it, or take it out")
