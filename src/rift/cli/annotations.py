"""`rift annotations` and `rift convert`: check layers and mention lists, turn one into the other."""

import pathlib
from collections.abc import Mapping

import click

from rift import guidelines
from rift.annotations import mentions, validate
from rift.annotations.layer import Layer, write_layer
from rift.cli.common import documents_by_id, report_issues
from rift.corpus.document import Document
from rift.issues import InputError, Issue, has_errors
from rift.paths import write_whole

_FILE = click.Path(path_type=pathlib.Path)


def _knowledge(folder: pathlib.Path | None) -> guidelines.Knowledge:
    if folder is None:
        return guidelines.knowledge()
    return guidelines.load_knowledge(folder / "actors.toml", folder / "places.toml")


def _read(
    path: pathlib.Path, documents: Mapping[str, Document], knowledge: guidelines.Knowledge
) -> tuple[Layer, list[Issue]]:
    """Read a layer, or a mention list where the name ends in `.mentions`, with every issue of form and content."""
    scheme = guidelines.scheme()
    if path.suffix != ".mentions":
        return validate.check_file(path, documents, scheme, knowledge)
    markups, issues = mentions.read(path, documents, scheme, knowledge)
    content = validate.check_markups(((0, markup) for markup in markups), documents, scheme, knowledge, str(path))
    return Layer(path.stem, markups), [*issues, *content]


@click.group()
def annotations() -> None:
    """Layers: annotators' work, the gold, baselines' output, submissions."""


@annotations.command()
@click.argument("files", nargs=-1, type=_FILE)
@click.option("--documents", type=_FILE, help="Documents (JSON Lines) that the layers mark; default: the corpus.")
@click.option(
    "--knowledge", "folder", type=_FILE, help="Folder of actors.toml and places.toml; default: the guidelines'."
)
@click.option("--sources", type=_FILE, envvar="RIFT_SOURCES", help="Folder of the source texts.")
@click.option("--json", "as_json", is_flag=True, help="Print the issues as JSON.")
def check(
    files: tuple[pathlib.Path, ...],
    documents: pathlib.Path | None,
    folder: pathlib.Path | None,
    sources: pathlib.Path | None,
    as_json: bool,  # noqa: FBT001 - a command-line flag
) -> None:
    """Report every issue of layers and mention lists (default: all layers of the corpus) with code, file and line."""
    knowledge = _knowledge(folder)
    available = documents_by_id(documents, sources)
    issues = [issue for path in files for issue in _read(path, available, knowledge)[1]]
    report_issues(issues, as_json=as_json)


@click.command()
@click.argument("source", type=_FILE)
@click.argument("target", type=_FILE)
@click.option("--documents", type=_FILE, help="Documents (JSON Lines) that the layer marks; default: the corpus.")
@click.option(
    "--knowledge", "folder", type=_FILE, help="Folder of actors.toml and places.toml; default: the guidelines'."
)
@click.option("--sources", type=_FILE, envvar="RIFT_SOURCES", help="Folder of the source texts.")
def convert(
    source: pathlib.Path,
    target: pathlib.Path,
    documents: pathlib.Path | None,
    folder: pathlib.Path | None,
    sources: pathlib.Path | None,
) -> None:
    """Turn a mention list (NAME.mentions) into a layer (NAME.jsonl), or a layer into a mention list."""
    knowledge = _knowledge(folder)
    available = documents_by_id(documents, sources)
    layer, issues = _read(source, available, knowledge)
    if has_errors(issues):
        raise InputError(issues)
    if target.suffix == ".mentions":
        write_whole(target, mentions.render(layer, available, knowledge).encode())
    else:
        write_layer(target, layer.renamed(target.stem))
    click.echo(f"{target}: {len(layer)} documents, {sum(len(markup.spans) for markup in layer)} spans")
