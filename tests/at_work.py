"""What annotators say of invented texts in the tests of sessions, and how they and their lead say it to a server."""

import pathlib
import re
import shlex
from collections.abc import Mapping, Sequence

import msgspec
from label_studio_sdk import LabelStudio

from invented import document
from live import Sessions, write
from rift import guidelines
from rift.annotations.formats.labelstudio_writer import to_tasks
from rift.annotations.formats.rendering import Context, Losses
from rift.annotations.layer import Layer, Markup, Span
from rift.corpus.document import Document
from rift.jsonl import read_values
from rift.session.client import Client

PEOPLE = "ann@example.org,ben@example.org"
NAMES = ("ann-example-org", "ben-example-org")


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


def begin(sessions: Sessions, folder: pathlib.Path, documents: Sequence[Document]) -> str:
    """Begin a session, and return what was printed."""
    listed = write(folder / "documents.jsonl", documents)
    begun = sessions.start("mine", "--documents", listed, "--annotators", PEOPLE)
    assert begun.exit_code == 0, begun.output
    return begun.output


def printed(output: str, command: str) -> list[str]:
    """Return the arguments of a command that was printed as a step to take, such as `session pull`."""
    (found,) = re.findall(rf"\brift {command}.*$", output, re.MULTILINE)
    return shlex.split(found)[1:]


def rows(path: pathlib.Path) -> list[Mapping[str, object]]:
    return [row[1] for row in read_values(path) if isinstance(row, tuple)]


def typed(reasons: str) -> dict[str, object]:
    """Return the result of what was typed as reasons."""
    return {"from_name": "reasons", "to_name": "text", "type": "textarea", "id": "t", "value": {"text": [reasons]}}


def settle(sdk: LabelStudio, there: Mapping[str, int], one: Document, reasons: str) -> int:
    result = [*results(one, full(one)), typed(reasons)]
    return int(sdk.annotations.create(there[one.id], result=result, lead_time=5).id)


def pull(sessions: Sessions, out: pathlib.Path, status: int = 0) -> str:
    """Pull, and return what is printed; the status is 1 where something is to be found wrong."""
    done = sessions.run("pull", "--out", str(out))
    assert done.exit_code == status, done.output
    return done.output
