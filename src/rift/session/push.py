"""Projects and their tasks on a server: what is missing is added, what is there stays."""

from collections.abc import Callable, Iterable, Sequence

from rift.annotations.layer import Layer
from rift.corpus.document import Document
from rift.issues import InputError
from rift.session.client import GONE, Client, Task
from rift.session.form import Form

BATCH = 100
"""Most tasks of one request. The server takes a request's tasks all or none, and some 100 in less than a second."""

_LONGEST_TITLE = 50  # characters, the server's limit


def description(name: str, address: str) -> str:
    """Return the description by which the project of an annotator is found again, whatever its title."""
    return f"RIFT annotation session {name}, annotator {address}"


def find_project(client: Client, number: int | None, name: str, address: str) -> int | None:
    """Return the number of an annotator's project: `number` if it is there, else the one described so; or None."""
    if number is not None:
        try:
            client.check_project(number)
        except InputError as error:
            if error.issues[0].code != GONE:
                raise
        else:
            return number
    wanted = description(name, address)
    return next((number for number, described in client.projects().items() if described == wanted), None)


def make_project(client: Client, name: str, address: str, form: Form, instructions: str) -> int:
    """Make the project of an annotator and return its number. Its title is cut to what the server allows."""
    return client.make_project(
        title=f"{name} {address}"[:_LONGEST_TITLE],
        description=description(name, address),
        label_config=form.config(),
        expert_instruction=instructions,
        show_instruction=True,
        show_skip_button=True,
        enable_empty_annotation=True,
        maximum_annotations=1,
        sampling="Sequential sampling",
    )


def missing_documents(documents: Iterable[Document], tasks: Iterable[Task]) -> list[Document]:
    """Return the documents that none of the tasks is about, in order; a task of no document of ours is passed over."""
    there = {task.doc for task in tasks}
    return [document for document in documents if document.id not in there]


def push_tasks(
    client: Client, project: int, documents: Sequence[Document], pre: Layer, form: Form, advance: Callable[[int], None]
) -> None:
    """Add a task for each document, in order, with its markup in `pre` as prediction where it has one.

    `advance` is called with the number of tasks that have just been added.
    """
    for start in range(0, len(documents), BATCH):
        batch = documents[start : start + BATCH]
        client.add_tasks(project, [form.task(document, pre.markups.get(document.id)) for document in batch])
        advance(len(batch))
