"""`rift annotations`: layers checked and counted."""

import dataclasses
import pathlib

import click
import msgspec
import rich.box
from rich.table import Table

from rift import guidelines
from rift.annotations import validate
from rift.annotations.collection import DECISIONS, layer_files, layer_scheme, read_readable, sealed_splits
from rift.annotations.formats import forms
from rift.annotations.formats.rendering import Context
from rift.annotations.layer import Layer
from rift.annotations.orphans import knowledge_issues
from rift.annotations.sealed import SUFFIX, find_key, read_sealed, sealed_files
from rift.annotations.stats import label_names, layer_size
from rift.cli.adjudication import adjudicate_command, audit_command, decide_command, draw_command
from rift.cli.agreement import agreement_command
from rift.cli.common import find_context, report_issues
from rift.cli.console import print_table
from rift.cli.options import FILE, documents_option, knowledge_option, sources_option
from rift.cli.sealing import seal_command, unseal_command
from rift.cli.transfer import extents_command, import_command
from rift.corpus.build import collections
from rift.issues import Issue


def _read(path: pathlib.Path, context: Context) -> tuple[Layer, list[Issue]]:
    """Read a layer in any form, or a sealed one, with every issue of form and content."""
    context = dataclasses.replace(context, scheme=layer_scheme(path))
    if path.suffix != SUFFIX:
        return forms.read(path, context)
    sealed, faults = read_sealed(path, find_key())
    found = validate.check_markups(sealed, context.documents, context.scheme, context.knowledge, str(path))
    return Layer(path.stem, (markup for _, markup in sealed)), [*faults, *found]


def _checkable(collection: str) -> list[pathlib.Path]:
    """Return the layers of a collection, with its sealed ones where the key is at hand."""
    sealed = sealed_files(collection) if find_key() else []
    return [*layer_files(collection), *(path for path in sealed if path.stem != f"{DECISIONS}.jsonl")]


def _all_readable() -> bool:
    """Whether every layer can be read, so that what none mentions is truly unused."""
    return find_key() is not None or not any(map(sealed_files, collections()))


@click.group()
def annotations() -> None:
    """Layers: annotators' work, the gold, baselines' output, submissions."""


@annotations.command()
@click.argument("files", nargs=-1, type=FILE)
@documents_option
@knowledge_option
@click.option("--json", "as_json", is_flag=True, help="Print the issues as JSON.")
@sources_option
def check(
    *,
    files: tuple[pathlib.Path, ...],
    documents: pathlib.Path | None,
    folder: pathlib.Path | None,
    as_json: bool,
    sources: pathlib.Path | None,
) -> None:
    """Report every issue of layers, in any form (default: all layers of the corpus), with code, file and line."""
    context, missing = find_context(documents, folder, sources)
    chosen = files or tuple(path for name in collections() for path in _checkable(name))
    read = [_read(path, context) for path in chosen]
    issues = [issue for _, found in read for issue in found]
    if not files and folder is None and _all_readable():
        issues.extend(knowledge_issues((layer for layer, _ in read), context.knowledge))
    report_issues([*missing, *issues], as_json=as_json)


@annotations.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of rows.")
def stats(*, as_json: bool) -> None:
    """Count the documents and spans of every layer of the corpus, by label; sealed splits with the key alone."""
    labels = list(guidelines.scheme().labels)
    layers = [(name, path.stem) for name in collections() for path in layer_files(name)]
    sizes = [layer_size(name, read_readable(name, layer), labels) for name, layer in layers]
    for name in collections():
        if sealed_splits(name) and find_key() is None:
            click.echo(f"{name}: {', '.join(sealed_splits(name))} is sealed and not counted", err=True)
    if as_json:
        click.echo(msgspec.json.encode(sizes))
        return
    table = Table("collection", "layer", box=rich.box.SIMPLE)
    names = label_names(sizes)
    for column in ("documents", *names, "spans"):
        table.add_column(column, justify="right")
    for size in sizes:
        counts = [size.documents, *(size.labels.get(name, 0) for name in names), size.spans]
        table.add_row(size.collection, size.layer, *(f"{count:,}" for count in counts))
    print_table(table)


for command in (
    agreement_command,
    adjudicate_command,
    decide_command,
    draw_command,
    audit_command,
    seal_command,
    unseal_command,
    import_command,
    extents_command,
):
    annotations.add_command(command)
