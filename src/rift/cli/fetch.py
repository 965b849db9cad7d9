"""`rift corpus fetch`: the sources that are free to download, into a folder that all projects share."""

import os
import pathlib
import urllib.parse
from collections.abc import Mapping

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn

from rift.corpus.build import collection_folder, collections
from rift.corpus.manifest import Remote, read_manifest
from rift.issues import InputError, Issue, needs
from rift.paths import CACHE_VARIABLE, fetched_sources


@click.command("fetch")
@click.argument("names", metavar="COLLECTION...", nargs=-1, required=True)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=pathlib.Path),
    metavar="DIR",
    help=f"Folder to fetch into; default: a cache for all projects ({CACHE_VARIABLE}), where RIFT then finds it.",
)
@click.option("--mirror", metavar="URL", help="Ask this server for the same paths instead; the hashes stay pinned.")
def fetch_command(*, names: tuple[str, ...], out: pathlib.Path | None, mirror: str | None) -> None:
    """Download the source texts of each COLLECTION that are free to download, and check them against their hashes.

    What is there already is not fetched again, and what was broken off is resumed. All that failed is reported.
    """
    manifests = [read_manifest(collection_folder(name)) for name in dict.fromkeys(names)]
    if closed := [manifest.name for manifest in manifests if not manifest.files]:
        free = [name for name in collections() if read_manifest(collection_folder(name)).files]
        message = f"nothing of {', '.join(closed)} can be downloaded (docs/sources.md says how to get its texts)"
        raise click.UsageError(f"{message}; what can: {', '.join(free)}")
    folder = fetched_sources(os.environ) if out is None else out
    issues = [issue for manifest in manifests for issue in _fetch(_asked_of(manifest.files, mirror), folder)]
    if issues:
        raise InputError(issues)
    click.echo(f"{folder}: the sources of {', '.join(manifest.name for manifest in manifests)}")
    if out is not None:
        click.echo(f"name it to use it: RIFT_SOURCES={out.resolve()}")


def _asked_of(files: Mapping[str, Remote], mirror: str | None) -> Mapping[str, Remote]:
    if mirror is None:
        return files
    server = urllib.parse.urlsplit(mirror)

    def moved(url: str) -> str:
        place = urllib.parse.urlsplit(url)
        return place._replace(
            scheme=server.scheme, netloc=server.netloc, path=server.path.rstrip("/") + place.path
        ).geturl()

    return {path: msgspec.structs.replace(remote, url=moved(remote.url)) for path, remote in files.items()}


def _fetch(files: Mapping[str, Remote], folder: pathlib.Path) -> list[Issue]:
    with needs("fetch", "downloads"):
        from rift.corpus.fetch import fetch  # noqa: PLC0415 - an extra
    issues: list[Issue] = []
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        for path, remote in files.items():
            task = progress.add_task(path, total=None)

            def show(have: int, expected: int | None, task: TaskID = task) -> None:
                progress.update(task, completed=have, total=expected)

            try:
                fetch(path, remote, folder, progress=show)
            except InputError as error:
                issues.extend(error.issues)
    return issues
