"""How long the data takes: building the texts, loading them, aligning an article, building a release.

    RIFT_SOURCES=... python benchmarks/data.py         --json for programs

Each is the median of several runs in a process of its own, start and imports counted in `process` and not in `call`.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping

import click
import msgspec
import rich.box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from rift.paths import SOURCES_VARIABLE

RUNS = 5

TASKS: Mapping[str, tuple[str, float]] = {
    "build all collections from local sources": (
        """
from rift.corpus.build import build_collection, collections
def call(): return [build_collection(name, SOURCES) for name in collections()]
""",
        10.0,
    ),
    "rift.load of all, texts joined": (
        """
import datasets, rift
def call(): return rift.load("all", sources=SOURCES)
""",
        1.0,
    ),
    "align one article (the longest)": (
        """
from rift.annotations.collection import load_portion
from rift.annotations.place import best_placement
from rift.corpus.build import collection_folder
from rift.corpus.copies import read_copy
from rift.corpus.fingerprint import read_fingerprints
portion = load_portion("infighting", "test", SOURCES)
longest = max(portion.documents, key=lambda document: len(document.text))
prints, copy = read_fingerprints(collection_folder("infighting")), FOLDER / "copy.txt"
copy.write_text(longest.text)
def call(): return best_placement(portion.gold.markups[longest.id], prints[longest.id], read_copy(copy))
""",
        1.0,
    ),
    "build a release": (
        """
from rift.release.build import build
def call(): return build(FOLDER / "release")
""",
        30.0,
    ),
}

FRAME = """
import pathlib, sys, time
SOURCES, FOLDER = map(pathlib.Path, sys.argv[1:])
{code}
start = time.perf_counter()
call()
print(time.perf_counter() - start)
"""


class Timing(msgspec.Struct, frozen=True):
    """Seconds, median of the runs: of the call alone and of the whole process; and the bound on the call."""

    call: float
    process: float
    bound: float


def measure(code: str, bound: float, sources: pathlib.Path) -> Timing:
    """Time a task."""
    calls: list[float] = []
    processes: list[float] = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as folder:
            words = [sys.executable, "-c", TIMED, FRAME.format(code=code), str(sources), folder]
            done = subprocess.run(words, capture_output=True, text=True, check=True)  # noqa: S603 - our own code
        call, process = map(float, done.stdout.split()[-2:])
        calls.append(call)
        processes.append(process)
    return Timing(statistics.median(calls), statistics.median(processes), bound)


TIMED = """
import subprocess, sys, time
start = time.perf_counter()
done = subprocess.run([sys.executable, "-c", *sys.argv[1:]], stdout=subprocess.PIPE, text=True, check=True)
print(done.stdout.split()[-1], time.perf_counter() - start)
"""


@click.command()
@click.option("--json", "as_json", is_flag=True)
def main(*, as_json: bool) -> None:
    """Print the times; exit 1 where a bound is missed."""
    named = os.environ.get(SOURCES_VARIABLE)
    if not named:
        raise click.UsageError("the sources are needed: set RIFT_SOURCES")
    console = Console(stderr=True)
    found = {
        name: measure(code, bound, pathlib.Path(named))
        for name, (code, bound) in track(TASKS.items(), "timing", console=console, transient=True)
    }
    if as_json:
        click.echo(msgspec.json.encode(found))
    else:
        table = Table("task", box=rich.box.SIMPLE)
        for column in ("call, s", "bound, s", "process, s"):
            table.add_column(column, justify="right")
        for name, timing in found.items():
            table.add_row(name, f"{timing.call:.2f}", f"{timing.bound:.0f}", f"{timing.process:.2f}")
        Console(width=100).print(table)
    sys.exit(int(any(timing.call > timing.bound for timing in found.values())))


if __name__ == "__main__":
    main()
