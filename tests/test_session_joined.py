"""A session on a server that others run: joined, worked in, pulled and adjudicated, at a real Label Studio."""

import pathlib
import re
from collections.abc import Iterator, Sequence

import pytest
import urllib3

from at_work import NAMES, full, meant, results, rows, settle, tasks, texts
from live import Sessions, connect, sign_in, write
from rift.annotations.layer import Layer, read_layer
from rift.corpus.document import Document
from rift.eval.differences import differences
from rift.session.client import Client
from rift.session.form import SchemeForm

pytestmark = pytest.mark.server

PASSWORD = re.compile(r"^\s*(\S+@\S+)\s{2,}(\S+)\s{2,}http", re.MULTILINE)


@pytest.fixture
def theirs(prepared: pathlib.Path, tmp_path: pathlib.Path) -> Iterator[Sessions]:
    """Run a server as others would: the session that it was begun for is not ours."""
    made = Sessions(tmp_path / "theirs", prepared, SchemeForm)
    listed = write(tmp_path / "other.jsonl", texts()[:1])
    begun = made.start("other", "--documents", listed, "--annotators", "lead@example.org")
    assert begun.exit_code == 0, begun.output
    yield made
    made.end()


def annotate_as(url: str, headers: dict[str, str], task: int, one: Document, result: Sequence[object]) -> None:
    """Annotate as somebody who has signed in, by what their browser sends."""
    with urllib3.PoolManager() as pool:
        body = {"result": result, "lead_time": 12}
        answer = pool.request("POST", f"{url}/api/tasks/{task}/annotations/", json=body, headers=headers)
    assert answer.status == 201, one.id


def test_work_on_a_server_of_others_comes_back_and_is_adjudicated(
    theirs: Sessions, prepared: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    url, token = theirs.access("other")
    ours, out = Sessions(tmp_path / "ours", prepared, SchemeForm), tmp_path / "layers"
    first, second, _ = documents = texts()
    documents = [first, second]
    reach = ("--url", url, "--token", token)
    listed = write(tmp_path / "documents.jsonl", documents)
    begun = ours.run(
        "start", "--name", "mine", "--documents", listed, "--annotators", "ann@example.org,ben@example.org", *reach
    )
    assert begun.exit_code == 0, begun.output
    passwords = dict(PASSWORD.findall(begun.output))
    said = {0: [full(first), full(second, low=2)], 1: [full(first), full(second)]}
    for at, annotator in enumerate(ours.session("mine").annotators):
        headers = sign_in(url, annotator.address, passwords[annotator.address])
        assert headers is not None
        there = tasks(Client(url, token), annotator.project)
        for one, markup in zip(documents, said[at], strict=True):
            annotate_as(url, headers, there[one.id], one, results(one, markup))
    visited = tasks(Client(url, token), ours.session("mine").annotators[0].project)[first.id]
    connect(url, token).annotations.create(visited, result=results(first, meant(first)), lead_time=1)

    done = ours.run("pull", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert "of-another" in done.output  # the lead has looked in
    for at, name in enumerate(NAMES):
        assert differences(read_layer(out / f"{name}.jsonl"), Layer(name, said[at])) == []
        assert [row["lead_time"] for row in rows(out / f"{name}.work.jsonl")] == [12, 12]

    opened = ours.run("adjudicate", "--adjudicator", "lead@example.org", "--out", str(out))
    assert opened.exit_code == 0, opened.output
    kept = ours.session("mine").adjudication
    assert kept is not None
    there = tasks(Client(url, token), kept.adjudicator.project)
    assert list(there) == [second.id]
    settle(connect(url, token), there, second, "1 figure")
    settled = ours.run("adjudicate", "--out", str(out))
    assert settled.exit_code == 0, settled.output
    right = Layer("gold", [full(first), full(second)])
    assert differences(read_layer(out / "gold.jsonl"), right) == []
    assert [row["choice"] for row in rows(out / "decisions.jsonl")] == ["b"]
    again = ours.run("adjudicate", "--anew", "--out", str(out))
    assert again.exit_code == 0, again.output
    assert "documents that differ: 1;" in again.output
    assert len(Client(url, token).projects()) == 5  # one an annotator, two adjudications, and that of the others
    assert ours.run("stop").output == "no server of ours was running\n"
    assert theirs.client("other").projects()
