"""`rift corpus`: build, show, browse, check and measure the collections."""

import collections
import pathlib

import click
import msgspec
import rich.box
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from rift.cli.align import align_command, fingerprint_command
from rift.cli.browse import browse_command
from rift.cli.console import print_table
from rift.cli.fetch import fetch_command
from rift.cli.main import FINDINGS
from rift.cli.options import out_option, sources_option
from rift.cli.statistics import stats_command
from rift.corpus.build import DOCUMENTS, Built, SplitDocument, build_collection, collection_folder, find_document
from rift.corpus.build import collections as known_collections
from rift.corpus.check import check_collections
from rift.corpus.choose import OUTCOMES, choose
from rift.corpus.stats import total_sizes
from rift.issues import Issue, Level, Where, has_errors
from rift.jsonl import write_values


@click.group()
def corpus() -> None:
    """Build, show, browse, check and measure the collections of texts."""


@corpus.command("build")
@click.argument("names", metavar="[COLLECTION]...", nargs=-1)
@out_option("build/corpus")
@sources_option
@click.pass_context
def build_command(
    context: click.Context, names: tuple[str, ...], out: pathlib.Path, sources: pathlib.Path | None
) -> None:
    """Write OUT/<collection>/documents.jsonl for each COLLECTION, or for all."""
    built = _build(_chosen(names), sources)
    for collection in built:
        if collection.documents:
            documents = [item.document for item in collection.documents]
            write_values(out / collection.name / DOCUMENTS, documents)
    table = Table("collection", box=rich.box.SIMPLE)
    for column in ("documents", "words", "skipped"):
        table.add_column(column, justify="right")
    for collection in built:
        sizes = total_sizes(item.document for item in collection.documents)
        table.add_row(collection.name, str(sizes.documents), f"{sizes.words:,}", str(len(collection.skipped)))
    print_table(table)
    _report(context, [issue for collection in built for issue in collection.issues])


@corpus.command("show")
@click.argument("doc", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print the document as one JSON object.")
@sources_option
def show_command(doc: str, *, as_json: bool, sources: pathlib.Path | None) -> None:
    """Print the text of the document ID with its metadata."""
    item = find_document(doc, sources)
    if as_json:
        click.echo(msgspec.json.encode(item.document))
        return
    print_table(_metadata(item))
    click.echo(item.document.text)


@corpus.command("check")
@click.argument("names", metavar="[COLLECTION]...", nargs=-1)
@sources_option
@click.pass_context
def check_command(context: click.Context, names: tuple[str, ...], sources: pathlib.Path | None) -> None:
    """Check manifests, documents, hashes, vocabularies and splits; report everything found."""
    issues = check_collections(_chosen(names), sources)
    if not issues:
        click.echo("nothing found")
    _report(context, issues)


corpus.add_command(stats_command)
corpus.add_command(browse_command)
corpus.add_command(fetch_command)
corpus.add_command(align_command)
corpus.add_command(fingerprint_command)


@corpus.command("select")
@click.argument("name", metavar="COLLECTION")
@click.option("--out", type=click.Path(path_type=pathlib.Path), default="build/selection.jsonl", show_default=True)
@sources_option
@click.pass_context
def select_command(context: click.Context, name: str, out: pathlib.Path, sources: pathlib.Path | None) -> None:
    """Carry out the selection of COLLECTION from its table, and write what became of each article to OUT.

    The file is compared with the one in the repository: exit 1 where they differ.
    """
    if sources is None:
        raise click.UsageError("the table is needed: set RIFT_SOURCES or pass --sources (docs/sources.md)")
    outcomes = choose(name, sources)
    write_values(out, outcomes)
    counts = collections.Counter((item.status, item.reason or "", item.split or "") for item in outcomes)
    table = Table("status", "reason", "split", box=rich.box.SIMPLE)
    table.add_column("articles", justify="right")
    for key, count in sorted(counts.items()):
        table.add_row(*key, str(count))
    print_table(table)
    committed = collection_folder(name) / OUTCOMES
    if not committed.exists() or committed.read_bytes() != out.read_bytes():
        where = Where(str(out))
        message = f"the selection is not the one in {committed}"
        _report(context, [Issue("selection-differs", Level.ERROR, where, message, "put it there if it is meant to be")])


def _chosen(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the collections named, each once, or all."""
    return tuple(dict.fromkeys(names)) or tuple(known_collections())


def _build(names: tuple[str, ...], sources: pathlib.Path | None) -> list[Built]:
    console = Console(stderr=True)
    progress = track(names, "building", console=console, transient=True, disable=not console.is_terminal)
    return [build_collection(name, sources) for name in progress]


def _metadata(item: SplitDocument) -> Table:
    table = Table.grid(padding=(0, 2))
    fields = {key: value for key, value in msgspec.structs.asdict(item.document).items() if key != "text"}
    for key, value in {**fields, "split": item.split, "phenomena": ", ".join(item.phenomena)}.items():
        if value:
            table.add_row(Text(key, style="bold"), Text(str(value)))
    table.add_row("")
    return table


def _report(context: click.Context, issues: list[Issue]) -> None:
    """Print every issue once; exit with `FINDINGS` where one is an error."""
    for issue in dict.fromkeys(issues):
        click.echo(str(issue), err=True)
    if has_errors(issues):
        context.exit(FINDINGS)
