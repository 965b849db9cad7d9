"""Annotation sessions against a real Label Studio: started, joined, killed, and looked at with a browser."""

import collections
import json
import os
import pathlib
import re
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence

import msgspec
import psutil
import pytest
from click.testing import Result
from label_studio_sdk import LabelStudio
from playwright.sync_api import Page, sync_playwright

from invented import document
from live import Sessions, enters, ignore, invent, quiet, write
from rift import guidelines
from rift.annotations.formats.rendering import Context
from rift.annotations.layer import Layer, Markup, Span
from rift.corpus.document import Document
from rift.issues import InputError
from rift.session import begin, push, server, state
from rift.session.client import Client
from rift.session.install import interpreter
from rift.session.pull import pull
from stand_in import StandIn, result

pytestmark = pytest.mark.server

CHROMIUM = pathlib.Path("/usr/bin/chromium")


@pytest.fixture(scope="module")
def shared(prepared: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sessions, Result]]:
    """Begin the session `shared` of ten documents and two annotators, a third of it blind; tests only add to it."""
    folder = tmp_path_factory.mktemp("shared")
    made = Sessions(folder / "data", prepared)
    documents = write(folder / "documents.jsonl", invent(10))
    people = "Ann@Example.org,ben@example.org"
    begun = made.start("shared", "--documents", documents, "--annotators", people, "--pre", "rules", "--blind", "0.3")
    assert begun.exit_code == 0, begun.output
    yield made, begun
    made.end()


def passwords(output: str) -> dict[str, str]:
    """Return the passwords that a command has printed, by address."""
    return dict(re.findall(r"^\s*(\S+@\S+)\s{2,}(\S+)\s{2,}http", output, re.MULTILINE))


def test_every_annotator_gets_a_project_with_all_documents(shared: tuple[Sessions, Result]) -> None:
    sessions, _ = shared
    wanted = [item.id for item in invent(10)]
    assert sessions.documents("shared") == [wanted, wanted]
    for at, annotator in enumerate(sessions.session("shared").annotators):
        project = sessions.sdk("shared", at).projects.get(annotator.project or 0)
        assert "<h1>Annotation guidelines" in (project.expert_instruction or "")
        assert project.show_instruction is True
        assert project.label_config == StandIn().config()


def test_the_blind_documents_alone_begin_without_spans(shared: tuple[Sessions, Result]) -> None:
    sessions, _ = shared
    session = sessions.session("shared")
    assert session.blind.share == 0.3
    assert len(session.blind.documents) == 3
    for at, annotator in enumerate(session.annotators):
        tasks = sessions.client("shared", at).tasks(annotator.project or 0)
        bare = {task.doc for task in tasks if task.predictions == 0}
        assert bare == set(session.blind.documents)


def test_passwords_are_shown_once_and_let_their_owners_in(shared: tuple[Sessions, Result]) -> None:
    sessions, begun = shared
    given = passwords(begun.output)
    assert list(given) == ["ann@example.org", "ben@example.org"]
    assert all(enters(sessions.url("shared"), address, password) for address, password in given.items())
    assert not enters(sessions.url("shared"), "ann@example.org", given["ben@example.org"])
    again = sessions.start("shared")
    assert not any(password in again.output for password in given.values())
    assert again.output.count("shown before") == 2
    assert "address-lowered" in begun.output
    for name in (state.FILE, "server.json"):
        assert (sessions.of("shared") / name).stat().st_mode & 0o777 == 0o600


def test_a_second_start_changes_nothing(shared: tuple[Sessions, Result]) -> None:
    sessions, _ = shared
    before = (sessions.session("shared"), sessions.documents("shared"), sessions.process("shared").pid)
    again = sessions.start("shared")
    assert again.exit_code == 0, again.output
    assert (sessions.session("shared"), sessions.documents("shared"), sessions.process("shared").pid) == before
    for at in range(2):
        assert len(sessions.client("shared", at).projects()) == 1


def test_the_server_listens_on_loopback_alone(shared: tuple[Sessions, Result]) -> None:
    sessions, _ = shared
    connections = sessions.process("shared").net_connections("inet")
    assert {item.laddr.ip for item in connections if item.status == psutil.CONN_LISTEN} == {"127.0.0.1"}


def annotate(sdk: LabelStudio, task: int, seconds: float, *, skipped: bool = False) -> int:
    spans = [dict(result(Span(id="s1", start=0, end=6, label="ACTOR"), "Rebels"))]
    return int(sdk.annotations.create(task, result=spans, lead_time=seconds, was_cancelled=skipped).id)


def test_status_counts_done_and_skipped_by_annotator(sessions: Sessions, tmp_path: pathlib.Path) -> None:
    begun = sessions.start(
        "mine", "--documents", write(tmp_path / "d.jsonl", invent(4)), "--annotators", "a@example.org,b@example.org"
    )
    assert begun.exit_code == 0, begun.output
    sdk = sessions.sdk("mine")
    tasks = sessions.client("mine").tasks(sessions.session("mine").annotators[0].project or 0)
    annotate(sdk, tasks[0].number, 60)
    annotate(sdk, tasks[1].number, 120)
    annotate(sdk, tasks[2].number, 10, skipped=True)
    told = sessions.run("status", "--json")
    assert told.exit_code == 0, told.output
    first, second = json.loads(told.stdout)["annotators"]
    assert first == {"address": "a@example.org", "tasks": 4, "done": 2, "skipped": 1, "seconds": 180, "median": 90}
    assert (second["tasks"], second["done"], second["median"]) == (4, 0, None)
    shown = sessions.run("status").output
    assert sessions.url("mine") in shown
    assert "a@example.org" in shown


def test_the_server_is_ended_and_started_again_where_it_was(sessions: Sessions, tmp_path: pathlib.Path) -> None:
    documents = write(tmp_path / "d.jsonl", invent(2))
    assert sessions.start("mine", "--documents", documents, "--annotators", "a@example.org").exit_code == 0
    url, process = sessions.url("mine"), sessions.process("mine")
    assert sessions.run("stop").output == "the server has ended\n"
    assert not process.is_running()
    assert sessions.run("stop").output == "no server of ours was running\n"
    assert sessions.run("status").exit_code == 1
    assert sessions.start("mine").exit_code == 0
    assert sessions.url("mine") == url
    assert sessions.documents("mine") == [["doc-0", "doc-1"]]


def test_annotators_and_documents_are_added(sessions: Sessions, tmp_path: pathlib.Path) -> None:
    first, more = write(tmp_path / "first.jsonl", invent(2)), write(tmp_path / "more.jsonl", invent(4))
    assert sessions.start("mine", "--documents", first, "--annotators", "a@example.org").exit_code == 0
    added = sessions.start("mine", "--annotators", "b@example.org", "--documents", more)
    assert added.exit_code == 0, added.output
    assert list(passwords(added.output)) == ["b@example.org"]
    ids = [item.id for item in invent(4)]
    assert sessions.documents("mine") == [ids, ids]


@pytest.mark.parametrize("moment", ["between two requests", "within a request"])
def test_a_server_killed_while_tasks_are_pushed_is_gone_on_with(
    sessions: Sessions, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    assert (
        sessions.start(
            "mine",
            "--documents",
            write(tmp_path / "one.jsonl", invent(1)),
            "--annotators",
            "a@example.org,b@example.org",
        ).exit_code
        == 0
    )
    process = sessions.process("mine")
    documents = invent(400)
    state.write_documents(sessions.of("mine"), documents)
    if moment == "between two requests":
        monkeypatch.setattr(push, "BATCH", 150)

    def kill(_: int = 0) -> None:
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stage(text: str, total: int | None) -> Callable[[int], None]:
        if total and moment == "within a request":
            threading.Timer(0.3, kill).start()
        del text
        return kill if moment == "between two requests" else ignore

    place = begin.Place(sessions.of("mine"), {}, stage)
    with pytest.raises(InputError, match="session start") as error:
        begin.hand_out(place, sessions.session("mine"), sessions.url("mine"), StandIn())
    assert [issue.code for issue in error.value.issues] == ["no-server"]
    again = sessions.start("mine")
    assert again.exit_code == 0, again.output
    wanted = collections.Counter(item.id for item in documents)
    assert [collections.Counter(found) for found in sessions.documents("mine")] == [wanted, wanted]


def test_a_revoked_token_is_said_and_made_anew(sessions: Sessions, tmp_path: pathlib.Path) -> None:
    documents = write(tmp_path / "d.jsonl", invent(1))
    begun = sessions.start("mine", "--documents", documents, "--annotators", "a@example.org")
    (token,) = [item.token or "" for item in sessions.session("mine").annotators]
    assert sessions.user("mine").call("POST", "/api/token/blacklist", {"refresh": token})[0] < 300
    told = sessions.run("status")
    assert told.exit_code == 1
    assert "bad-token" in told.output
    assert sessions.start("mine").exit_code == 0
    assert sessions.run("status").exit_code == 0
    ((address, password),) = passwords(begun.output).items()
    assert enters(sessions.url("mine"), address, password)


def test_a_deleted_project_is_said_and_made_anew(sessions: Sessions, tmp_path: pathlib.Path) -> None:
    documents = write(tmp_path / "d.jsonl", invent(2))
    sessions.start("mine", "--documents", documents, "--annotators", "a@example.org,b@example.org")
    client = sessions.client("mine")
    number = sessions.session("mine").annotators[0].project
    assert sessions.user("mine").call("DELETE", f"/api/projects/{number}/")[0] == 204
    told = sessions.run("status", "--json")
    assert told.exit_code == 1
    report = json.loads(told.stdout)
    assert [issue["code"] for issue in report["issues"]] == ["project-gone"]
    assert [row["address"] for row in report["annotators"]] == ["b@example.org"]
    with pytest.raises(InputError) as error:
        push.push_tasks(client, number or 0, invent(1), Layer("none"), StandIn(), ignore)
    assert error.value.issues[0].code == "gone"
    again = sessions.start("mine")
    assert again.exit_code == 0, again.output
    assert "project-gone" in again.output
    assert sessions.documents("mine") == [["doc-0", "doc-1"], ["doc-0", "doc-1"]]
    assert sessions.run("status").exit_code == 0


def test_a_lost_file_is_made_anew_from_what_the_server_has(sessions: Sessions, tmp_path: pathlib.Path) -> None:
    begin_it = ("--documents", write(tmp_path / "d.jsonl", invent(3)), "--annotators", "a@example.org")
    first = sessions.start("mine", *begin_it)
    before = sessions.session("mine")
    (sessions.of("mine") / state.FILE).unlink()
    again = sessions.start("mine", *begin_it)
    assert again.exit_code == 0, again.output
    assert sessions.session("mine").annotators[0].project == before.annotators[0].project
    assert sessions.documents("mine") == [["doc-0", "doc-1", "doc-2"]]
    old, new = passwords(first.output)["a@example.org"], passwords(again.output)["a@example.org"]
    assert enters(sessions.url("mine"), "a@example.org", new)
    assert not enters(sessions.url("mine"), "a@example.org", old)


def test_a_port_that_is_taken_is_said_also_where_the_server_would_move_on(
    sessions: Sessions, tmp_path: pathlib.Path
) -> None:
    documents = write(tmp_path / "d.jsonl", invent(1))
    before = psutil.Process().children()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        asked = sessions.start("mine", "--documents", documents, "--annotators", "a@example.org", "--port", str(port))
        assert asked.exit_code == 1
        assert "port-taken" in asked.output
        with pytest.raises(InputError) as error:
            server.start_server(interpreter(os.environ, quiet), sessions.of("mine"), port, os.environ)
        assert [issue.code for issue in error.value.issues] == ["port-taken"]
    assert psutil.Process().children() == before
    assert sessions.start("mine", "--port", str(port)).exit_code == 0
    assert sessions.url("mine").endswith(f":{port}")
    other_port = sessions.start("mine", "--port", str(port + 1))
    assert other_port.exit_code == 1
    assert "port-differs" in other_port.output


def test_a_server_of_others_is_joined(
    shared: tuple[Sessions, Result], sessions: Sessions, tmp_path: pathlib.Path
) -> None:
    theirs, _ = shared
    url = theirs.url("shared")
    token = theirs.session("shared").annotators[0].token or ""
    begin_it = ("--documents", write(tmp_path / "d.jsonl", invent(3)), "--url", url)
    wrong = sessions.run("start", "--name", "mine", *begin_it, "--annotators", "x@example.org", "--token", "wrong")
    assert wrong.exit_code == 1
    assert "bad-token" in wrong.output
    people = ("--annotators", "x@example.org,y@example.org,ann@example.org")
    begun = sessions.run("start", "--name", "mine", *begin_it, *people, "--token", token)
    assert begun.exit_code == 0, begun.output
    given = passwords(begun.output)
    assert re.search(r"ann@example.org\s+their own", begun.output)  # the account was there before
    assert all(enters(url, address, given[address]) for address in ("x@example.org", "y@example.org"))
    assert "can open each other's projects" in begun.output
    ids = [item.id for item in invent(3)]
    assert sessions.documents("mine") == [ids, ids, ids]
    again = sessions.run("start")
    assert again.exit_code == 0, again.output
    assert sessions.documents("mine") == [ids, ids, ids]
    assert sessions.run("status").exit_code == 0
    assert sessions.run("stop").output == "no server of ours was running\n"
    theirs.client("shared").check_token()


def done(client: Client, documents: Sequence[Document], layer: Layer) -> int:
    """Make a project in which everything is annotated as a layer has it; returns its number."""
    number = push.make_project(client, "done", "a@example.org", StandIn(), "")
    for start in range(0, len(documents), push.BATCH):
        tasks = [dict(StandIn().task(item, layer.markups[item.id])) for item in documents[start : start + push.BATCH]]
        client.add_tasks(number, [{**task, "annotations": task.pop("predictions")} for task in tasks])
    return number


def test_500_tasks_of_20_spans_take_less_than_five_seconds_of_work_each_way(
    shared: tuple[Sessions, Result], tmp_path: pathlib.Path
) -> None:
    sessions, _ = shared
    text = " ".join(f"Report {number} said that rebels left Azaz on Tuesday with ten dead." for number in range(20))
    documents = [document(f"{text} {number}", f"fast-{number}") for number in range(500)]
    spans = [Span(id=f"s{at}", start=60 * at, end=60 * at + 6, label="ACTOR") for at in range(20)]
    pre = Layer("pre", [Markup(doc=item.id, sha256=item.sha256, layer="pre", spans=spans) for item in documents])
    client = sessions.client("shared")
    number = push.make_project(client, "fast", "a@example.org", StandIn(), "")
    process = sessions.process("shared")

    def spent() -> float:
        times = process.cpu_times()
        return times.user + times.system + time.process_time()

    before = spent()  # work, not time: what else the machine does must not count
    push.push_tasks(client, number, documents, pre, StandIn(), ignore)
    assert spent() - before < 5
    assert len(client.tasks(number)) == 500
    annotator = msgspec.structs.replace(sessions.session("shared").annotators[0], project=done(client, documents, pre))
    mine = state.Session(name="fast", of="fast", annotators=(annotator,))
    context = Context({item.id: item for item in documents}, guidelines.knowledge())
    before = spent()
    (found,), _ = pull(sessions.url("shared"), mine, context, tmp_path, quiet)
    assert spent() - before < 5
    assert found.spans == 500 * 20


@pytest.fixture
def page() -> Iterator[Page]:
    if not CHROMIUM.exists():
        pytest.skip(f"needs a browser: there is no {CHROMIUM}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": 1280, "height": 800})
        opened.set_default_timeout(60_000)
        yield opened
        browser.close()


def test_an_annotator_is_shown_instructions_and_spans_by_this_machine_alone(
    shared: tuple[Sessions, Result], page: Page
) -> None:
    sessions, begun = shared
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    (address, password), *_ = passwords(begun.output).items()
    (start,) = re.findall(rf"{address}.*(http://\S+)", begun.output)
    page.goto(start)
    page.locator("input[name=email]").fill(address)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Annotation guidelines").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("Rebels left Azaz").first.wait_for()
    project = sessions.session("shared").annotators[0].project or 0
    task = next(item for item in sessions.client("shared").tasks(project) if item.predictions)
    page.goto(f"{sessions.url('shared')}/projects/{project}/data?task={task.number}")
    page.get_by_text("Azaz").nth(1).wait_for()  # in the text and in the list of regions
    addresses = {url.split("/")[2] for url in asked if url.startswith("http")}
    assert addresses == {sessions.url("shared").removeprefix("http://")}
