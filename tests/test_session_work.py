"""Finished work brought back from a real Label Studio: pulled, compared, adjudicated, and through every fault."""

import json
import pathlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec
import pytest
from click.testing import CliRunner
from label_studio_sdk import LabelStudio

from annotator import AtWork
from invented import document
from live import Sessions, connect, write
from rift import guidelines
from rift.annotations.formats.labelstudio_writer import to_tasks
from rift.annotations.formats.rendering import Context, Losses
from rift.annotations.layer import Layer, Markup, Span, read_layer
from rift.cli.main import rift
from rift.corpus.document import Document
from rift.eval.differences import differences
from rift.jsonl import read_values
from rift.session import pull as session_pull
from rift.session import state
from rift.session.client import Client
from rift.session.form import SchemeForm

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.server

EXPIRED = "a.b.c"
PEOPLE = "ann@example.org,ben@example.org"


@pytest.fixture
def real(prepared: pathlib.Path, tmp_path: pathlib.Path) -> Iterator[Sessions]:
    """Return the commands with the labelling configuration of the scheme."""
    made = Sessions(tmp_path / "data", prepared, SchemeForm)
    yield made
    made.end()


def texts() -> list[Document]:
    return [
        document(f"Rebels left Azaz 🙂.\n\nReport {number} said that 3 rebels were killed.", f"doc-{number}")
        for number in range(3)
    ]


GENERIC = {"form": "generic", "kind": "armed_group"}
TOLL = {"outcome": "killed", "low": 3, "high": 3, "victims": "combatants", "scope": "incident"}


def meant(one: Document, *spans: Span) -> Markup:
    """Return a markup with the surfaces of its text."""
    cut = tuple(msgspec.structs.replace(span, surface=one.text[span.start : span.end]) for span in spans)
    return Markup(doc=one.id, sha256=one.sha256, layer="meant", spans=cut)


def span(one: Document, words: str, key: str, label: str, **more: Mapping[str, object]) -> Span:
    start = one.text.index(words)
    return msgspec.convert({"id": key, "start": start, "end": start + len(words), "label": label, **more}, Span)


def full(one: Document, **changed: object) -> Markup:
    """Return what is right for an invented text; `changed` attributes of the toll are not."""
    return meant(
        one,
        span(one, "Rebels", "r1", "ACTOR", attributes=GENERIC),
        span(one, "Azaz", "r2", "LOCATION", attributes={"kind": "settlement", "place": "azaz"}),
        span(one, "3 rebels", "r3", "TOLL", attributes={**TOLL, **changed}, links={"where": ["r2"], "victim": ["r4"]}),
        span(one, "rebels", "r4", "ACTOR", attributes=GENERIC),
    )


def results(one: Document, markup: Markup) -> list[dict[str, object]]:
    """Return a markup as the results of an annotation."""
    context = Context({one.id: one}, guidelines.knowledge())
    (task,) = to_tasks(Layer("meant", [markup]), context, "annotations", Losses())
    found: list[dict[str, object]] = task["annotations"][0]["result"]
    return found


def tasks(client: Client, project: int | None) -> dict[str, int]:
    """Return the numbers of a project's tasks, by document."""
    return {task.doc or "": task.number for task in client.tasks(project or 0)}


def submit(sessions: Sessions, annotator: int, one: Document, result: Sequence[dict[str, object]]) -> int:
    """Annotate a document as one of the session's annotators; returns the annotation's number."""
    task = tasks(sessions.client("mine", annotator), sessions.session("mine").annotators[annotator].project)[one.id]
    made = sessions.sdk("mine", annotator).annotations.create(task, result=result, lead_time=30)
    return int(made.id)


def begin(sessions: Sessions, folder: pathlib.Path, documents: Sequence[Document]) -> None:
    listed = write(folder / "documents.jsonl", documents)
    begun = sessions.start("mine", "--documents", listed, "--annotators", PEOPLE)
    assert begun.exit_code == 0, begun.output


def rows(path: pathlib.Path) -> list[Mapping[str, object]]:
    return [row[1] for row in read_values(path) if isinstance(row, tuple)]


NAMES = ("ann-example-org", "ben-example-org")


def plain(one: Document) -> Markup:
    """Return what both say of a text that is marked in a browser."""
    place, toll = full(one).spans[1:3]
    return meant(one, place, msgspec.structs.replace(toll, links={"where": ["r2"]}))


def mark_in_browser(sessions: Sessions, browser: "Browser", one: Document) -> None:
    """Mark a text as `plain` has it, as the first annotator, with mouse and keys."""
    annotator = sessions.session("mine").annotators[0]
    url, project = sessions.url("mine"), annotator.project
    task = tasks(sessions.client("mine"), project)[one.id]
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    work = AtWork(page)
    work.sign_in(url, annotator.address, annotator.password or "")
    work.open(f"{url}/projects/{project}/data?task={task}")
    work.mark("2", "Azaz")
    work.mark("4", "3 rebels")
    work.choose("Azaz")
    work.tick("settlement")
    work.search("azaz", "Azaz, Aazaz")
    work.choose("3 rebels")
    work.tick("killed", "combatants", "incident")
    work.fill(3, 3)
    work.relate("Azaz")
    work.submit()
    page.close()


def test_from_documents_to_gold(real: Sessions, tmp_path: pathlib.Path, browser: "Browser") -> None:
    first, second, third = documents = texts()
    out = tmp_path / "layers"
    begin(real, tmp_path, documents)
    theirs = {
        0: [plain(first), full(second, low=2), full(third)],
        1: [plain(first), full(second), meant(third, *full(third).spans[:2])],
    }
    mark_in_browser(real, browser, first)
    for annotator, markups in theirs.items():
        for one, markup in list(zip(documents, markups, strict=True))[1 - annotator :]:
            submit(real, annotator, one, results(one, markup))
    pulled = real.run("pull", "--out", str(out), "--json")
    assert pulled.exit_code == 0, pulled.output
    told = [(row["layer"], row["tasks"], row["done"]) for row in json.loads(pulled.stdout)["annotators"]]
    assert told == [(name, 3, 3) for name in NAMES]
    for annotator, name in enumerate(NAMES):
        layer = read_layer(out / f"{name}.jsonl")
        assert differences(layer, Layer(name, theirs[annotator])) == []
        assert list(layer)[1:] == [msgspec.structs.replace(markup, layer=name) for markup in theirs[annotator][1:]]
        assert [row["lead_time"] for row in rows(out / f"{name}.work.jsonl")][1:] == [30, 30]
    (by_mouse, *_) = rows(out / f"{NAMES[0]}.work.jsonl")
    assert list(msgspec.convert(by_mouse["origins"], dict[str, str]).values()) == ["manual", "manual"]
    sides = [str(out / f"{name}.jsonl") for name in NAMES]
    known = ["--documents", str(tmp_path / "documents.jsonl")]
    compared = CliRunner().invoke(rift, ["annotations", "agreement", *sides, *known, "--json"])
    assert compared.exit_code == 0, compared.output
    adjudicate(real, out, documents)


def adjudicate(real: Sessions, out: pathlib.Path, documents: Sequence[Document]) -> None:
    """Settle the differences of the last two documents as what is right."""
    opened = real.run("adjudicate", "--adjudicator", "cat@example.org", "--out", str(out))
    assert opened.exit_code == 0, opened.output
    assert "2 documents differ" in opened.output
    (url, token), project = adjudicator(real)
    there, sdk = tasks(Client(url, token), project), connect(url, token)
    assert list(there) == ["doc-1", "doc-2"]
    is_shown_as_it_should_be(sdk, project, there["doc-1"])

    early = real.run("adjudicate", "--out", str(out))
    assert (early.exit_code, early.output.count("not-adjudicated")) == (1, 2)

    settle(sdk, there, documents[1], "1 figure the text says three")
    number = settle(sdk, there, documents[2], "1 slip\n2 nonsense\nwhat")
    faulty = real.run("adjudicate", "--out", str(out))
    assert faulty.exit_code == 1
    for code in ("unknown-reason", "wrong-reason"):
        assert f"?task={there['doc-2']}" in next(line for line in faulty.output.splitlines() if code in line)
    assert not (out / "gold.jsonl").exists()
    assert not (out / "decisions.jsonl").exists()

    sdk.annotations.update(number, result=[*results(documents[2], full(documents[2])), typed("1 slip\n2 slip")])
    done = real.run("adjudicate", "--out", str(out))
    assert done.exit_code == 0, done.output
    gold = read_layer(out / "gold.jsonl")
    right = [plain(documents[0]), full(documents[1]), full(documents[2])]
    assert list(gold.markups) == [one.id for one in documents]
    assert differences(gold, Layer("right", right)) == []
    decisions = rows(out / "decisions.jsonl")
    assert [(row["doc"], row["number"], row["choice"], row["reason"]) for row in decisions] == [
        ("doc-1", 1, "b", "figure"),
        ("doc-2", 1, "a", "slip"),
        ("doc-2", 2, "a", "slip"),
    ]
    assert decisions[0]["note"] == "the text says three"
    assert "unchanged" in real.run("adjudicate", "--out", str(out)).output


def adjudicator(sessions: Sessions) -> tuple[tuple[str, str], int]:
    """Return the adjudicator's own access, address and token, and their project."""
    kept = sessions.session("mine").adjudication
    assert kept is not None
    return (sessions.url("mine"), kept.adjudicator.token or ""), kept.adjudicator.project or 0


def is_shown_as_it_should_be(sdk: LabelStudio, project: int, task: int) -> None:
    """Check what an adjudicator sees of a project and a task."""
    shown = sdk.tasks.get(str(task))
    assert [item.model_version for item in shown.predictions or []] == list(NAMES)
    assert shown.data["differences"].startswith("1. attribute low   A: 2  B: 3")
    text = sdk.projects.get(project).expert_instruction or ""
    assert "<h3>doc-2</h3>" in text
    assert "<code>slip</code>" in text


def typed(reasons: str) -> dict[str, object]:
    """Return the result of what was typed as reasons."""
    return {"from_name": "reasons", "to_name": "text", "type": "textarea", "id": "t", "value": {"text": [reasons]}}


def settle(sdk: LabelStudio, there: Mapping[str, int], one: Document, reasons: str) -> int:
    result = [*results(one, full(one)), typed(reasons)]
    return int(sdk.annotations.create(there[one.id], result=result, lead_time=5).id)


@pytest.fixture(scope="module")
def shared(prepared: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sessions]:
    """Begin a session that tests add annotations to, and leave running and whole."""
    folder = tmp_path_factory.mktemp("shared")
    made = Sessions(folder / "data", prepared, SchemeForm)
    begin(made, folder, texts())
    yield made
    made.end()


@pytest.fixture
def pulled(shared: Sessions, tmp_path: pathlib.Path) -> tuple[Sessions, pathlib.Path]:
    """Return the session and a folder of its layers, to which both have annotated the first document."""
    one = texts()[0]
    for annotator in (0, 1):
        submit_anew(shared, annotator, one, results(one, full(one)))
    pull(shared, tmp_path)
    return shared, tmp_path


def pull(sessions: Sessions, out: pathlib.Path, status: int = 0) -> str:
    """Pull, and return what is printed; the status is 1 where something is to be found wrong."""
    done = sessions.run("pull", "--out", str(out))
    assert done.exit_code == status, done.output
    return done.output


def written(out: pathlib.Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir()}


def submit_anew(sessions: Sessions, annotator: int, one: Document, result: Sequence[dict[str, object]]) -> int:
    """Replace what an annotator has made of a document."""
    task = tasks(sessions.client("mine", annotator), sessions.session("mine").annotators[annotator].project)[one.id]
    made = sessions.sdk("mine", annotator).annotations
    for number in [item.id for item in made.list(task)]:
        made.delete(number)
    return submit(sessions, annotator, one, result)


@pytest.mark.parametrize("moment", ["between two requests", "within a request"])
def test_a_server_killed_while_work_is_pulled_loses_nothing(
    pulled: tuple[Sessions, pathlib.Path], monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    sessions, out = pulled
    one = texts()[0]
    submit_anew(sessions, 0, one, results(one, meant(one)))
    submit_anew(sessions, 1, one, results(one, meant(one)))
    process = sessions.process("mine")
    projects: list[int] = []
    plain = session_pull.export

    def kill_before(client: Client, project: int) -> list[dict[str, object]]:
        projects.append(project)
        if len(projects) == 2 and moment == "between two requests":
            process.kill()
            process.wait()
        elif len(projects) == 2:
            process.suspend()
            threading.Timer(0.5, process.kill).start()
        return plain(client, project)

    before = written(out)
    monkeypatch.setattr(session_pull, "export", kill_before)
    assert "no-server" in pull(sessions, out, 1)
    monkeypatch.undo()
    assert written(out)["ben-example-org.jsonl"] == before["ben-example-org.jsonl"]
    assert read_layer(out / "ann-example-org.jsonl").markups["doc-0"].spans == ()
    assert written(out)["ann-example-org.1.jsonl"] == before["ann-example-org.jsonl"]
    assert "not-running" in pull(sessions, out, 1)
    assert sessions.start("mine").exit_code == 0
    assert "4 spans fewer" in pull(sessions, out)
    assert read_layer(out / "ben-example-org.jsonl").markups["doc-0"].spans == ()


def test_an_expired_token_is_said_and_renewed_by_the_next_start(pulled: tuple[Sessions, pathlib.Path]) -> None:
    sessions, out = pulled
    before = written(out)
    session = sessions.session("mine")
    expired = [msgspec.structs.replace(item, token=EXPIRED) for item in session.annotators]
    state.write_session(sessions.of("mine"), msgspec.structs.replace(session, annotators=tuple(expired)))
    assert "bad-token" in pull(sessions, out, 1)
    assert written(out) == before
    assert sessions.start("mine").exit_code == 0
    assert pull(sessions, out).count("unchanged") == 2


def test_a_project_deleted_under_us_leaves_the_older_layer(pulled: tuple[Sessions, pathlib.Path]) -> None:
    sessions, out = pulled
    before = written(out)
    project = sessions.session("mine").annotators[1].project
    sessions.sdk("mine", 1).projects.delete(project or 0)
    told = pull(sessions, out, 1)
    assert "project-gone" in told
    assert "ann-example-org.jsonl: unchanged" in told
    assert written(out) == before
    assert sessions.start("mine").exit_code == 0


def test_an_edit_comes_with_the_next_pull_and_the_older_layer_is_kept(pulled: tuple[Sessions, pathlib.Path]) -> None:
    sessions, out = pulled
    one = texts()[0]
    before = written(out)
    submit_anew(sessions, 0, one, results(one, full(one, low=2)))
    told = pull(sessions, out)
    assert "changed: 1 other attributes" in told
    assert written(out)["ann-example-org.1.jsonl"] == before["ann-example-org.jsonl"]
    assert written(out)["ann-example-org.work.1.jsonl"] == before["ann-example-org.work.jsonl"]
    assert pull(sessions, out).count("unchanged") == 2


def test_what_the_server_lets_through_is_reported_with_its_task(pulled: tuple[Sessions, pathlib.Path]) -> None:
    sessions, out = pulled
    one = texts()[0]
    good = results(one, full(one))
    bad: list[dict[str, object]] = [
        region("b1", 0, 6, "BOGUS"),
        region("b2", 12, 9999, "LOCATION"),
        region("b3", 14, 30, "DATE"),
        {"type": "relation", "from_id": "r3", "to_id": "nobody", "direction": "right", "labels": ["by"]},
    ]
    submit_anew(sessions, 0, one, [*good, *bad])
    told = pull(sessions, out, 1)
    client = sessions.client("mine")
    project = sessions.session("mine").annotators[0].project
    page = f"{client.url}/projects/{project}/data?task={tasks(client, project)[one.id]}: doc-0"
    for code in ("unknown-label", "offset-outside", "crossing", "dangling-link"):
        assert next(line for line in told.splitlines() if f"[{code}]" in line).startswith(page)
    layer = read_layer(out / "ann-example-org.jsonl")
    kept = [span for span in layer.markups[one.id].spans if str(span.id).startswith("r")]
    assert kept == list(full(one).spans)


def region(key: str, start: int, end: int, label: str) -> dict[str, object]:
    value = {"start": start, "end": end, "labels": [label]}
    return {"id": key, "from_name": "label", "to_name": "text", "type": "labels", "value": value}
