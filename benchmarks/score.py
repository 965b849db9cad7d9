"""How fast the spans track is: parsing and scoring beside bare decoding, seqeval and nervaluate, in one run.

    python benchmarks/score.py             the full work, some minutes; --quick for a glance, --json for programs
    python benchmarks/score.py --million   the peak memory of a million documents besides (4 GB on disk)

Made data: flat spans of one to three words, one to nine words apart (the project's own corpus has about five words a
span), four labels. Of the predictions 80 % equal gold; the rest have another boundary, another label or both, are
missing, or stand where gold has nothing. seqeval takes time for every word, so --apart matters to it, and to it alone.

Each contestant runs in a process of its own, with Python's garbage collector as it is by default; times are the least
of several repeats. What seqeval and nervaluate read is in memory before their time begins; ours include reading the
files where nothing else is said.
"""

import gc
import json
import math
import pathlib
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import click
import msgspec
import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table

from rift.annotations.layer import Markup
from rift.eval.columns import Columns, read_columns, read_parquet_columns, write_parquet_columns
from rift.eval.resample import Bootstrap, interval, resample
from rift.eval.statistics import CORRECT_GOLD, Statistics, collect, measures
from rift.eval.tracks import MODES
from score_data import LABELS, WORD, Run, make, write

PATIENCE = 4  # seconds: on a shared machine, a short time needs many tries

# --- what is timed ---


def score(paths: Sequence[pathlib.Path], read: Callable[[pathlib.Path], Columns] = read_columns) -> Statistics:
    """Read both files and score them."""
    return score_columns([read(path) for path in paths])


def score_columns(sides: Sequence[Columns]) -> Statistics:
    """Count in all modes, by document and label; compute the measures by label and over all."""
    statistics = collect(sides[0], sides[1], MODES)
    for totals in _with_micro(statistics.counts.sum(axis=0)[None]):
        measures(totals)
    return statistics


def intervals(statistics: Statistics) -> None:
    """Compute the interval of every measure, by label and over all, in all modes."""
    for drawn in _with_micro(resample(statistics.counts, Bootstrap())):
        for values in measures(drawn).T:
            interval(values, len(statistics.documents))


def _with_micro(drawn: npt.NDArray[np.float64]) -> Iterator[npt.NDArray[np.float64]]:
    """Yield the counts, shape (resamples, 4), of every mode and label, and of all labels together."""
    for mode in range(drawn.shape[1]):
        yield drawn[:, mode].sum(axis=1)
        yield from (drawn[:, mode, label] for label in range(drawn.shape[2]))


def seconds(work: Callable[[], object], repeats: int) -> float:
    """Return the least time of `repeats`, or of as many as take `PATIENCE`, each after a garbage collection."""
    times: list[float] = []
    while len(times) < repeats or (repeats > 1 and sum(times) < PATIENCE):
        gc.collect()
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


# --- the contestants: each gives seconds, or MB ---


class Job(NamedTuple):
    """What a contestant works on: the files, the size of the data in them, and how often to repeat."""

    folder: pathlib.Path
    documents: int
    apart: int
    repeats: int

    @property
    def paths(self) -> list[pathlib.Path]:
        """The layers, gold first."""
        return [self.folder / "gold.jsonl", self.folder / "predicted.jsonl"]


def _decode(job: Job) -> float:
    """Decode both files into the types of the format, keep all and do nothing with it, in the faster of two ways."""
    decoder = msgspec.json.Decoder(Markup)
    contents = [path.read_bytes() for path in job.paths]
    whole = seconds(lambda: [decoder.decode_lines(content) for content in contents], job.repeats)
    lines = seconds(
        lambda: [decoder.decode(line) for content in contents for line in content.splitlines()], job.repeats
    )
    return min(whole, lines)


def _decode_uncollected(job: Job) -> float:
    gc.disable()
    return _decode(job)


def _rift(job: Job) -> float:
    return seconds(lambda: score(job.paths), job.repeats)


def _rift_parquet(job: Job) -> float:
    paths = [path.with_suffix(".parquet") for path in job.paths]
    for path, source in zip(paths, job.paths, strict=True):
        write_parquet_columns(path, read_columns(source))
    return seconds(lambda: score(paths, read_parquet_columns), job.repeats)


def _rift_read_before(job: Job) -> float:
    sides = [read_columns(path) for path in job.paths]
    return seconds(lambda: score_columns(sides), job.repeats)


def _bootstrap(job: Job) -> float:
    statistics = score(job.paths)
    return seconds(lambda: intervals(statistics), job.repeats)


def _seqeval(job: Job) -> float:
    from seqeval.metrics import classification_report  # noqa: PLC0415 - the other contestants do without
    from seqeval.scheme import IOB2  # noqa: PLC0415 - likewise

    data = make(job.documents, 25, job.apart)
    tags = [
        [_tags(runs, length) for runs, length in zip(side, data.lengths, strict=True)]
        for side in (data.gold, data.predicted)
    ]
    del data
    report: dict[str, Mapping[str, float]] = {}
    options = {"mode": "strict", "scheme": IOB2, "output_dict": True, "zero_division": 0}
    taken = seconds(lambda: report.update(classification_report(*tags, **options)), min(3, job.repeats))
    if not math.isclose(report["micro avg"]["f1-score"], float(measures(_strict(job))[2]), rel_tol=1e-12):
        raise SystemExit("seqeval and rift differ")
    return taken


def _tags(runs: Sequence[Run], length: int) -> list[str]:
    tags = ["O"] * length
    for first, last, label in runs:
        tags[first:last] = [f"B-{label}", *[f"I-{label}"] * (last - first - 1)]
    return [sys.intern(tag) for tag in tags]


def _nervaluate(job: Job) -> float:
    from nervaluate import Evaluator  # noqa: PLC0415 - the other contestants do without

    data = make(job.documents, 25, job.apart)
    sides = [
        [[{"label": label, "start": WORD * a, "end": WORD * b - 2} for a, b, label in runs] for runs in side]
        for side in (data.gold, data.predicted)
    ]
    del data
    evaluator = Evaluator(*sides, tags=list(LABELS), loader="dict")
    found: dict[str, Mapping[str, object]] = {}
    taken = seconds(lambda: found.update(evaluator.evaluate()), min(3, job.repeats))
    if getattr(found["overall"]["strict"], "correct", None) != _strict(job)[CORRECT_GOLD]:
        raise SystemExit("nervaluate and rift differ")
    return taken


def _strict(job: Job) -> npt.NDArray[np.float64]:
    totals: npt.NDArray[np.float64] = score(job.paths).counts.sum(axis=(0, 2))[MODES.index("strict")]
    return totals


def _peak(job: Job) -> float:
    score(job.paths)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def _peak_bootstrap(job: Job) -> float:
    intervals(score(job.paths))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


CONTESTANTS: Mapping[str, Callable[[Job], float]] = {
    "decode": _decode,
    "decode, collector off": _decode_uncollected,
    "rift": _rift,
    "rift, Parquet": _rift_parquet,
    "rift, read before": _rift_read_before,
    "bootstrap": _bootstrap,
    "nervaluate": _nervaluate,
    "seqeval": _seqeval,
    "peak": _peak,
    "peak with bootstrap": _peak_bootstrap,
}

RATIOS = [
    ("rift", "decode"),
    ("rift", "decode, collector off"),
    ("rift", "rift, Parquet"),
    *((other, ours) for other in ("seqeval", "nervaluate") for ours in ("rift", "rift, Parquet", "rift, read before")),
]


def run(name: str, job: Job) -> float:
    """Let a contestant work in a process of its own; return its figure.

    A process between keeps this one's peak memory out: on Linux a child begins with the peak of what started it.
    """
    start = "import subprocess, sys; subprocess.run(sys.argv[1:], check=True)"
    only = ["--only", name, str(job.folder), str(job.documents), str(job.apart), str(job.repeats)]
    command = [sys.executable, "-c", start, sys.executable, __file__, *only]
    return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)  # noqa: S603 - this file


def linearity(folder: pathlib.Path, sizes: Sequence[tuple[int, int]], job: Job) -> list[tuple[int, int, float]]:
    """Return documents, spans a document and seconds for each of `sizes`."""
    rows = []
    for documents, spans in sizes:
        write(folder, make(documents, spans, job.apart))
        rows.append((documents, spans, run("rift", job._replace(folder=folder, repeats=min(5, job.repeats)))))
    return rows


def million(folder: pathlib.Path, job: Job) -> dict[str, float]:
    """Return seconds and peak MB of a million documents: ten thousand, a hundred times over under other ids."""
    for path in write(folder, make(10_000, 25, job.apart)):
        content = path.read_bytes()
        with path.open("wb") as file:
            for number in range(100):
                file.write(content.replace(b'"doc":"news-', b'"doc":"news-%02d' % number))
    large = job._replace(folder=folder, repeats=1)
    return {"seconds": run("rift", large), "peak": run("peak", large)}


@click.command()
@click.option("--quick", is_flag=True, help="50 documents: shows that all runs, not how fast.")
@click.option("--apart", default=9, show_default=True, help="The most words between two gold spans.")
@click.option("--million", "with_million", is_flag=True, help="Also score a million documents.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--only", type=(str, pathlib.Path, int, int, int), hidden=True, help="One contestant and its job.")
def main(
    *, quick: bool, apart: int, with_million: bool, as_json: bool, only: tuple[str, pathlib.Path, int, int, int] | None
) -> None:
    """Time the spans track beside bare decoding, seqeval and nervaluate."""
    if only:
        print(CONTESTANTS[only[0]](Job(*only[1:])))
        return
    documents = 50 if quick else 10_000
    sizes = [(documents // 4, 25), (documents // 2, 25), (documents, 25), (documents * 2, 25)]
    sizes += [(documents // 10, spans) for spans in (25, 250, 2_500)[: 2 if quick else 3]]
    with tempfile.TemporaryDirectory() as name:
        job = Job(pathlib.Path(name), documents, apart, 1 if quick else 7)
        write(job.folder, make(documents, 25, apart))
        found = {contestant: run(contestant, job) for contestant in CONTESTANTS}
        found["file"] = job.paths[0].stat().st_size / 1e6
        rows = linearity(job.folder, sizes, job)
        largest = million(job.folder, job) if with_million else None
    ratios = {f"{long} / {short}": found[long] / found[short] for long, short in RATIOS}
    if as_json:
        result = {"documents": documents, "found": found, "ratios": ratios, "linearity": rows, "million": largest}
        print(json.dumps(result, indent=2))
        return
    show(f"{documents} documents of 25 spans, up to {apart} words apart", found, ratios, rows)
    if largest:
        print("a million documents of 25 spans: {seconds:.0f} s, {peak:.0f} MB at most".format(**largest))


def show(
    title: str, found: Mapping[str, float], ratios: Mapping[str, float], rows: Sequence[tuple[int, int, float]]
) -> None:
    """Print all that was found as tables."""
    console = Console()
    table = Table("what", "figure", title=title)
    for name, value in found.items():
        table.add_row(name, f"{value:.1f} MB" if name.startswith(("file", "peak")) else f"{value:.3f} s")
    for name, value in ratios.items():
        table.add_row(name, f"{value:.2f}")
    console.print(table)
    table = Table("documents", "spans each", "seconds", "µs a gold span", title="rift: reading and scoring")
    for number, spans, taken in rows:
        table.add_row(str(number), str(spans), f"{taken:.3f}", f"{taken / number / spans * 1e6:.2f}")
    console.print(table)


if __name__ == "__main__":
    main()
