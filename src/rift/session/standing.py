"""How far a session has come: tasks done and skipped, and the time they took, by annotator."""

import statistics
from collections.abc import Iterable

import msgspec

from rift.issues import InputError, Issue, Level, Where
from rift.session.client import GONE, Client, Task
from rift.session.state import Annotator, Session


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One annotator's progress: tasks in all, done, skipped; seconds spent in all, and at the median task done.

    `seconds` is 0 and `median` None where nothing is done.
    """

    address: str
    tasks: int
    done: int
    skipped: int
    seconds: float
    median: float | None


def count(address: str, tasks: Iterable[Task]) -> Standing:
    """Count a project's tasks; no task gives noughts."""
    rows = list(tasks)
    done = [row for row in rows if row.annotations]
    times = [row.seconds for row in done]
    return Standing(
        address=address,
        tasks=len(rows),
        done=len(done),
        skipped=sum(bool(row.skipped) for row in rows if not row.annotations),
        seconds=sum(times),
        median=statistics.median(times) if times else None,
    )


def standings(url: str, session: Session) -> tuple[list[Standing], list[Issue]]:
    """Return the progress of each annotator, and at last of who adjudicates.

    The issues (`project-gone`) are of those whose project is not there. Raises InputError as the client does.
    """
    found: list[Standing] = []
    issues: list[Issue] = []
    begun = [session.adjudication.adjudicator] if session.adjudication else []
    for annotator in (*session.annotators, *begun):
        try:
            found.append(_standing(url, annotator))
        except InputError as error:
            if error.issues[0].code != GONE:
                raise
            issues.append(project_gone(session.name, annotator.address))
    return found, issues


def _standing(url: str, annotator: Annotator) -> Standing:
    if annotator.token is None or annotator.project is None:
        return count(annotator.address, ())
    return count(annotator.address, Client(url, annotator.token).tasks(annotator.project))


def project_gone(name: str, address: str) -> Issue:
    """Return the issue that an annotator's project has been deleted, and their work with it."""
    message = f"the project of {address} has been deleted, with all that was annotated in it"
    hint = f"`rift session start --name {name}` makes it anew, without annotations"
    return Issue("project-gone", Level.ERROR, Where(name), message, hint)
