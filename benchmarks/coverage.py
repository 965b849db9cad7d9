"""How often the intervals cover the true value, and how often the test rejects a true null, on simulated systems.

A document has a number of gold spans and a difficulty, which all systems share; a system then finds each span with the
document's chance, and adds spurious ones. So documents differ from one another much more than spans do within one, as
in news. The true F1 follows from the model in closed form. The intervals and p are those of `rift.eval`, unchanged.

    python benchmarks/coverage.py            some minutes; --quick for a glance, --json for programs
"""

import sys
from collections.abc import Iterator

import click
import msgspec
import numpy as np
import rich.box
import scipy.stats
from rich.console import Console
from rich.progress import track
from rich.table import Table

from rift.eval.resample import LEVEL, Bootstrap, interval, resample
from rift.eval.significance import ALPHA, Randomisation, micro_f1, randomisation_p
from rift.eval.statistics import Counts

DOCUMENTS = (5, 10, 20, 50, 200)
COVERED = (0.93, 0.97)
REJECTED = (0.04, 0.06)

SPANS = 20  # gold spans a document, on average
SPREAD = 3  # shape of the gamma distribution of that number
CHANCE = (8.4, 3.6)  # the beta distribution of a document's chance that a span is found
SPURIOUS = 0.25  # spurious spans a gold span

TRUE_CHANCE = CHANCE[0] / sum(CHANCE)
TRUE_F1 = 2 * TRUE_CHANCE / (1 + TRUE_CHANCE + SPURIOUS)


class Rate(msgspec.Struct, frozen=True):
    """A share of simulations, its 95 % interval (Clopper and Pearson 1934), and whether it is in the range aimed at."""

    value: float
    interval: tuple[float, float]
    aim: tuple[float, float]
    met: bool


class Row(msgspec.Struct, frozen=True):
    """What was found for one number of documents."""

    documents: int
    simulations: int
    coverage: Rate
    rejection: Rate


def simulate(random: np.random.Generator, documents: int) -> tuple[Counts, Counts]:
    """Return two systems of the same quality on the same documents, their counts (documents, 4)."""
    gold = 1 + random.poisson(random.gamma(SPREAD, (SPANS - 1) / SPREAD, documents))
    chance = random.beta(*CHANCE, documents)

    def system() -> Counts:
        correct = random.binomial(gold, chance)
        predicted = correct + random.poisson(SPURIOUS * gold)
        return np.stack([correct, correct, gold, predicted], axis=-1).astype(np.float64)

    return system(), system()


def outcomes(documents: int, simulations: int, draws: int, seed: int) -> Iterator[tuple[bool, bool]]:
    """Yield for each simulation whether the interval covers the true F1, and whether the test rejects equality."""
    random = np.random.default_rng([seed, documents])
    for number in range(simulations):
        first, second = simulate(random, documents)
        found = interval(micro_f1(resample(first, Bootstrap(seed + number, draws))), documents)
        p = randomisation_p(first, second, randomisation=Randomisation(seed + number, draws))
        covered = found is not None and found[0] <= TRUE_F1 <= found[1]
        yield covered, p is not None and p <= ALPHA


def rate(hits: int, simulations: int, aim: tuple[float, float]) -> Rate:
    """Return the share of `hits` with its interval."""
    low, high = scipy.stats.binomtest(hits, simulations).proportion_ci(LEVEL)
    value = hits / simulations
    return Rate(value, (float(low), float(high)), aim, aim[0] <= value <= aim[1])


def measure(documents: int, simulations: int, draws: int, seed: int) -> Row:
    """Return both rates for one number of documents."""
    console = Console(stderr=True)
    rows = track(
        outcomes(documents, simulations, draws, seed),
        f"{documents} documents",
        simulations,
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    covered, rejected = np.array(list(rows)).sum(axis=0).tolist()
    return Row(documents, simulations, rate(covered, simulations, COVERED), rate(rejected, simulations, REJECTED))


def show(rows: list[Row]) -> Table:
    """Return the rates as a table; a rate out of its range is marked."""
    table = Table(box=rich.box.SIMPLE_HEAD, title=f"micro F1, true value {TRUE_F1:.4f}", title_justify="left")
    for heading in ("documents", "simulations", "coverage of 95 % intervals", "", "rejections of a true null", ""):
        table.add_column(heading, justify="right")
    for row in rows:
        cells = [
            cell
            for found in (row.coverage, row.rejection)
            for cell in (
                f"{found.value:.1%} [{found.interval[0]:.1%}, {found.interval[1]:.1%}]",
                "" if found.met else f"not {found.aim[0]:.0%} to {found.aim[1]:.0%}",
            )
        ]
        table.add_row(str(row.documents), str(row.simulations), *cells)
    return table


@click.command()
@click.option("--quick", is_flag=True, help="A tenth of the simulations, and of the draws in each.")
@click.option("--simulations", type=click.IntRange(min=10), default=4000, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the rates as JSON.")
def main(*, quick: bool, simulations: int, seed: int, as_json: bool) -> None:
    """Measure how often intervals cover the truth and the test rejects a true null, by the number of documents."""
    draws = 10_000
    if quick:
        simulations, draws = simulations // 10, draws // 10
    rows = [measure(documents, simulations, draws, seed) for documents in DOCUMENTS]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(rows)))
    else:
        Console(width=None if sys.stdout.isatty() else 132).print(show(rows))


if __name__ == "__main__":
    main()
