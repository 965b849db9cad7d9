"""Scores as a table for people."""

from rich import box
from rich.table import Table
from rich.text import Text

from rift.eval.scoring import Estimate, Row, Scores
from rift.eval.tracks import Mode

UNDEFINED = "n/a"
"""What stands for a score that is not defined."""


def score_table(scores: Scores, mode: Mode) -> Table:
    """Return the table of one mode: a row a label, the micro row last, F1 with its 95 % interval."""
    chosen = scores.modes[mode]
    title = Text(f"{scores.predicted} against {scores.gold}: {scores.track}, {mode}")
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("label", no_wrap=True)
    for heading in ("P", "R", "F1", "95 % interval", "correct", "gold", "predicted"):
        table.add_column(heading, justify="right", no_wrap=True)
    for label, row in chosen.labels.items():
        table.add_row(Text(label), *map(Text, _cells(row)))
    table.add_section()
    table.add_row("micro", *map(Text, _cells(chosen.micro)), style="bold")
    return table


def other_modes(scores: Scores, mode: Mode) -> str:
    """Return one line with the micro F1 of every mode but `mode`."""
    others = (
        f"{name} {_value(found.micro.f1)} {_interval(found.micro.f1)}"
        for name, found in scores.modes.items()
        if name != mode
    )
    return "micro F1: " + ", ".join(others)


def sizes(scores: Scores) -> str:
    """Return one line with the numbers of documents and spans."""
    micro = next(iter(scores.modes.values())).micro
    return f"{scores.documents} documents, {micro.gold} gold spans, {micro.predicted} predicted"


def _cells(row: Row) -> tuple[str, ...]:
    correct = f"{row.correct_gold:g}"
    if row.correct_gold != row.correct_predicted:
        correct = f"{row.correct_gold:g} / {row.correct_predicted:g}"
    measures = (_value(row.precision), _value(row.recall), _value(row.f1), _interval(row.f1))
    return (*measures, correct, str(row.gold), str(row.predicted))


def _value(estimate: Estimate) -> str:
    return UNDEFINED if estimate.value is None else f"{estimate.value:.3f}"


def _interval(estimate: Estimate) -> str:
    return UNDEFINED if estimate.interval is None else "[{:.3f}, {:.3f}]".format(*estimate.interval)
