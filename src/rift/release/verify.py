"""Verifying a release: against its own checksums, and against what the repository would release now."""

import pathlib
from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.parquet as pq

from rift.corpus.build import collections
from rift.issues import Issue, Level, Where
from rift.release.build import pieces
from rift.release.folder import verify_files
from rift.release.rows import Row


def verify(folder: pathlib.Path) -> list[Issue]:
    """Return what is wrong with the release in `folder`: [] where it is whole and what the repository says.

    Codes: those of `verify_files`; and as warnings, for a whole release, `row-differs`, `row-missing` and `row-new`
    where the repository now says otherwise.
    """
    return verify_files(folder) or list(_row_issues(folder))


def _row_issues(folder: pathlib.Path) -> Iterator[Issue]:
    now = {piece.part.path: piece.rows for piece in pieces(collections())}
    for path in sorted(now.keys() | {file.relative_to(folder).as_posix() for file in folder.glob("data/*/*.parquet")}):
        ours = {row["id"]: row for row in now.get(path, ())}
        theirs = _rows(folder / path)
        for doc in sorted(ours.keys() | theirs.keys()):
            where = Where(path, doc=doc)
            if doc not in theirs:
                yield Issue("row-new", Level.WARNING, where, "the repository has a document that the release lacks")
            elif doc not in ours:
                yield Issue("row-missing", Level.WARNING, where, "the repository no longer has the document there")
            elif fields := [name for name in ours[doc] if ours[doc][name] != theirs[doc].get(name)]:
                message = f"the repository says otherwise in {', '.join(fields)}"
                yield Issue("row-differs", Level.WARNING, where, message, "the change belongs into a new version")


def _rows(path: pathlib.Path) -> Mapping[str, Row]:
    table: pa.Table = pq.read_table(path) if path.exists() else pa.table({"id": []})
    return {row["id"]: row for row in table.to_pylist()}
