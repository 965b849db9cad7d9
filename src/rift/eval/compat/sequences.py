"""The functions of seqeval (Nakayama 2018) and of the metric that Hugging Face's `evaluate` builds on it.

Each takes gold and predicted tags, one list a sequence. Where a measure has nothing to divide by, seqeval gives 0; here
it is undefined, NaN, and `n/a` in a text. `zero_division` of 0, 1 or "warn" brings back seqeval's numbers.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

import numpy as np
import numpy.typing as npt

from rift.eval.compat.tags import Sides, checked, find_scheme, read_spans, to_layer
from rift.eval.compat.undefined import UNDEFINED, ZeroDivision, settled
from rift.eval.statistics import GOLD, Counts, collect, measures

Average = Literal["micro", "macro", "weighted"]
"""Over all spans; the mean of the labels; the mean of the labels by their number of gold spans. A label whose measure
is undefined is left out of a mean."""

Floats = npt.NDArray[np.float64]

Tags = Sequence[Sequence[str]]
"""One list of tags for each sequence (a sentence, a document)."""

Row = TypedDict("Row", {"precision": float, "recall": float, "f1-score": float, "support": int})
"""A row of a report; `support` is the number of gold spans."""

AVERAGES: tuple[Average, ...] = ("micro", "macro", "weighted")

_PRECISION, _RECALL, _F1 = range(3)
_SEQEVAL = Sides("y_true", "y_pred")


def precision_score(  # noqa: PLR0913 - seqeval's signature
    y_true: Tags,
    y_pred: Tags,
    *,
    average: Average | None = "micro",
    mode: str | None = None,
    scheme: str | type | None = None,
    suffix: bool = False,
    zero_division: ZeroDivision = UNDEFINED,
) -> float | Floats:
    """Return the share of predicted spans that are gold, 0 to 1 or NaN; with `average` None, one a label, by name.

    `mode` None reads tags as conlleval does, "strict" reads the well-formed spans of `scheme` alone (IOB1, IOB2, IOE1,
    IOE2, IOBES, BILOU, or seqeval's class of that name). `suffix`: tags are `PER-B`. Raises ValueError with sequence
    and position for tags that cannot be read, and where only one of `mode` and `scheme` is given.
    """
    labels = _count(y_true, y_pred, mode, scheme, suffix)[1]
    return _pick(_averaged(labels, average, zero_division), _PRECISION)


def recall_score(  # noqa: PLR0913 - seqeval's signature
    y_true: Tags,
    y_pred: Tags,
    *,
    average: Average | None = "micro",
    mode: str | None = None,
    scheme: str | type | None = None,
    suffix: bool = False,
    zero_division: ZeroDivision = UNDEFINED,
) -> float | Floats:
    """Return the share of gold spans that are predicted; all else as in `precision_score`."""
    labels = _count(y_true, y_pred, mode, scheme, suffix)[1]
    return _pick(_averaged(labels, average, zero_division), _RECALL)


def f1_score(  # noqa: PLR0913 - seqeval's signature
    y_true: Tags,
    y_pred: Tags,
    *,
    average: Average | None = "micro",
    mode: str | None = None,
    scheme: str | type | None = None,
    suffix: bool = False,
    zero_division: ZeroDivision = UNDEFINED,
) -> float | Floats:
    """Return F1, undefined with no span on either side, 0 with spans on one; all else as in `precision_score`."""
    labels = _count(y_true, y_pred, mode, scheme, suffix)[1]
    return _pick(_averaged(labels, average, zero_division), _F1)


def accuracy_score(y_true: Tags, y_pred: Tags) -> float:
    """Return the share of tokens whose tags are equal, NaN without tokens; raises ValueError for unequal lengths."""
    return _accuracy(*checked(y_true, y_pred, _SEQEVAL))


def classification_report(  # noqa: PLR0913 - seqeval's signature
    y_true: Tags,
    y_pred: Tags,
    *,
    digits: int = 2,
    output_dict: bool = False,
    mode: str | None = None,
    scheme: str | type | None = None,
    suffix: bool = False,
    zero_division: ZeroDivision = UNDEFINED,
) -> str | dict[str, Row]:
    """Return precision, recall, F1 and support of each label by name, then `micro avg`, `macro avg`, `weighted avg`.

    A text with `digits` decimals, or the rows with `output_dict`. Without spans there are the averages alone, all
    undefined. The other arguments are those of `precision_score`.
    """
    rows = _rows(*_count(y_true, y_pred, mode, scheme, suffix), zero_division)
    return rows if output_dict else _text(rows, digits)


def compute(
    *,
    predictions: Tags,
    references: Tags,
    mode: str | None = None,
    scheme: str | type | None = None,
    suffix: bool = False,
    zero_division: ZeroDivision = UNDEFINED,
) -> dict[str, dict[str, float] | float]:
    """Return what `evaluate.load("seqeval").compute` returns, `references` being the gold.

    For each label `precision`, `recall`, `f1` and `number` (of gold spans), then `overall_precision`, `overall_recall`,
    `overall_f1` and `overall_accuracy`. The other arguments are those of `precision_score`.
    """
    names = Sides("references", "predictions")
    rows = _rows(*_count(references, predictions, mode, scheme, suffix, names), zero_division)
    whole = rows["micro avg"]
    scores: dict[str, dict[str, float] | float] = {
        label: {
            "precision": row["precision"],
            "recall": row["recall"],
            "f1": row["f1-score"],
            "number": row["support"],
        }
        for label, row in list(rows.items())[: -len(AVERAGES)]
    }
    accuracy = _accuracy(*checked(references, predictions, names))
    return scores | {
        "overall_precision": whole["precision"],
        "overall_recall": whole["recall"],
        "overall_f1": whole["f1-score"],
        "overall_accuracy": accuracy,
    }


def _count(
    gold: Tags,
    predicted: Tags,
    mode: str | None,
    scheme: str | type | None,
    suffix: bool,  # noqa: FBT001 - private
    names: Sides = _SEQEVAL,
) -> tuple[tuple[str, ...], Counts]:
    """Return the labels by name and their counts (labels, 4) over all sequences, matched strictly."""
    reading = find_scheme(mode, scheme)
    sides = zip(checked(gold, predicted, names), names, strict=True)
    layers = [to_layer(name, read_spans(side, reading, suffix=suffix, side=name)) for side, name in sides]
    found = collect(layers[0], layers[1], ("strict",))
    return found.labels, found.counts.sum(axis=(0, 1))


def _averaged(counts: Counts, average: Average | None, zero_division: ZeroDivision) -> Floats:
    """Return precision, recall and F1 (last axis): one row a label for `average` None, else one row."""
    if average not in (None, *AVERAGES):
        raise ValueError(f"there is no average {average!r}; it is None or one of {', '.join(AVERAGES)}")
    if average is None:
        return settled(measures(counts), zero_division)
    total = counts.sum(axis=0)
    if average == "micro" or (average == "weighted" and not total[GOLD]):
        return settled(measures(total), zero_division)
    values = settled(measures(counts), zero_division)
    weights = np.where(np.isnan(values), 0, counts[:, [GOLD]] if average == "weighted" else 1)
    above, below = (np.nan_to_num(values) * weights).sum(axis=0), weights.sum(axis=0)
    return settled(np.divide(above, below, out=np.full(3, np.nan), where=below > 0), zero_division)


def _pick(values: Floats, measure: int) -> float | Floats:
    return float(values[measure]) if values.ndim == 1 else values[:, measure]


def _rows(labels: Sequence[str], counts: Counts, zero_division: ZeroDivision) -> dict[str, Row]:
    support = counts[:, GOLD]
    each = _averaged(counts, None, zero_division)
    rows = {label: _row(each[place], support[place]) for place, label in enumerate(labels)}
    means = {f"{average} avg": _row(_averaged(counts, average, zero_division), support.sum()) for average in AVERAGES}
    return {**rows, **means}


def _row(values: Floats, support: float) -> Row:
    precision, recall, f1 = map(float, values)
    return {"precision": precision, "recall": recall, "f1-score": f1, "support": int(support)}


def _text(rows: Mapping[str, Row], digits: int) -> str:
    """Lay rows out as scikit-learn and seqeval do, with a blank line before the averages and after them."""
    width = max(len("weighted avg"), digits, *map(len, rows))

    def line(name: str, *cells: str) -> str:
        return f"{name:>{width}s} " + "".join(f" {cell:>9}" for cell in cells)

    def show(value: float) -> str:
        return "n/a" if np.isnan(value) else f"{value:.{digits}f}"

    lines = [
        line(name, show(row["precision"]), show(row["recall"]), show(row["f1-score"]), str(row["support"]))
        for name, row in rows.items()
    ]
    head = line("", "precision", "recall", "f1-score", "support")
    labels = len(lines) - len(AVERAGES)
    return "\n".join([head, "", *lines[:labels], "", *lines[labels:], ""])


def _accuracy(gold: Tags, predicted: Tags) -> float:
    pairs = [
        one == other
        for ours, theirs in zip(gold, predicted, strict=True)
        for one, other in zip(ours, theirs, strict=True)
    ]
    return sum(pairs) / len(pairs) if pairs else float("nan")
