"""`rift corpus browse`: the corpus as pages, served to this machine alone or written to a folder."""

import contextlib
import pathlib
from collections.abc import Iterable

import click
from rich.console import Console
from rich.progress import track

from rift.annotations.collection import GOLD
from rift.browse.gather import PUBLIC_NOTE, Gathered, gather, gather_public
from rift.browse.output import write_site
from rift.cli.options import sources_option
from rift.corpus.build import collections
from rift.guidelines import knowledge, scheme
from rift.issues import needs


@click.command("browse", epilog="docs/browse.md describes the pages.")
@click.argument("names", metavar="[COLLECTION]...", nargs=-1)
@click.option("--layer", default=GOLD, show_default=True, help="Layer to show.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8300, show_default=True, help="Port; 0 takes a free one."
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=pathlib.Path),
    metavar="DIR",
    help="Write pages that everybody may see into this folder instead of serving all that you have.",
)
@sources_option
def browse_command(
    names: tuple[str, ...], *, layer: str, port: int, out: pathlib.Path | None, sources: pathlib.Path | None
) -> None:
    """Show each COLLECTION, or all, in a browser: texts, spans, toll records, a timeline and a map.

    Serves everything that you have (source texts, sealed splits with their key, both annotators' layers) to this
    machine alone, until Ctrl-C. With --out: writes pages without what may not be passed on; they need no server.
    """
    chosen = tuple(dict.fromkeys(names)) or tuple(collections())
    if out is not None:
        found = gather_public(chosen, layer)
        count = write_site(out, _render(found, PUBLIC_NOTE))
        click.echo(f"{out / 'index.html'}: {len(found.entries):,} documents, {count:,} files")
        return
    with needs("report", "pages"):
        from rift.browse.serve import HOST, listen  # noqa: PLC0415 - an extra
    files: dict[str, bytes] = {}
    with contextlib.suppress(KeyboardInterrupt), listen(files, port) as server:
        files.update(_render(gather(chosen, layer, sources), ""))
        click.echo(f"http://{HOST}:{server.server_port}/ (Ctrl-C ends it)")
        server.serve_forever()


def _render(found: Gathered, note: str) -> Iterable[tuple[str, bytes]]:
    """Return the files of the site, with a progress bar, after all issues."""
    with needs("report", "pages"):
        from rift.browse.site import count_files, render_site  # noqa: PLC0415 - an extra
    for issue in dict.fromkeys(found.issues):
        click.echo(str(issue), err=True)
    console = Console(stderr=True)
    files = render_site(found.entries, knowledge(), scheme(), note)
    return track(
        files, "rendering", count_files(found.entries), console=console, transient=True, disable=not console.is_terminal
    )
