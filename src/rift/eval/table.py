"""Scores as tables for people."""

from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from rift.annotations.records import Estimate as Fatality
from rift.eval.scoring import Estimate, Row, Scores
from rift.eval.tracks import Mode, find_track

UNDEFINED = "n/a"
"""What stands for a score that is not defined."""

NONE = "none"
"""What stands for the estimate of a document in which nobody is told to be killed."""


def tables(scores: Scores, mode: Mode) -> list[Table]:
    """Return all tables of a track: the scores of one mode, the other figures and the estimates, where it has them."""
    found = [score_table(scores, mode)]
    if scores.figures:
        found.append(figure_table(scores))
    if scores.estimates:
        found.append(estimate_table(scores))
    return found


def score_table(scores: Scores, mode: Mode) -> Table:
    """Return the table of one mode: a row a label or slot, the micro row last, F1 with its 95 % interval."""
    chosen = scores.modes[mode]
    row = "slot" if find_track(scores.track).slots else "label"
    title = f"{scores.predicted} against {scores.gold}: {scores.track}, {mode}"
    table = _table(title, [row], ["P", "R", "F1", "95 % interval", "correct", "gold", "predicted"])
    for label, found in chosen.labels.items():
        table.add_row(Text(label), *map(Text, cells(found)))
    table.add_section()
    table.add_row("micro", *map(Text, cells(chosen.micro)), style="bold")
    return table


def figure_table(scores: Scores) -> Table:
    """Return the table of the track's other figures, each with its 95 % interval and, where it has one, its meaning."""
    meanings: dict[str, str] = dict(find_track(scores.track).figures.items())
    if not meanings:
        table = _table("accuracy on strictly matched spans", ["attribute"], ["accuracy", "95 % interval"])
        for name, found in scores.figures.items():
            table.add_row(Text(name), Text(_value(found)), Text(_interval(found)))
        return table
    table = _table("figures", ["figure"], ["value", "95 % interval"])
    table.add_column("meaning")
    for name, found in scores.figures.items():
        table.add_row(Text(name), Text(_value(found)), Text(_interval(found)), Text(meanings.get(name, "")))
    return table


def estimate_table(scores: Scores) -> Table:
    """Return the table of the fatality estimates: low, best and high of each document, gold beside predicted."""
    headings = [f"{side} {part}" for side in ("gold", "predicted") for part in ("low", "best", "high")]
    table = _table("fatality estimates", ["document"], headings)
    for document, found in scores.estimates.items():
        table.add_row(Text(document), *map(Text, _numbers(found.gold)), *map(Text, _numbers(found.predicted)))
    return table


def other_modes(scores: Scores, mode: Mode) -> str:
    """Return one line with the micro F1 of every mode but `mode`; "" where there is no other."""
    others = [
        f"{name} {_value(found.micro.f1)} {_interval(found.micro.f1)}"
        for name, found in scores.modes.items()
        if name != mode
    ]
    return "micro F1: " + ", ".join(others) if others else ""


def sizes(scores: Scores) -> str:
    """Return one line with the numbers of documents and of spans, or in the track `tolls` of (slot, value) pairs."""
    micro = next(iter(scores.modes.values())).micro
    counted = "slot values" if find_track(scores.track).slots else "spans"
    return f"{scores.documents} documents, {micro.gold} gold {counted}, {micro.predicted} predicted"


def _table(title: str, left: Sequence[str], right: Sequence[str]) -> Table:
    table = Table(title=Text(title), title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    for heading in left:
        table.add_column(heading, no_wrap=True)
    for heading in right:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def cells(row: Row) -> tuple[str, ...]:
    """Return a row as text: precision, recall, F1 and its interval, what is correct, gold and predicted."""
    correct = f"{row.correct_gold:g}"
    if row.correct_gold != row.correct_predicted:
        correct = f"{row.correct_gold:g} / {row.correct_predicted:g}"
    measures = (_value(row.precision), _value(row.recall), _value(row.f1), _interval(row.f1))
    return (*measures, correct, str(row.gold), str(row.predicted))


def _value(estimate: Estimate) -> str:
    return UNDEFINED if estimate.value is None else f"{estimate.value:.3f}"


def _interval(estimate: Estimate) -> str:
    return UNDEFINED if estimate.interval is None else "[{:.3f}, {:.3f}]".format(*estimate.interval)


def _numbers(estimate: Fatality | None) -> tuple[str, str, str]:
    if estimate is None:
        return NONE, "", ""
    return f"{estimate.low:,}", f"{estimate.best:,}", f"{estimate.high:,}"
