"""`rift annotations import` and `extents`: others' gold taken over, and how its spans are cut beside ours."""

import pathlib

import click
import msgspec
import rich.box
from rich.table import Table

from rift.annotations.collection import GOLD, layer_files, read_readable
from rift.annotations.extents import HABITS, Extents, extents
from rift.annotations.layer import write_layer
from rift.annotations.transfer import MEANINGS, Fate, Transferred, transfer
from rift.cli.console import print_table
from rift.cli.main import FINDINGS
from rift.cli.options import sources_option
from rift.corpus.build import collection_folder, collections
from rift.guidelines import scheme
from rift.issues import Issue, Level, Where
from rift.paths import data_root


@click.command("import")
@click.argument("name", metavar="COLLECTION")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=pathlib.Path),
    metavar="FILE",
    help="Layer file to write; default: build/transfer/COLLECTION.jsonl.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
@sources_option
@click.pass_context
def import_command(
    context: click.Context, *, name: str, out: pathlib.Path | None, as_json: bool, sources: pathlib.Path | None
) -> None:
    """Make the gold of COLLECTION of the annotations that come with its sources, and say what becomes of each.

    The file is compared with the gold in the repository: exit 1 where they differ.
    """
    if sources is None:
        raise click.UsageError("the sources are needed: set RIFT_SOURCES or pass --sources (docs/sources.md)")
    found = transfer(name, sources)
    target = out or pathlib.Path("build") / "transfer" / f"{name}.jsonl"
    write_layer(target, found.layer)
    if as_json:
        click.echo(msgspec.json.encode(found.fates))
    else:
        _print(found)
    committed = data_root() / "annotations" / name / f"{GOLD}.jsonl"
    if not committed.exists() or committed.read_bytes() != target.read_bytes():
        message = f"the layer is not the one in {committed}"
        issue = Issue("gold-differs", Level.ERROR, Where(str(target)), message, "put it there if it is meant to be")
        click.echo(str(issue), err=True)
        context.exit(FINDINGS)


def _print(found: Transferred) -> None:
    table = Table("type", "label", box=rich.box.SIMPLE)
    for heading in ("entities", *Fate):
        table.add_column(heading, justify="right")
    for row in found.fates:
        table.add_row(row.type, row.label, *(f"{number:,}" for number in (row.entities, *row.fates.values())))
    table.add_section()
    totals = [sum(row.fates[fate] for row in found.fates) for fate in Fate]
    table.add_row("all", "", *(f"{number:,}" for number in (sum(totals), *totals)))
    print_table(table)
    for fate, meaning in MEANINGS.items():
        click.echo(f"{fate}: {meaning}")
    click.echo(f"{found.trimmed} spans lost space or punctuation at an edge")


@click.command("extents")
@click.argument("names", metavar="[COLLECTION]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of rows.")
def extents_command(*, names: tuple[str, ...], as_json: bool) -> None:
    """Count how the spans of the gold of each COLLECTION (default: all) are cut, by label.

    A span whose surface the layer leaves out, as it is long, is not counted.
    """
    for name in names:
        collection_folder(name)
    chosen = [name for name in names or collections() if GOLD in {path.stem for path in layer_files(name)}]
    labels = list(scheme().labels)
    rows = [row for name in chosen for row in extents(name, read_readable(name, GOLD), labels)]
    if as_json:
        click.echo(msgspec.json.encode(rows))
        return
    table = Table("collection", "label", box=rich.box.SIMPLE)
    for heading in ("spans", *HABITS):
        table.add_column(heading, justify="right")
    for row in rows:
        table.add_row(row.collection, row.label, f"{row.spans:,}", *_cells(row))
    print_table(table)


def _cells(row: Extents) -> list[str]:
    return [f"{number:,} ({number / row.spans:.0%})" for number in row.habits.values()]
