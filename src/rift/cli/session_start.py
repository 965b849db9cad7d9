"""`rift session start`: begin an annotation session, or go on with one."""

import contextlib
import os
import pathlib
from collections.abc import Callable, Iterator, Sequence
from typing import get_args

import click
import msgspec
import rich.box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from rift.cli.common import read_documents
from rift.cli.console import print_table
from rift.cli.options import sources_option
from rift.corpus.build import build_collection, find_document
from rift.corpus.document import Document, Identifier
from rift.corpus.manifest import Split
from rift.issues import InputError, Issue, Level, Where, has_errors, needs
from rift.session.form import SchemeForm
from rift.session.state import FILE, Session, find_session, knowledge_folder, read_knowledge, session_folder

SESSIONS = "annotation sessions, on Python 3.11 to 3.13,"
"""What the extra `session` is needed for."""


@click.command("start")
@click.option("--name", metavar="NAME", help="Name of the session; default: collection and split.")
@click.option("--collection", metavar="COLLECTION", help="Annotate the documents of this collection.")
@click.option("--split", type=click.Choice(get_args(Split)), help="Those of one split alone.")
@click.option(
    "--documents",
    "listed",
    multiple=True,
    metavar="FILE|ID",
    help="Annotate these: a file of documents, or an id of the corpus; may be given several times.",
)
@click.option("--annotators", metavar="ADDRESSES", help="Who annotates: e-mail addresses, separated by commas.")
@click.option("--pre", metavar="LAYER|BASELINE", help="Show the spans of this layer or baseline to begin with.")
@click.option(
    "--blind", type=click.FloatRange(0, 1), metavar="SHARE", help="But not on this share of the documents, drawn once."
)
@click.option("--seed", type=int, help="Seed of that draw; default: 0.")
@click.option("--url", metavar="URL", help="Join the server at this address instead of running one.")
@click.option("--token", metavar="TOKEN", help="Access token for that server.")
@click.option(
    "--knowledge",
    "folder_of_knowledge",
    type=click.Path(exists=True, file_okay=False, path_type=pathlib.Path),
    metavar="DIR",
    help="Begin with the actors.toml and places.toml of this folder; default: the guidelines'.",
)
@click.option("--port", type=click.IntRange(1, 65535), help="Port of our own server; default: a free one.")
@sources_option
def start_command(  # noqa: PLR0913 - one parameter an option
    *,
    name: str | None,
    collection: str | None,
    split: Split | None,
    listed: tuple[str, ...],
    annotators: str | None,
    pre: str | None,
    blind: float | None,
    seed: int | None,
    url: str | None,
    token: str | None,
    port: int | None,
    folder_of_knowledge: pathlib.Path | None,
    sources: pathlib.Path | None,
) -> None:
    """Begin a session, or go on with one: server, accounts, projects and tasks, as far as they are missing.

    Each annotator gets a project of their own with all documents. Run it again to add annotators or documents, after a
    failure, or to start the server again; then only what is new need be said.
    """
    if (split and not collection) or (collection and listed):
        raise click.UsageError("--split goes with --collection, and --collection without --documents")
    if url and port:
        raise click.UsageError("--port is for our own server, --url joins another")
    with needs("session", SESSIONS):
        from rift.session import begin, plan  # noqa: PLC0415 - an extra
    of, documents = _documents(collection, split, listed, sources)
    folder = _folder(name, of, annotators)
    addresses, issues = ([], []) if annotators is None else plan.read_addresses(annotators)
    if has_errors(issues):
        raise InputError(issues)
    wanted = plan.Wanted(of, addresses, pre, blind, seed, url, folder_of_knowledge)
    with begin.alone(folder), stages() as stage:
        place = begin.Place(folder, os.environ, stage)
        session, found = begin.prepare(place, wanted, documents, sources)
        address, session = begin.reach(place, session, token, port)
        session, warned = begin.hand_out(place, session, address, SchemeForm(read_knowledge(folder)))
        for issue in (*issues, *found, *warned):
            click.echo(str(issue), err=True)
        _tell(folder, session, address)
        begin.note_shown(place, session)


def _documents(
    collection: str | None, split: Split | None, listed: Sequence[str], sources: pathlib.Path | None
) -> tuple[str | None, list[Document]]:
    """Return what documents were named, in words, and the documents; None and [] where none were."""
    if not collection:
        found = [document for value in listed for document in _named(value, sources)]
        return ", ".join(listed) or None, list({document.id: document for document in found}.values())
    built = build_collection(collection, sources)
    chosen = [item.document for item in built.documents if split in {None, item.split}]
    if not chosen and not built.issues:
        message = f"{collection} has no documents in the split {split!r}"
        hint = "`rift corpus stats` counts them"
        raise InputError([Issue("no-split", Level.ERROR, Where(f"{collection}/{split}"), message, hint)])
    if not chosen or has_errors(built.issues):
        raise InputError(built.issues)
    return (f"{collection}/{split}" if split else collection), chosen


def _named(value: str, sources: pathlib.Path | None) -> list[Document]:
    path = pathlib.Path(value)
    if path.is_file():
        return read_documents(path)
    if path.suffix or len(path.parts) > 1:
        hint = "give a file of documents (JSON Lines), or an id of the corpus"
        raise InputError([Issue("no-file", Level.ERROR, Where(value), "there is no such file", hint)])
    return [find_document(value, sources).document]


def _folder(name: str | None, of: str | None, annotators: str | None) -> pathlib.Path:
    if of is None and (name is None or annotators is None):  # nothing to begin one with
        return find_session(os.environ, name)
    named = name or (of or "").replace("/", "-")
    try:
        return session_folder(os.environ, msgspec.convert(named, Identifier))
    except msgspec.ValidationError as error:
        message = f"{named!r} cannot be a session's name"
        hint = "give one of lower-case letters, digits and hyphens with --name"
        raise InputError([Issue("bad-name", Level.ERROR, Where("--name"), message, hint)]) from error


@contextlib.contextmanager
def stages() -> Iterator[Callable[[str, int | None], Callable[[int], None]]]:
    """Show the steps of long work one below the other, each with its parts where they can be counted.

    Where there is no terminal, each step is a line.
    """
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=12), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:

        def stage(text: str, total: int | None) -> Callable[[int], None]:
            if not console.is_terminal:
                click.echo(f"{text} …", err=True)
            for task in progress.tasks:
                progress.update(task.id, total=task.total or 1, completed=task.total or 1)
            number = progress.add_task(text, total=total)
            return lambda parts: progress.advance(number, parts)

        yield stage


def _tell(folder: pathlib.Path, session: Session, address: str) -> None:
    """Print who signs in where, and what to do next."""
    table = Table("annotator", "password", "starts at", box=rich.box.SIMPLE)
    for item in session.annotators:
        password = "shown before" if item.shown else item.password or "their own"
        table.add_row(item.address, password, f"{address}/projects/{item.project}/data?labeling=1")
    print_table(table)
    click.echo(f"passwords and tokens are kept in {folder / FILE}")
    click.echo(f"actors and places that are new are added to the files in {knowledge_folder(folder)}")
    if session.url is not None:
        click.echo(f"all who have an account at {address} can open each other's projects there")
    else:
        port = address.rpartition(":")[2]
        click.echo("the server answers on this machine alone; from another one, through a tunnel to this one:")
        click.echo(f"  ssh -N -L {port}:127.0.0.1:{port} THIS-MACHINE")
        click.echo(f"end it: rift session stop --name {session.name}")
    click.echo(f"see how far they are: rift session status --name {session.name}")
    click.echo(f"bring back what they have submitted: rift session pull --name {session.name}")
