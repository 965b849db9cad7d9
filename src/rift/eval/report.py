"""The report: a self-contained page with the board, a plot, and each document with gold and predicted spans."""

import itertools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import jinja2

from rift import __version__
from rift.annotations.layer import Layer, Markup, Span
from rift.corpus.document import Document
from rift.eval.board import Entry, ranked, show, show_interval
from rift.eval.highlight import Piece, pieces
from rift.eval.plot import label_plot
from rift.eval.tracks import find_track
from rift.guidelines import Scheme


class _Side(NamedTuple):
    """One layer over one document: its name, its pieces, and the spans that the other side has too."""

    name: str
    pieces: Sequence[Piece]
    shared: frozenset[tuple[int, int, str]]

    def holds(self, piece: Piece) -> bool:
        """Say whether the other side has every span that covers the piece."""
        return all(_key(span) in self.shared for span in piece.covering)


class _Page(NamedTuple):
    """One document with its gold and each system's spans."""

    document: Document
    split: str
    gold: _Side
    systems: Sequence[_Side]


def render_report(entries: Sequence[Entry], scheme: Scheme, notes: Sequence[str]) -> str:
    """Return the report as one HTML page that needs no other file and no network.

    `notes` are lines for the head of the page, such as what is missing. Raises nothing for empty entries: the board is
    then empty.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("rift.eval"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"show": show, "interval": show_interval, "details": _details}
    ordered = ranked(entries)
    return environment.get_template("report.html").render(
        version=__version__,
        notes=notes,
        entries=[(entry, entry.scores.modes[find_track(entry.scores.track).headline]) for entry in ordered],
        labels=scheme.labels,
        plot=label_plot(ordered),
        systems=list(dict.fromkeys(entry.system for entry in ordered)),
        pages=_pages(ordered),
    )


def _pages(entries: Sequence[Entry]) -> list[_Page]:
    """Group the entries by split: the documents once, with every system's spans."""
    found = []
    for _, group in itertools.groupby(entries, key=lambda entry: (entry.collection, entry.split)):
        same = list(group)
        predicted: Mapping[str, Layer] = {entry.system: entry.predicted for entry in same}
        for document in same[0].documents:
            gold = same[0].gold.markups.get(document.id)
            layers = {system: layer.markups.get(document.id) for system, layer in predicted.items()}
            systems = [_side(system, document, markup, gold) for system, markup in layers.items()]
            found.append(_Page(document, same[0].split, _side("gold", document, gold, None), systems))
    return found


def _side(name: str, document: Document, markup: Markup | None, other: Markup | None) -> _Side:
    spans = markup.spans if markup else ()
    return _Side(name, list(pieces(document.text, spans)), frozenset(map(_key, other.spans if other else ())))


def _key(span: Span) -> tuple[int, int, str]:
    return span.start, span.end, span.label


def _details(span: Span) -> str:
    """Return a span's label and attributes for a tooltip."""
    return ", ".join([span.label, *(f"{key} {value}" for key, value in span.attributes.items())])
