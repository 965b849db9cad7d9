"""How long an annotation session takes: its database, its server, and 500 tasks of 20 spans each, out and back.

    RIFT_LABEL_STUDIO=/path/to/bin python benchmarks/session.py [--json]

The tasks have every attribute and link of the label scheme. All is done once, on made data, in a folder of its own.
"""

import contextlib
import os
import pathlib
import tempfile
import time
from collections.abc import Callable, Iterator

import click
import msgspec
import psutil

from rift import guidelines
from rift.annotations.formats.labelstudio_writer import to_tasks
from rift.annotations.formats.rendering import Context, Losses
from rift.annotations.layer import Layer, Markup, Span
from rift.corpus.document import Document, digest
from rift.session import push, server
from rift.session.client import Client
from rift.session.form import SchemeForm
from rift.session.install import interpreter
from rift.session.instructions import instructions
from rift.session.pull import pull
from rift.session.state import Annotator, Session

TASKS = 500
SENTENCE = "At least 7 rebels died in Azaz on Monday. "
SENTENCES = 5
ANNOTATOR = Annotator(address="a@example.org", password="not a secret")  # noqa: S106 - of a server that is thrown away
TOLL = {"outcome": "killed", "low": 7, "approx": True, "victims": "combatants", "scope": "incident"}


def ignore(_: int) -> None:
    """Show no progress."""


def stage(text: str, total: int | None) -> Callable[[int], None]:
    """Show no progress."""
    del text, total
    return ignore


def spans() -> Iterator[Span]:
    """Yield four spans a sentence, those of a toll that has its side, its place and its time."""
    for number in range(SENTENCES):
        start = number * len(SENTENCE)

        def span(key: str, begin: int, end: int, label: str, **more: object) -> Span:
            raw = {"id": f"{key}{number}", "start": start + begin, "end": start + end, "label": label, **more}  # noqa: B023 - used at once
            return msgspec.convert(raw, Span)

        links = {"victim": [f"a{number}"], "where": [f"l{number}"], "when": [f"d{number}"]}
        yield span("t", 0, 17, "TOLL", attributes=TOLL, links=links)
        yield span("a", 11, 17, "ACTOR", attributes={"form": "generic", "kind": "armed_group"})
        yield span("l", 26, 30, "LOCATION", attributes={"kind": "settlement", "place": "azaz"})
        yield span("d", 34, 40, "DATE", attributes={"value": "2014-06-09"})


def documents() -> list[Document]:
    """Return invented documents, each of its own text."""
    made = []
    for number in range(TASKS):
        text = f"{SENTENCE * SENTENCES}Report {number}."
        provenance = {"collection": "made", "title": "Made", "publisher": "RIFT", "published": None, "source": "made"}
        fields = {"id": f"made-{number}", "language": "en", "license": "CC0-1.0", "text": text, "sha256": digest(text)}
        made.append(msgspec.convert({**provenance, **fields}, Document))
    return made


def measure(folder: pathlib.Path) -> dict[str, float]:
    """Return each step's seconds, and the server's memory in MiB."""
    figures: dict[str, float] = {}

    @contextlib.contextmanager
    def clocked(step: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        figures[step] = time.perf_counter() - began

    python, made = interpreter(os.environ, stage), documents()
    marked = tuple(spans())
    layer = Layer("made", [Markup(doc=item.id, sha256=item.sha256, layer="made", spans=marked) for item in made])
    context, size = (
        Context({item.id: item for item in made}, guidelines.knowledge()),
        f"{TASKS} tasks of {len(marked)} spans",
    )
    with clocked("database and account"):
        (annotator,) = server.make_accounts(python, folder, [ANNOTATOR], os.environ)
    with clocked("start of the server"):
        process = server.start_server(python, folder, server.choose_port(None, None), os.environ)
    try:
        url, form = server.address(process), SchemeForm()
        client = Client(url, annotator.token or "")
        number = push.make_project(client, "made", annotator.address, form, instructions())
        with clocked(f"push of {size}"):
            push.push_tasks(client, number, made, layer, form, ignore)
        with clocked("finding that all are there"):
            push.missing_documents(made, client.tasks(number))
        done = push.make_project(client, "done", annotator.address, form, instructions())
        finished = to_tasks(layer, context, "annotations", Losses())
        for start in range(0, TASKS, push.BATCH):
            client.add_tasks(done, finished[start : start + push.BATCH])
        session = Session(name="made", of="made", annotators=(msgspec.structs.replace(annotator, project=done),))
        with clocked(f"pull of {size}"):
            (pulled,), issues = pull(url, session, context, folder / "layers", stage)
        if issues or pulled.spans != TASKS * len(marked):
            raise SystemExit("\n".join(["not all came back", *map(str, issues)]))
        figures["memory of the server (MiB)"] = psutil.Process(process.pid).memory_info().rss / (1 << 20)
    finally:
        server.stop_server(process)
    return figures


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(*, as_json: bool) -> None:
    """Measure all steps."""
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(pathlib.Path(folder))
    if as_json:
        click.echo(msgspec.json.encode(figures))
        return
    for name, value in figures.items():
        click.echo(f"{name}: {value:.1f}")


if __name__ == "__main__":
    main()
