"""`rift release`: the folder that others load, and whether one is what it says."""

import pathlib
from collections.abc import Iterator

import click
import rich.box
from rich.console import Console
from rich.table import Table

from rift.annotations.collection import GOLD
from rift.browse.gather import PUBLIC_NOTE, gather_public
from rift.cli.common import report_issues
from rift.cli.console import print_table
from rift.cli.options import out_option
from rift.corpus.build import collections
from rift.guidelines import knowledge, scheme
from rift.issues import needs


@click.group()
def release() -> None:
    """Write the data as a folder that `datasets` loads by itself, and verify one."""


@release.command("build")
@out_option("build/release")
@click.option("--site", is_flag=True, help="Add the pages of `rift corpus browse`, below `site`.")
def build_command(*, out: pathlib.Path, site: bool) -> None:
    """Write a release to OUT: Parquet, cards, Croissant, layers, guidelines and checksums.

    It holds the texts that are ours to give and the gold that is open, whatever sources and keys are at hand.
    """
    with needs("release", "releases"):
        from rift.release.build import build  # noqa: PLC0415 - an extra
    console = Console(stderr=True)
    with console.status("building") as status:
        parts = build(out, lambda name: status.update(f"writing {name}"), _site() if site else ())
    labels = sorted({label for part in parts for label in part.spans})
    table = Table("config", "split", box=rich.box.SIMPLE)
    for column in ("documents", "texts", "gold", *labels):
        table.add_column(column, justify="right")
    for part in parts:
        counts = (part.documents, part.texts, part.gold, *(part.spans.get(label, 0) for label in labels))
        table.add_row(part.collection, part.split, *(f"{count:,}" for count in counts))
    print_table(table)
    click.echo(f"{out}: load it with datasets.load_dataset({str(out)!r})")


def _site() -> Iterator[tuple[str, bytes]]:
    """Yield the files of the pages that everybody may see."""
    with needs("report", "pages"):
        from rift.browse.site import render_site  # noqa: PLC0415 - an extra
    found = gather_public(collections(), GOLD)
    for name, content in render_site(found.entries, knowledge(), scheme(), PUBLIC_NOTE):
        yield f"site/{name}", content


@release.command("verify")
@click.argument("folder", type=click.Path(path_type=pathlib.Path))
@click.option("--json", "as_json", is_flag=True, help="Print the issues as JSON.")
def verify_command(*, folder: pathlib.Path, as_json: bool) -> None:
    """Compare the release in FOLDER with its checksums, and with what the repository would release now."""
    with needs("release", "releases"):
        from rift.release.verify import verify  # noqa: PLC0415 - an extra
    report_issues(verify(folder), as_json=as_json)
