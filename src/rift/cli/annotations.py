"""`rift annotations` and `rift convert`: check layers and mention lists, turn one into the other."""

import pathlib
from collections.abc import Mapping

import click
import msgspec
import rich.box
from rich.table import Table

from rift import guidelines
from rift.annotations import mentions, validate
from rift.annotations.collection import (
    DECISIONS,
    layer_files,
    layer_scheme,
    read_readable,
    releasable,
    sealed_splits,
)
from rift.annotations.layer import Layer, write_layer
from rift.annotations.orphans import knowledge_issues
from rift.annotations.sealed import SUFFIX, find_key, read_sealed, sealed_files
from rift.annotations.stats import label_names, layer_size
from rift.cli.adjudication import adjudicate_command, audit_command, decide_command, draw_command
from rift.cli.agreement import agreement_command
from rift.cli.common import find_texts, report_issues
from rift.cli.console import print_table
from rift.cli.options import sources_option
from rift.cli.sealing import seal_command, unseal_command
from rift.cli.transfer import extents_command, import_command
from rift.corpus.build import collections
from rift.corpus.document import Document
from rift.issues import InputError, Issue, Level, Where, has_errors
from rift.paths import write_whole

_FILE = click.Path(path_type=pathlib.Path)
_DOCUMENTS = click.option(
    "--documents", type=_FILE, help="Documents (JSON Lines) that are marked; default: the corpus."
)
_KNOWLEDGE = click.option(
    "--knowledge", "folder", type=_FILE, help="Folder of actors.toml and places.toml; default: the guidelines'."
)


def _knowledge(folder: pathlib.Path | None) -> guidelines.Knowledge:
    if folder is None:
        return guidelines.knowledge()
    return guidelines.load_knowledge(folder / "actors.toml", folder / "places.toml")


def _read(
    path: pathlib.Path, documents: Mapping[str, Document | None], knowledge: guidelines.Knowledge
) -> tuple[Layer, list[Issue]]:
    """Read a layer, or a mention list where the name ends in `.mentions`, with every issue of form and content."""
    scheme = layer_scheme(path)
    if path.suffix == SUFFIX:
        sealed, faults = read_sealed(path, find_key())
        found = validate.check_markups(sealed, documents, scheme, knowledge, str(path))
        return Layer(path.stem, (markup for _, markup in sealed)), [*faults, *found]
    if path.suffix != ".mentions":
        return validate.check_file(path, documents, scheme, knowledge)
    listed = mentions.read(path, _at_hand(documents), scheme, knowledge)
    rows = ((0, markup) for markup in listed.markups)
    content = validate.check_markups(rows, documents, scheme, knowledge, str(path))
    return Layer(path.stem, listed.markups), [*listed.issues, *map(listed.with_line, content)]


def _checkable(collection: str) -> list[pathlib.Path]:
    """Return the layers of a collection, with its sealed ones where the key is at hand."""
    sealed = sealed_files(collection) if find_key() else []
    return [*layer_files(collection), *(path for path in sealed if path.stem != f"{DECISIONS}.jsonl")]


def _all_readable() -> bool:
    """Whether every layer can be read, so that what none mentions is truly unused."""
    return find_key() is not None or not any(map(sealed_files, collections()))


def _at_hand(documents: Mapping[str, Document | None]) -> dict[str, Document]:
    return {key: document for key, document in documents.items() if document}


def _as_mentions(
    layer: Layer, texts: Mapping[str, Document], knowledge: guidelines.Knowledge, source: pathlib.Path
) -> str:
    """Render the layer; raises InputError for texts that are not at hand and for what a list cannot hold."""
    hint = "docs/sources.md says how to get it; then set RIFT_SOURCES or pass --sources"
    issues = [
        Issue("no-text", Level.ERROR, Where(str(source), doc=markup.doc), "the text is not at hand", hint)
        for markup in layer
        if markup.doc not in texts
    ]
    if issues:
        raise InputError(issues)
    try:
        return mentions.render(layer, texts, knowledge)
    except ValueError as error:
        hint = "a list holds spans that lie apart, or inside a TOLL"
        raise InputError([Issue("not-a-list", Level.ERROR, Where(str(source)), str(error), hint)]) from error


@click.group()
def annotations() -> None:
    """Layers: annotators' work, the gold, baselines' output, submissions."""


@annotations.command()
@click.argument("files", nargs=-1, type=_FILE)
@_DOCUMENTS
@_KNOWLEDGE
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
    """Report every issue of layers and mention lists (default: all layers of the corpus) with code, file and line."""
    knowledge = _knowledge(folder)
    known, missing = find_texts(documents, sources)
    chosen = files or tuple(path for name in collections() for path in _checkable(name))
    read = [_read(path, known, knowledge) for path in chosen]
    issues = [issue for _, found in read for issue in found]
    if not files and folder is None and _all_readable():
        issues.extend(knowledge_issues((layer for layer, _ in read), knowledge))
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


@click.command()
@click.argument("source", type=_FILE)
@click.argument("target", type=_FILE)
@_DOCUMENTS
@_KNOWLEDGE
@sources_option
def convert(
    *,
    source: pathlib.Path,
    target: pathlib.Path,
    documents: pathlib.Path | None,
    folder: pathlib.Path | None,
    sources: pathlib.Path | None,
) -> None:
    """Turn a mention list (NAME.mentions) into a layer (NAME.jsonl), or a layer into a mention list."""
    for path in (source, target):
        if path.suffix not in {".mentions", ".jsonl"}:
            raise click.UsageError(f"{path}: the name must end in .mentions or .jsonl")
    if source.resolve() == target.resolve():
        raise click.UsageError(f"{target} is the file that is read; name another")
    knowledge = _knowledge(folder)
    known, missing = find_texts(documents, sources)
    layer, issues = _read(source, known, knowledge)
    if has_errors(issues):
        raise InputError([*missing, *issues])
    if target.suffix == ".mentions":
        write_whole(target, _as_mentions(layer, _at_hand(known), knowledge, source).encode())
    else:
        write_layer(target, releasable(layer.renamed(target.stem)))
    click.echo(f"{target}: {len(layer)} documents, {sum(len(markup.spans) for markup in layer)} spans")
