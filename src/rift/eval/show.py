"""Slices, comparisons and replays as tables for people."""

from collections.abc import Iterable

from rich import box
from rich.table import Table
from rich.text import Text

from rift.eval.replay import Leaf, Replay
from rift.eval.significance import Comparison, Paired
from rift.eval.slices import Slicing
from rift.eval.table import UNDEFINED, cells
from rift.eval.tracks import Mode


def slice_table(slicing: Slicing, mode: Mode) -> Table:
    """Return the slices by one criterion in one mode, a row a slice."""
    shared = "" if slicing.additive else "; a document may be in several"
    table = _table(f"by {slicing.by}, {mode}{shared}", "slice")
    for heading in ("docs", "P", "R", "F1", "95 % interval", "correct", "gold", "predicted"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, found in slicing.slices.items():
        table.add_row(Text(name), str(found.documents), *cells(found.modes[mode]))
    return table


def comparison_table(comparison: Comparison, title: str) -> Table:
    """Return the systems by rank, each with its value and how it differs from the best one.

    The difference is the system's value less the best one's.
    """
    table = _table(title, "rank")
    table.add_column("system", no_wrap=True)
    for heading in ("F1", "95 % interval", "to the best", "95 % interval", "p", "Holm p"):
        table.add_column(heading, justify="right", no_wrap=True)
    best = comparison.systems[0].name if comparison.systems else ""
    to_best = {pair.second: pair for pair in comparison.pairs if pair.first == best}
    for system in comparison.systems:
        rank = UNDEFINED if system.rank is None else str(system.rank)
        value = (_number(system.value), _interval(system.interval))
        table.add_row(rank, Text(system.name), *value, *_against(to_best.get(system.name)))
    return table


def detectable_line(comparison: Comparison) -> str:
    """Return one line on the smallest detectable difference."""
    found = _number(comparison.detectable)
    return f"smallest detectable difference: {found} (two-sided 5 %, power 80 %; {comparison.documents} documents)"


def replay_lines(replay: Replay) -> Iterable[str]:
    """Yield a line for each number that differs, then the sum of it."""
    for difference in replay.differences:
        yield f"{difference.place}: {_leaf(difference.stored)} stored, {_leaf(difference.again)} computed anew"
    if replay.differences:
        yield f"{len(replay.differences)} of {replay.numbers} numbers differ"
    else:
        yield f"all {replay.numbers} numbers are the same to the last digit"


def _table(title: str, first: str) -> Table:
    table = Table(title=Text(title), title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column(first, no_wrap=True)
    return table


def _against(pair: Paired | None) -> tuple[str, ...]:
    if pair is None:
        return ("",) * 4
    difference = UNDEFINED if pair.difference is None else f"{-pair.difference + 0.0:+.3f}"
    interval = UNDEFINED if pair.interval is None else f"[{-pair.interval[1]:+.3f}, {-pair.interval[0]:+.3f}]"
    return difference, interval, _p(pair.p), _p(pair.holm)


def _p(p: float | None) -> str:
    return UNDEFINED if p is None else f"{p:.4f}"


def _number(value: float | None) -> str:
    return UNDEFINED if value is None else f"{value:.3f}"


def _interval(interval: tuple[float, float] | None) -> str:
    return UNDEFINED if interval is None else "[{:.3f}, {:.3f}]".format(*interval)


def _leaf(leaf: Leaf) -> str:
    return UNDEFINED if leaf is None else str(leaf)
