"""`rift annotations agreement`: how far two annotators agree, number by number."""

import dataclasses
import pathlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, get_args

import click
import msgspec
import rich.box
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from rift.annotations.collection import known_documents, read_collection, splits
from rift.annotations.layer import Layer
from rift.cli.common import find_texts
from rift.cli.console import print_table
from rift.cli.options import sources_option
from rift.corpus.build import collections
from rift.corpus.document import Document
from rift.corpus.manifest import Split
from rift.issues import InputError, Issue, Level, Where, has_errors
from rift.paths import write_whole

if TYPE_CHECKING:
    from rift.eval.agreement import Agreement, Figure

LAYERS = "annotator-a,annotator-b"
"""The layers that are compared where none are named."""

POOLED = "all collections"
"""The name of the comparison over all documents of several collections."""

_NOT_THERE = {"no-layer", "sealed"}  # what leaves a split out rather than stops the command

Texts = Mapping[str, Document | None]


class Sides(NamedTuple):
    """Two layers that are compared."""

    a: Layer
    b: Layer


@click.command("agreement", epilog="Every number is defined in docs/evaluation.md.")
@click.argument("names", metavar="[COLLECTION]... | [A.jsonl B.jsonl]", nargs=-1)
@click.option("--split", type=click.Choice(get_args(Split)), help="Compare the documents of this split alone.")
@click.option("--layers", metavar="A,B", help=f"The two layers of a collection to compare; default: {LAYERS}.")
@click.option("--json", "as_json", is_flag=True, help="Print every number as JSON.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=pathlib.Path),
    metavar="FILE.json",
    help="Write every number to this file as JSON.",
)
@click.option(
    "--documents",
    "listed",
    type=click.Path(path_type=pathlib.Path),
    metavar="FILE",
    help="Documents (JSON Lines) that two files mark; default: the corpus.",
)
@sources_option
def agreement_command(  # noqa: PLR0913 - one parameter an option
    *,
    names: tuple[str, ...],
    listed: pathlib.Path | None,
    split: Split | None,
    layers: str | None,
    as_json: bool,
    out: pathlib.Path | None,
    sources: pathlib.Path | None,
) -> None:
    """Say how far two annotators agree, in each COLLECTION and in all together, or in two files of layers.

    Without arguments: all collections that have both layers.
    """
    from rift.eval.agreement import agreement  # noqa: PLC0415 - scipy takes a second to load, --help needs none

    documents = known_documents(sources) if listed is None else find_texts(listed, sources).documents
    if any(map(_is_file, names)):
        if len(names) != len(Sides._fields) or not all(map(_is_file, names)) or split or layers:
            raise click.UsageError("give two files and no --split or --layers, or else names of collections")
        one, other = (_read(pathlib.Path(name), documents) for name in names)
        sides = {f"{names[0]} and {names[1]}": Sides(one, other)}
    else:
        sides = _of_collections(names or tuple(collections()), _two(layers or LAYERS), split)
    console = Console(stderr=True)
    pairs = track(sides.items(), "comparing", console=console, transient=True, disable=not console.is_terminal)
    found = {name: agreement(*pair, texts=documents) for name, pair in pairs}
    for issue in dict.fromkeys(issue for result in found.values() for issue in result.issues):
        click.echo(str(issue), err=True)
    content = msgspec.json.format(msgspec.json.encode(found))
    if out is not None:
        write_whole(out, content + b"\n")
    if as_json:
        click.echo(content)
        return
    for name, result in found.items():
        for table in _tables(name, result):
            print_table(table)
            click.echo()
        click.echo(f"{_sizes(result)}\n{result.signature}\n")


def _is_file(name: str) -> bool:
    """A collection goes before a folder of its name."""
    return name not in collections() and (pathlib.Path(name).exists() or bool(pathlib.Path(name).suffix))


def _two(layers: str) -> tuple[str, str]:
    match [name.strip() for name in layers.split(",")]:
        case [one, other] if one and other:
            return one, other
    raise click.UsageError(f"--layers {layers}: name two layers, such as {LAYERS}")


def _read(path: pathlib.Path, documents: Texts) -> Layer:
    from rift.eval.inputs import read_whole  # noqa: PLC0415 - scipy takes a second to load, --help needs none

    layer, issues = read_whole(path, documents)
    if has_errors(issues):
        raise InputError(issues)
    return layer


def _of_collections(names: Sequence[str], layers: tuple[str, str], split: Split | None) -> dict[str, Sides]:
    """Return the layers of each collection, and of all together where there are several.

    A split that is sealed, or that not both layers have, is left out, and standard error says so. Raises InputError
    where nothing is left, and for an unknown collection.
    """
    found: dict[str, Sides] = {}
    left_out: list[Issue] = []
    for name in dict.fromkeys(names):
        parts: list[Sides] = []
        for part in dict.fromkeys(splits(name).values()) if split is None else [split]:
            sides = _of_split(name, layers, part)
            if isinstance(sides, Sides):
                parts.append(sides)
            else:
                left_out.extend(sides)
        if parts:
            found[name] = _joined(parts)
    if not found:
        raise InputError(dict.fromkeys(left_out))
    for issue in dict.fromkeys(left_out):
        click.echo(str(dataclasses.replace(issue, level=Level.WARNING)), err=True)
    if len(found) > 1:
        found[POOLED] = _joined([*found.values()])
    return found


def _of_split(name: str, layers: tuple[str, str], split: Split) -> Sides | Sequence[Issue]:
    """Return both layers of a split, or why it is left out."""
    try:
        one, other = (read_collection(name, layer, split) for layer in layers)
    except InputError as error:
        if any(issue.code not in _NOT_THERE for issue in error.issues):
            raise
        return error.issues
    if one.markups.keys() & other.markups.keys():
        return Sides(one, other)
    message = f"no document of the split {split!r} is in both {layers[0]} and {layers[1]}"
    return [Issue("no-shared-documents", Level.ERROR, Where(name), message)]


def _joined(sides: Sequence[Sides]) -> Sides:
    one, other = (Layer(layers[0].name, (m for layer in layers for m in layer)) for layers in zip(*sides, strict=True))
    return Sides(one, other)


def _tables(name: str, result: "Agreement") -> list[Table]:
    """Return labels by measure, then attributes, then links."""
    modes = list(next(iter(result.rows.values())).f1)
    spans = _table(f"{name}: {result.a} and {result.b}", "label", [result.a, result.b])
    for heading in (*(f"F1 {mode}" for mode in modes), "kappa", "alpha"):
        spans.add_column(heading, justify="right")
    for label, row in result.rows.items():
        figures = (*(row.f1[mode] for mode in modes), row.kappa, row.alpha)
        spans.add_row(Text(label), str(row.a), str(row.b), *map(_cell, figures))
    attributes = _table("attributes of strictly matched spans", "attribute", ["agreement", "pairs"])
    for label, figure in result.attributes.items():
        attributes.add_row(Text(label), _cell(figure, " "), str(figure.n))
    links = _table("links of strictly matched tolls", "role", ["F1 by span", "links", "F1 by value", "links"])
    for role, found in result.links.items():
        cells = [cell for figure in (found.span, found.value) for cell in (_cell(figure, " "), str(figure.n))]
        links.add_row(Text(role), *cells)
    return [spans, attributes, links]


def _table(title: str, first: str, others: Sequence[str]) -> Table:
    table = Table(title=Text(title), title_justify="left", box=rich.box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(first, no_wrap=True)
    for heading in others:
        table.add_column(Text(heading), justify="right")
    return table


def _cell(figure: "Figure", between: str = "\n") -> Text:
    if figure.value is None:
        return Text("n/a")
    parts = [f"{figure.value:.3f}", *(["[{:.3f}, {:.3f}]".format(*figure.interval)] if figure.interval else [])]
    return Text(between.join(parts))


def _sizes(result: "Agreement") -> str:
    kappa = next(iter(result.rows.values())).kappa
    return f"{result.documents} shared documents; kappa and alpha over {kappa.documents} of them, {kappa.n:,} tokens"
