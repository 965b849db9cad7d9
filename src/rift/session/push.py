"""Projects and their tasks on a server: what is missing is added, what is there stays."""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rift.annotations.layer import Layer
from rift.corpus.document import Document
from rift.issues import InputError
from rift.session.client import GONE, Client
from rift.session.form import DOC, Form

BATCH = 100
"""Most tasks of one request. The server takes a request's tasks all or none, and some 100 in less than a second."""

_PAGE = 1000
_LONGEST_TITLE = 50  # characters, the server's limit


def description(name: str, address: str) -> str:
    """Return the description by which the project of an annotator is found again, whatever its title."""
    return f"RIFT annotation session {name}, annotator {address}"


def find_project(client: Client, number: int | None, name: str, address: str) -> int | None:
    """Return the number of an annotator's project: `number` if it is there, else the one described so; or None."""
    if number is not None:
        try:
            return int(client.get(f"/api/projects/{number}/")["id"])
        except InputError as error:
            if error.issues[0].code != GONE:
                raise
    found = pages(client, "/api/projects/", "results", include="id,description")
    wanted = description(name, address)
    return next((int(project["id"]) for project in found if project["description"] == wanted), None)


def make_project(client: Client, name: str, address: str, form: Form, instructions: str) -> int:
    """Make the project of an annotator and return its number. Its title is cut to what the server allows."""
    settings = {
        "title": f"{name} {address}"[:_LONGEST_TITLE],
        "description": description(name, address),
        "label_config": form.config(),
        "expert_instruction": instructions,
        "show_instruction": True,
        "show_skip_button": True,
        "enable_empty_annotation": True,
        "maximum_annotations": 1,
        "sampling": "Sequential sampling",
    }
    return int(client.post("/api/projects/", settings)["id"])


def tasks_of(client: Client, project: int, fields: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return all tasks of a project, each with the `fields` asked for; [] for a project without any."""
    return pages(client, "/api/tasks", "tasks", project=project, include=",".join(fields))


def missing_documents(documents: Iterable[Document], tasks: Iterable[Mapping[str, Any]]) -> list[Document]:
    """Return the documents that none of the tasks is about, in order; a task of no document of ours is passed over."""
    there = {task["data"].get(DOC) for task in tasks}
    return [document for document in documents if document.id not in there]


def push_tasks(
    client: Client, project: int, documents: Sequence[Document], pre: Layer, form: Form, advance: Callable[[int], None]
) -> None:
    """Add a task for each document, in order, with its markup in `pre` as prediction where it has one.

    `advance` is called with the number of tasks that have just been added.
    """
    for start in range(0, len(documents), BATCH):
        batch = documents[start : start + BATCH]
        tasks = [form.task(document, pre.markups.get(document.id)) for document in batch]
        client.post(f"/api/projects/{project}/import", tasks)
        advance(len(batch))


def pages(client: Client, path: str, key: str, **query: object) -> list[Mapping[str, Any]]:
    """Return what a listing of the server holds on all its pages."""
    rows: list[Mapping[str, Any]] = []
    for page in itertools.count(1):
        answer = client.get(path, **query, page=page, page_size=_PAGE)
        rows.extend(answer[key])
        total = answer["count"] if "count" in answer else answer["total"]
        if len(rows) >= total or not answer[key]:
            break
    return rows
