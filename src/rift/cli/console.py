"""Printing tables for people."""

from rich.console import Console

_WIDTH = 132
"""Columns where the output is no terminal, so that a file or a pipe gets whole tables."""


def stdout() -> Console:
    """Return a console on standard output, as wide as the terminal; where there is none, wide enough for any table."""
    console = Console()
    return console if console.is_terminal else Console(width=_WIDTH)
