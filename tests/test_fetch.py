"""`rift corpus fetch` against a server on loopback that stalls, fails, truncates, redirects and lies."""

import dataclasses
import errno
import hashlib
import http.server
import pathlib
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import filelock
import pytest
from click.testing import CliRunner

from rift.cli import fetch as command
from rift.cli.main import rift
from rift.corpus import fetch as module
from rift.corpus.build import collection_folder, collections
from rift.corpus.fetch import Patience, fetch
from rift.corpus.manifest import Remote, read_manifest
from rift.issues import InputError
from rift.paths import fetched_sources, find_sources

CONTENT = bytes(range(256)) * 1024
QUICK = Patience(connect=2, read=0.3, tries=4, pause=0.01, lock=5, most=1 << 20)


class Server(http.server.ThreadingHTTPServer):
    """A server whose answers are given one by one; the last stands for all that follow."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[Callable[[Handler], None]] = []
        self.ranges: list[str | None] = []

    @property
    def url(self) -> str:
        """The address of the file."""
        return f"http://127.0.0.1:{self.server_address[1]}/table.csv"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers as the server was told."""

    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Give the next answer."""
        self.server.ranges.append(self.headers["Range"])
        answers = self.server.answers
        (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Say nothing."""

    def start(self, status: int, length: int | None, **headers: str) -> None:
        """Send the head of an answer."""
        self.send_response(status)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def give(self, body: bytes, length: int | None = None) -> None:
        """Send an answer, with a length that may be a lie."""
        self.start(200, len(body) if length is None else length)
        self.wfile.write(body)

    def from_start(self) -> int:
        """Return the byte from which on the file is asked for."""
        asked = self.headers["Range"]
        return int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0


def whole(handler: Handler) -> None:
    """Give what is asked for, resumed where a range is."""
    start = handler.from_start()
    if start >= len(CONTENT):
        handler.start(416, 0)
    elif start:
        handler.start(206, len(CONTENT) - start, Content_Range=f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}")
        handler.wfile.write(CONTENT[start:])
    else:
        handler.give(CONTENT)


def deaf(handler: Handler) -> None:
    """Give the whole, whatever the range."""
    handler.give(CONTENT)


def truncated(handler: Handler) -> None:
    """Promise the whole and close half-way."""
    handler.give(CONTENT[: len(CONTENT) // 2], len(CONTENT))
    handler.close_connection = True


def stalled(handler: Handler) -> None:
    """Give a third and then nothing."""
    handler.give(CONTENT[: len(CONTENT) // 3], len(CONTENT))
    handler.wfile.flush()
    time.sleep(1)
    handler.close_connection = True


def broken(handler: Handler) -> None:
    handler.start(503, 0)


def gone(handler: Handler) -> None:
    handler.start(404, 0)


def other(handler: Handler) -> None:
    handler.give(b"another file")


def spliced(handler: Handler) -> None:
    """Answer a range with bytes of another file."""
    start = handler.from_start()
    handler.start(206, len(CONTENT) - start)
    handler.wfile.write(b"x" * (len(CONTENT) - start))


def endless(handler: Handler) -> None:
    handler.start(200, None, Connection="close")
    try:
        while True:
            handler.wfile.write(b"x" * 65536)
    except OSError:
        handler.close_connection = True


def moved(handler: Handler) -> None:
    handler.start(302, 0, Location="/elsewhere.csv")


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def remote(server: Server, content: bytes = CONTENT) -> Remote:
    return Remote(url=server.url, sha256=hashlib.sha256(content).hexdigest())


def left(folder: pathlib.Path) -> set[str]:
    """Return the names of what stands in the folder, the locks aside."""
    return {path.name for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"}


def code(error: pytest.ExceptionInfo[InputError]) -> str:
    (issue,) = error.value.issues
    assert issue.hint
    return issue.code


@pytest.mark.parametrize(
    "answers",
    [
        [whole],
        [broken, broken, whole],
        [truncated, whole],
        [truncated, deaf],
        [stalled, whole],
        [truncated, spliced, whole],
        [moved, whole],
    ],
    ids=lambda answers: "-".join(answer.__name__ for answer in answers),
)
def test_what_fails_for_a_while_is_fetched_in_the_end(
    server: Server, tmp_path: pathlib.Path, answers: list[Callable[[Handler], None]]
) -> None:
    server.answers = answers
    path = fetch("fakes/table.csv", remote(server), tmp_path, QUICK)
    assert path == tmp_path / "fakes" / "table.csv"
    assert path.read_bytes() == CONTENT
    assert left(tmp_path) == {"table.csv"}


def test_what_came_before_a_failure_is_resumed_by_the_next_call(server: Server, tmp_path: pathlib.Path) -> None:
    server.answers = [truncated, gone]
    with pytest.raises(InputError) as error:
        fetch("table.csv", remote(server), tmp_path, QUICK)
    assert code(error) == "fetch-refused"
    assert left(tmp_path) == {"table.csv.part"}
    server.answers = [whole]
    fetch("table.csv", remote(server), tmp_path, QUICK)
    assert server.ranges[-1] == f"bytes={len(CONTENT) // 2}-"
    assert (tmp_path / "table.csv").read_bytes() == CONTENT


def test_what_had_come_in_full_is_not_fetched_again(server: Server, tmp_path: pathlib.Path) -> None:
    server.answers = [whole]
    (tmp_path / "table.csv.part").write_bytes(CONTENT)
    fetch("table.csv", remote(server), tmp_path, QUICK)
    assert (tmp_path / "table.csv").read_bytes() == CONTENT
    count = len(server.ranges)
    fetch("table.csv", remote(server), tmp_path, QUICK)
    assert len(server.ranges) == count


@pytest.mark.parametrize(
    ("answer", "expected", "kept"),
    [
        (broken, "fetch-failed", set()),
        (gone, "fetch-refused", set()),
        (other, "fetched-altered", set()),
        (endless, "fetch-too-large", {"table.csv.part"}),
        (moved, "fetch-failed", set()),
    ],
)
def test_what_cannot_be_had_is_named_and_never_taken_for_whole(
    server: Server, tmp_path: pathlib.Path, answer: Callable[[Handler], None], expected: str, kept: set[str]
) -> None:
    server.answers = [answer]
    with pytest.raises(InputError) as error:
        fetch("table.csv", remote(server), tmp_path, QUICK)
    assert code(error) == expected
    assert left(tmp_path) == kept


def test_a_server_that_is_not_there_is_named(tmp_path: pathlib.Path) -> None:
    nowhere = Remote(url="http://127.0.0.1:9/table.csv", sha256="0" * 64)
    with pytest.raises(InputError, match="fetch-failed") as error:
        fetch("table.csv", nowhere, tmp_path, dataclasses.replace(QUICK, tries=2))
    assert "in 2 tries" in str(error.value)


def test_an_altered_file_in_the_folder_is_fetched_anew(server: Server, tmp_path: pathlib.Path) -> None:
    server.answers = [whole]
    (tmp_path / "table.csv").write_bytes(b"half")
    assert fetch("table.csv", remote(server), tmp_path, QUICK).read_bytes() == CONTENT


def test_progress_is_told_with_what_is_expected(server: Server, tmp_path: pathlib.Path) -> None:
    server.answers = [whole]
    told: list[tuple[int, int | None]] = []
    fetch("table.csv", remote(server), tmp_path, QUICK, lambda have, expected: told.append((have, expected)))
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert sorted(told) == told


def test_of_two_who_fetch_at_once_one_waits_for_the_other(server: Server, tmp_path: pathlib.Path) -> None:
    server.answers = [stalled, whole]
    with ThreadPoolExecutor() as pool:
        paths = list(pool.map(lambda _: fetch("table.csv", remote(server), tmp_path, QUICK), range(4)))
    assert {path.read_bytes() for path in paths} == {CONTENT}
    assert len(server.ranges) == 2


def test_a_lock_that_is_never_released_is_named(server: Server, tmp_path: pathlib.Path) -> None:
    server.answers = [whole]
    with filelock.FileLock(tmp_path / "table.csv.lock"), ThreadPoolExecutor() as pool:
        waiting = pool.submit(fetch, "table.csv", remote(server), tmp_path, dataclasses.replace(QUICK, lock=0.1))
        with pytest.raises(InputError) as error:
            waiting.result()
    assert code(error) == "fetch-busy"


def test_a_full_disk_keeps_what_came_and_says_so(
    server: Server, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers = [whole]

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError) as error:
        fetch("table.csv", remote(server), tmp_path, QUICK)
    assert code(error) == "no-space"
    assert left(tmp_path) == {"table.csv.part"}


def test_a_folder_that_cannot_be_written_is_named(server: Server, tmp_path: pathlib.Path) -> None:
    server.answers = [whole]
    (tmp_path / "fakes").write_text("a file where a folder is needed")
    with pytest.raises(InputError) as error:
        fetch("fakes/table.csv", remote(server), tmp_path, QUICK)
    assert code(error) == "not-written"


def test_a_read_only_cache_is_named(server: Server, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers = [whole]

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(pathlib.Path, "mkdir", refuse)  # root may write anywhere, so the system call is made to fail
    with pytest.raises(InputError) as error:
        fetch("fakes/table.csv", remote(server), tmp_path, QUICK)
    assert code(error) == "not-written"
    assert "RIFT_CACHE" in error.value.issues[0].hint


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(rift, ["corpus", "fetch", *arguments])
    return result.exit_code, result.output


def test_the_command_fetches_into_the_cache_where_rift_finds_it(
    server: Server, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = read_manifest(collection_folder("fakes"))
    files = dict.fromkeys(manifest.files, remote(server))
    monkeypatch.setattr(command, "read_manifest", lambda _: dataclasses.replace(manifest, files=files))
    monkeypatch.setattr(module, "PATIENCE", QUICK)
    monkeypatch.setenv("RIFT_CACHE", str(tmp_path))
    server.answers = [whole]
    code, output = run("fakes")
    assert code == 0, output
    (path,) = files
    assert (tmp_path / "sources" / path).read_bytes() == CONTENT
    environment = {"RIFT_CACHE": str(tmp_path)}
    assert find_sources(environment, tmp_path) == fetched_sources(environment) == tmp_path / "sources"


def test_a_file_that_cannot_be_had_is_named_and_the_others_are_fetched(
    server: Server, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = read_manifest(collection_folder("re3d"))
    paths = list(manifest.files)
    files = {path: remote(server) if number else remote(server, b"another") for number, path in enumerate(paths)}
    monkeypatch.setattr(command, "read_manifest", lambda _: dataclasses.replace(manifest, files=files))
    server.answers = [whole]
    code, output = run("re3d", "--out", str(tmp_path / "my sources"))
    assert code == 1
    assert output.count("[fetched-altered]") == 1
    assert paths[0] in output
    found = {str(path.relative_to(tmp_path / "my sources")) for path in (tmp_path / "my sources").rglob("*.json")}
    assert found == {path for path in paths[1:] if path.endswith(".json")}
    assert left(tmp_path) == {pathlib.PurePosixPath(path).name for path in paths[1:]}


def test_a_mirror_is_asked_for_the_same_paths(
    server: Server, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = read_manifest(collection_folder("fakes"))
    pinned = {
        path: Remote(url=item.url, sha256=hashlib.sha256(CONTENT).hexdigest()) for path, item in manifest.files.items()
    }
    monkeypatch.setattr(command, "read_manifest", lambda _: dataclasses.replace(manifest, files=pinned))
    asked: list[str] = []

    def note(handler: Handler) -> None:
        asked.append(handler.path)
        whole(handler)

    server.answers = [note]
    code, output = run("fakes", "--out", str(tmp_path), "--mirror", server.url.removesuffix("/table.csv") + "/copies/")
    assert code == 0, output
    assert [f"https://raw.githubusercontent.com{path.removeprefix('/copies')}" for path in asked] == [
        item.url for item in pinned.values()
    ]
    assert "RIFT_SOURCES=" in output


def test_what_cannot_be_downloaded_is_said_with_what_can() -> None:
    code, output = run("infighting")
    assert code == 2
    assert "docs/sources.md" in output
    assert "fakes" in output


FREE = [name for name in collections() if read_manifest(collection_folder(name)).files]


@pytest.mark.parametrize("name", FREE)
def test_every_address_is_pinned_to_a_commit_and_names_the_file(name: str) -> None:
    for path, item in read_manifest(collection_folder(name)).files.items():
        assert any(len(part) == 40 for part in item.url.split("/")), item.url
        assert urllib.parse.quote(urllib.parse.unquote(item.url), safe=":/") == item.url
        assert pathlib.PurePosixPath(urllib.parse.unquote(item.url)).name.endswith(pathlib.PurePosixPath(path).name)


def test_of_re3d_every_folder_is_fetched_with_its_entities_and_its_licence() -> None:
    manifest = read_manifest(collection_folder("re3d"))
    folders = {pathlib.PurePosixPath(table.path).parent for table in manifest.tables.values()}
    names = ("documents.json", "entities.json", "LICENSE")
    assert set(manifest.files) == {str(folder / name) for folder in folders for name in names}
    for path, item in manifest.files.items():
        assert urllib.parse.unquote(item.url).endswith(path.removeprefix("re3d/"))


@pytest.mark.sources
def test_the_pinned_hashes_of_re3d_are_those_of_its_files(sources: pathlib.Path) -> None:
    for path, item in read_manifest(collection_folder("re3d")).files.items():
        assert hashlib.sha256((sources / path).read_bytes()).hexdigest() == item.sha256, path
