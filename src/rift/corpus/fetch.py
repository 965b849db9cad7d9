"""Fetching the sources that are free to download: resumed, checked against their hash, whole or not at all."""

import contextlib
import dataclasses
import errno
import hashlib
import http
import os
import pathlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

import filelock
import tenacity
import urllib3

from rift import __version__
from rift.corpus.manifest import Remote
from rift.issues import InputError, Issue, Level, Where

_CHUNK = 1 << 16
_PASSING = {408, 425, 429, 500, 502, 503, 504}  # statuses that may pass
_AGENT = f"rift-corpus/{__version__}"


@dataclasses.dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited: seconds for a connection and for a next piece, tries, and the first of the growing pauses.

    `lock` is how long to wait for another process that fetches the same file. `most` bounds a file, in bytes.
    """

    connect: float = 10.0
    read: float = 30.0
    tries: int = 5
    pause: float = 1.0
    lock: float = 600.0
    most: int = 256 << 20


PATIENCE = Patience()

Progress = Callable[[int, int | None], None]
"""Called with the bytes that are there and the bytes expected, None where they are not known."""


class _AgainError(Exception):
    """A failure that may pass."""


class _FinalError(Exception):
    """A failure that another try would not mend."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.message)
        self.issue = issue


def _ignore(have: int, expected: int | None) -> None:
    del have, expected


def fetch(
    path: str, remote: Remote, folder: pathlib.Path, patience: Patience = PATIENCE, progress: Progress = _ignore
) -> pathlib.Path:
    """Return the file `path` below `folder`, fetched from `remote` unless it is there with the right hash already.

    What came before a failure is kept beside it (`.part`) and resumed by the next call; the file itself appears only
    when its hash is right. Of two processes one fetches, the other waits for it. Raises InputError:
    `fetch-failed` (no answer, after all tries), `fetch-refused` (an answer such as 404), `fetched-altered` (another
    content than the pinned one), `fetch-too-large`, `no-space`, `not-written` (the folder), `fetch-busy` (another
    process has held the file for too long).
    """
    target = folder / path
    where = Where(str(target))
    try:
        if _digest(target) == remote.sha256:
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(f"{target}.lock", timeout=patience.lock):
            if _digest(target) != remote.sha256:
                _fetch(target, remote, patience, progress)
    except filelock.Timeout as error:
        message = "another process has been fetching the file for too long"
        hint = f"wait for it, or remove {target}.lock if there is none"
        raise InputError([Issue("fetch-busy", Level.ERROR, where, message, hint)]) from error
    except _FinalError as error:
        raise InputError([error.issue]) from error
    except OSError as error:
        raise InputError([_disk_issue(error, where)]) from error
    return target


def _disk_issue(error: OSError, where: Where) -> Issue:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        hint = "make room, or name another folder with --out or RIFT_CACHE; what came is kept and resumed"
        return Issue("no-space", Level.ERROR, where, "there is no space left for the file", hint)
    hint = "name a folder that can be written with --out or RIFT_CACHE"
    return Issue("not-written", Level.ERROR, where, f"the file cannot be written: {error.strerror}", hint)


def _digest(path: pathlib.Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def _fetch(target: pathlib.Path, remote: Remote, patience: Patience, progress: Progress) -> None:
    part = target.with_name(f"{target.name}.part")
    where = Where(str(target))
    with urllib3.PoolManager(
        headers={"User-Agent": _AGENT, "Accept-Encoding": "identity"},
        timeout=urllib3.Timeout(connect=patience.connect, read=patience.read),
        retries=urllib3.Retry(0, redirect=5, raise_on_redirect=True),
    ) as client:
        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_AgainError),
            stop=tenacity.stop_after_attempt(patience.tries),
            wait=tenacity.wait_random_exponential(multiplier=patience.pause, max=30 * patience.pause),
        )
        try:
            attempts(_attempt, client, part, remote, patience, progress)
        except tenacity.RetryError as error:
            reason = error.last_attempt.exception()
            message = f"{remote.url} did not give the file in {patience.tries} tries: {reason}"
            hint = "try again later: what came is kept; or put your own copy in its place, see docs/sources.md"
            raise _FinalError(Issue("fetch-failed", Level.ERROR, where, message, hint)) from error
    part.replace(target)


def _attempt(
    client: urllib3.PoolManager, part: pathlib.Path, remote: Remote, patience: Patience, progress: Progress
) -> None:
    """Bring `part` to its whole; what is whole and has another hash is thrown away."""
    have = part.stat().st_size if part.exists() else 0
    where = Where(str(part.with_suffix("")))
    with _answer(client, remote.url, have) as answer:
        if answer.status == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            _settle(part, remote, resumed=True)  # all of it had come before
            return
        if answer.status in _PASSING:
            raise _AgainError(f"it answers {answer.status} {answer.reason or ''}".strip())
        if answer.status not in {http.HTTPStatus.OK, http.HTTPStatus.PARTIAL_CONTENT}:
            message = f"{remote.url} answers {answer.status} {answer.reason or ''}".strip()
            hint = "the file may have moved: docs/sources.md says where else it is"
            raise _FinalError(Issue("fetch-refused", Level.ERROR, where, message, hint))
        resumed = have > 0 and answer.status == http.HTTPStatus.PARTIAL_CONTENT
        with part.open("ab" if resumed else "wb") as file:
            _receive(answer, file, where, (patience.most, progress))
    _settle(part, remote, resumed=resumed)


@contextlib.contextmanager
def _answer(client: urllib3.PoolManager, url: str, have: int) -> Iterator[urllib3.BaseHTTPResponse]:
    headers = {**client.headers, **({"Range": f"bytes={have}-"} if have else {})}
    try:
        answer = client.request("GET", url, headers=headers, preload_content=False)
    except urllib3.exceptions.HTTPError as error:
        raise _AgainError(_words(error)) from error
    try:
        yield answer
    finally:
        answer.close()


def _receive(answer: urllib3.BaseHTTPResponse, file: BinaryIO, where: Where, bounds: tuple[int, Progress]) -> None:
    most, progress = bounds
    have = file.tell()
    length = answer.headers.get("Content-Length", "")
    expected = have + int(length) if length.isdigit() else None
    try:
        for piece in answer.stream(_CHUNK):
            have += len(piece)
            if have > most:
                message = f"the answer is larger than {most >> 20} MiB, more than the file can be"
                raise _FinalError(
                    Issue("fetch-too-large", Level.ERROR, where, message, "docs/sources.md says where else it is")
                )
            file.write(piece)
            progress(have, expected)
        file.flush()
        os.fsync(file.fileno())
    except urllib3.exceptions.HTTPError as error:
        raise _AgainError(_words(error)) from error


def _settle(part: pathlib.Path, remote: Remote, *, resumed: bool) -> None:
    """Leave `part` where its hash is right; else remove it, to be tried again where two answers made it."""
    found = _digest(part)
    if found == remote.sha256:
        return
    part.unlink(missing_ok=True)
    if resumed:
        raise _AgainError("what came in two parts is not one file")
    message = f"{remote.url} gives another file: SHA-256 {found}, expected {remote.sha256}"
    hint = "put an unchanged copy in its place, see docs/sources.md"
    raise _FinalError(Issue("fetched-altered", Level.ERROR, Where(str(part.with_suffix(""))), message, hint))


def _words(error: Exception) -> str:
    cause = error.reason if isinstance(error, urllib3.exceptions.MaxRetryError) and error.reason else error
    return " ".join(str(cause).split(": ", 1)[-1].split())
