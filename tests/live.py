"""Sessions with a real Label Studio in the tests: the commands with a data folder of their own, and their server."""

import pathlib
import re
import shutil
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

import httpx
import psutil
import pytest
import urllib3
from click.testing import CliRunner, Result
from label_studio_sdk import LabelStudio

from invented import document
from rift.cli import session_start
from rift.cli.main import rift
from rift.corpus.document import Document
from rift.jsonl import write_values
from rift.session import server, state
from rift.session.client import Client
from rift.session.form import Form, SchemeForm
from stand_in import StandIn


def ignore(_: int) -> None:
    """Show no progress."""


def quiet(text: str, total: int | None) -> Callable[[int], None]:
    del text, total
    return ignore


_OPEN: list[httpx.Client] = []
"""What is to be closed with the servers: the SDK does not close what it is given."""


def connect(url: str, token: str) -> LabelStudio:
    """Return what somebody may work with at a server."""
    http = httpx.Client(timeout=60)
    _OPEN.append(http)
    return LabelStudio(base_url=url, api_key=token, httpx_client=http)  # type: ignore[no-untyped-call]  # the SDK's own


class User:
    """Somebody who calls the server by its HTTP interface, whatever our client can do and its SDK knows."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._headers: dict[str, str] = {}
        _, access = self.call("POST", "/api/token/refresh", {"refresh": token})
        self._headers = {"Authorization": f"Bearer {access['access']}"}

    def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Return the status and the answer."""
        with urllib3.PoolManager() as pool:
            answer = pool.request(method, self._url + path, json=body, headers=self._headers)
            return answer.status, answer.json() if answer.data.startswith((b"{", b"[")) else answer.data

    def get(self, path: str) -> Any:  # noqa: ANN401 - whatever the server answers
        """Return an answer that is there to be had."""
        status, answer = self.call("GET", path)
        assert status < 300, path
        return answer


def sign_in(url: str, address: str, password: str) -> dict[str, str] | None:
    """Return the headers of somebody who has signed in by the server's own form, None where it lets them not in."""
    with urllib3.PoolManager() as pool:
        form = pool.request("GET", f"{url}/user/login/")
        (token,) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.data.decode())[:1]
        headers = {"Cookie": _cookies(form), "Referer": url, "Content-Type": "application/x-www-form-urlencoded"}
        fields = {"csrfmiddlewaretoken": token, "email": address, "password": password}
        answer = pool.request(
            "POST", f"{url}/user/login/", body=urlencode(fields), headers=headers, redirect=False, retries=False
        )
    if answer.status != 302:
        return None
    (token,) = re.findall(r"csrftoken=([^;]+)", _cookies(answer))
    return {"Cookie": _cookies(answer), "X-CSRFToken": token}


def enters(url: str, address: str, password: str) -> bool:
    """Say whether the server's own form lets somebody in."""
    return sign_in(url, address, password) is not None


def _cookies(answer: urllib3.BaseHTTPResponse) -> str:
    return "; ".join(cookie.partition(";")[0] for cookie in answer.headers.getlist("Set-Cookie"))


class Sessions:
    """The commands, with a data folder of their own."""

    def __init__(self, folder: pathlib.Path, prepared: pathlib.Path, form: Callable[[], Form] = StandIn) -> None:
        self.folder = folder
        self._form = form
        self._prepared = prepared

    def run(self, *arguments: str) -> Result:
        """Run `rift session`."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("RIFT_DATA", str(self.folder))
            patch.setenv("COLUMNS", "200")
            if self._form is not SchemeForm:
                patch.setattr(session_start, "SchemeForm", lambda _: self._form())
            return CliRunner().invoke(rift, ["session", *arguments])

    def start(self, name: str, *arguments: str) -> Result:
        """Run `rift session start` for a session whose server has its database already."""
        data = self.of(name) / "label-studio"
        if not data.exists():
            shutil.copytree(self._prepared, data)
        return self.run("start", "--name", name, *arguments)

    def of(self, name: str) -> pathlib.Path:
        """Return a session's folder."""
        return state.session_folder({"RIFT_DATA": str(self.folder)}, name)

    def session(self, name: str) -> state.Session:
        """Return a session as it is kept."""
        found = state.read_session(self.of(name))
        assert found is not None
        return found

    def process(self, name: str) -> psutil.Process:
        """Return a session's server."""
        found = server.running(state.read_process(self.of(name)))
        assert found is not None
        return psutil.Process(found.pid)

    def url(self, name: str) -> str:
        """Return the address of a session's server."""
        found = state.read_process(self.of(name))
        assert found is not None
        return server.address(found)

    def access(self, name: str, annotator: int = 0) -> tuple[str, str]:
        """Return the server's address and an annotator's own token."""
        token = self.session(name).annotators[annotator].token
        return self.session(name).url or self.url(name), token or ""

    def client(self, name: str, annotator: int = 0) -> Client:
        """Return what the commands reach the server by."""
        return Client(*self.access(name, annotator))

    def sdk(self, name: str, annotator: int = 0) -> LabelStudio:
        """Return what an annotator may work with."""
        url, token = self.access(name, annotator)
        return connect(url, token)

    def user(self, name: str, annotator: int = 0) -> User:
        """Return an annotator who tries what can be done."""
        return User(*self.access(name, annotator))

    def documents(self, name: str) -> list[list[str]]:
        """Return the documents that there are tasks for, by annotator."""
        numbers = [item.project for item in self.session(name).annotators]
        return [
            [task.doc or "" for task in self.client(name, at).tasks(number or 0)] for at, number in enumerate(numbers)
        ]

    def end(self) -> None:
        """End all servers, and what is connected to them."""
        while _OPEN:
            _OPEN.pop().close()
        for name in state.known_sessions({"RIFT_DATA": str(self.folder)}):
            server.stop_server(state.read_process(self.of(name)))


def invent(count: int) -> list[Document]:
    return [document(f"Rebels left Azaz.\n\nReport {number} said so 🙂.", f"doc-{number}") for number in range(count)]


def write(path: pathlib.Path, documents: Sequence[Document]) -> str:
    write_values(path, documents)
    return str(path)
