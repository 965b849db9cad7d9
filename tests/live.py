"""Sessions with a real Label Studio in the tests: the commands with a data folder of their own, and their server."""

import pathlib
import shutil
from collections.abc import Callable, Sequence

import psutil
import pytest
from click.testing import CliRunner, Result

from invented import document
from rift.cli import session_start
from rift.cli.main import rift
from rift.corpus.document import Document
from rift.jsonl import write_values
from rift.session import push, server, state
from rift.session.client import Client
from rift.session.form import Form
from stand_in import StandIn


def ignore(_: int) -> None:
    """Show no progress."""


def quiet(text: str, total: int | None) -> Callable[[int], None]:
    del text, total
    return ignore


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
            patch.setattr(session_start, "SchemeForm", self._form)
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

    def client(self, name: str, annotator: int = 0) -> Client:
        """Return an annotator's own access."""
        token = self.session(name).annotators[annotator].token
        return Client(self.session(name).url or self.url(name), token or "")

    def documents(self, name: str) -> list[list[str]]:
        """Return the documents that there are tasks for, by annotator."""
        numbers = [item.project for item in self.session(name).annotators]
        return [
            [task["data"]["doc"] for task in push.tasks_of(self.client(name, at), number or 0, ("id", "data"))]
            for at, number in enumerate(numbers)
        ]

    def end(self) -> None:
        """End all servers."""
        for name in state.known_sessions({"RIFT_DATA": str(self.folder)}):
            server.stop_server(state.read_process(self.of(name)))


def invent(count: int) -> list[Document]:
    return [document(f"Rebels left Azaz.\n\nReport {number} said so 🙂.", f"doc-{number}") for number in range(count)]


def write(path: pathlib.Path, documents: Sequence[Document]) -> str:
    write_values(path, documents)
    return str(path)
