"""`rift session pull`: bring the finished work of each annotator back as a layer."""

import os
import pathlib
import shlex
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click
import msgspec
import rich.box
from rich.table import Table

from rift.annotations.formats.rendering import Context
from rift.cli.console import print_table
from rift.cli.main import FINDINGS
from rift.cli.session_start import SESSIONS, stages
from rift.issues import InputError, Issue, Level, Where, has_errors, needs
from rift.session.state import (
    DOCUMENTS,
    Session,
    find_session,
    knowledge_folder,
    read_documents,
    read_knowledge,
    read_process,
    read_session,
)

if TYPE_CHECKING:
    from rift.eval.differences import Kind
    from rift.session.keep import Kept
    from rift.session.pull import Pulled

LAYERS = "layers"
"""The folder in a session's own where what it brings back is written, unless another is named."""

_PAIR = 2  # annotators whose layers are compared

out_option = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=pathlib.Path),
    metavar="DIR",
    help="Folder of the layers; default: `layers` in the session's own.",
)
name_option = click.option("--name", metavar="NAME", help="The session; not needed where there is only one.")


@click.command("pull")
@name_option
@out_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def pull_command(*, name: str | None, out: pathlib.Path | None, as_json: bool) -> None:
    """Bring the finished work of each annotator back as a layer; run it as often as you like.

    An older layer that differs is kept under a numbered name. Beside each layer, NAME.work.jsonl says how long each
    task took and where each span came from. Exits 1 where anything is wrong; what is right is written all the same.
    """
    with needs("session", SESSIONS):
        from rift.session import begin, pull  # noqa: PLC0415 - an extra
    folder = find_session(os.environ, name)
    with begin.alone(folder), stages() as stage:
        session, url = reached(folder)
        documents = {document.id: document for document in read_documents(folder)}
        context = Context(documents, read_knowledge(folder))
        rows, issues = pull.pull(url, session, context, out or folder / LAYERS, stage)
    if as_json:
        click.echo(msgspec.json.encode({"name": session.name, "annotators": rows, "issues": issues}))
    else:
        _show(rows)
        for issue in issues:
            click.echo(str(issue), err=True)
        _tell(session, folder, rows, out, faulty=has_errors(issues))
    if any(issue.code == "unknown-entity" for issue in issues):
        click.echo(f"actors and places that are new are added to the files in {knowledge_folder(folder)}", err=True)
    if has_errors(issues):
        sys.exit(FINDINGS)


def reached(folder: pathlib.Path) -> tuple[Session, str]:
    """Return the session of a folder and the address of its server; raises InputError (`not-running`, `no-session`)."""
    from rift.session import server  # noqa: PLC0415 - an extra

    session = read_session(folder)
    if session is None:  # it was there a moment ago
        raise InputError([Issue("no-session", Level.ERROR, Where(str(folder)), "there is no session", "")])
    process = server.running(read_process(folder))
    url = session.url or (server.address(process) if process else None)
    if url is None:
        hint = f"`rift session start --name {session.name}` starts it again; nothing is lost"
        raise InputError([Issue("not-running", Level.ERROR, Where(session.name), "the server does not run", hint)])
    return session, url


def _show(rows: Sequence["Pulled"]) -> None:
    table = Table("annotator", "layer", box=rich.box.SIMPLE)
    for column in ("tasks", "done", "skipped", "spans", "hours"):
        table.add_column(column, justify="right")
    for row in rows:
        counts = map(str, (row.tasks, row.done, row.skipped, row.spans))
        table.add_row(row.address, row.layer, *counts, f"{row.seconds / 3600:.1f}")
    if rows:
        print_table(table)
    for row in rows:
        click.echo(f"{row.file}: {told(row.kept)}")


def _tell(
    session: Session, folder: pathlib.Path, rows: Sequence["Pulled"], out: pathlib.Path | None, *, faulty: bool
) -> None:
    """Print what to do next: go on, mend, or compare and adjudicate."""
    given = f"--name {session.name}" + ("" if out is None else f" --out {shlex.quote(str(out))}")
    left = sum(row.tasks - row.done - row.skipped for row in rows)
    if left:
        click.echo(f"not submitted yet: {left}")
    if faulty:
        click.echo(f"mend what is wrong at the addresses that are named, then: rift session pull {given}")
        return
    done = [row for row in rows if row.done]
    if len(done) < _PAIR:
        return
    files = " ".join(shlex.quote(row.file) for row in done[:_PAIR])
    click.echo(
        f"how far two agree: rift annotations agreement {files} --documents {shlex.quote(str(folder / DOCUMENTS))}"
    )
    which = f" --between {done[0].layer},{done[1].layer}" if len(session.annotators) > _PAIR else ""
    who = f" --adjudicator WHO@example.org{which}" if session.adjudication is None else ""
    click.echo(f"settle where they differ: rift session adjudicate {given}{who}")


def told(kept: "Kept") -> str:
    """Say what became of a layer's file, in words."""
    if kept.outcome == "none":
        return "nothing is finished yet"
    if kept.outcome != "changed":
        return kept.outcome
    if kept.differences is None:
        return f"changed; the older one could not be read, and is kept as {kept.older}"
    counts = [(kept.added, "documents more"), (kept.gone, "documents fewer"), *_by_kind(kept)]
    said = ", ".join(f"{count} {what}" for count, what in counts if count) or "ids alone"
    return f"changed: {said}; the older one is kept as {kept.older}"


_KINDS: Mapping["Kind", str] = {
    "only-a": "spans fewer",
    "only-b": "spans more",
    "extent": "other extents",
    "label": "other labels",
    "attribute": "other attributes",
    "link": "other links",
}


def _by_kind(kept: "Kept") -> list[tuple[int, str]]:
    return [((kept.differences or {}).get(kind, 0), words) for kind, words in _KINDS.items()]
