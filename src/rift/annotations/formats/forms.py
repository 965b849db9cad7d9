"""The forms of a layer: how each is told by its name, read and rendered. A new form is a module and a line here."""

import contextlib
import functools
import pathlib
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from rift.annotations import mentions, validate
from rift.annotations.formats import (
    brat_writer,
    cas,
    cas_writer,
    conll_writer,
    docbin,
    labelstudio,
    labelstudio_writer,
    record_table,
    tables,
)
from rift.annotations.formats.content import LIMITS
from rift.annotations.formats.findings import EnoughError, Findings
from rift.annotations.formats.names import stem
from rift.annotations.formats.predictions import read_predictions_leniently
from rift.annotations.formats.rendering import Context, Loss, Rendering
from rift.annotations.layer import Layer, Markup, encode_layer
from rift.corpus.document import Document
from rift.issues import InputError, Issue, Level, Where

Read = Callable[[pathlib.Path, Context], tuple[Layer, list[Issue]]]
"""Reads what can be read of a file or folder, and returns it with every issue of form and content."""

ReadMarkups = Callable[[pathlib.Path, Mapping[str, Document | None], Findings], Iterator[tuple[int, Markup]]]

Render = Callable[[Layer, Context], Rendering]


class Form(NamedTuple):
    """A form that layers are kept in.

    `ending` is what the names of its files or folders end in, `with_text` whether it holds the texts and so needs
    them. `read` is None for a form that layers cannot be made from again.
    """

    ending: str
    render: Render
    read: Read | None
    with_text: bool = True


def _read_json_lines(path: pathlib.Path, context: Context) -> tuple[Layer, list[Issue]]:
    return validate.check_file(path, context.documents, context.scheme, context.knowledge)


def _read_mentions(path: pathlib.Path, context: Context) -> tuple[Layer, list[Issue]]:
    listed = mentions.read(path, context.texts, context.scheme, context.knowledge)
    layer = Layer(path.stem, listed.markups)
    return layer, [*listed.issues, *map(listed.with_line, _content_issues(layer, path, context))]


def _read_prediction(path: pathlib.Path, context: Context) -> tuple[Layer, list[Issue]]:
    layer, issues = read_predictions_leniently(path, context.documents)
    return layer, [*issues, *_content_issues(layer, path, context)]


def _read_with(read_markups: ReadMarkups, path: pathlib.Path, context: Context) -> tuple[Layer, list[Issue]]:
    found = Findings(LIMITS.issues)
    markups: list[Markup] = []
    try:
        with contextlib.suppress(EnoughError):
            markups.extend(markup for _, markup in read_markups(path, context.documents, found))
    except InputError as error:
        found.extend(error.issues)
    layer = Layer(markups[0].layer if markups else stem(path), markups)
    return layer, [*found.listed(str(path)), *_content_issues(layer, path, context)]


def _read_label_studio(path: pathlib.Path, context: Context) -> tuple[Layer, list[Issue]]:
    """Codes besides: `which-annotator` where the file holds the marks of several, or none of the one asked for."""
    file = path / labelstudio_writer.TASKS if path.is_dir() else path
    export = labelstudio.read(file, context)
    layers = export.layers or export.predictions
    if len(layers) == 1 or not (layers or context.annotator):
        return next(iter(layers.values()), Layer(stem(path))), list(export.issues)
    message = f"the file holds the marks of {', '.join(layers) or 'others'}"
    issue = Issue("which-annotator", Level.ERROR, Where(str(file)), message, "choose one with --annotator")
    return Layer(stem(path)), [*export.issues, issue]


def _read_unnamed(path: pathlib.Path, context: Context) -> tuple[Layer, list[Issue]]:
    if cas.is_cas(path):
        return _read_with(cas.read, path, context)
    try:
        exported = labelstudio.is_export(path)
    except InputError as error:
        return Layer(stem(path)), list(error.issues)
    return (_read_label_studio if exported else _read_prediction)(path, context)


def _content_issues(layer: Layer, path: pathlib.Path, context: Context) -> list[Issue]:
    rows = ((0, markup) for markup in layer)
    return list(validate.check_markups(rows, context.documents, context.scheme, context.knowledge, str(path)))


def _render_json_lines(layer: Layer, _context: Context) -> Rendering:
    return Rendering(encode_layer(layer))


def _render_mentions(layer: Layer, context: Context) -> Rendering:
    """Raises InputError (`not-a-list`) for spans that overlap other than inside a TOLL."""
    try:
        return Rendering(mentions.render(layer, context.texts, context.knowledge).encode())
    except ValueError as error:
        hint = "a list holds spans that lie apart, or inside a TOLL"
        raise InputError([Issue("not-a-list", Level.ERROR, Where(layer.name), str(error), hint)]) from error


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "json-lines": Form(".jsonl", _render_json_lines, _read_json_lines, with_text=False),
        "mentions": Form(".mentions", _render_mentions, _read_mentions),
        "conll": Form(".conll", conll_writer.render, _read_prediction),
        "brat": Form("brat", brat_writer.render, _read_prediction),
        "spacy": Form(".spacy", docbin.render, functools.partial(_read_with, docbin.read)),
        "parquet": Form(".parquet", tables.render, _read_prediction, with_text=False),
        "cas": Form("cas", cas_writer.render, functools.partial(_read_with, cas.read)),
        "label-studio": Form(
            "labelstudio", functools.partial(labelstudio_writer.render, role="annotations"), _read_label_studio
        ),
        "label-studio-predictions": Form(
            "labelstudio-predictions",
            functools.partial(labelstudio_writer.render, role="predictions"),
            _read_label_studio,
        ),
        "csv": Form(".csv", record_table.render, None, with_text=False),
    }
)
"""Every form by name."""


def find_form(path: pathlib.Path) -> str | None:
    """Return the name of the form that a file's or folder's name ends as, None for another name."""
    return next((name for name, form in FORMS.items() if path.name.endswith(form.ending)), None)


def read(path: pathlib.Path, context: Context) -> tuple[Layer, list[Issue]]:
    """Read what can be read of a layer in any form, and return it with every issue of form and content.

    What has no name of a form's is UIMA's XMI, an export of Label Studio or a prediction file, as its content tells.
    Code besides those of the readers: `no-layer` for a form that a layer cannot be made from.
    """
    name = find_form(path)
    reader = FORMS[name].read if name else _read_unnamed
    if reader is None:
        hint = "convert the layer that it was made from"
        issue = Issue("no-layer", Level.ERROR, Where(str(path)), f"a layer cannot be made from {name}", hint)
        return Layer(stem(path)), [issue]
    return reader(path, context)


def write(path: pathlib.Path, layer: Layer, context: Context, name: str | None = None) -> tuple[Loss, ...]:
    """Write a layer in the form `name`, else in that of the path's ending, whole or not at all; return what it lacks.

    Raises KeyError for an unknown form, OSError where the file cannot be written, and what the form's `render` raises.
    """
    rendering = FORMS[name or find_form(path) or path.name].render(layer, context)
    rendering.save(path)
    return rendering.losses
