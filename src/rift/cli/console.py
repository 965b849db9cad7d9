"""Printing tables for people."""

import sys

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table


def print_table(table: Table) -> None:
    """Print a table on standard output at its full width.

    Where the terminal is narrower its lines wrap: a figure never loses a digit. A pipe or file gets whole lines too.
    """
    console = Console(file=sys.stdout)
    wanted = Measurement.get(console, console.options.update(max_width=10_000), table).maximum
    console.width = max(console.width, wanted)
    console.print(table, soft_wrap=True)
