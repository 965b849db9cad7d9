"""The front door: predictions in whatever form people have them, as a layer."""

import contextlib
import dataclasses
import os
import pathlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from rift.annotations.formats import brat, conll, json_lines, rows, tables
from rift.annotations.formats.codes import finding
from rift.annotations.formats.content import LIMITS, Limits, head
from rift.annotations.formats.findings import EnoughError, Findings
from rift.annotations.formats.names import stem, unpacked_name
from rift.annotations.formats.tables import Dataset
from rift.annotations.formats.tags import label_of
from rift.annotations.layer import Layer, Markup
from rift.corpus.document import Document
from rift.issues import InputError, Issue, Where, has_errors

Format = Literal["json-lines", "conll", "brat", "parquet", "saved"]

_SUFFIXES: Mapping[str, Format] = {
    **dict.fromkeys((".jsonl", ".ndjson", ".json"), "json-lines"),
    **dict.fromkeys((".conll", ".conllu", ".bio", ".iob", ".iob2", ".iobes", ".bilou", ".tsv"), "conll"),
    ".ann": "brat",
    ".parquet": "parquet",
}
_BRAT = re.compile(rb"[TAMRE#N]\d+\t")


Source = str | os.PathLike[str] | Sequence[object] | Dataset


def read_predictions(source: Source, documents: Mapping[str, Document | None]) -> Layer:
    """Read predictions of any form as a layer; raises InputError with every issue when one is an error.

    `source` is a file (JSON Lines, columns of tokens and tags, brat, Parquet; .gz and .zst too), a folder (brat's, or
    one of `Dataset.save_to_disk`), a data set in memory, or a list of dicts. docs/formats.md says how the form is told
    and what each holds. `documents` are those that may be marked: columns, brat and lists without hashes need their
    texts. An empty file or list gives a layer of no document. `read_predictions_leniently` gives the warnings too.
    """
    layer, issues = read_predictions_leniently(source, documents)
    if has_errors(issues):
        raise InputError(issues)
    return layer


def read_predictions_leniently(source: Source, documents: Mapping[str, Document | None]) -> tuple[Layer, list[Issue]]:
    """Read what can be read of predictions, and return it with every issue, warnings too; raises nothing for content.

    Codes: those of `codes.CODES` that reading gives. Whether offsets fit the text, labels the scheme and so on is for
    `rift.annotations.validate` and `rift.eval.submission`.
    """
    found = Findings(LIMITS.issues)
    markups: list[Markup] = []
    if not isinstance(source, (str, os.PathLike)):
        with contextlib.suppress(EnoughError):
            markups.extend(markup for _, markup in _in_memory(source, documents, found))
        return _layer("predictions", markups), found.listed("<list>")
    path = pathlib.Path(source)
    with contextlib.suppress(EnoughError):
        markups.extend(row.markup for row in read_rows(path, documents, found))
    return _layer(stem(path), markups), found.listed(str(path))


def _in_memory(source: object, documents: Mapping[str, Document | None], found: Findings) -> list[tuple[int, Markup]]:
    if isinstance(source, Dataset):
        return tables.read_dataset(source, documents, found)
    if isinstance(source, Sequence):
        return rows.read(source, documents, Where("<list>"), "predictions", found)
    hint = "choose one of its splits" if isinstance(source, Mapping) else ""
    found.add(finding("unknown-format", Where("<list>"), f"predictions cannot be a {type(source).__name__}", hint))
    return []


def _layer(name: str, markups: Sequence[Markup]) -> Layer:
    return Layer(markups[0].layer if markups else name, markups)


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A markup with its place: the file, and the 1-based line or row at which it begins, 0 where it has none."""

    file: str
    line: int
    markup: Markup


def read_rows(
    path: pathlib.Path, documents: Mapping[str, Document | None], found: Findings, limits: Limits = LIMITS
) -> Iterator[Row]:
    """Yield the markups of a file or folder of any form, one document at a time, and report all faults to `found`.

    Raises EnoughError where there are too many.
    """
    try:
        kind = find_format(path, limits)
        if kind == "brat":
            for line, file, markup in brat.read(path, documents, found, limits):
                yield Row(str(file), line, markup)
            return
        for line, markup in _numbered(kind, path, documents, found, limits):
            yield Row(str(path), line, markup)
    except InputError as error:
        found.extend(error.issues)


def _numbered(
    kind: Format, path: pathlib.Path, documents: Mapping[str, Document | None], found: Findings, limits: Limits
) -> Iterator[tuple[int, Markup]]:
    match kind:
        case "conll":
            yield from conll.read(path, documents, found, limits)
        case "parquet":
            yield from tables.read_parquet(path, documents, found, limits)
        case "saved":
            yield from tables.read_saved(path, documents, found, limits)
        case _:
            yield from json_lines.read(path, found, limits)


def find_format(path: pathlib.Path, limits: Limits = LIMITS) -> Format:
    """Say what form a file or folder has: by its content where that is plain, else by its suffix.

    An empty file is JSON Lines. Raises InputError: `unknown-format`, and as `content.head`.
    """
    if path.is_dir():
        return _format_of_folder(path)
    begin = head(path, limits)
    suffix = pathlib.PurePath(unpacked_name(path)).suffix.lower()
    if begin.startswith(b"PAR1"):
        return "parquet"
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    if suffix == ".mentions":
        hint = "make a layer of it first: rift convert NAME.mentions NAME.jsonl"
        raise InputError([finding("unknown-format", Where(str(path)), "a mention list is no prediction file", hint)])
    lines = [line for line in begin.splitlines() if line.strip()]
    if not lines or lines[0].lstrip().startswith((b"{", b"[")) or lines[0].startswith((b"\xff\xfe", b"\xfe\xff")):
        return "json-lines"
    if _BRAT.match(lines[0]):
        return "brat"
    if all(map(_is_row, [line for line in lines[:100] if not line.startswith((b"#", b"-DOCSTART-"))] or [b""])):
        return "conll"
    raise InputError([finding("unknown-format", Where(str(path)), "the content is in no format that is read")])


def _is_row(line: bytes) -> bool:
    fields = line.decode("utf-8", "replace").split()
    return len(fields) > 1 and label_of(fields[-1]) is not None


def _format_of_folder(folder: pathlib.Path) -> Format:
    where = Where(str(folder))
    try:
        if (folder / tables.SAVED).exists():
            return "saved"
        if brat.files_of(folder) or (folder / brat.SETTINGS).exists():
            return "brat"
        if (folder / "dataset_dict.json").exists():
            hint = "name one of its splits"
            raise InputError([finding("unknown-format", where, "the folder holds several data sets", hint)])
    except OSError as error:
        raise InputError([finding("no-file", where, f"cannot be read: {error.strerror}")]) from error
    message = "the folder holds neither .ann files nor a saved data set"
    raise InputError([finding("unknown-format", where, message)])
