"""Bringing finished work back: each annotator's project as a layer, with how each annotation came about beside it."""

import dataclasses
import pathlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from rift.annotations.formats import labelstudio
from rift.annotations.formats.codes import quoted
from rift.annotations.formats.labelstudio import Work
from rift.annotations.formats.rendering import Context
from rift.annotations.implied import with_implied
from rift.annotations.layer import Layer, Span
from rift.issues import InputError, Issue, Level, Where
from rift.jsonl import encode_values
from rift.session.client import GONE, REFUSED, Client
from rift.session.form import DOC
from rift.session.install import Stage
from rift.session.keep import Kept, keep
from rift.session.standing import project_gone
from rift.session.state import Annotator, Session


class Pulled(msgspec.Struct, frozen=True, kw_only=True):
    """What was brought back of one annotator: the layer's name and file, tasks in all, done, skipped, and spans.

    `seconds` is the time that was spent on what is done.
    """

    address: str
    layer: str
    file: str
    tasks: int
    done: int
    skipped: int
    spans: int
    seconds: float
    kept: Kept


def layer_names(annotators: Iterable[Annotator]) -> dict[str, str]:
    """Return the name of each annotator's layer, by address: the session's own, else made of the address.

    `a@example.org` gives `a-example-org`; where an earlier one has the name, a number follows it.
    """
    names: dict[str, str] = {}
    for annotator in annotators:
        plain = annotator.layer or re.sub(r"[^a-z0-9]+", "-", annotator.address).strip("-")
        taken = set(names.values())
        names[annotator.address] = next(
            name for name in (plain, *(f"{plain}-{number}" for number in range(2, len(names) + 3))) if name not in taken
        )
    return names


def layer_file(folder: pathlib.Path, name: str) -> pathlib.Path:
    """Return where the layer of a name stands in a folder."""
    return folder / f"{name}.jsonl"


def pull(
    url: str, session: Session, context: Context, out: pathlib.Path, stage: Stage
) -> tuple[list[Pulled], list[Issue]]:
    """Write the layer of each annotator below `out`, and return what was brought back, with every issue.

    No file is begun for one who has finished nothing yet.

    One whose project cannot be read is left as it was, and the issue says why; the others are brought back all the
    same. `NAME.work.jsonl` beside a layer has a line an annotation: see `labelstudio.Work`. Codes: those of
    `labelstudio.from_export`, each with the address of the task, of the client, `project-gone`, `not-handed-out`,
    `of-another`.
    """
    pulled: list[Pulled] = []
    issues: list[Issue] = []
    names = layer_names(session.annotators)
    for annotator in session.annotators:
        stage(f"pulling the work of {annotator.address}", None)
        try:
            found, told = _pull_one(url, session, annotator, names[annotator.address], context, out)
        except InputError as error:
            gone = error.issues[0].code == GONE
            issues.extend([project_gone(session.name, annotator.address)] if gone else error.issues)
        else:
            pulled.append(found)
            issues.extend(told)
    return pulled, list(dict.fromkeys(issues))


def _pull_one(
    url: str, session: Session, annotator: Annotator, name: str, context: Context, out: pathlib.Path
) -> tuple[Pulled, list[Issue]]:
    if annotator.token is None or annotator.project is None:
        hint = f"`rift session start --name {session.name}` goes on with it"
        message = f"{annotator.address} has been given no tasks yet"
        raise InputError([Issue("not-handed-out", Level.ERROR, Where(session.name), message, hint)])
    client = Client(url, annotator.token)
    tasks = export(client, annotator.project)
    layer, work, issues = read(client, annotator, tasks, context)
    work = [msgspec.structs.replace(item, annotator=name) for item in work]
    path = layer_file(out, name)
    nothing = not layer and not path.exists()
    beside = out / f"{name}.work.jsonl"
    kept = Kept(outcome="none") if nothing else keep(path, layer.renamed(name), beside, encode_values(work))
    found = Pulled(
        address=annotator.address,
        layer=name,
        file=str(path),
        tasks=len(tasks),
        done=len(layer),
        skipped=sum(item.skipped for item in work),
        spans=sum(len(markup.spans) for markup in layer),
        seconds=sum(item.lead_time or 0 for item in work if not item.skipped),
        kept=kept,
    )
    return found, issues


def export(client: Client, project: int) -> list[dict[str, Any]]:
    """Return all tasks of a project with their annotations, as one answer of the server.

    Raises InputError as the client does. That the project is still there is asked afterwards: while one is deleted, the
    server exports what is left of it.
    """
    refused: InputError | None = None
    tasks: list[dict[str, Any]] = []
    try:
        tasks = client.export(project)
    except InputError as error:
        if error.issues[0].code != REFUSED:
            raise
        refused = error
    client.check_project(project)
    if refused:
        raise refused
    return tasks


def read(
    client: Client, annotator: Annotator, tasks: Sequence[Mapping[str, Any]], context: Context
) -> tuple[Layer, list[Work], list[Issue]]:
    """Return an annotator's layer of an export, how it came about, and every issue at the address of its task.

    What follows from the choice of an actor or a place is filled in. What others annotated in the project is passed
    over with a warning, `of-another`.
    """
    users = {str(number): address for number, address in client.users().items()}

    def complete(span: Span) -> Span:
        attributes = with_implied(span.label, span.attributes, context.knowledge)
        return msgspec.structs.replace(span, attributes=attributes)

    named = [_with_addresses(task, users) for task in tasks]
    found = labelstudio.from_export(named, context, complete=complete)
    project = f"{client.url}/projects/{annotator.project}/data"
    pages = {task["data"].get(DOC): f"{project}?task={task['id']}" for task in tasks}
    layer = found.layers.get(annotator.address, Layer(annotator.address))
    said = {(markup.doc, span.id): span.surface for markup in layer for span in markup.spans}
    issues = [_with_words(at_page(issue, pages, project), said) for issue in found.issues]
    others = Counter(item.annotator for item in found.work if item.annotator != annotator.address)
    for address, count in others.items():
        message = f"{count} annotations of {address} are passed over"
        hint = f"only those of {annotator.address} are brought back from this project"
        issues.append(Issue("of-another", Level.WARNING, Where(project), message, hint))
    return layer, [item for item in found.work if item.annotator == annotator.address], issues


def _with_addresses(task: Mapping[str, Any], users: Mapping[str, str]) -> dict[str, Any]:
    """Return a task whose annotations name their annotator by address; an export gives the user's number."""
    named = [
        {**item, "completed_by": users.get(str(item["completed_by"]), item["completed_by"])}
        for item in task["annotations"]
    ]
    return {**task, "annotations": named}


def _with_words(issue: Issue, said: Mapping[tuple[str, str | None], str | None]) -> Issue:
    """Return an issue of a span with the words of the span, by which a person finds it; its id tells nobody."""
    words = said.get((issue.where.doc, issue.where.span))
    return issue if words is None else dataclasses.replace(issue, message=f"{issue.message}, in {quoted(words)}")


def at_page(issue: Issue, pages: Mapping[Any, str], project: str) -> Issue:
    """Return an issue with the address of its document's task, or of the project, in place of a file."""
    where = dataclasses.replace(issue.where, file=pages.get(issue.where.doc, project))
    return dataclasses.replace(issue, where=where)
