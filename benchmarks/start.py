"""How long `rift score --help` takes to start, and the significance of two systems on 10,000 documents.

    python benchmarks/start.py [--json]

Each figure is the least of several repeats, in seconds.
"""

import subprocess
import sys
import timeit

import click
import msgspec
import numpy as np
import numpy.typing as npt

from rift.eval.significance import randomisation_p

REPEATS = 5
DOCUMENTS = 10_000


def start() -> None:
    """Run the command's help in a process of its own."""
    subprocess.run([sys.executable, "-m", "rift", "score", "--help"], check=True, capture_output=True)


def system(seed: int) -> npt.NDArray[np.float64]:
    """Draw the counts of a system: of 25 gold spans a document, about 20 predicted and 15 right."""
    random = np.random.default_rng(seed)
    correct = random.binomial(25, 0.6, DOCUMENTS)
    return np.stack([correct, correct, np.full(DOCUMENTS, 25), correct + random.poisson(5, DOCUMENTS)], axis=1) * 1.0


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(*, as_json: bool) -> None:
    """Time both."""
    first, second = system(1), system(2)
    figures = {
        "start of rift score --help": min(timeit.repeat(start, number=1, repeat=REPEATS)),
        "significance of two systems": min(
            timeit.repeat(lambda: randomisation_p(first, second), number=1, repeat=REPEATS)
        ),
    }
    if as_json:
        click.echo(msgspec.json.encode(figures))
        return
    for name, seconds in figures.items():
        click.echo(f"{name}: {seconds:.3f} s")


if __name__ == "__main__":
    main()
