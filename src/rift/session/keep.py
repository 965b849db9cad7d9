"""Files of what a session brings back: an older layer that differs is kept under a numbered name, never lost."""

import itertools
import pathlib
from collections import Counter
from collections.abc import Mapping
from typing import Literal

import msgspec

from rift.annotations.layer import Layer, encode_layer, read_layer
from rift.eval.differences import Kind, differences
from rift.issues import InputError
from rift.paths import write_whole


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a layer's file: `none` yet, `new`, `unchanged`, or `changed`, with the older one now at `older`.

    `added` and `gone` count documents, `differences` those between older and newer in the others, by kind; None where
    the older file could not be read. Ids alone are no difference.
    """

    outcome: Literal["none", "new", "unchanged", "changed"]
    older: str | None = None
    added: int = 0
    gone: int = 0
    differences: Mapping[Kind, int] | None = None


def keep(path: pathlib.Path, layer: Layer, beside: pathlib.Path, content: bytes) -> Kept:
    """Write a layer to `path`, and what goes with it to `beside`, each whole or not at all; return what became of it.

    Where `path` holds another layer, both older files are first kept with a number before their ending: `a.1.jsonl`.
    Broken off at any moment, it can be repeated: no file is lost, and none kept twice. Raises OSError.
    """
    encoded = encode_layer(layer)
    before = path.read_bytes() if path.exists() else None
    kept = Kept(outcome="new" if before is None else "unchanged")
    if before is not None and before != encoded:
        number = _number(path, before)
        kept = _compared(path, layer, _numbered(path, number))
        write_whole(_numbered(path, number), before)
        if beside.exists() and not _numbered(beside, number).exists():
            write_whole(_numbered(beside, number), beside.read_bytes())
    write_whole(beside, content)
    if before != encoded:
        write_whole(path, encoded)
    return kept


def _numbered(path: pathlib.Path, number: int) -> pathlib.Path:
    return path.with_name(f"{path.stem}.{number}{path.suffix}")


def _number(path: pathlib.Path, content: bytes) -> int:
    """Return the number for an older file: the first free one, or that under which it is kept as the last already."""
    free = next(number for number in itertools.count(1) if not _numbered(path, number).exists())
    last = _numbered(path, free - 1)
    return free - 1 if free > 1 and last.read_bytes() == content else free


def _compared(path: pathlib.Path, layer: Layer, older: pathlib.Path) -> Kept:
    try:
        before = read_layer(path)
    except InputError:
        return Kept(outcome="changed", older=str(older))
    counts = Counter(found.kind for found in differences(before, layer))
    added, gone = layer.markups.keys() - before.markups.keys(), before.markups.keys() - layer.markups.keys()
    return Kept(outcome="changed", older=str(older), added=len(added), gone=len(gone), differences=dict(counts))
