"""`rift corpus browse`: the server on this machine, the pages in a folder, and what goes wrong."""

import http.client
import pathlib
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from rift.browse.serve import HOST, listen
from rift.browse.site import POLICY
from rift.cli.main import rift
from rift.issues import InputError

FILES = {"index.html": b"<title>Front</title>", "documents/a.html": "Azaz ش".encode(), "browse.js": b"'use strict';"}


@pytest.fixture
def port() -> Iterator[int]:
    """Serve `FILES` and return the port."""
    with listen(FILES, 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def ask(port: int, path: str, *, method: str = "GET", host: str | None = None) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    connection.request(method, path, headers={"Host": host or f"{HOST}:{port}"})
    answer = connection.getresponse()
    found = (answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read())
    connection.close()
    return found


@pytest.mark.parametrize(
    ("path", "name", "kind"),
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/index.html?v=1", "index.html", "text/html; charset=utf-8"),
        ("/documents/a.html", "documents/a.html", "text/html; charset=utf-8"),
        ("/documents/%61.html", "documents/a.html", "text/html; charset=utf-8"),
        ("/browse.js", "browse.js", "text/javascript; charset=utf-8"),
    ],
)
def test_a_file_is_served_with_its_type_and_the_policy(port: int, path: str, name: str, kind: str) -> None:
    code, headers, content = ask(port, path)
    assert (code, content, headers["content-type"]) == (200, FILES[name], kind)
    assert headers["content-security-policy"] == f"{POLICY}; frame-ancestors 'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert ask(port, path, method="HEAD")[2] == b""


@pytest.mark.parametrize("path", ["/other.html", "/../secret", "/documents/../index.html", "//etc/passwd", "/%2e%2e/x"])
def test_what_is_no_file_of_the_site_is_not_found(port: int, path: str) -> None:
    assert ask(port, path)[0] == 404


def test_a_page_elsewhere_whose_name_leads_here_is_refused(port: int) -> None:
    code, _, content = ask(port, "/", host=f"rebound.example:{port}")
    assert code == 421
    assert b"Front" not in content
    assert ask(port, "/", host=f"localhost:{port}")[0] == 200


def test_nothing_is_changed_from_outside(port: int) -> None:
    assert ask(port, "/", method="POST")[0] == 501


def test_a_port_that_is_taken_is_named_with_the_next_step() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        number = taken.getsockname()[1]
        with pytest.raises(InputError) as caught, listen(FILES, number):
            pytest.fail("the port was not free")
        (issue,) = caught.value.issues
        assert (issue.code, issue.where.file) == ("port-taken", f"{HOST}:{number}")
        assert "--port 0" in issue.hint
        result = CliRunner().invoke(rift, ["corpus", "browse", "briefs", "--port", str(number)])
        assert result.exit_code == 1
        assert f"{HOST}:{number}: error [port-taken]" in result.stderr


def test_the_command_serves_on_this_machine_alone_until_it_is_interrupted() -> None:
    command = [sys.executable, "-m", "rift", "corpus", "browse", "briefs", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        found = re.fullmatch(r"(http://127\.0\.0\.1:\d+/) \(Ctrl-C ends it\)\n", process.stdout.readline())
        assert found
        with urllib.request.urlopen(found[1], timeout=10) as answer:  # noqa: S310 - an address of this machine
            assert b"briefs-001" in answer.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert process.stderr
        assert process.stderr.read() == ""


def test_the_command_writes_the_pages_for_everybody(tmp_path: pathlib.Path) -> None:
    result = CliRunner().invoke(rift, ["corpus", "browse", "briefs", "infighting", "--out", str(tmp_path / "site")])
    assert result.exit_code == 0, result.output
    count = len([path for path in (tmp_path / "site").rglob("*") if path.is_file()])
    assert result.stdout == f"{tmp_path / 'site' / 'index.html'}: 125 documents, {count} files\n"
    shown = (tmp_path / "site" / "documents" / "infighting-haaretz.html").read_text("utf-8")
    assert "The text is not shown here" in shown
    assert not (tmp_path / "site" / "annotators").exists()


def test_an_unknown_collection_is_named_with_the_known_ones(tmp_path: pathlib.Path) -> None:
    result = CliRunner().invoke(rift, ["corpus", "browse", "breifs", "--out", str(tmp_path)])
    assert result.exit_code == 1
    assert "[no-collection]" in result.stderr
    assert "briefs" in result.stderr


def test_without_the_extra_the_command_says_what_to_install(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    for module in [name for name in sys.modules if name.startswith("rift.browse.s")]:
        monkeypatch.delitem(sys.modules, module)
    result = CliRunner().invoke(rift, ["corpus", "browse", "briefs", "--out", str(tmp_path)])
    assert result.exit_code == 1
    assert "pip install 'rift-corpus[report]'" in result.stderr
