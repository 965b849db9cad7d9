"""How the commands of sessions meet what is missing, damaged or taken: without Label Studio."""

import json
import os
import pathlib
import socket
import subprocess
import sys
from collections.abc import Callable

import psutil
import pytest
from click.testing import CliRunner

from invented import document
from rift.cli.main import rift
from rift.corpus.document import Document
from rift.issues import InputError
from rift.session import install, server
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

TOKEN = "legacy"  # noqa: S105 - invented


def code(error: pytest.ExceptionInfo[InputError]) -> str:
    (issue,) = error.value.issues
    assert issue.hint
    return issue.code


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
