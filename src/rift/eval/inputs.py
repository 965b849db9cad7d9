"""What a run of the evaluation reads: gold by file or by split, predictions, and all that is wrong with them."""

import dataclasses
import hashlib
import pathlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from rift.annotations.collection import (
    GOLD,
    Coverage,
    coverage,
    known_documents,
    layer_file,
    sealed_splits,
    splits,
)
from rift.annotations.formats.content import LIMITS
from rift.annotations.formats.findings import Findings
from rift.annotations.formats.predictions import Row, read_rows
from rift.annotations.layer import Layer, read_numbered
from rift.annotations.sealed import SUFFIX as SEALED
from rift.annotations.sealed import find_key, read_sealed, sealed_file
from rift.annotations.validate import offset_issues
from rift.corpus.build import collections
from rift.corpus.document import Document, Sha256
from rift.eval.columns import Columns, align, read_columns
from rift.eval.coverage import coverage_issues, covered, portion_name
from rift.eval.scoring import Side
from rift.issues import InputError, Issue, Level, Where, has_errors
from rift.paths import data_root

_LAYER_FILE = ".jsonl"
_LAYER_FILES = (_LAYER_FILE, SEALED)

Texts = Mapping[str, Document | None]
"""Documents by id; None for one whose text is not at hand."""


class InputFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that was read: its path, for gold of the corpus below the data folder, and the SHA-256 of its bytes."""

    path: str
    sha256: Sha256


class Prediction(NamedTuple):
    """A prediction: where it was read from, and what it says."""

    path: pathlib.Path
    layer: Side


@dataclasses.dataclass(frozen=True, slots=True)
class Inputs:
    """Gold with its file and the name of its split, predictions, the texts of the corpus, and the warnings.

    Where `coverage` says that the gold does not mark everything, predictions hold no more than it covers.
    """

    gold_path: pathlib.Path
    split: str
    gold: Side
    predictions: Sequence[Prediction]
    documents: Texts
    issues: Sequence[Issue]
    coverage: Coverage | None


class _Place(NamedTuple):
    """Where gold is: its file, the name of its split, the documents of that (None: all in the file), what it marks."""

    path: pathlib.Path
    split: str
    documents: Sequence[str] | None
    coverage: Coverage | None = None


Reader = Callable[[pathlib.Path, Texts], tuple[Side, Sequence[Issue]]]
"""Reads a file of spans, with all that is wrong with it."""


def read_inputs(
    gold: str, predicted: Sequence[str], listed: Sequence[str] | None, sources: pathlib.Path | None, read: Reader
) -> Inputs:
    """Read gold (a layer file, a collection, or a split such as `briefs/dev`) and the files of predictions.

    `listed` are the gold documents to keep (None: all), `sources` holds the source texts, for checks of offsets, and
    `read` is `read_whole` or `read_spans`. Raises InputError with every issue of form and offsets of all files, of
    listed documents that are not gold (`not-gold`, a place without a file), and for gold that cannot be found
    (`no-split`, `no-layer`).
    """
    documents = known_documents(sources)
    place = _find_gold(gold)
    paths = [pathlib.Path(name) for name in predicted]
    (side, first), *others = [read(path, documents) for path in (place.path, *paths)]
    issues = [*first, *(issue for _, more in others for issue in more)]
    if has_errors(issues):
        raise InputError(issues)
    if place.documents is not None:
        side = _only(side, place.documents)
    if listed is not None:
        _check_listed(listed, side)
        side = _only(side, listed)
    issues.extend(_unchecked(side, documents, place.path))
    predictions = [
        Prediction(path, covered(found, place.coverage)) for path, (found, _) in zip(paths, others, strict=True)
    ]
    for path, (found, _) in zip(paths, others, strict=True):
        issues.extend(coverage_issues(_only(found, _documents(side)), place.coverage, Where(str(path))))
    split = portion_name(place.split if listed is None else "listed", place.coverage)
    return Inputs(place.path, split, side, predictions, documents, issues, place.coverage)


def read_whole(path: pathlib.Path, documents: Texts) -> tuple[Layer, Sequence[Issue]]:
    """Read a file of spans and check what a score depends on: its form, and its offsets where the text is at hand.

    A name in `.jsonl` is that of a layer file; of the others `rift.annotations.formats.predictions` makes a layer.
    """
    rows, issues = _layer_rows(path) if path.suffix in _LAYER_FILES else _prediction_rows(path, documents)
    for row in rows:
        if document := documents.get(row.markup.doc):
            issues.extend(offset_issues(row.markup, document, Where(row.file, row.line, row.markup.doc)))
    return Layer(rows[0].markup.layer if rows else path.stem, (row.markup for row in rows)), issues


def read_spans(path: pathlib.Path, documents: Texts) -> tuple[Side, Sequence[Issue]]:
    """Read what the track `spans` needs: as columns, where there are no offsets to check against a text."""
    if path.suffix != _LAYER_FILE:
        return read_whole(path, documents)
    try:
        columns = read_columns(path)
    except InputError as error:
        return Layer(path.stem), error.issues
    return read_whole(path, documents) if any(map(documents.get, columns.documents)) else (columns, ())


def whole(side: Side) -> Layer:
    """Return `side`, which `read_whole` has read; raises TypeError for columns."""
    if isinstance(side, Columns):
        raise TypeError("columns hold no attributes")
    return side


def fingerprint_file(path: pathlib.Path) -> InputFile:
    """Return path and digest of a file, or of the names and digests of all files in a folder.

    Raises OSError where one cannot be read.
    """
    root = data_root()
    shown = path.relative_to(root) if path.is_relative_to(root) else path
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
        content = "".join(f"{file.relative_to(path).as_posix()} {_digest(file)}\n" for file in files)
        return InputFile(shown.as_posix(), hashlib.sha256(content.encode()).hexdigest())
    return InputFile(shown.as_posix(), _digest(path))


def in_file(issues: Iterable[Issue], path: pathlib.Path) -> tuple[Issue, ...]:
    """Let issues with a layer name its file instead."""
    return tuple(dataclasses.replace(issue, where=dataclasses.replace(issue.where, file=str(path))) for issue in issues)


def find_split(name: str) -> Sequence[str]:
    """Return the ids of the documents of a COLLECTION or of a COLLECTION/SPLIT.

    Raises InputError for a collection (`no-collection`) or a split (`no-split`) that there is not.
    """
    collection, _, split = name.partition("/")
    members = splits(collection)
    if split and split not in members.values():
        hint = f"its splits: {', '.join(sorted(set(members.values())))}"
        message = f"the collection {collection!r} has no split {split!r}"
        raise InputError([Issue("no-split", Level.ERROR, Where(name), message, hint)])
    return tuple(doc for doc, its in members.items() if its == split or not split)


def _digest(path: pathlib.Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _layer_rows(path: pathlib.Path) -> tuple[list[Row], list[Issue]]:
    rows, issues = read_sealed(path, find_key()) if path.suffix == SEALED else read_numbered(path)
    return [Row(str(path), line, markup) for line, markup in rows], issues


def _prediction_rows(path: pathlib.Path, documents: Texts) -> tuple[list[Row], list[Issue]]:
    found = Findings(LIMITS.issues)
    rows = list(read_rows(path, documents, found))
    return rows, found.listed(str(path))


def _find_gold(name: str) -> _Place:
    collection, _, split = name.rstrip("/").partition("/")
    if pathlib.Path(name).exists() or collection not in collections():
        return _Place(pathlib.Path(name), "all", None)
    chosen = find_split(name) if split else None
    sealed = sealed_splits(collection)
    path = sealed_file(collection, f"{GOLD}.jsonl") if split in sealed else layer_file(collection, GOLD)
    if path is None or (sealed and not split):
        message = f"the gold of {collection} is sealed in part" if path else f"there is no gold of {name}"
        hint = f"name one split: {', '.join(sorted(set(splits(collection).values())))}"
        raise InputError([Issue("sealed", Level.ERROR, Where(name), message, hint)])
    return _Place(path, "-".join(filter(None, [collection, split])), chosen, coverage(collection))


def _documents(side: Side) -> Collection[str]:
    return side.documents if isinstance(side, Columns) else side.markups.keys()


def _only(side: Side, documents: Iterable[str]) -> Side:
    if isinstance(side, Layer):
        return side.only(documents)
    wanted = set(documents)
    return align(side, [doc for doc in side.documents if doc in wanted], side.labels)


def _unchecked(gold: Side, documents: Texts, path: pathlib.Path) -> list[Issue]:
    """Warn where offsets could not be checked, since a score then rests on the files' word for them."""
    missing = [doc for doc in _documents(gold) if doc in documents and documents[doc] is None]
    if not missing:
        return []
    message = f"{len(missing)} documents were not checked against their texts, which are not at hand"
    hint = "docs/sources.md says how to get them"
    return [Issue("unchecked-offsets", Level.WARNING, Where(str(path)), message, hint)]


def _check_listed(listed: Iterable[str], gold: Side) -> None:
    known = set(_documents(gold))
    hint = "list ids of gold documents, one a line"
    issues = [
        Issue("not-gold", Level.ERROR, Where("", doc=doc), "is not a gold document", hint)
        for doc in listed
        if doc not in known
    ]
    if issues:
        raise InputError(issues)
