"""Label Studio's JSON (1.23): what annotators made of a project's tasks, read as layers."""

import dataclasses
import pathlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import msgspec

from rift.annotations import codes, validate
from rift.annotations.formats.codes import finding, quoted, shown
from rift.annotations.formats.content import head, whole
from rift.annotations.formats.labelstudio_config import TEXT
from rift.annotations.formats.labelstudio_regions import Result, read_spans
from rift.annotations.formats.rendering import Context
from rift.annotations.formats.text_index import TextIndex
from rift.annotations.layer import Layer, Markup, Span
from rift.corpus.document import Document
from rift.issues import InputError, Issue, Where

_HINT = "export the project as JSON"


class Work(msgspec.Struct, frozen=True):
    """How one annotation of a task came about, kept beside the layer.

    `annotator` is the layer's name, `lead_time` the seconds that it took where they are known. `origins` says of each
    region, by its id, whether it is `manual`, `prediction` (left as it was) or `prediction-changed`.
    """

    task: str
    doc: str
    annotator: str
    lead_time: float | None
    skipped: bool
    origins: Mapping[str, str]


class Export(NamedTuple):
    """What an export holds: a layer an annotator and one a model, by name, and how each annotation came about."""

    layers: Mapping[str, Layer]
    predictions: Mapping[str, Layer]
    work: Sequence[Work]
    issues: Sequence[Issue]


class _Annotation(msgspec.Struct, frozen=True):
    result: Sequence[Any] = ()
    completed_by: int | str | Mapping[str, Any] | None = None
    model_version: str | None = None
    was_cancelled: bool = False
    lead_time: float | None = None

    @property
    def who(self) -> str:
        """The annotator's address, or number where there is no address, or the model; `annotations` for nobody."""
        who = self.completed_by
        if isinstance(who, Mapping):
            who = who.get("email") or who.get("id")
        return str(who) if who is not None else self.model_version or "annotations"


class _Task(msgspec.Struct, frozen=True):
    data: Mapping[str, Any]
    id: int | str = ""
    annotations: Sequence[Any] = ()
    predictions: Sequence[Any] = ()
    drafts: Sequence[Any] = ()


T = TypeVar("T", _Annotation, _Task, Result)


def is_export(path: pathlib.Path) -> bool:
    """Say whether a file begins as a list of tasks; raises InputError where it cannot be read."""
    begin = head(path) if path.is_file() else b""
    return begin.lstrip().startswith(b"[") and any(key in begin for key in (b'"annotations"', b'"data"'))


def read(path: pathlib.Path, context: Context) -> Export:
    """Read a file of tasks with their annotations (see `from_export`); raises nothing.

    Codes besides: `not-json`, and those of `content.whole`.
    """
    try:
        return from_export(msgspec.json.decode(whole(path)), context, str(path))
    except InputError as error:
        return Export({}, {}, (), error.issues)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Export({}, {}, (), (finding("not-json", Where(str(path)), f"the file is not JSON: {error}", _HINT),))


def _as_it_is(span: Span) -> Span:
    return span


def from_export(
    export: object, context: Context, file: str = "<export>", complete: Callable[[Span], Span] = _as_it_is
) -> Export:
    """Read a decoded export of the type JSON, or tasks as they are imported: a layer an annotator, with every issue.

    A task is of the document that its data name as `doc`, else of the first with its text, which must be the
    document's. A region is a span with the region's id; its surface is cut from our text. Results of the controls of
    `labelstudio_config.config` are its attributes, relations its links. `complete` is applied to each span before it is
    checked. A faulty part is left out and the rest kept. Each issue names the task, and the region. Where the context
    names an annotator, theirs alone is read. An empty list gives no layer.

    Codes: `wrong-type`, `unknown-document`, `text-differs`, `duplicate-document` (an annotator's second annotation of a
    document), `not-read` (a skipped task), those of `labelstudio_regions.read_spans`, and those of
    `rift.annotations.validate` for what was read.
    """
    if not isinstance(export, list):
        issue = codes.finding("wrong-type", Where(file), "the file is no list of tasks", _HINT)
        return Export({}, {}, (), (issue,))
    reading = _Reading(file, context, complete)
    issues: list[Issue] = []
    for number, raw in enumerate(export, start=1):
        name = raw["id"] if isinstance(raw, dict) and "id" in raw else f"no. {number}"
        issues += [dataclasses.replace(found, message=f"task {name}: {found.message}") for found in reading.read(raw)]
    return Export(_layers(reading.annotated), _layers(reading.predicted), tuple(reading.work), tuple(issues))


def _layers(found: Mapping[str, Mapping[str, Markup]]) -> dict[str, Layer]:
    return {who: Layer(who, markups.values()) for who, markups in found.items()}


class _Reading:
    """Collects the markups of tasks, by annotator or model and by document."""

    def __init__(self, file: str, context: Context, complete: Callable[[Span], Span]) -> None:
        self._complete = complete
        self._file = file
        self._context = context
        self._index = TextIndex(context.documents)
        self.annotated: dict[str, dict[str, Markup]] = {}
        self.predicted: dict[str, dict[str, Markup]] = {}
        self.work: list[Work] = []

    def read(self, raw: object) -> Iterator[Issue]:
        """Read one task, and yield its issues."""
        where = Where(self._file)
        task = _converted(_Task, raw, where)
        if isinstance(task, Issue):
            yield task
            return
        document = self._index.find(str(task.data.get("doc")), str(task.data.get(TEXT)), where)
        if isinstance(document, Issue):
            yield document
            return
        where = Where(self._file, doc=document.id)
        if task.drafts:
            message = f"drafts that were not submitted: {len(task.drafts)}"
            yield finding("not-read", where, message)
        for made in self._wanted(task.annotations, where):
            yield from [made] if isinstance(made, Issue) else self._annotate(made, task, document, where)
        told = [item for item in task.predictions if not isinstance(item, int)]  # an export has their numbers alone
        for made in self._wanted(told, where):
            yield from [made] if isinstance(made, Issue) else self._keep(self.predicted, made, document, where)

    def _wanted(self, items: Sequence[Any], where: Where) -> Iterator[_Annotation | Issue]:
        for item in items:
            made = _converted(_Annotation, item, where)
            if isinstance(made, Issue) or self._context.annotator in {None, made.who}:
                yield made

    def _annotate(self, annotation: _Annotation, task: _Task, document: Document, where: Where) -> Iterator[Issue]:
        who = annotation.who
        if annotation.was_cancelled:
            message = f"{quoted(who)} skipped it, with {len(annotation.result)} results"
            yield finding("not-read", where, message)
        else:
            yield from self._keep(self.annotated, annotation, document, where)
        regions = [item for item in annotation.result if isinstance(item, dict) and item.get("type") == "labels"]
        origins = {str(region.get("id")): str(region.get("origin", "manual")) for region in regions}
        work = Work(str(task.id), document.id, who, annotation.lead_time, annotation.was_cancelled, origins)
        self.work.append(work)

    def _keep(
        self, layers: dict[str, dict[str, Markup]], annotation: _Annotation, document: Document, where: Where
    ) -> Iterator[Issue]:
        """Add a markup to the layer of whose annotation it is, and yield what is wrong with it."""
        who = annotation.who
        markups = layers.setdefault(who, {})
        if document.id in markups:
            message = f"{quoted(who)} has annotated the document already; the first annotation is kept"
            yield finding("duplicate-document", where, message, "delete one of the two")
            return
        converted = [_converted(Result, item, _at(where, item)) for item in annotation.result]
        yield from (item for item in converted if isinstance(item, Issue))
        issues: list[Issue] = []
        results = [item for item in converted if not isinstance(item, Issue)]
        spans = tuple(map(self._complete, read_spans(results, document.text, where, issues)))
        yield from issues
        markups[document.id] = Markup(doc=document.id, sha256=document.sha256, layer=who, spans=spans)
        rows = ((0, markups[document.id]),)
        context = self._context
        yield from validate.check_markups(rows, context.documents, context.scheme, context.knowledge, self._file)


def _at(where: Where, result: object) -> Where:
    name = result.get("id") if isinstance(result, dict) else None
    return Where(where.file, where.line, where.doc, shown(str(name)) if name else "")


def _converted(kind: type[T], raw: object, where: Where) -> T | Issue:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        return codes.finding("wrong-type", where, f"a part is not as Label Studio writes it: {error}", _HINT)
