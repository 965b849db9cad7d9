"""Building a release: a folder that `datasets.load_dataset` loads without RIFT, with its cards and checksums."""

import io
import itertools
import pathlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pyarrow.parquet as pq

from rift import guidelines
from rift.annotations.collection import GOLD, layer_files, read_open
from rift.corpus.build import collection_folder, collections
from rift.corpus.manifest import read_manifest
from rift.issues import InputError, Issue, Level, Where
from rift.paths import data_root
from rift.release import cards
from rift.release.contents import Part, part
from rift.release.croissant import croissant
from rift.release.folder import CARD, CHECKSUMS, checksum_lines, digests
from rift.release.forms import other_forms
from rift.release.load import SPLITS, entries
from rift.release.rows import Row, to_row
from rift.release.schema import table
from rift.release.version import about

COPIED = ("CITATION.cff", "LICENSE-CC-BY-4.0", "corpus/DATASHEET.md", "corpus/DATA_STATEMENT.md", "CHANGELOG.md")
"""Files of the repository that a release holds as they are, without their folder; a wheel has those of its data."""


class Piece(NamedTuple):
    """A split of a collection with its rows."""

    part: Part
    rows: Sequence[Row]


def pieces(names: Sequence[str]) -> list[Piece]:
    """Return the rows of a release: texts that are ours to give, and gold that is open, whatever else is at hand."""
    scheme = guidelines.scheme()
    found: list[Piece] = []
    for name in names:
        gold = read_open(name, GOLD)
        known = entries(name, None, gold)
        for split in SPLITS:
            rows = [to_row(entry, scheme) for entry in known if entry.split == split]
            if rows:
                found.append(Piece(part(name, split, rows), rows))
    return found


def build(
    out: pathlib.Path, progress: Callable[[str], None] = lambda _: None, more: Iterable[tuple[str, bytes]] = ()
) -> list[Part]:
    """Write the release to the folder `out`, which must not exist or be a release already, and return what it holds.

    The folder appears when all of it is written, or is left as it was. `progress` is told what is being written. `more`
    are files that go with it, their paths in the release and their content.
    Raises InputError (`not-a-release`) for a folder of something else, and OSError where it cannot be written.
    """
    if out.exists() and not (out / CHECKSUMS).exists() and any(out.iterdir()):
        message = "the folder exists and is no release"
        raise InputError([Issue("not-a-release", Level.ERROR, Where(str(out)), message, "name another, or empty it")])
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as name:
        folder = pathlib.Path(name) / "release"
        parts = _write(folder, progress, more)
        if out.exists():
            shutil.rmtree(out)
        folder.replace(out)
    return parts


def _write(folder: pathlib.Path, progress: Callable[[str], None], more: Iterable[tuple[str, bytes]]) -> list[Part]:
    found = pieces(collections())
    for name, content in itertools.chain(_data(found), _repository(), more):
        progress(name)
        _put(folder / name, content)
    parts = [piece.part for piece in found]
    for name, text in written(parts, digests(folder)).items():
        _put(folder / name, text.encode())
    _put(folder / CHECKSUMS, checksum_lines(digests(folder)).encode())
    return parts


def _data(found: Sequence[Piece]) -> Iterator[tuple[str, bytes]]:
    """Yield the files made from rows and gold: the path in the release and the content."""
    scheme = guidelines.scheme()
    for piece in found:
        buffer = io.BytesIO()
        pq.write_table(table(list(piece.rows), scheme), buffer, compression="zstd")
        yield piece.part.path, buffer.getvalue()
        yield from other_forms(piece.part)


def _repository() -> Iterator[tuple[str, bytes]]:
    """Yield what a release holds as the repository has it."""
    for name in collections():
        for path in layer_files(name):
            yield f"layers/{name}/{path.name}", path.read_bytes()
    for path in sorted((data_root() / "guidelines").rglob("*")):
        if path.is_file():
            yield path.relative_to(data_root()).as_posix(), path.read_bytes()
    for path in (data_root() / name for name in COPIED):
        if path.exists():
            yield path.name, path.read_bytes()


def written(parts: Sequence[Part], sums: Mapping[str, str]) -> Mapping[str, str]:
    """Return the cards of a release that holds `parts`, by file name; `sums` has the digest of every other file."""
    release = about()
    ours = [name for name in collections() if read_manifest(collection_folder(name)).ours]
    titles = {name: read_manifest(collection_folder(name)).collection.title for name in collections()}
    return {
        CARD: cards.readme(release, parts, ours, titles),
        "croissant.json": croissant(release, parts, sums),
    }


def _put(path: pathlib.Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
