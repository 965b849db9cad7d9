"""The track `values`: spans that are found and understood."""

import functools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
import numpy as np
from scipy.optimize import linear_sum_assignment

from rift.annotations.layer import Layer, Span, Value
from rift.annotations.records import date_value
from rift.eval.collected import ABOVE, BELOW, Collected, Figures, spans_by_document
from rift.eval.statistics import CORRECT_GOLD, CORRECT_PREDICTED, GOLD, PREDICTED, Statistics
from rift.eval.tracks import find_track

Reading = tuple[str | None, ...]
"""What a span says of its label's attributes: those that make up the value, then those beside; None: nothing."""


def collect_values(gold: Layer, predicted: Layer, labels: Iterable[str] = ()) -> Collected:
    """Count every document of `gold`, by id: a true positive is a strictly matched span with the right value.

    What a value is made of, `eval/tracks.toml` says. Documents and labels are those of `rift.eval.statistics.collect`;
    the one mode is `strict`. The figures are the accuracies of the attributes over strictly matched spans of their
    label, called `LABEL.attribute`; a pair in which neither side has the attribute is passed over. Of spans alike in
    boundaries and label, those with the same value are paired first, then those with the most attributes in common; the
    order in which spans are listed has no influence.
    """
    documents = tuple(sorted(gold.markups))
    ours, theirs = spans_by_document(gold), spans_by_document(predicted)
    listed = tuple(dict.fromkeys(labels))
    sides = [(ours[doc], theirs.get(doc, ())) for doc in documents]
    used = {span.label for pair in sides for side in pair for span in side}
    names = (*listed, *sorted(used - set(listed)))
    row = {name: index for index, name in enumerate(names)}
    figures = attribute_names()
    column = {name: index for index, name in enumerate(figures)}
    counts = np.zeros((len(documents), 1, len(names), 4))
    accuracies = np.zeros((len(documents), len(figures), 2))
    for number, pair in enumerate(sides):
        table = counts[number, 0]
        for side, kind in zip(pair, (GOLD, PREDICTED), strict=True):
            for span in side:
                table[row[span.label], kind] += 1
        for label, one, other in _pairs(*pair):
            right = _value(label, one) == _value(label, other)
            table[row[label], [CORRECT_GOLD, CORRECT_PREDICTED]] += right
            for attribute, mine, yours in zip(_attributes(label), one, other, strict=True):
                if mine is not None or yours is not None:
                    accuracies[number, column[f"{label}.{attribute}"], BELOW] += 1
                    accuracies[number, column[f"{label}.{attribute}"], ABOVE] += mine == yours
    return Collected(Statistics(documents, ("strict",), names, counts), Figures(figures, accuracies), {})


def attribute_names() -> tuple[str, ...]:
    """Return the names of the accuracies, `LABEL.attribute`, in the order of `eval/tracks.toml`."""
    return tuple(f"{label}.{attribute}" for label in _of_value() for attribute in _attributes(label))


def _pairs(gold: Sequence[Span], predicted: Sequence[Span]) -> Iterator[tuple[str, Reading, Reading]]:
    """Yield the label and both readings of strictly matched spans."""
    ours, theirs = _readings(gold), _readings(predicted)
    for key in sorted(ours.keys() & theirs.keys()):
        label = key[2]
        for one, other in _matched(label, ours[key], theirs[key]):
            yield label, one, other


def _readings(spans: Sequence[Span]) -> Mapping[tuple[int, int, str], Sequence[Reading]]:
    found: dict[tuple[int, int, str], list[Reading]] = defaultdict(list)
    for span in spans:
        found[span.start, span.end, span.label].append(reading(span))
    return found


def _matched(label: str, gold: Sequence[Reading], predicted: Sequence[Reading]) -> Iterator[tuple[Reading, Reading]]:
    if len(gold) == len(predicted) == 1:
        yield gold[0], predicted[0]
        return
    both = Counter(gold) & Counter(predicted)
    yield from ((same, same) for same in both.elements())
    ours, theirs = _listed(Counter(gold) - both), _listed(Counter(predicted) - both)
    if not ours or not theirs:
        return
    if _order(theirs) < _order(ours):  # the solver breaks ties by position: let the sides not matter
        yield from ((other, one) for one, other in _assigned(label, theirs, ours))
    else:
        yield from _assigned(label, ours, theirs)


def _assigned(label: str, one: Sequence[Reading], other: Sequence[Reading]) -> Iterator[tuple[Reading, Reading]]:
    weights = np.array([[_likeness(label, left, right) for right in other] for left in one])
    rows, columns = linear_sum_assignment(weights, maximize=True)
    yield from ((one[left], other[right]) for left, right in zip(rows.tolist(), columns.tolist(), strict=True))


def _likeness(label: str, one: Reading, other: Reading) -> int:
    same = sum(mine == yours for mine, yours in zip(one, other, strict=True))
    return same + (_value(label, one) == _value(label, other)) * 1000  # more than any number of attributes


def _listed(readings: Counter[Reading]) -> list[Reading]:
    return sorted(readings.elements(), key=lambda found: [value or "" for value in found])


def _order(readings: Sequence[Reading]) -> list[list[str]]:
    return [[value or "" for value in found] for found in readings]


def reading(span: Span) -> Reading:
    """Return what a span says of the attributes of its label, in writing; () for a label that has none.

    A span without any attribute says nothing at all, and agrees with no span that says something. Otherwise `approx`
    is false where it is left out, a generic ACTOR has no entity, and equal notations of a time are one.
    """
    if not span.attributes:
        return tuple(None for _ in _attributes(span.label))
    return tuple(_read(span, name) for name in _attributes(span.label))


def meaning(span: Span) -> Reading | None:
    """Return the normalised value of a span, which makes it right; None where the span says nothing at all."""
    return _value(span.label, reading(span))


def _read(span: Span, name: str) -> str | None:
    value: Value | None = span.attributes.get(name)
    if name == "approx":
        value = value or False
    if value is None or (name == "entity" and span.attributes.get("form") == "generic"):
        return None
    if span.label == "DATE" and name == "value":
        return date_value(str(value))
    return msgspec.json.encode(value).decode()  # so that `true` is not 1, and "1" neither


def _attributes(label: str) -> tuple[str, ...]:
    return (*_of_value().get(label, ()), *_beside().get(label, ()))


def _value(label: str, found: Reading) -> Reading | None:
    """Return the part of a reading that makes up the value; None where the span says nothing at all.

    Saying nothing differs from the value of a generic ACTOR, whose entity is None but whose other attributes are not.
    """
    return None if found and not any(found) else found[: len(_of_value().get(label, ()))]


@functools.cache
def _of_value() -> Mapping[str, tuple[str, ...]]:
    return {label: tuple(names) for label, names in find_track("values").values.items()}


@functools.cache
def _beside() -> Mapping[str, tuple[str, ...]]:
    return {label: tuple(names) for label, names in find_track("values").beside.items()}
