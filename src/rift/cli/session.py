"""`rift session`: documents to annotators in Label Studio, how far they are, and their work back."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
import msgspec
import rich.box
from rich.table import Table

from rift.cli.console import print_table
from rift.cli.main import FINDINGS
from rift.cli.session_adjudicate import adjudicate_command
from rift.cli.session_pull import name_option, pull_command
from rift.cli.session_start import SESSIONS, start_command
from rift.issues import InputError, Issue, Level, Where, needs
from rift.session.state import Session, find_session, read_process, read_session

if TYPE_CHECKING:
    from rift.session.standing import Standing


@click.group()
def session() -> None:
    """Annotation sessions in Label Studio."""


session.add_command(start_command)
session.add_command(pull_command)
session.add_command(adjudicate_command)


@session.command()
@name_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(*, name: str | None, as_json: bool) -> None:
    """Say whether the session's server runs, and how far each annotator is; exits 1 where that cannot be told."""
    with needs("session", SESSIONS):
        from rift.session import server, standing  # noqa: PLC0415 - an extra
    folder = find_session(os.environ, name)
    found = read_session(folder)
    if found is None:  # it was there a moment ago
        raise InputError([Issue("no-session", Level.ERROR, Where(str(folder)), "there is no session", "")])
    process = server.running(read_process(folder))
    url = found.url or (server.address(process) if process else None)
    rows: list[Standing] = []
    issues: list[Issue] = [] if url else [_not_running(found)]
    if url:
        rows, issues = standing.standings(url, found)
    if as_json:
        click.echo(
            msgspec.json.encode(
                {"name": found.name, "of": found.of, "server": url, "annotators": rows, "issues": issues}
            )
        )
    else:
        _show(found, url, rows)
        for issue in issues:
            click.echo(str(issue), err=True)
    if issues:
        sys.exit(FINDINGS)


def _not_running(found: Session) -> Issue:
    hint = f"`rift session start --name {found.name}` starts it again; nothing is lost"
    return Issue("not-running", Level.WARNING, Where(found.name), "the server does not run", hint)


def _show(found: Session, url: str | None, rows: Sequence["Standing"]) -> None:
    click.echo(f"{found.name}: {found.of}" + (f", at {url}" if url else ""))
    if not rows:
        return
    table = Table("annotator", box=rich.box.SIMPLE)
    for column in ("tasks", "done", "skipped", "hours", "minutes a task"):
        table.add_column(column, justify="right")
    for row in rows:
        median = "n/a" if row.median is None else f"{row.median / 60:.1f}"
        counts = (row.tasks, row.done, row.skipped)
        table.add_row(row.address, *map(str, counts), f"{row.seconds / 3600:.1f}", median)
    print_table(table)


@session.command()
@name_option
def stop(*, name: str | None) -> None:
    """End the session's own server; annotations stay, and `rift session start` starts it again."""
    with needs("session", SESSIONS):
        from rift.session import server  # noqa: PLC0415 - an extra
    folder = find_session(os.environ, name)
    ended = server.stop_server(read_process(folder))
    click.echo("the server has ended" if ended else "no server of ours was running")
