"""`rift reproduce`: the main job."""

import importlib.util
import pathlib
import time
from collections.abc import Iterable, Sequence
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import Progress

from rift.cli.console import print_table
from rift.cli.main import FINDINGS
from rift.cli.options import out_option, sources_option
from rift.issues import InputError, Issue, Level, Where, has_errors

T = TypeVar("T")

NEEDED = {"sklearn": "linear", "jinja2": "report", "matplotlib": "report"}
"""Modules that the main job needs besides the core, and the extras that bring them."""


@click.command()
@out_option("build")
@sources_option
@click.pass_context
def reproduce(context: click.Context, out: pathlib.Path, sources: pathlib.Path | None) -> None:
    """Build the corpus, check every layer, train and score the baselines, print the board and write the report."""
    _require_extras()
    from rift.eval.board import board_table  # noqa: PLC0415 - after the check that the extras are installed
    from rift.reproduce import reproduce as run  # noqa: PLC0415 - likewise

    begun = time.monotonic()
    with Progress(console=Console(stderr=True)) as progress:

        def track(items: Sequence[T], description: str) -> Iterable[T]:
            return progress.track(items, description=f"{description:<24}")

        made = run(sources, out, track)
    for issue in made.issues:
        click.echo(str(issue), err=True)
    print_table(board_table(made.entries))
    for signature in dict.fromkeys(entry.scores.modes["strict"].signature for entry in made.entries):
        click.echo(signature)
    click.echo(f"report: {made.report} ({time.monotonic() - begun:.0f} s)")
    if has_errors(made.issues):
        context.exit(FINDINGS)


def _require_extras() -> None:
    missing = [(module, extra) for module, extra in NEEDED.items() if importlib.util.find_spec(module) is None]
    if missing:
        hint = "pip install 'rift-corpus[all]'"
        raise InputError(
            Issue("missing-extra", Level.ERROR, Where("rift reproduce"), f"needs {module} (extra {extra!r})", hint)
            for module, extra in missing
        )
