"""Texts whose offsets are easily got wrong, out to a real Label Studio and a browser and back."""

import pathlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from annotator import AtWork
from at_work import NAMES, PEOPLE, results, submit, tasks
from labelstudio_texts import DOCUMENTS, KEPT, LONG, LONG_ONE, SENT
from live import Sessions, write
from rift.annotations.layer import Markup, Span, read_layer
from rift.corpus.document import Document
from rift.session import state
from rift.session.form import SchemeForm

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.server

LAST = f"village {LONG.split('village ')[-1].split()[0]}"  # it stands once, near the end
DAY = "Day 101"
TEXTS = [DOCUMENTS[KEPT], DOCUMENTS[LONG_ONE]]


@pytest.fixture
def begun(prepared: pathlib.Path, tmp_path: pathlib.Path) -> Iterator[Sessions]:
    """Begin a session of both texts, with spans to begin with.

    One is no canonical text, which `start` refuses; it is put in by hand, as offsets must hold for every text.
    """
    made = Sessions(tmp_path / "data", prepared, SchemeForm)
    listed = write(tmp_path / "documents.jsonl", TEXTS[1:])
    assert made.start("mine", "--documents", listed, "--annotators", PEOPLE).exit_code == 0
    state.write_documents(made.of("mine"), TEXTS)
    state.write_pre(made.of("mine"), SENT.only([KEPT]))
    done = made.start("mine")
    assert done.exit_code == 0, done.output
    yield made
    made.end()


def every_word(one: Document) -> Markup:
    """Return each run of what is no space as a place, up to the end of the text."""
    attributes = {"kind": "settlement", "place": "azaz"}
    found = re.finditer(r"\S+", one.text)
    spans = [
        Span(id=f"w{number}", start=at.start(), end=at.end(), label="LOCATION", surface=at[0], attributes=attributes)
        for number, at in enumerate(found)
    ]
    return Markup(doc=one.id, sha256=one.sha256, layer=NAMES[1], spans=spans[:: 1 + len(spans) // 500])


def test_offsets_come_back_as_they_went_out(begun: Sessions, tmp_path: pathlib.Path, browser: "Browser") -> None:
    assert len(LONG.split()) > 4900
    url, annotator = begun.url("mine"), begun.session("mine").annotators[0]
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    work = AtWork(page)
    work.sign_in(url, annotator.address, annotator.password or "")
    for doc, number in tasks(begun.client("mine"), annotator.project).items():
        work.open(f"{url}/projects/{annotator.project}/data?task={number}")
        if doc == LONG_ONE:
            work.mark("a", LAST)
            work.mark("d", DAY)
        work.submit()
    page.close()
    for one in TEXTS:
        submit(begun, 1, one, results(one, every_word(one)))
    out = tmp_path / "layers"
    done = begun.run("pull", "--out", str(out))
    shown, typed = (read_layer(out / f"{name}.jsonl") for name in NAMES)
    for one in TEXTS:
        assert list(typed.markups[one.id].spans) == list(every_word(one).spans), done.output
    assert shown.markups[KEPT].spans == SENT.markups[KEPT].spans, done.output
    marked = [(span.label, span.start, span.surface) for span in shown.markups[LONG_ONE].spans]
    assert marked == [("DATE", LONG.index(DAY), DAY), ("ACTOR", LONG.index(LAST), LAST)]
