"""The report pages: scores, errors and documents of one system or of a board, each page one file without addresses."""

import base64
import hashlib
import importlib.resources
import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import jinja2
from markupsafe import Markup as Html

from rift import __version__
from rift.annotations.layer import Layer
from rift.corpus.document import Document
from rift.eval.board import TRANSFER, Entry, ranked, show, show_interval, split_name
from rift.eval.errors import KINDS, NONE, Kind
from rift.eval.page import (
    Comparison,
    Examined,
    Page,
    examine,
    show_attributes,
    show_range,
)
from rift.eval.palette import css_string, label_styles
from rift.eval.plot import label_plot, toll_plot
from rift.eval.scoring import ModeScores, Scores
from rift.eval.tracks import find_track
from rift.guidelines import Scheme


class _Class(NamedTuple):
    """How a class of errors is shown: its name and meaning in words, and a symbol that stands for it."""

    name: str
    meaning: str
    symbol: str


_CLASSES: Mapping[Kind, _Class] = {
    "correct": _Class("correct", "same boundaries, same label", ""),
    "label": _Class("label", "same boundaries, other label", "≠"),
    "boundary": _Class("boundary", "overlap, same label", "↔"),
    "label_and_boundary": _Class("label and boundary", "overlap, other label", "≠↔"),
    "missed": _Class("missed", "gold span without a partner", "\N{MINUS SIGN}"),
    "spurious": _Class("spurious", "predicted span without a partner", "+"),
}


class _Split(NamedTuple):
    """One split on the board: its entries, each with the scores of its headline mode."""

    name: str
    mode: str
    entries: Sequence[tuple[Entry, ModeScores]]
    examined: Sequence[Examined]


def render_report(entries: Sequence[Entry], scheme: Scheme, notes: Sequence[str]) -> str:
    """Return the report of a board as one HTML page that needs no other file and no network.

    Board, plot, the errors of each entry, and the documents with gold beside each system's spans. `notes` are lines for
    the head of the page, such as what is missing. Raises nothing for empty entries: the board is then empty. The same
    entries give the same page.
    """
    splits = [
        _split(list(group), scheme, number)
        for number, (_, group) in enumerate(
            itertools.groupby(ranked(entries), key=lambda entry: (entry.collection, entry.split))
        )
    ]
    systems = list(dict.fromkeys(entry.system for split in splits for entry, _ in split.entries))
    pages = [page for split in splits for page in _pages(split)]
    examined = [found for split in splits for found in split.examined]
    if any(entry.transfer for entry in entries):
        notes = [*notes, TRANSFER]
    return _render("report.html", scheme, examined, notes=notes, splits=splits, systems=systems, pages=pages)


def score_report(gold: Layer, predicted: Layer, scores: Scores, documents: Iterable[Document], scheme: Scheme) -> str:
    """Return the report of one system as one HTML page that needs no other file and no network.

    Scores with intervals and signature, errors, and each document of `gold`, gold beside predicted. `documents` are the
    texts at hand, any number and in any order; a gold document without one (or whose text has another SHA-256) is
    listed by its surfaces. The errors are those of the spans, whatever the track.
    """
    texts = {document.id: document for document in documents if document.id in gold.markups}
    examined = examine(gold, predicted, texts.values(), scheme.labels, "e")
    pages = [Page(doc, texts.get(doc), "", [comparison]) for doc, comparison in examined.comparisons.items()]
    track = find_track(scores.track)
    chosen = scores.modes[track.headline]
    return _render(
        "score.html",
        scheme,
        [examined],
        scores=scores,
        track=track,
        mode=track.headline,
        chosen=chosen,
        plot=Html(label_plot({scores.predicted: chosen}, track.headline)),  # noqa: S704 - our own SVG
        analysis=examined.analysis,
        systems=[predicted.name],
        pages=pages,
    )


def _split(entries: Sequence[Entry], scheme: Scheme, number: int) -> _Split:
    mode = find_track(entries[0].scores.track).headline
    examined = [
        examine(
            entry.gold, entry.predicted.renamed(entry.system), entry.documents, scheme.labels, f"e{number}-{index}-"
        )
        for index, entry in enumerate(entries)
    ]
    return _Split(split_name(entries[0]), mode, [(entry, entry.scores.modes[mode]) for entry in entries], examined)


def _pages(split: _Split) -> list[Page]:
    """Join the comparisons of all systems by document, in the order of the documents."""
    texts = {document.id: document for entry, _ in split.entries for document in entry.documents}
    found: dict[str, list[Comparison]] = {doc: [] for doc in texts}
    for examined in split.examined:
        for doc, comparison in examined.comparisons.items():
            found.setdefault(doc, []).append(comparison)
    return [Page(doc, texts.get(doc), split.name, comparisons) for doc, comparisons in found.items()]


def _render(template: str, scheme: Scheme, examined: Sequence[Examined], **values: object) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("rift.eval"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {
        "show": show,
        "interval": show_interval,
        "range": show_range,
        "attributes": show_attributes,
        "css": css_string,
        "label_plot": lambda split: Html(  # noqa: S704 - our own SVG
            label_plot({entry.system: scores for entry, scores in split.entries}, split.mode)
        ),
        "toll_plot": lambda pairs: Html(toll_plot(pairs)),  # noqa: S704 - our own SVG
    }
    script = importlib.resources.files("rift.eval").joinpath("templates", "filter.js").read_text("utf-8")
    labels = label_styles(scheme, (label for found in examined for label in found.analysis.confusion.labels[:-1]))
    return environment.get_template(template).render(
        version=__version__,
        script=Html(script),  # noqa: S704 - our own file
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        kinds=KINDS,
        classes=_CLASSES,
        none=NONE,
        labels=labels,
        numbers={label.name: number for number, label in enumerate(labels)},
        **values,
    )
