"""How sessions meet servers that are not there, are something else, or refuse: on loopback, without Label Studio."""

import http.server
import json
import os
import pathlib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

import jwt
import psutil
import pytest
from click.testing import CliRunner

from invented import document
from rift.annotations.layer import Layer
from rift.cli.main import rift
from rift.corpus.document import Document
from rift.issues import InputError
from rift.session import install, server
from rift.session.client import Client
from rift.session.join import sign_up
from rift.session.push import BATCH, push_tasks
from rift.session.state import (
    FILE,
    Annotator,
    Process,
    Session,
    read_documents,
    read_pre,
    read_session,
    session_folder,
    write_process,
    write_session,
)
from stand_in import StandIn

TOKEN = "legacy"  # noqa: S105 - invented
REFRESH = "/api/token/refresh/"
VERSION = "/api/version/"
WHOAMI = "/api/current-user/whoami"
Answers = dict[tuple[str, str], tuple[int, object]]


class Fake(http.server.ThreadingHTTPServer):
    """A server that gives fixed answers by method and path, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self, answers: Answers) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = answers
        self.pages: dict[tuple[str, int], object] = {}
        self.asked: list[tuple[str, str, str | None, object]] = []

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers as the server was told; text is no JSON."""

    server: Fake

    def answer(self) -> None:
        """Give the answer for the path."""
        length = int(self.headers.get("Content-Length") or 0)
        sent = self.rfile.read(length)
        is_json = "json" in (self.headers.get("Content-Type") or "")
        body = json.loads(sent or "null") if is_json else sent.decode() or None
        self.server.asked.append((self.command, self.path, self.headers.get("Authorization"), body))
        path, _, query = self.path.partition("?")
        status, content = self.server.answers.get((self.command, path), (404, {"detail": "Not found."}))
        if page := self.server.pages.get((path, int(parse_qs(query).get("page", ["0"])[0]))):
            status, content = 200, page
        data = content if isinstance(content, str) else json.dumps(content)
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data.encode())

    do_GET = do_POST = answer  # noqa: N815 - the names are the library's

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Say nothing."""


@pytest.fixture
def fake() -> Iterator[Fake]:
    with Fake({}) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def code(error: pytest.ExceptionInfo[InputError]) -> str:
    (issue,) = error.value.issues
    assert issue.hint
    return issue.code


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match="session start") as error:
        Client("http://127.0.0.1:9", TOKEN).check_token()
    assert code(error) == "no-server"


def test_a_server_that_says_nothing_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf, pytest.raises(InputError) as error:
        Client(f"http://127.0.0.1:{deaf.getsockname()[1]}", TOKEN, patience=0.1).release()
    assert code(error) == "no-server"


@pytest.mark.parametrize("answer", [(200, "<html>"), (200, {"version": 1}), (200, []), (404, "<html>"), (500, {})])
def test_what_is_no_label_studio_is_named(fake: Fake, answer: tuple[int, object]) -> None:
    fake.answers = {("GET", VERSION): answer}
    with pytest.raises(InputError, match="8080") as error:
        Client(fake.url, TOKEN).release()
    assert code(error) == "not-label-studio"


@pytest.mark.parametrize(
    "url", ["no address", "http://", "ftp://127.0.0.1", "", "http://[", "http://a b/", "http://x:y"]
)
def test_what_is_no_address_is_named(url: str) -> None:
    with pytest.raises(InputError) as error:
        Client(url, TOKEN).release()
    assert code(error) in {"not-label-studio", "no-server"}


@pytest.mark.parametrize("answer", ["<html>", [1, 2], 3, None])
def test_what_is_no_answer_of_label_studio_is_named(fake: Fake, answer: object) -> None:
    paths = ["/api/projects/", "/api/tasks/", "/api/users/", "/api/projects/3/export", "/api/invite"]
    fake.answers = {("GET", path): (200, answer) for path in paths} | {("POST", "/api/projects/"): (201, answer)}
    client = Client(fake.url, TOKEN)
    calls: list[Callable[[], object]] = [
        client.projects,
        client.users,
        client.invitation,
        lambda: client.tasks(3),
        lambda: client.export(3),
        lambda: client.make_project(title="t"),
    ]
    for call in calls:
        with pytest.raises(InputError) as error:
            call()
        assert code(error) == "not-label-studio"


def test_the_release_is_asked(fake: Fake) -> None:
    fake.answers = {("GET", VERSION): (200, {"release": "1.23.2"})}
    assert Client(fake.url + "/", TOKEN).release() == "1.23.2"


def test_a_legacy_token_is_sent_as_it_is(fake: Fake) -> None:
    fake.answers = {("GET", WHOAMI): (200, {"id": 1})}
    Client(fake.url, TOKEN).check_token()
    assert fake.asked == [("GET", WHOAMI, "Token legacy", None)]


def test_a_server_on_this_machine_is_not_looked_for_behind_a_proxy(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    fake.answers = {("GET", WHOAMI): (200, {"id": 1})}
    Client(fake.url, TOKEN).check_token()
    Client(fake.url.replace("127.0.0.1", "localhost"), TOKEN).check_token()
    with pytest.raises(InputError) as error:
        Client("http://elsewhere.invalid", TOKEN).check_token()
    assert code(error) == "no-server"


def test_all_pages_of_a_list_are_read(fake: Fake) -> None:
    """The server answers a page that is not there with 404."""
    pages = [[{"id": 1, "description": "one"}], [{"id": 2, "description": None}]]
    for number, results in enumerate(pages, 1):
        fake.pages[("/api/projects/", number)] = {"count": 2, "results": results}
    assert Client(fake.url, TOKEN).projects() == {1: "one", 2: ""}


def personal(seconds: float) -> str:
    """Return a token as the server gives them, which expires after some seconds."""
    return jwt.encode({"exp": time.time() + seconds, "token_type": "refresh"}, "k" * 32)


def test_a_personal_token_is_exchanged_once_and_again_when_that_has_expired(fake: Fake) -> None:
    token, lasting, short = personal(1000), personal(100), personal(-1)
    fake.answers = {("POST", REFRESH): (200, {"access": lasting}), ("GET", WHOAMI): (200, {"id": 1})}
    client = Client(fake.url, token)
    client.check_token()
    client.check_token()
    assert [(path, sent) for _, path, sent, _ in fake.asked] == [
        (REFRESH, None),
        (WHOAMI, f"Bearer {lasting}"),
        (WHOAMI, f"Bearer {lasting}"),
    ]
    fake.asked.clear()
    fake.answers[("POST", REFRESH)] = (200, {"access": short})
    client = Client(fake.url, token)
    client.check_token()
    fake.answers[("POST", REFRESH)] = (200, {"access": lasting})
    client.check_token()
    assert fake.asked[-1] == ("GET", WHOAMI, f"Bearer {lasting}", None)


@pytest.mark.parametrize("token", [TOKEN, "", "ü", "two words", "a.b.c", personal(1000), personal(-1)])
def test_a_token_that_is_not_accepted_is_named(fake: Fake, token: str) -> None:
    fake.answers = {("POST", REFRESH): (401, {}), ("GET", WHOAMI): (401, {"detail": "Invalid token."})}
    with pytest.raises(InputError, match="--token") as error:
        Client(fake.url, token).check_token()
    assert code(error) == "bad-token"


def test_what_is_gone_is_told_from_what_is_refused_with_the_reason(fake: Fake) -> None:
    answer = {"detail": "Validation error", "validation_errors": {"title": ["long"]}}
    fake.answers = {("POST", "/api/projects/"): (400, answer)}
    with pytest.raises(InputError) as error:
        Client(fake.url, TOKEN).check_project(3)
    assert code(error) == "gone"
    with pytest.raises(InputError, match="title") as error:
        Client(fake.url, TOKEN).make_project(title="t")
    assert code(error) == "refused"


def test_who_cannot_be_signed_up_is_named_with_the_reason(fake: Fake) -> None:
    for url, reason in ((f"{fake.url}/user/signup/", "404"), ("http://127.0.0.1:9/user/signup/", "refused")):
        issue = sign_up(f"{url}?token=t", "x@example.org", "p")
        assert issue is not None
        assert (issue.code, issue.where.file) == ("no-account", url)
        assert "x@example.org" in issue.message
        assert reason in issue.message


def test_a_long_reason_is_shortened(fake: Fake) -> None:
    fake.answers = {("POST", "/api/projects/"): (500, {"detail": "x" * 5000})}
    with pytest.raises(InputError) as error:
        Client(fake.url, TOKEN).make_project(title="t")
    assert len(error.value.issues[0].message) < 400
    assert len(fake.asked) == 1  # nothing is tried twice


def test_tasks_go_in_few_requests(fake: Fake) -> None:
    fake.answers = {("POST", "/api/projects/3/import"): (201, {})}
    documents = [document("Rebels left.", f"doc-{number}") for number in range(2 * BATCH + 1)]
    told: list[int] = []
    push_tasks(Client(fake.url, TOKEN), 3, documents, Layer("none"), StandIn(), told.append)
    assert told == [BATCH, BATCH, 1]
    sent = [task["data"]["doc"] for *_, body in fake.asked if isinstance(body, list) for task in body]
    assert sent == [item.id for item in documents]


def ignore(_: int) -> None:
    """Show no progress."""


def test_the_server_environment_sends_nothing_out_and_takes_no_names_over(tmp_path: pathlib.Path) -> None:
    theirs = {"PATH": "/bin", "HOST": "example.org", "DEBUG": "1", "LABEL_STUDIO_DATABASE_NAME": "/elsewhere"}
    made = server.server_environment(theirs, tmp_path)
    assert made["PATH"] == "/bin"
    assert not {"HOST", "DEBUG", "LABEL_STUDIO_DATABASE_NAME"} & made.keys()
    assert made["LABEL_STUDIO_BASE_DATA_DIR"] == str(tmp_path / "label-studio")
    assert made["LABEL_STUDIO_COLLECT_ANALYTICS"] == made["LABEL_STUDIO_LATEST_VERSION_CHECK"] == "false"
    assert made["LABEL_STUDIO_SENTRY_DSN"] == made["LABEL_STUDIO_FRONTEND_SENTRY_DSN"] == ""


def test_a_port_is_free_or_said_to_be_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with pytest.raises(InputError, match="--port") as error:
            server.choose_port(taken, None)
        assert code(error) == "port-taken"
        assert server.choose_port(None, taken) != taken
    assert server.choose_port(taken, None) == taken
    assert server.choose_port(None, taken) == taken


def test_another_process_of_the_same_number_is_neither_ours_nor_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        started = psutil.Process(other.pid).create_time()
        ours = Process(pid=other.pid, started=started, port=1)
        theirs = Process(pid=other.pid, started=started - 60, port=1)
        assert server.running(ours) == ours
        assert server.running(theirs) is None
        assert not server.stop_server(theirs)
        assert other.poll() is None
        assert server.stop_server(ours)
        assert not server.stop_server(ours)
        assert not psutil.pid_exists(other.pid)


def fake_python(folder: pathlib.Path, script: str) -> pathlib.Path:
    """Make a program that stands for the server's Python."""
    python = folder / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    return python


def test_a_server_that_ends_at_once_is_named_with_its_last_words(tmp_path: pathlib.Path) -> None:
    python = fake_python(tmp_path, "echo the database is broken; exit 1")
    with pytest.raises(InputError, match="the database is broken") as error:
        server.start_server(python, tmp_path, server.choose_port(None, None), {})
    assert code(error) == "server-failed"


def test_a_start_that_is_broken_off_leaves_nothing_running(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = fake_python(tmp_path, "exec sleep 60")
    before = psutil.Process().children()

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", interrupt)
    with pytest.raises(KeyboardInterrupt):
        server.start_server(python, tmp_path, server.choose_port(None, None), {})
    assert psutil.Process().children() == before


def test_accounts_that_cannot_be_made_are_named_with_the_reason(tmp_path: pathlib.Path) -> None:
    python = fake_python(tmp_path, "echo no such table >&2; exit 1")
    with pytest.raises(InputError, match="no such table") as error:
        server.make_accounts(python, tmp_path, [], {})
    assert code(error) == "no-accounts"


def test_what_cannot_be_installed_is_named_and_nothing_is_left(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")  # as without a network
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    steps: list[tuple[str, int | None]] = []

    def stage(text: str, total: int | None) -> Callable[[int], None]:
        steps.append((text, total))
        return ignore

    with pytest.raises(InputError, match="RIFT_LABEL_STUDIO") as error:
        install.interpreter({"RIFT_DATA": str(tmp_path)}, stage)
    assert code(error) == "cannot-install"
    ((text, total),) = steps
    assert install.pinned() in text
    assert total is not None
    assert total > 100
    kept = sorted(path.name for path in (tmp_path / "label-studio").iterdir())
    assert kept == [f"{install.pinned()}.lock", f"{install.pinned()}.log"]


def test_an_installation_that_is_named_must_be_one(tmp_path: pathlib.Path) -> None:
    with pytest.raises(InputError) as error:
        install.interpreter({install.VARIABLE: str(tmp_path)}, lambda *_: ignore)
    assert code(error) == "no-installation"
    with pytest.raises(InputError) as error:  # there is a Python, but without the package
        install.interpreter({install.VARIABLE: str(pathlib.Path(sys.executable).parent)}, lambda *_: ignore)
    assert code(error) == "no-installation"


def test_an_installation_of_another_version_is_named(tmp_path: pathlib.Path) -> None:
    python = fake_python(tmp_path, "echo 1.0.0")
    with pytest.raises(InputError, match=r"1\.0\.0") as error:
        install.interpreter({install.VARIABLE: str(python.parent)}, lambda *_: ignore)
    assert code(error) == "other-version"


def test_the_packages_of_the_server_are_pinned_and_name_no_place_to_get_them() -> None:
    lines = install.REQUIREMENTS.read_text("utf-8").splitlines()
    assert not [line for line in lines if line.startswith("-") or "://" in line]
    assert all("==" in line or line.startswith("    --hash=sha256:") for line in lines)


@pytest.fixture
def data(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    monkeypatch.setenv("RIFT_DATA", str(tmp_path))
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(rift, ["session", *arguments])
    return result.exit_code, result.output


@pytest.mark.parametrize("command", ["status", "stop", "start"])
def test_without_a_session_the_commands_say_so(data: pathlib.Path, command: str) -> None:
    code, output = run(command)
    assert code == 1
    assert "no-session" in output
    assert list(data.iterdir()) == []


@pytest.mark.parametrize("arguments", [["--name", "pilto"], ["--name", "pilto", "--annotators", "a@example.org"]])
def test_a_name_that_is_mistyped_begins_nothing(data: pathlib.Path, arguments: list[str]) -> None:
    code, output = run("start", *arguments)
    assert code == 1
    assert "no-session" in output or "no-documents" in output
    assert [path for path in data.rglob("*") if path.name != "sessions"] == []


@pytest.mark.parametrize("command", ["status", "start"])
def test_a_damaged_file_is_said(data: pathlib.Path, command: str) -> None:
    folder = session_folder(os.environ, "mine")
    folder.mkdir(parents=True)
    (folder / FILE).write_text('{"name": "mine"')
    code, output = run(command, "--name", "mine")
    assert code == 1
    assert "bad-session" in output
    assert data.name in output


@pytest.mark.parametrize(
    ("arguments", "expected", "status"),
    [
        (["--split", "dev"], "--collection", 2),
        (["--collection", "briefs", "--documents", "briefs-022"], "--documents", 2),
        (["--collection", "briefs", "--url", "http://127.0.0.1:9", "--port", "80"], "--port", 2),
        (["--collection", "nothing", "--annotators", "a@example.org"], "no-collection", 1),
        (["--documents", "briefs-999", "--annotators", "a@example.org"], "no-document", 1),
        (["--collection", "briefs", "--annotators", "nobody"], "bad-address", 1),
        (["--documents", "nowhere.jsonl", "--annotators", "a@example.org"], "no-file", 1),
        (["--documents", "some/where", "--annotators", "a@example.org"], "no-file", 1),
        (["--collection", "briefs", "--annotators", "a@example.org", "--blind", "0.2"], "nothing-shown", 1),
        (["--collection", "briefs"], "no-annotators", 1),
        (["--collection", "briefs", "--annotators", ""], "no-annotators", 1),
        (["--collection", "briefs", "--name", "A B", "--annotators", "a@example.org"], "bad-name", 1),
        (["--name", "new", "--annotators", "a@example.org"], "no-documents", 1),
        (["--name", "new"], "no-session", 1),
        (["--collection", "briefs", "--annotators", "a@example.org", "--pre", "nothing"], "no-pre", 1),
        (["--collection", "briefs", "--annotators", "a@example.org", "--url", "http://127.0.0.1:9"], "no-token", 1),
        (
            ["--collection", "briefs", "--annotators", "a@example.org", "--url", "http://127.0.0.1:9", "--token", "t"],
            "no-server",
            1,
        ),
    ],
)
@pytest.mark.usefixtures("data")
def test_what_cannot_be_begun_is_said(arguments: list[str], expected: str, status: int) -> None:
    code, output = run("start", *arguments)
    assert (code, expected in output) == (status, True), output


@pytest.mark.sources
@pytest.mark.usefixtures("data")
def test_a_split_without_documents_is_said(sources: pathlib.Path) -> None:
    code, output = run("start", "--collection", "infighting", "--split", "train", "--sources", str(sources))
    assert code == 1
    assert "no-split" in output


@pytest.mark.usefixtures("data")
def test_texts_that_are_not_at_hand_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RIFT_SOURCES", raising=False)
    code, output = run("start", "--collection", "infighting", "--annotators", "a@example.org")
    assert code == 1
    assert "no-sources" in output


def test_a_session_whose_server_is_down_says_how_to_go_on(data: pathlib.Path) -> None:
    annotator = Annotator(address="a@example.org", token=TOKEN, project=1)
    folder = session_folder(os.environ, "mine")
    write_session(folder, Session(name="mine", of="briefs", annotators=(annotator,)))
    assert data in folder.parents
    for process in (None, Process(pid=1, started=0.0, port=9)):
        if process is not None:
            write_process(folder, process)
        code, output = run("status")
        assert code == 1
        assert "session start --name mine" in output
        assert run("stop") == (0, "no server of ours was running\n")
    code, output = run("status", "--json")
    assert code == 1
    assert json.loads(output)["server"] is None


def test_a_session_on_a_server_that_has_gone_says_so(data: pathlib.Path) -> None:
    annotator = Annotator(address="a@example.org", token=TOKEN, project=1)
    folder = session_folder(os.environ, "mine")
    write_session(folder, Session(name="mine", of="briefs", annotators=(annotator,), url="http://127.0.0.1:9"))
    assert data in folder.parents
    code, output = run("status")
    assert code == 1
    assert "no-server" in output


def prepare(folder: pathlib.Path, *documents: Document, pre: str | None = None, share: float | None = None) -> Session:
    from rift.session import begin  # noqa: PLC0415 - as the command does
    from rift.session.plan import Wanted  # noqa: PLC0415 - likewise

    place = begin.Place(folder / "mine", {}, lambda *_: ignore)
    wanted = Wanted("invented", ["a@example.org"], pre, share)
    return begin.prepare(place, wanted, documents, None)[0]


def test_what_a_session_is_stays_while_documents_are_added(tmp_path: pathlib.Path) -> None:
    one, two = document("Rebels left Azaz.", "one"), document("Rebels came.", "two")
    first = prepare(tmp_path, one, pre="rules", share=1)
    assert first.blind.documents == ("one",)
    assert prepare(tmp_path) == first
    second = prepare(tmp_path, one, two)
    assert second.blind.documents == ("one", "two")
    assert read_session(tmp_path / "mine") == second
    assert read_documents(tmp_path / "mine") == [one, two]
    assert list(read_pre(tmp_path / "mine").markups) == ["one", "two"]


def test_what_was_broken_off_while_it_was_kept_is_kept_when_tried_again(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rift.session import begin  # noqa: PLC0415 - as the command does

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    one = document("Rebels left Azaz.", "one")
    with monkeypatch.context() as patch:
        patch.setattr(begin, "write_documents", fail)
        with pytest.raises(OSError, match="space"):
            prepare(tmp_path, one, pre="rules", share=1)
    assert prepare(tmp_path, one).blind.documents == ("one",)
    assert read_documents(tmp_path / "mine") == [one]
    assert list(read_pre(tmp_path / "mine").markups) == ["one"]


def test_a_session_that_cannot_be_is_not_kept(tmp_path: pathlib.Path) -> None:
    with pytest.raises(InputError):
        prepare(tmp_path, document("Rebels left Azaz.", "one"), pre="nothing")
    assert list(tmp_path.iterdir()) == []


def test_two_commands_do_not_work_on_one_session_at_once(data: pathlib.Path) -> None:
    from rift.session.begin import alone  # noqa: PLC0415 - as the command does

    with alone(data / "s"), pytest.raises(InputError) as error, alone(data / "s"):
        pass
    assert code(error) == "session-busy"
