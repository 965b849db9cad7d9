"""How long `rift session pull` takes for 500 tasks of 20 spans, from a real Label Studio on this machine.

    RIFT_LABEL_STUDIO=.../bin python benchmarks/pull.py [--json]

The figure is the least of several repeats, in seconds, reading, checking and writing counted.
"""

import datetime as dt
import os
import pathlib
import tempfile
import timeit
from collections.abc import Callable, Mapping

import click
import msgspec

from rift import guidelines
from rift.annotations.formats.labelstudio_writer import to_tasks
from rift.annotations.formats.rendering import Context, Losses
from rift.annotations.layer import Layer, Markup, Span
from rift.corpus.document import Document, digest
from rift.session import begin, server
from rift.session.form import SchemeForm
from rift.session.plan import Wanted
from rift.session.pull import pull
from rift.session.state import read_process

TASKS = 500
SENTENCES = 10
SENTENCE = "Rebels left Azaz. "
REPEATS = 3


def invented(number: int) -> Document:
    """Return a document of ten sentences."""
    text = f"Report {number}\n\n{(SENTENCE * SENTENCES).strip()}"
    return Document(
        id=f"report-{number}",
        collection="invented",
        title="Invented",
        publisher="Nobody",
        published=dt.date(2014, 6, 10),
        language="en",
        license="CC0-1.0",
        source="invented",
        text=text,
        sha256=digest(text),
    )


def marked(document: Document) -> Markup:
    """Return two spans a sentence, with all their attributes."""
    begin_at = document.text.index(SENTENCE.strip())
    starts = [begin_at + number * len(SENTENCE) for number in range(SENTENCES)]
    actor: Mapping[str, str] = {"form": "generic", "kind": "armed_group"}
    place: Mapping[str, str] = {"kind": "settlement", "place": "azaz"}
    spans = [
        *(Span(id=f"a{at}", start=at, end=at + 6, label="ACTOR", attributes=actor) for at in starts),
        *(Span(id=f"l{at}", start=at + 12, end=at + 16, label="LOCATION", attributes=place) for at in starts),
    ]
    return Markup(doc=document.id, sha256=document.sha256, layer="made", spans=spans)


class Annotated(SchemeForm):
    """Tasks that come with an annotation."""

    def task(self, document: Document, pre: Markup | None) -> Mapping[str, object]:
        """Return the document as a task that is done."""
        del pre
        context = Context({document.id: document}, self.knowledge)
        return to_tasks(Layer("made", [marked(document)]), context, "annotations", Losses())[0]


def quiet(text: str, total: int | None) -> Callable[[int], None]:
    """Show no progress."""
    del text, total
    return lambda _: None


def measure(folder: pathlib.Path) -> tuple[float, int]:
    """Return the seconds of a pull, and the spans that it brought back."""
    documents = [invented(number) for number in range(TASKS)]
    place = begin.Place(folder / "speed", os.environ, quiet)
    session, _ = begin.prepare(place, Wanted("invented", ["a@example.org"]), documents, None)
    url, session = begin.serve(place, session, None)
    try:
        session, _ = begin.hand_out(place, session, url, Annotated())
        context = Context({item.id: item for item in documents}, guidelines.knowledge())
        rows, issues = pull(url, session, context, folder / "layers", quiet)
        if issues:
            raise SystemExit("\n".join(map(str, issues)))
        repeat = timeit.repeat(lambda: pull(url, session, context, folder / "layers", quiet), number=1, repeat=REPEATS)
        return min(repeat), rows[0].spans
    finally:
        server.stop_server(read_process(place.folder))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(*, as_json: bool) -> None:
    """Time it."""
    with tempfile.TemporaryDirectory() as folder:
        seconds, spans = measure(pathlib.Path(folder))
    if as_json:
        click.echo(msgspec.json.encode({"tasks": TASKS, "spans": spans, "seconds": seconds}))
    else:
        click.echo(f"{TASKS} tasks, {spans} spans: {seconds:.2f} s")


if __name__ == "__main__":
    main()
