"""Reading a raw source file, and saying what became of one that is not the file expected."""

import functools
import hashlib
import itertools
import pathlib
from collections.abc import Callable
from typing import NamedTuple

from rift.issues import Issue, Level, Where


class Change(NamedTuple):
    """Something that editors and downloads do to a text file: issue code, words for it, and how to undo it."""

    code: str
    words: str
    undo: Callable[[bytes], bytes]


def _recode(data: bytes) -> bytes:
    """Take `data` for Windows-1252, which Latin-1 agrees with but for control characters."""
    try:
        return data.decode("cp1252").encode()
    except UnicodeDecodeError:
        return data


_CHANGES = (
    Change("source-bom", "begins with a byte order mark", lambda data: data.removeprefix(b"\xef\xbb\xbf")),
    Change("source-encoding", "was saved as Windows-1252 or Latin-1", _recode),
    Change("source-crlf", "has Windows line ends (CRLF)", lambda data: data.replace(b"\r\n", b"\n")),
    Change("source-final-newline", "has a line end added at its end", lambda data: data.removesuffix(b"\n")),
)

_LONGEST_CHARACTER = 4  # bytes of one character in UTF-8


def read_source(path: pathlib.Path, sha256: str, size: int, doc: str) -> str | Issue:
    """Return the text of the raw source at `path`, or the issue that says how it differs from the file expected.

    The file expected has the digest `sha256` and is `size` bytes of UTF-8. Codes: `no-source` (cannot be read),
    `source-bom`, `source-crlf`, `source-final-newline`, `source-encoding`, `source-truncated`, `source-altered`.
    """
    where = Where(str(path), doc=doc)
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"the source cannot be read: {error.strerror}; expected a file of {size} bytes"
        return Issue("no-source", Level.ERROR, where, message, "docs/sources.md says how to get it")
    if _sha256(data) == sha256:
        return data.decode()
    code, words = _diagnose(data, sha256, size)
    message = f"the source {words}; expected {size} bytes of UTF-8 with SHA-256 {sha256}"
    return Issue(code, Level.ERROR, where, message, "put an unchanged copy in its place, see docs/sources.md")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _diagnose(data: bytes, sha256: str, size: int) -> tuple[str, str]:
    for count in range(1, len(_CHANGES) + 1):
        for changes in itertools.combinations(_CHANGES, count):
            undone = functools.reduce(lambda content, change: change.undo(content), changes, data)
            if _sha256(undone) == sha256:
                return changes[0].code, " and ".join(change.words for change in changes)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        # A file that was cut within its last character is a truncated one.
        if len(data) - error.start >= _LONGEST_CHARACTER or len(data) >= size:
            return "source-encoding", f"is not UTF-8 (byte 0x{data[error.start]:02x} at {error.start})"
    if len(data) < size:
        return "source-truncated", f"has only {len(data)} bytes, so it is cut off or shortened"
    return "source-altered", f"was altered (it has {len(data)} bytes, SHA-256 {_sha256(data)})"
