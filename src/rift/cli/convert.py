"""`rift convert`: a layer from one form into another, with a list of what the other form has no place for."""

import dataclasses
import pathlib
from collections.abc import Sequence

import click
import msgspec
import rich.box
from rich.table import Table

from rift.annotations.codes import CODES
from rift.annotations.collection import LONGEST_QUOTE, releasable
from rift.annotations.formats.forms import FORMS, find_form, read
from rift.annotations.formats.names import stem
from rift.annotations.formats.rendering import Context, Loss, Losses, place
from rift.annotations.layer import Layer
from rift.cli.common import find_context
from rift.cli.console import print_table
from rift.cli.options import FILE, documents_option, knowledge_option, sources_option
from rift.issues import InputError, Issue, Level, Where, has_errors


class Summary(msgspec.Struct, frozen=True):
    """What was written: the file or folder, its form, the layer's documents and spans, and what the form leaves out."""

    path: str
    form: str
    documents: int
    spans: int
    lost: Sequence[Loss]


@click.command()
@click.argument("source", type=FILE)
@click.argument("target", type=FILE)
@click.option("--to", "name", type=click.Choice(list(FORMS)), help="Form of TARGET; default: by the end of its name.")
@click.option("--annotator", metavar="NAME", help="Whose marks to take of an export that has those of several.")
@documents_option
@knowledge_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@sources_option
def convert(  # noqa: PLR0913 - one parameter an option
    *,
    source: pathlib.Path,
    target: pathlib.Path,
    name: str | None,
    annotator: str | None,
    documents: pathlib.Path | None,
    folder: pathlib.Path | None,
    as_json: bool,
    sources: pathlib.Path | None,
) -> None:
    """Turn a layer into another form, and list what that form has no place for.

    SOURCE is a layer, a mention list, an export of Label Studio or a prediction file of any form. TARGET ends in
    .jsonl, .mentions, .conll, .spacy, .parquet, .csv (toll records), or for a folder in brat, labelstudio or
    labelstudio-predictions. A layer with errors is not converted.
    """
    name = name or find_form(target)
    if name is None:
        endings = ", ".join(form.ending for form in FORMS.values())
        raise click.UsageError(f"{target}: the name must end in one of {endings}; or name a form with --to")
    if source.resolve() == target.resolve():
        raise click.UsageError(f"{target} is the file that is read; name another")
    context, missing = find_context(documents, folder, sources)
    context = dataclasses.replace(context, annotator=annotator)
    layer, issues = read(source, context)
    if has_errors(issues):
        raise InputError([*missing, *issues])
    form = FORMS[name]
    if form.with_text:
        _refuse_textless(layer, context, source)
    layer = layer.renamed(stem(target))
    losses = Losses()
    rendering = form.render(layer if form.with_text else _quotable(layer, losses), context)
    rendering.save(target)
    for issue in issues:
        if issue.code not in CODES:  # those are for `rift annotations check`; the others say what reading passed over
            click.echo(str(issue), err=True)
    spans = sum(len(markup.spans) for markup in layer)
    _print(Summary(str(target), name, len(layer), spans, [*losses.listed(), *rendering.losses]), as_json=as_json)


def _refuse_textless(layer: Layer, context: Context, source: pathlib.Path) -> None:
    """Raise InputError with an issue for each document whose text is not at hand."""
    hint = "docs/sources.md says how to get it; then set RIFT_SOURCES or pass --sources"
    texts = context.texts
    issues = [
        Issue("no-text", Level.ERROR, Where(str(source), doc=markup.doc), "the text is not at hand", hint)
        for markup in layer
        if markup.doc not in texts
    ]
    if issues:
        raise InputError(issues)


def _quotable(layer: Layer, losses: Losses) -> Layer:
    """Return the layer without surfaces that would give away a text that is not ours, which are counted."""
    kept = releasable(layer)
    which = f"of more than {LONGEST_QUOTE} tokens, of texts that are not ours to give"
    for before, after in zip(layer, kept, strict=True):
        for span, left in zip(before.spans, after.spans, strict=True):
            losses.add("surfaces", which, place(before, span), span.surface != left.surface)
    return kept


def _print(summary: Summary, *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(summary))
        return
    click.echo(f"{summary.path}: {summary.documents} documents, {summary.spans} spans")
    if summary.lost:
        table = Table("left out", "which", "first", box=rich.box.SIMPLE)
        for loss in summary.lost:
            table.add_row(f"{loss.count:,} {loss.kind}", loss.which, str(loss.first))
        print_table(table)
