"""An adjudication: the differences of two annotators as a project, and the adjudicator's decisions as gold."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rift.annotations.collection import GOLD
from rift.annotations.formats.rendering import Context
from rift.annotations.layer import Layer, Markup
from rift.annotations.validate import check_markups
from rift.eval.decisions import Decision, Reason, decide
from rift.eval.differences import Difference, differences
from rift.issues import InputError, Issue, Level, Where, has_errors
from rift.session.adjudication_form import REASONS
from rift.session.client import Client
from rift.session.form import DOC
from rift.session.pull import at_page, export, read
from rift.session.state import Annotator


class Sides(NamedTuple):
    """Two layers that are adjudicated, restricted to the documents of both, with their differences."""

    a: Layer
    b: Layer
    found: Sequence[Difference]

    @property
    def differing(self) -> list[str]:
        """The documents that differ, by id."""
        return list(dict.fromkeys(item.doc for item in self.found))


def compare(a: Layer, b: Layer, context: Context) -> tuple[Sides, list[Issue]]:
    """Return what there is to adjudicate between two layers; the issues are warnings.

    Codes: `not-all-done` counts the documents that both have, where there are others. Raises InputError:
    `nothing-shared`, and with every error of the layers, since gold takes over what both have.
    """
    shared = a.markups.keys() & b.markups.keys()
    where = Where(f"{a.name} and {b.name}")
    if not shared:
        hint = "wait until both have finished a document, and run `rift session pull`"
        raise InputError([Issue("nothing-shared", Level.ERROR, where, "no document has been done by both", hint)])
    sides = (a.only(shared), b.only(shared))
    faults = [issue for side in sides for issue in _check(side, context)]
    if has_errors(faults):
        raise InputError(issue for issue in faults if issue.level is Level.ERROR)
    left = [doc for doc in context.documents if doc not in shared]
    issues: list[Issue] = []
    if left:
        message = f"both have done {len(shared)} of {len(context.documents)} documents; the others will not be in gold"
        hint = "--anew begins another adjudication when more are done and pulled"
        issues.append(Issue("not-all-done", Level.WARNING, where, message, hint))
    return Sides(*sides, differences(*sides)), issues


def _check(layer: Layer, context: Context) -> Iterator[Issue]:
    rows = ((0, markup) for markup in layer)
    yield from check_markups(rows, context.documents, context.scheme, context.knowledge, layer.name)


def agreed(sides: Sides) -> list[Markup]:
    """Return the markups of the documents on which both agree, as they are; [] where they agree on none."""
    differing = set(sides.differing)
    return [markup for markup in sides.a if markup.doc not in differing]


def collect(
    client: Client, adjudicator: Annotator, sides: Sides, context: Context
) -> tuple[Layer, list[Decision], list[Issue]]:
    """Return gold and the decisions that lead to it from an adjudicator's project; the issues are warnings.

    Documents on which both agree are taken as they are.

    Raises InputError with all that is missing or wrong, at the address of its task: `not-adjudicated`, `wrong-reason`,
    those of `decide`, of `rift.session.pull.read`, and as the client does.
    """
    tasks = export(client, adjudicator.project or 0)
    pages = _pages(client, adjudicator, tasks)
    project = f"{client.url}/projects/{adjudicator.project}/data"
    made, _, issues = read(client, adjudicator, [_without_reasons(task) for task in tasks], context)
    done = made.only(sides.differing)
    issues += [_not_adjudicated(doc, pages, project) for doc in sides.differing if doc not in done.markups]
    gold = Layer(GOLD, [*agreed(sides), *done]).renamed(GOLD)
    reasons: list[Reason] = []
    for task in tasks:
        given, faults = read_reasons(str(task["data"].get(DOC)), _reasons(task), pages)
        if task["data"].get(DOC) in done.markups:
            reasons.extend(given)
            issues.extend(faults)
    decisions, told = decide(sides.a, sides.b, gold, reasons, project)
    issues.extend(at_page(issue, pages, project) for issue in told)
    if has_errors(issues):
        raise InputError(dict.fromkeys(issue for issue in issues if issue.level is Level.ERROR))
    return gold, decisions, issues


def _pages(client: Client, adjudicator: Annotator, tasks: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    page = f"{client.url}/projects/{adjudicator.project}/data?task="
    return {str(task["data"].get(DOC)): f"{page}{task['id']}" for task in tasks}


def _not_adjudicated(doc: str, pages: Mapping[str, str], project: str) -> Issue:
    where = Where(pages.get(doc, project), doc=doc)
    return Issue("not-adjudicated", Level.ERROR, where, "the document is not settled yet", "annotate it and submit")


def _without_reasons(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return a task with the results that are spans, attributes and links alone."""
    kept = [
        {**item, "result": [result for result in item["result"] if result.get("from_name") != REASONS]}
        for item in task["annotations"]
    ]
    return {**task, "annotations": kept}


def _reasons(task: Mapping[str, Any]) -> list[str]:
    """Return the lines that were typed as reasons."""
    texts = [
        text
        for item in task["annotations"]
        if not item["was_cancelled"]
        for result in item["result"]
        if result.get("from_name") == REASONS
        for text in _as_list(result["value"].get("text"))
    ]
    return [line for text in texts for line in str(text).splitlines() if line.strip()]


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def read_reasons(doc: str, lines: Sequence[str], pages: Mapping[str, str]) -> tuple[list[Reason], list[Issue]]:
    """Return the reasons of a document's lines, `number code note`, and an issue (`wrong-reason`) for each other."""
    reasons: list[Reason] = []
    issues: list[Issue] = []
    for line in lines:
        number, *rest = line.split()
        if rest and number.rstrip(".").isdecimal():
            reasons.append(Reason(doc, int(number.rstrip(".")), rest[0], " ".join(rest[1:])))
        else:
            where = Where(pages.get(doc, ""), doc=doc)
            message = f"{line!r} is not a number and a reason code"
            hint = "write a line such as `1 slip`, with a note after it if you like"
            issues.append(Issue("wrong-reason", Level.ERROR, where, message, hint))
    return reasons, issues
