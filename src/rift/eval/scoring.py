"""Scores: one layer held against another, with intervals, and signed."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from rift import __version__
from rift.annotations.layer import Layer, Markup, reading_order
from rift.eval.resample import Bootstrap, interval, resample
from rift.eval.statistics import CORRECT_GOLD, CORRECT_PREDICTED, GOLD, PREDICTED, Counts, collect, measures
from rift.eval.tracks import Mode, find_track
from rift.issues import InputError, Issue, Level, Where

DEFAULT_BOOTSTRAP = Bootstrap()

_SHOWN = 5  # ids named in a warning


class Estimate(msgspec.Struct, frozen=True):
    """A measure from 0 to 1 (None: undefined) and its 95 % interval, low and high (None: undefined or not computed)."""

    value: float | None
    interval: tuple[float, float] | None


class Row(msgspec.Struct, frozen=True):
    """The counts and measures of one label, or of all.

    `correct_gold` is the credit of gold spans and serves recall, `correct_predicted` that of predicted spans and serves
    precision. They differ only for a label in a mode that ignores labels.
    """

    correct_gold: float
    correct_predicted: float
    gold: int
    predicted: int
    precision: Estimate
    recall: Estimate
    f1: Estimate


class ModeScores(msgspec.Struct, frozen=True):
    """The scores in one mode: over all spans, and label by label."""

    signature: str
    micro: Row
    labels: Mapping[str, Row]


class Scores(msgspec.Struct, frozen=True):
    """The scores of a layer against gold, in every mode of a track; serialises to JSON as it is.

    `gold` and `predicted` are the layers' names, `documents` is the number of documents scored, `issues` the warnings.
    """

    track: str
    gold: str
    predicted: str
    documents: int
    modes: Mapping[Mode, ModeScores]
    issues: Sequence[Issue]


def score(
    gold: Layer,
    predicted: Layer,
    track: str = "spans",
    *,
    labels: Iterable[str] = (),
    split: str = "all",
    bootstrap: Bootstrap = DEFAULT_BOOTSTRAP,
) -> Scores:
    """Score `predicted` against `gold` in every mode of `track`, over all documents of `gold` and no others.

    `labels` get a row each even where they do not occur, first and in that order; they change no number. `split` goes
    into the signature alone. A gold document that is not predicted counts as predicted empty; that, and a predicted
    document that is not gold, gives a warning (`missing-documents`, `unscored-documents`; the place names the
    predicted layer). Layers without documents give undefined scores. Raises InputError (`hash-mismatch`) with every
    document whose two markups count on different texts, ValueError for an unknown track.
    """
    chosen = find_track(track)
    if issues := list(_different_texts(gold, predicted)):
        raise InputError(issues)
    statistics = collect(gold, predicted, tuple(chosen.modes), labels)
    drawn = resample(statistics.counts, bootstrap)
    totals = statistics.counts.sum(axis=0)
    prefix = f"rift:{__version__}|track:{track}"
    suffix = (
        f"split:{split}|gold:{fingerprint(gold)}|docs:{len(gold)}|seed:{bootstrap.seed}|resamples:{bootstrap.resamples}"
    )
    modes = {
        mode: ModeScores(
            signature=f"{prefix}|mode:{mode}|{suffix}",
            micro=_row(totals[index].sum(axis=0), drawn[:, index].sum(axis=1)),
            labels={
                label: _row(totals[index, position], drawn[:, index, position])
                for position, label in enumerate(statistics.labels)
            },
        )
        for index, mode in enumerate(statistics.modes)
    }
    return Scores(track, gold.name, predicted.name, len(gold), modes, tuple(_different_documents(gold, predicted)))


def fingerprint(gold: Layer) -> str:
    """Return the first 8 hexadecimal digits of the SHA-256 of a layer's canonical JSON.

    Canonical: one line a document, by id; spans in reading order, equals by their JSON; keys sorted. The order of a
    file does not matter, its content does: names, attributes and links too.
    """
    lines = (_canonical(gold.markups[document]) for document in sorted(gold.markups))
    return hashlib.sha256(b"\n".join(lines)).hexdigest()[:8]


def _canonical(markup: Markup) -> bytes:
    spans = sorted(
        markup.spans, key=lambda span: (reading_order(span), msgspec.json.encode(span, order="deterministic"))
    )
    return msgspec.json.encode(msgspec.structs.replace(markup, spans=spans), order="sorted")


def _row(total: Counts, drawn: Counts) -> Row:
    """Make a row of the counts (4,) and the resampled counts (resamples, 4)."""
    values, resampled = measures(total), measures(drawn)
    precision, recall, f1 = (_estimate(float(values[i]), resampled[:, i]) for i in range(3))
    return Row(
        correct_gold=float(total[CORRECT_GOLD]),
        correct_predicted=float(total[CORRECT_PREDICTED]),
        gold=int(total[GOLD]),
        predicted=int(total[PREDICTED]),
        precision=precision,
        recall=recall,
        f1=f1,
    )


def _estimate(value: float, resampled: npt.NDArray[np.float64]) -> Estimate:
    return Estimate(None if np.isnan(value) else value, interval(resampled))


def _different_texts(gold: Layer, predicted: Layer) -> Iterator[Issue]:
    for document in sorted(gold.markups.keys() & predicted.markups.keys()):
        ours, theirs = gold.markups[document].sha256, predicted.markups[document].sha256
        if ours != theirs:
            yield Issue(
                "hash-mismatch",
                Level.ERROR,
                Where(predicted.name, doc=document),
                f"the offsets count on another text ({theirs[:8]}…) than the gold's ({ours[:8]}…)",
                "predict again on the text that the gold counts on",
            )


def _different_documents(gold: Layer, predicted: Layer) -> Iterator[Issue]:
    where = Where(predicted.name)
    if missing := sorted(gold.markups.keys() - predicted.markups.keys()):
        message = (
            f"{len(missing)} of {len(gold)} gold documents have no prediction and count as empty: {_some(missing)}"
        )
        yield Issue("missing-documents", Level.WARNING, where, message, "add a line for each, with no spans if need be")
    if unscored := sorted(predicted.markups.keys() - gold.markups.keys()):
        message = (
            f"{len(unscored)} of {len(predicted)} predicted documents are not gold and not scored: {_some(unscored)}"
        )
        yield Issue("unscored-documents", Level.WARNING, where, message)


def _some(documents: Sequence[str]) -> str:
    return ", ".join(documents[:_SHOWN]) + (" …" if len(documents) > _SHOWN else "")
