"""Scores: one layer held against another, with intervals, and signed."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from rift.annotations.layer import Layer
from rift.eval import statistics
from rift.eval.collected import Collected, Fatalities, ratios, without_figures
from rift.eval.columns import Columns, from_layer
from rift.eval.columns import fingerprint as columns_fingerprint
from rift.eval.resample import Bootstrap, interval, resample
from rift.eval.signature import layer_fingerprint, signature
from rift.eval.statistics import CORRECT_GOLD, CORRECT_PREDICTED, GOLD, PREDICTED, Counts, measures
from rift.eval.tolls import collect_tolls
from rift.eval.tracks import Mode, find_track
from rift.eval.values import collect_values
from rift.issues import InputError, Issue, Level, Where

DEFAULT_BOOTSTRAP = Bootstrap()

_SHOWN = 5  # ids named in a warning


class Estimate(msgspec.Struct, frozen=True):
    """A measure and its 95 % interval, low and high; None: undefined, or for the interval not computed.

    All measures lie between 0 and 1 but `log_error` of the track `tolls`, which has no upper bound and is best at 0.
    """

    value: float | None
    interval: tuple[float, float] | None


class Row(msgspec.Struct, frozen=True):
    """The counts and measures of one label, or of all; in the track `tolls`, of one slot.

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
    """The scores in one mode: over all spans, and label by label (in the track `tolls`, slot by slot)."""

    signature: str
    micro: Row
    labels: Mapping[str, Row]


class Scores(msgspec.Struct, frozen=True):
    """The scores of a layer against gold, in every mode of a track; serialises to JSON as it is.

    `gold` and `predicted` are the layers' names, `documents` is the number of documents scored, `issues` the warnings.
    `figures` are the track's other numbers: the accuracies of attributes (`values`), those of `eval/tracks.toml`
    (`tolls`). `estimates` are the fatality estimates by document (`tolls`).
    """

    track: str
    gold: str
    predicted: str
    documents: int
    modes: Mapping[Mode, ModeScores]
    issues: Sequence[Issue]
    figures: Mapping[str, Estimate] = {}
    estimates: Mapping[str, Fatalities] = {}


Side = Layer | Columns


@dataclasses.dataclass(frozen=True, slots=True)
class _Reader:
    """How a track reads layers: the form that it needs them in, what it collects, and the fingerprint of what it reads.

    `collect` takes gold, prediction and labels.
    """

    form: Callable[[Side], Side]
    collect: Callable[[Side, Side, Iterable[str]], Collected]
    fingerprint: Callable[[Side], str]


def _spans(gold: Side, predicted: Side, labels: Iterable[str]) -> Collected:
    modes = tuple(find_track("spans").modes)
    return without_figures(statistics.collect(gold, predicted, modes, labels))


def _values(gold: Side, predicted: Side, labels: Iterable[str]) -> Collected:
    return collect_values(_whole(gold), _whole(predicted), labels)


def _tolls(gold: Side, predicted: Side, labels: Iterable[str]) -> Collected:
    del labels  # the rows are the slots
    return collect_tolls(_whole(gold), _whole(predicted))


def _columns(side: Side) -> Columns:
    return from_layer(side) if isinstance(side, Layer) else side


def _checked(side: Side) -> Layer:
    """Return a layer whose offsets are those of a text; raises InputError as `from_layer` does."""
    from_layer(_whole(side))
    return _whole(side)


def _whole(side: Side) -> Layer:
    if not isinstance(side, Layer):
        raise TypeError(f"{side.name}: columns hold no attributes and links; give the layer itself")
    return side


_READERS: Mapping[str, _Reader] = {
    "spans": _Reader(_columns, _spans, lambda gold: columns_fingerprint(_columns(gold))),
    "values": _Reader(_checked, _values, lambda gold: layer_fingerprint(_whole(gold))),
    "tolls": _Reader(_checked, _tolls, lambda gold: layer_fingerprint(_whole(gold))),
}


def collect(gold: Side, predicted: Side, track: str = "spans", *, labels: Iterable[str] = ()) -> Collected:
    """Return the per-document counts of a track, in all its modes, with its figures and fatality estimates.

    `labels` as in `score`. Raises ValueError for an unknown track, TypeError for columns in a track that reads
    attributes.
    """
    return _reader(track).collect(gold, predicted, labels)


def fingerprint(gold: Side, track: str = "spans") -> str:
    """Return the first 8 hexadecimal digits of the SHA-256 of what a track reads of gold, whatever its order."""
    return _reader(track).fingerprint(gold)


def _reader(track: str) -> _Reader:
    return _READERS[find_track(track).name]


def score(
    gold: Side,
    predicted: Side,
    track: str = "spans",
    *,
    labels: Iterable[str] = (),
    split: str = "all",
    bootstrap: Bootstrap = DEFAULT_BOOTSTRAP,
) -> Scores:
    """Score `predicted` against `gold` in every mode of `track`, over all documents of `gold` and no others.

    `labels` get a row each even where they do not occur, first and in that order; they change no number, and the track
    `tolls`, whose rows are its slots, passes them over. `split` goes into the signature alone. A gold document that is
    not predicted counts as predicted empty; that, and a predicted document that is not gold, gives a warning
    (`missing-documents`, `unscored-documents`; the place names the predicted layer). Layers without documents give
    undefined scores. All intervals come from the same resampled documents. Raises InputError with every document whose
    two markups count on different texts (`hash-mismatch`) or with every span beyond any text (`wrong-type`), ValueError
    for an unknown track, TypeError for columns in a track that reads attributes.
    """
    reader = _reader(track)
    gold, predicted = reader.form(gold), reader.form(predicted)
    ours, theirs = _digests(gold), _digests(predicted)
    if issues := list(_different_texts(predicted.name, ours, theirs)):
        raise InputError(issues)
    found = reader.collect(gold, predicted, labels)
    counts, figures = found.statistics.counts, found.figures.counts
    drawn_counts, drawn_figures = _resample(counts, figures, bootstrap)
    totals, values, drawn = counts.sum(axis=0), ratios(figures.sum(axis=0)), ratios(drawn_figures)
    digest = reader.fingerprint(gold)
    modes = {
        mode: ModeScores(
            signature=signature(track, mode, split=split, gold=digest, documents=len(ours), bootstrap=bootstrap),
            micro=make_row(totals[index].sum(axis=0), drawn_counts[:, index].sum(axis=1), len(ours)),
            labels={
                label: make_row(totals[index, position], drawn_counts[:, index, position], len(ours))
                for position, label in enumerate(found.statistics.labels)
            },
        )
        for index, mode in enumerate(found.statistics.modes)
    }
    return Scores(
        track,
        gold.name,
        predicted.name,
        len(ours),
        modes,
        tuple(_different_documents(predicted.name, ours, theirs)),
        {name: _estimate(float(values[at]), drawn[:, at], len(ours)) for at, name in enumerate(found.figures.names)},
        found.estimates,
    )


def _resample(counts: Counts, figures: Counts, bootstrap: Bootstrap) -> tuple[Counts, Counts]:
    """Resample both over the same documents."""
    number, width = len(counts), int(np.prod(counts.shape[1:]))
    both = np.hstack([counts.reshape(number, width), figures.reshape(number, int(np.prod(figures.shape[1:])))])
    drawn = resample(both, bootstrap)
    return (
        drawn[:, :width].reshape(len(drawn), *counts.shape[1:]),
        drawn[:, width:].reshape(len(drawn), *figures.shape[1:]),
    )


def make_row(total: Counts, drawn: Counts, documents: int) -> Row:
    """Return the row of the counts (4,) and of the resampled counts (resamples, 4) of a number of documents."""
    values, resampled = measures(total), measures(drawn)
    precision, recall, f1 = (_estimate(float(values[i]), resampled[:, i], documents) for i in range(3))
    return Row(
        correct_gold=float(total[CORRECT_GOLD]),
        correct_predicted=float(total[CORRECT_PREDICTED]),
        gold=int(total[GOLD]),
        predicted=int(total[PREDICTED]),
        precision=precision,
        recall=recall,
        f1=f1,
    )


def _estimate(value: float, resampled: npt.NDArray[np.float64], documents: int) -> Estimate:
    return Estimate(None if np.isnan(value) else value, interval(resampled, documents))


def _digests(side: Side) -> Mapping[str, str]:
    """Return the digest of every document's text, by id."""
    if isinstance(side, Layer):
        return {markup.doc: markup.sha256 for markup in side}
    return dict(zip(side.documents, side.digests, strict=True))


def _different_texts(name: str, gold: Mapping[str, str], predicted: Mapping[str, str]) -> Iterator[Issue]:
    for document in sorted(gold.keys() & predicted.keys()):
        ours, theirs = gold[document], predicted[document]
        if ours != theirs:
            yield Issue(
                "hash-mismatch",
                Level.ERROR,
                Where(name, doc=document),
                f"the offsets count on another text ({theirs[:8]}…) than the gold's ({ours[:8]}…)",
                "predict again on the text that the gold counts on",
            )


def _different_documents(name: str, gold: Mapping[str, str], predicted: Mapping[str, str]) -> Iterator[Issue]:
    where = Where(name)
    if missing := sorted(gold.keys() - predicted.keys()):
        message = (
            f"{len(missing)} of {len(gold)} gold documents have no prediction and count as empty: {_some(missing)}"
        )
        yield Issue("missing-documents", Level.WARNING, where, message, "add a line for each, with no spans if need be")
    if unscored := sorted(predicted.keys() - gold.keys()):
        message = (
            f"{len(unscored)} of {len(predicted)} predicted documents are not gold and not scored: {_some(unscored)}"
        )
        yield Issue("unscored-documents", Level.WARNING, where, message)


def _some(documents: Sequence[str]) -> str:
    return ", ".join(documents[:_SHOWN]) + (" …" if len(documents) > _SHOWN else "")
