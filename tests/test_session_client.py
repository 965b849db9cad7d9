"""How a client meets servers that are not there, are something else, or refuse: on loopback, without Label Studio."""

import http.server
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

import jwt
import pytest

from invented import document
from rift.annotations.layer import Layer
from rift.issues import InputError
from rift.session.client import Client
from rift.session.join import sign_up
from rift.session.push import BATCH, push_tasks
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
