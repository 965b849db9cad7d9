"""Finished work brought back from a real Label Studio: through every fault."""

import pathlib
import threading
from collections.abc import Iterator, Sequence

import msgspec
import pytest

from at_work import begin, full, meant, pull, results, submit, tasks, texts
from live import Sessions
from rift.annotations.layer import read_layer
from rift.corpus.document import Document
from rift.session import pull as session_pull
from rift.session import state
from rift.session.client import Client
from rift.session.form import SchemeForm

pytestmark = pytest.mark.server

EXPIRED = "a.b.c"


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


def test_a_task_that_is_edited_while_it_is_pulled_comes_back_as_it_was_at_one_moment(
    pulled: tuple[Sessions, pathlib.Path],
) -> None:
    """Each state differs from the other in two places, so that a mixture of them would be seen."""
    sessions, out = pulled
    one = texts()[0]
    first = full(one)
    states = [first, meant(one, *full(one, low=2, high=2).spans[1:])]
    number = submit_anew(sessions, 0, one, results(one, first))
    sdk, over, edits = sessions.sdk("mine", 0), threading.Event(), 0

    def edit() -> None:
        nonlocal edits
        while not over.is_set():
            edits += 1
            sdk.annotations.update(number, result=results(one, states[edits % 2]))

    editor = threading.Thread(target=edit)
    editor.start()
    seen = []
    try:
        for _ in range(8):
            pull(sessions, out)
            seen.append(read_layer(out / "ann-example-org.jsonl").markups[one.id].spans)
    finally:
        over.set()
        editor.join()
    assert edits > 8
    assert all(spans in [state.spans for state in states] for spans in seen)
    pull(sessions, out)
    assert read_layer(out / "ann-example-org.jsonl").markups[one.id].spans == states[edits % 2].spans
