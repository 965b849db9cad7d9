"""The bytes of a prediction file, unpacked, with every limit that keeps a hostile one from filling the memory."""

import contextlib
import dataclasses
import gzip
import io
import os
import pathlib
import stat
import zlib
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, BinaryIO, Protocol

from rift.annotations.formats.codes import finding
from rift.issues import InputError, Where

if TYPE_CHECKING:
    import zstandard

_GZIP = b"\x1f\x8b"
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_CHUNK = 1 << 18
_WINDOW = 1 << 27  # that of `zstd --long=27`; a larger one asks for its memory before a byte is out
_MARK = b"\xef\xbb\xbf"


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most; all sizes in bytes after unpacking.

    `ratio` is unpacked to packed size, and counts beyond `free` unpacked bytes only: little files pack well.
    `values` bounds the values of one JSON line, `documents` those of a file, `issues` how many of a code are listed.
    """

    file: int = 512 << 20
    line: int = 32 << 20
    ratio: int = 200
    free: int = 64 << 20
    values: int = 1_000_000
    documents: int = 100_000
    issues: int = 1_000


LIMITS = Limits()


class Readable(Protocol):
    """What gives bytes in pieces."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, b"" at the end."""


class _Zstandard:
    """Frames of Zstandard one after another, in small steps: a piece of 1 KiB unpacks to 32 MiB at most."""

    def __init__(self, file: BinaryIO, unpacker: "zstandard.ZstdDecompressor") -> None:
        self._file, self._unpacker = file, unpacker
        self._frame = unpacker.decompressobj()
        self._left, self._inside = b"", False

    def read(self, _size: int, /) -> bytes:
        """Return the next unpacked bytes, however many; raises EOFError where the last frame is cut off."""
        while packed := self._left or self._file.read(1 << 10):
            out = self._frame.decompress(packed)
            self._inside, self._left = not self._frame.eof, self._frame.unused_data
            if not self._inside:
                self._frame = self._unpacker.decompressobj()
            if out:
                return out
        if self._inside:
            raise EOFError("it is cut off")
        return b""


@contextlib.contextmanager
def open_file(path: pathlib.Path) -> Iterator[BinaryIO]:
    """Open a regular file for reading; raises InputError with `no-file` or `not-a-file`, and never waits for a pipe."""
    where = Where(str(path))
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # before opening: to open a device can have effects
            raise InputError([finding("not-a-file", where, "is not a file but a pipe, a device, a socket or a folder")])
        file = os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb")
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError([finding("no-file", where, f"cannot be read: {reason}")]) from error
    with file:
        yield file


def chunks(path: pathlib.Path, limits: Limits = LIMITS) -> Generator[bytes, None, None]:
    """Yield the content of a file in pieces, unpacked where its first bytes say gzip or Zstandard.

    Raises InputError: `no-file`, `not-a-file`, `missing-package`, `bad-compression`, `compression-bomb`, `too-large`.
    """
    where = Where(str(path))
    with open_file(path) as file, _unpacked(file, where) as stream:
        total = 0
        while chunk := _read(stream, where):
            total += len(chunk)
            if total > limits.file:
                message = f"holds more than {limits.file >> 20} MiB, more than is read"
                raise InputError([finding("too-large", where, message)])
            packed = max(1, file.tell())
            if stream is not file and total > limits.free and total > limits.ratio * packed:
                message = f"unpacks to more than {limits.ratio} times its size"
                raise InputError([finding("compression-bomb", where, message)])
            yield chunk


@contextlib.contextmanager
def _unpacked(file: BinaryIO, where: Where) -> Iterator[Readable]:
    magic = file.read(4)
    file.seek(0)
    if magic.startswith(_GZIP):
        with gzip.GzipFile(fileobj=file) as stream:
            yield stream
    elif magic == _ZSTANDARD:
        try:
            import zstandard  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise InputError([finding("missing-package", where, "reading Zstandard needs zstandard")]) from error
        try:
            yield _Zstandard(file, zstandard.ZstdDecompressor(max_window_size=_WINDOW))
        except zstandard.ZstdError as error:
            raise InputError([finding("bad-compression", where, f"cannot be unpacked: {error}")]) from error
    else:
        yield file


def _read(stream: Readable, where: Where) -> bytes:
    try:
        return stream.read(_CHUNK)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError([finding("bad-compression", where, f"cannot be unpacked: {error}")]) from error


def lines(path: pathlib.Path, limits: Limits = LIMITS) -> Iterator[tuple[int, bytes]]:
    """Yield (1-based number, line without its LF or CR LF) for each line that is not empty; b"" is never yielded.

    Reads no further than it must: raises InputError as `chunks` does, and with `long-line` at the first line beyond
    `limits.line`. A byte order mark is left in place.
    """
    number, rest = 1, bytearray()
    for chunk in chunks(path, limits):
        if not chunk.strip(b"\n"):  # millions of empty lines: counted, as to look at each is slow
            pieces, empty = [b"", b""], len(chunk) - 1
        else:
            pieces, empty = chunk.split(b"\n"), 0
        for index, piece in enumerate(pieces):
            if index:
                if found := bytes(rest).removesuffix(b"\r"):
                    yield number, found
                number += 1
                rest.clear()
            rest += piece
            if len(rest) > limits.line:
                message = f"the line is longer than {limits.line >> 20} MiB; the file is read no further"
                raise InputError([finding("long-line", Where(str(path), number), message)])
        number += empty
    if found := bytes(rest).removesuffix(b"\r"):
        yield number, found


def head(path: pathlib.Path, limits: Limits = LIMITS) -> bytes:
    """Return the first bytes of a file, unpacked, at most 256 KiB, without a byte order mark; raises as `chunks`."""
    with contextlib.closing(chunks(path, limits)) as pieces:
        return next(pieces, b"").removeprefix(_MARK)


def whole(path: pathlib.Path, limits: Limits = LIMITS) -> bytes:
    """Return all bytes of a file, unpacked; raises as `chunks`."""
    buffer = io.BytesIO()
    for chunk in chunks(path, limits):
        buffer.write(chunk)
    return buffer.getvalue()


def text_lines(path: pathlib.Path, limits: Limits = LIMITS) -> Iterator[tuple[int, str]]:
    """Yield (1-based number, line) of a text file without its byte order mark; empty lines are left out.

    Raises InputError as `lines` does, and with `not-utf-8` at the first line that is not.
    """
    for number, line in lines(path, limits):
        raw = line.removeprefix(_MARK) if number == 1 else line
        try:
            yield number, raw.decode()
        except UnicodeDecodeError as error:
            message = f"the line is not UTF-8: byte {error.start + 1} of it is {raw[error.start]:#04x}"
            raise InputError([finding("not-utf-8", Where(str(path), number), message)]) from error
