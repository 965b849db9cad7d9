"""`rift baselines`: the installed extractors, and layers predicted with them."""

import pathlib

import click
import msgspec
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from rift import guidelines
from rift.annotations.layer import read_layer, write_layer
from rift.annotations.validate import check_markups
from rift.baselines import extractor
from rift.cli.common import read_documents
from rift.cli.console import print_table
from rift.issues import InputError, has_errors

_FILE = click.Path(dir_okay=False, path_type=pathlib.Path)


@click.group()
def baselines() -> None:
    """List the installed extractors, and predict with them."""


@baselines.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_extractors(*, as_json: bool) -> None:
    """List the installed extractors with the distributions that they came with."""
    found = extractor.plugins()
    if as_json:
        click.echo(msgspec.json.encode([plugin._asdict() for plugin in found]))
        return
    table = Table("name", "distribution", "version", "object")
    for plugin in found:
        table.add_row(plugin.name, plugin.distribution, plugin.version, plugin.target)
    print_table(table)


@baselines.command()
@click.argument("name")
@click.option("--documents", required=True, type=_FILE, help="Documents to mark up (documents.jsonl).")
@click.option("--out", required=True, type=_FILE, help="Layer file to write.")
@click.option("--train-documents", type=_FILE, help="Documents to train on; needs --train-gold.")
@click.option("--train-gold", type=_FILE, help="Gold layer of the training documents; needs --train-documents.")
def predict(
    *,
    name: str,
    documents: pathlib.Path,
    out: pathlib.Path,
    train_documents: pathlib.Path | None,
    train_gold: pathlib.Path | None,
) -> None:
    """Mark up documents with the extractor NAME and write the layer.

    The layer is validated first, and not written where it has errors. `rift baselines list` gives the names.
    """
    if (train_documents is None) is not (train_gold is None):
        raise click.UsageError("--train-documents and --train-gold go together")
    console = Console(stderr=True)
    system = extractor.load_extractor(name)
    wanted = read_documents(documents)
    if train_documents is not None and train_gold is not None:
        examples, gold = read_documents(train_documents), read_layer(train_gold)
        with console.status(f"training {name} on {len(examples)} documents"):
            system = system.fit(examples, gold)
    with Progress(console=console) as progress:
        layer = extractor.predict_layer(system, progress.track(wanted, description=f"predicting with {name}"))
    known = {document.id: document for document in wanted}
    rows = enumerate(layer, start=1)
    issues = list(check_markups(rows, known, guidelines.scheme(), guidelines.knowledge(), f"prediction of {name}"))
    if has_errors(issues):
        raise InputError(issues)
    write_layer(out, layer)
    console.print(f"wrote {len(layer)} documents, {sum(len(markup.spans) for markup in layer)} spans: {out}")
