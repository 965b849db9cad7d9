"""Finished work brought back from a real Label Studio: pulled, compared, adjudicated."""

import json
import pathlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec
import pytest
from click.testing import CliRunner
from label_studio_sdk import LabelStudio

from annotator import AtWork
from at_work import (
    NAMES,
    begin,
    full,
    meant,
    printed,
    results,
    rows,
    settle,
    submit,
    tasks,
    texts,
    typed,
)
from live import Sessions, connect
from rift.annotations.layer import Layer, Markup, read_layer
from rift.cli.main import rift
from rift.corpus.document import Document
from rift.eval.differences import differences
from rift.session.client import Client
from rift.session.form import SchemeForm

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.server


@pytest.fixture
def real(prepared: pathlib.Path, tmp_path: pathlib.Path) -> Iterator[Sessions]:
    """Return the commands with the labelling configuration of the scheme."""
    made = Sessions(tmp_path / "data", prepared, SchemeForm)
    yield made
    made.end()


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
    work.mark("l", "Azaz")
    work.mark("t", "3 rebels")
    work.choose("Azaz")
    work.search("azaz", "Azaz, Aazaz")
    work.choose("3 rebels")
    work.tick("killed", "combatants", "incident")
    work.fill(3, 3)
    work.relate("Azaz")
    work.submit()
    page.close()


def test_from_documents_to_gold(real: Sessions, tmp_path: pathlib.Path, browser: "Browser") -> None:
    first, second, third = documents = texts()
    pull = printed(begin(real, tmp_path, documents), "session pull")[1:]
    out = real.of("mine") / "layers"
    assert real.run(*pull).output.count("nothing is finished yet") == 2
    assert not out.exists()
    theirs = {
        0: [plain(first), full(second, low=2), full(third)],
        1: [plain(first), full(second), meant(third, *full(third).spans[:2])],
    }
    mark_in_browser(real, browser, first)
    for annotator, markups in theirs.items():
        for one, markup in list(zip(documents, markups, strict=True))[1 - annotator :]:
            submit(real, annotator, one, results(one, markup))
    step = real.run(*pull)
    assert step.exit_code == 0, step.output
    pulled = real.run(*pull, "--json")
    told = [(row["layer"], row["tasks"], row["done"]) for row in json.loads(pulled.stdout)["annotators"]]
    assert told == [(name, 3, 3) for name in NAMES]
    for annotator, name in enumerate(NAMES):
        layer = read_layer(out / f"{name}.jsonl")
        assert differences(layer, Layer(name, theirs[annotator])) == []
        assert list(layer)[1:] == [msgspec.structs.replace(markup, layer=name) for markup in theirs[annotator][1:]]
        assert [row["lead_time"] for row in rows(out / f"{name}.work.jsonl")][1:] == [30, 30]
    (by_mouse, *_) = rows(out / f"{NAMES[0]}.work.jsonl")
    assert list(msgspec.convert(by_mouse["origins"], dict[str, str]).values()) == ["manual", "manual"]
    compared = CliRunner().invoke(rift, printed(step.output, "annotations agreement"))
    assert compared.exit_code == 0, compared.output
    adjudicate(real, printed(step.output, "session adjudicate")[1:], out, documents)


def adjudicate(real: Sessions, step: Sequence[str], out: pathlib.Path, documents: Sequence[Document]) -> None:
    """Settle the differences of the last two documents as what is right."""
    opened = real.run(*["cat@example.org" if word == "WHO@example.org" else word for word in step])
    assert opened.exit_code == 0, opened.output
    assert "documents that differ: 2;" in opened.output
    (url, token), project = adjudicator(real)
    there, sdk = tasks(Client(url, token), project), connect(url, token)
    assert list(there) == ["doc-1", "doc-2"]
    is_shown_as_it_should_be(sdk, project, there["doc-1"])

    again = printed(opened.output, "session adjudicate")[1:]
    early = real.run(*again)
    assert (early.exit_code, early.output.count("not-adjudicated")) == (1, 2)

    settle(sdk, there, documents[1], "1 figure the text says three")
    number = settle(sdk, there, documents[2], "1 slip\n2 nonsense\nwhat")
    faulty = real.run(*again)
    assert faulty.exit_code == 1
    for code in ("unknown-reason", "wrong-reason"):
        assert f"?task={there['doc-2']}" in next(line for line in faulty.output.splitlines() if code in line)
    assert not (out / "gold.jsonl").exists()
    assert not (out / "decisions.jsonl").exists()

    sdk.annotations.update(number, result=[*results(documents[2], full(documents[2])), typed("1 slip\n2 slip")])
    done = real.run(*again)
    assert done.exit_code == 0, done.output
    checked = CliRunner().invoke(rift, printed(done.output, "annotations check"))
    assert (checked.exit_code, "0 errors" in checked.output) == (0, True), checked.output
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
    assert "unchanged" in real.run(*again).output


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
