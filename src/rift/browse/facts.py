"""Toll records as they are shown: a toll with its figure, and its links by name."""

import dataclasses
from collections.abc import Sequence

from rift.annotations.records import TOLL, Record
from rift.browse.reading import Mark
from rift.browse.words import actor_words, figure_words, place_words
from rift.guidelines import Knowledge

ROLES = ("victim", "by", "source", "where", "when", "part_of", "same_as")
"""The links of a record, in the order in which they are shown."""

_ACTORS = ("victim", "by", "source")


@dataclasses.dataclass(frozen=True, slots=True)
class Reference:
    """What a link leads to, in words: `key` is the id of a place or of a named actor, `record` the number of another.

    Both are empty for a date and for an actor without a name.
    """

    words: str
    key: str = ""
    record: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Fact:
    """A toll record: its number in the document from 1, its toll in the text, its figure in words, its links."""

    number: int
    mark: Mark
    record: Record
    figure: str
    slots: Sequence[tuple[str, Sequence[Reference]]]

    @property
    def anchor(self) -> str:
        """The anchor to reach the record by."""
        return f"r{self.number}"

    @property
    def outcome(self) -> str:
        """The outcome, "" where the toll says none."""
        return self.record.outcome or ""

    @property
    def words(self) -> str:
        """The record on one line, such as `64 killed, Hama, 2014-06-10`."""
        slots = dict(self.slots)
        linked = [reference.words for role in ("where", "when") for reference in slots.get(role, ())]
        return ", ".join([f"{self.figure} {self.outcome}".strip(), *linked])


def facts(marks: Sequence[Mark], records: Sequence[Record], knowledge: Knowledge) -> list[Fact]:
    """Return the toll records of a document with the marks of their tolls; [] without tolls.

    `marks` and `records` are all those of one document, in reading order. Raises ValueError where the tolls among the
    marks are not as many as the records.
    """
    tolls = [mark for mark in marks if mark.span.label == TOLL]
    return [
        Fact(number, mark, record, figure_words(mark.span), list(_slots(record, knowledge)))
        for number, (mark, record) in enumerate(zip(tolls, records, strict=True), start=1)
    ]


def _slots(record: Record, knowledge: Knowledge) -> Sequence[tuple[str, Sequence[Reference]]]:
    found = ((role, _references(role, record, knowledge)) for role in ROLES)
    return [(role, references) for role, references in found if references]


def _references(role: str, record: Record, knowledge: Knowledge) -> Sequence[Reference]:
    values = getattr(record, role)
    if role in _ACTORS:
        return [
            Reference(actor_words(value, knowledge), value if value in knowledge.actors else "") for value in values
        ]
    match role:
        case "where":
            return [
                Reference(place_words(value, knowledge), value if value in knowledge.places else "") for value in values
            ]
        case "when":
            return [Reference(value) for value in values]
    return [Reference(f"record {value + 1}", record=value + 1) for value in values]
