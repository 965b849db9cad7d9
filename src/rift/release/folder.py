"""A release's folder: its checksums, and its rows as they are read back."""

import hashlib
import pathlib
from collections.abc import Iterator, Mapping

import pyarrow.parquet as pq
import yaml

from rift.issues import InputError, Issue, Level, Where
from rift.release.rows import Row

CHECKSUMS = "SHA256SUMS"
CARD = "README.md"

_AGAIN = "fetch or build the release anew; a released file is never edited"
_DIGEST = 64  # hexadecimal digits of a SHA-256


def digests(folder: pathlib.Path) -> Mapping[str, str]:
    """Return the SHA-256 of every file below `folder` but the checksums, by its path there, in order."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / CHECKSUMS)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def checksum_lines(sums: Mapping[str, str]) -> str:
    """Return the file of checksums, as `sha256sum` writes and checks it."""
    return "".join(f"{digest}  {name}\n" for name, digest in sums.items())


def verify_files(folder: pathlib.Path) -> list[Issue]:
    """Return what a release's own checksums find: [] for a whole one.

    Codes: `no-release` (no checksums: no release, or a download that was broken off), `bad-checksums` (a line that is
    none), `file-missing`, `file-changed`, `file-unknown`.
    """
    try:
        lines = (folder / CHECKSUMS).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        message = f"the folder is no whole release: its checksums cannot be read ({error})"
        return [Issue("no-release", Level.ERROR, Where(str(folder)), message, _AGAIN)]
    return list(_issues(folder, lines))


def _issues(folder: pathlib.Path, lines: list[str]) -> Iterator[Issue]:
    expected: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        digest, separator, name = line.partition("  ")
        if separator and len(digest) == _DIGEST:
            expected[name] = digest
        else:
            where = Where(str(folder / CHECKSUMS), number)
            yield Issue("bad-checksums", Level.ERROR, where, "the line is no checksum", _AGAIN)
    found = digests(folder)
    for name, digest in expected.items():
        where = Where(str(folder / name))
        if name not in found:
            yield Issue("file-missing", Level.ERROR, where, "the file is missing", _AGAIN)
        elif found[name] != digest:
            yield Issue("file-changed", Level.ERROR, where, "the file is not the one that was released", _AGAIN)
    for name in sorted(found.keys() - expected.keys()):
        message = "the file is no part of the release"
        yield Issue("file-unknown", Level.ERROR, Where(str(folder / name)), message, "take it out")


def read_rows(folder: pathlib.Path, config: str) -> list[tuple[str, Row]]:
    """Return (split, row) for each row of a config of a release, in its order.

    Raises InputError with every issue of `verify_files`, and `no-collection` for a config that it does not have.
    """
    if issues := verify_files(folder):
        raise InputError(issues)
    _, header, _ = (folder / CARD).read_text("utf-8").split("---\n", 2)
    configs = {item["config_name"]: item["data_files"] for item in yaml.safe_load(header)["configs"]}
    if config not in configs:
        message = f"the release has no config {config!r}"
        hint = f"its configs: {', '.join(configs)}"
        raise InputError([Issue("no-collection", Level.ERROR, Where(str(folder)), message, hint)])
    return [
        (part["split"], row)
        for part in configs[config]
        for path in part["path"]
        for row in pq.read_table(folder / path).to_pylist()
    ]
