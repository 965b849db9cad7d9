"""The links of tolls that two annotators both marked: where they lead."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from rift.annotations.layer import Layer, Markup, Span
from rift.annotations.records import TOLL
from rift.eval.differences import paired, target_value
from rift.eval.statistics import CORRECT_GOLD, CORRECT_PREDICTED, GOLD, PREDICTED, Counts
from rift.guidelines import scheme

Target = tuple[int, int, str] | str
"""What a link leads to: a span, by its boundaries and label, or what that means.

A toll means the pair that it is in: two tolls may begin at one place, so that its start would not tell them apart.
"""


def count_links(a: Layer, b: Layer) -> Counts:
    """Count the links of the strictly matched tolls of two layers of the same documents, which come by id.

    The shape is (documents, roles, 2, 4): the roles of the scheme, in its order; links by the very span that they lead
    to, then by what it means (entity, place, date, or the toll that it is paired with); and the counts of
    `rift.eval.statistics`. The targets of a toll in a role are a set. A link that leads to no span, to an id that
    several spans have, to a span of another label than the scheme asks for, or in the second reading to one that means
    nothing, is none.
    """
    roles = {role: link.target for role, link in scheme().labels[TOLL].links.items()}
    counts = np.zeros((len(a), len(roles), 2, 4))
    for table, doc in zip(counts, sorted(a.markups), strict=True):
        for cell, one, other in _links(a.markups[doc], b.markups[doc], roles):
            table[*cell, [CORRECT_GOLD, CORRECT_PREDICTED]] += len(one & other)
            table[*cell, [GOLD, PREDICTED]] += len(one), len(other)
    return counts


def _links(
    a: Markup, b: Markup, roles: Mapping[str, str]
) -> Iterator[tuple[tuple[int, int], set[Target], set[Target]]]:
    """Yield the role and the reading, as positions, and the targets of both sides, for each pair of tolls."""
    pairs = paired(a.spans, b.spans)
    names = {
        id(toll): f"{TOLL} pair {number}"
        for number, pair in enumerate(pairs)
        if {toll.label for toll in pair} == {TOLL}
        for toll in pair
    }
    known = (_by_id(a.spans), _by_id(b.spans))
    for tolls in pairs:
        if _place(tolls[0]) != _place(tolls[1]) or tolls[0].label != TOLL:
            continue
        for position, (role, label) in enumerate(roles.items()):
            one, other = (
                [span for name in toll.links.get(role, ()) if (span := spans.get(name)) and span.label == label]
                for toll, spans in zip(tolls, known, strict=True)
            )
            yield (position, 0), set(map(_place, one)), set(map(_place, other))
            yield (position, 1), _meanings(one, names, "a"), _meanings(other, names, "b")


def _by_id(spans: Sequence[Span]) -> dict[str, Span]:
    uses = Counter(span.id for span in spans)
    return {span.id: span for span in spans if span.id is not None and uses[span.id] == 1}


def _place(span: Span) -> tuple[int, int, str]:
    return span.start, span.end, span.label


def _meanings(targets: Sequence[Span], names: Mapping[int, str], side: str) -> set[Target]:
    """Return what targets mean; a toll that is in no pair means itself alone, which nothing of the other side does."""

    def meaning(target: Span) -> str:
        if target.label != TOLL:
            return target_value(target, {})
        return names.get(id(target), f"{TOLL} of {side} at {target.start}-{target.end}")

    return {found for found in map(meaning, targets) if found}
