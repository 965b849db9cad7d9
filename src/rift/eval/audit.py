"""An audit: gold read again in full, and the share of its spans that the auditor found wrong or missing."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
import numpy as np

from rift.annotations.layer import Layer
from rift.eval.differences import Difference, Kind, differences
from rift.eval.resample import Bootstrap, interval, resample
from rift.eval.scoring import DEFAULT_BOOTSTRAP, Estimate

Fault = Literal["missing", "spurious", "extent", "label", "attribute", "link"]

_FAULTS: Mapping[Kind, Fault] = {
    "only-a": "spurious",
    "only-b": "missing",
    "extent": "extent",
    "label": "label",
    "attribute": "attribute",
    "link": "link",
}
"""Gold is the first of the two layers, the audit the second."""

ALL = "all"


class AuditRow(msgspec.Struct, frozen=True):
    """The faults found in the spans of one label, or of all.

    `spans` is the number in gold, `faults` counts the faults by kind, `wrong` the spans with a fault of boundaries or
    label together with those missing and those that should not be there, `wrong_value` the other spans with an
    attribute or link at fault. `rate` is `wrong`, `value_rate` `wrong_value`, each over the spans that should be there,
    with a 95 % interval by bootstrap over documents.
    """

    label: str
    spans: int
    faults: dict[Fault, int]
    wrong: int
    wrong_value: int
    rate: Estimate
    value_rate: Estimate


class Audit(msgspec.Struct, frozen=True):
    """What an audit found: the documents read, and the faults by label, then over all."""

    documents: int
    rows: Sequence[AuditRow]


def audit(gold: Layer, audited: Layer, bootstrap: Bootstrap = DEFAULT_BOOTSTRAP) -> Audit:
    """Hold `gold` against the layer of an auditor over the documents of both.

    What the auditor has is taken to be right. Without common documents all rates are undefined.
    """
    documents = sorted(gold.markups.keys() & audited.markups.keys())
    found = differences(gold, audited)
    labels = sorted({span.label for doc in documents for layer in (gold, audited) for span in layer.markups[doc].spans})
    return Audit(len(documents), [_row(label, documents, gold, audited, found, bootstrap) for label in (*labels, ALL)])


def fault_of(difference: Difference) -> Fault:
    """Return what a difference between gold and an audit says of gold."""
    return _FAULTS[difference.kind]


def _row(
    label: str,
    documents: Sequence[str],
    gold: Layer,
    audited: Layer,
    found: Sequence[Difference],
    bootstrap: Bootstrap,
) -> AuditRow:
    place = {doc: number for number, doc in enumerate(documents)}
    table = np.zeros((len(documents), 3))  # wrong, wrong value, spans that should be there
    faults: dict[Fault, int] = {}
    values: set[tuple[str, int, int]] = set()
    for doc in documents:
        table[place[doc], 2] = sum(label in (ALL, span.label) for span in audited.markups[doc].spans)
    for item in found:
        side = item.a or item.b
        if side is None or label not in (ALL, side.label):
            continue
        fault = fault_of(item)
        faults[fault] = faults.get(fault, 0) + 1
        if fault in ("attribute", "link"):
            values.add((item.doc, side.start, side.end))
        else:
            table[place[item.doc], 0] += 1
    for doc, _, _ in values:
        table[place[doc], 1] += 1
    drawn = resample(table, bootstrap)
    total = table.sum(axis=0) if documents else np.zeros(3)

    def rate(column: int) -> Estimate:
        with np.errstate(divide="ignore", invalid="ignore"):
            resampled = np.where(drawn[:, 2] > 0, drawn[:, column] / drawn[:, 2], np.nan)
        return Estimate(float(total[column] / total[2]) if total[2] else None, interval(resampled, len(documents)))

    spans = sum(label in (ALL, span.label) for doc in documents for span in gold.markups[doc].spans)
    return AuditRow(label, spans, faults, int(total[0]), int(total[1]), rate(0), rate(1))
