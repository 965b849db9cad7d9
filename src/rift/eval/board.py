"""The board: which system scored what on which split."""

import dataclasses
from collections.abc import Sequence

import msgspec
import rich.box
from rich.table import Table

from rift.annotations.layer import Layer
from rift.corpus.document import Document
from rift.eval.scoring import Estimate, ModeScores, Scores
from rift.eval.tracks import find_track

TRANSFER = "* a test of transfer: gold that others made, by rules of their own; see corpus/README.md"
"""What the mark at the name of a split means."""


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One system on one split of a collection: what it was given, what it said of what the gold covers, its scores.

    `transfer` says that the gold is other people's.
    """

    system: str
    collection: str
    split: str
    documents: Sequence[Document]
    gold: Layer
    predicted: Layer
    scores: Scores
    transfer: bool = False


class Line(msgspec.Struct, frozen=True):
    """An entry without texts and spans, as `board.json` holds it."""

    system: str
    collection: str
    split: str
    scores: Scores
    transfer: bool = False


def lines(entries: Sequence[Entry]) -> list[Line]:
    """Return the entries as they are written to disk, in board order."""
    return [
        Line(entry.system, entry.collection, entry.split, entry.scores, entry.transfer) for entry in ranked(entries)
    ]


def ranked(entries: Sequence[Entry]) -> list[Entry]:
    """Sort entries by collection and split, then by the track's headline, best first and undefined last."""

    def key(entry: Entry) -> tuple[str, str, float, str]:
        value = entry.scores.modes[find_track(entry.scores.track).headline].micro.f1.value
        return entry.collection, entry.split, 2 if value is None else -value, entry.system

    return sorted(entries, key=key)


def board_table(entries: Sequence[Entry]) -> Table:
    """Return the board as a table: a row an entry, micro P, R and F1 with its 95 % interval, and F1 by label."""
    labels = label_order(entries)
    table = Table(
        title="spans, strict: micro scores with the 95 % interval of F1, and F1 by label",
        title_justify="left",
        caption=TRANSFER if any(entry.transfer for entry in entries) else None,
        caption_justify="left",
        box=rich.box.SIMPLE,
    )
    for heading in ("split", "docs", "system", "P", "R", "F1", "95 % interval", *labels):
        table.add_column(heading, justify="left" if heading in {"split", "system"} else "right", no_wrap=True)
    previous = None
    for entry in ranked(entries):
        row = _headline(entry)
        split = split_name(entry)
        if previous not in (None, split):
            table.add_section()
        cells = [show(row.micro.precision), show(row.micro.recall), show(row.micro.f1), show_interval(row.micro.f1)]
        by_label = [show(row.labels[label].f1) if label in row.labels else "" for label in labels]
        known = split != previous
        table.add_row(
            *(split if known else "", str(entry.scores.documents) if known else ""), entry.system, *cells, *by_label
        )
        previous = split
    return table


def split_name(entry: Entry) -> str:
    """Return the name of an entry's split, marked where it is a test of transfer (see `TRANSFER`)."""
    return f"{entry.collection} {entry.split}{'*' if entry.transfer else ''}"


def label_order(entries: Sequence[Entry]) -> list[str]:
    """Return the labels of all entries, in the order of their scores: the scheme's, then any others."""
    return list(dict.fromkeys(label for entry in entries for label in _headline(entry).labels))


def show(estimate: Estimate) -> str:
    """Return a measure with three decimals, `n/a` where it is undefined."""
    return "n/a" if estimate.value is None else f"{estimate.value:.3f}"


def show_interval(estimate: Estimate) -> str:
    """Return a measure's 95 % interval, `n/a` where there is none."""
    return "n/a" if estimate.interval is None else "[{:.3f}, {:.3f}]".format(*estimate.interval)


def _headline(entry: Entry) -> ModeScores:
    return entry.scores.modes[find_track(entry.scores.track).headline]
