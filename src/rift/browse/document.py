"""One document as a view: its reading, its records, its fatality estimate, and whom and what it names."""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rift.annotations.records import Estimate, actor_value, fatality_estimate, records
from rift.browse.entry import Entry
from rift.browse.facts import Fact, facts
from rift.browse.reading import Mark, Paragraph, mark_all, read
from rift.browse.words import span_words
from rift.eval.differences import attribute_value
from rift.guidelines import Actor, Knowledge, Place


@dataclasses.dataclass(frozen=True, slots=True)
class Named:
    """An actor or place of the knowledge files that a document names, and how often."""

    key: str
    name: str
    kind: str
    mentions: int


@dataclasses.dataclass(frozen=True, slots=True)
class View:
    """A document as it is shown; `headed` says that its first paragraph is its title.

    `counts` are the spans by label; `actors` and `places` stand by how often they are named. `estimate` is None where
    no record says how many were killed.
    """

    entry: Entry
    paragraphs: Sequence[Paragraph]
    headed: bool
    marks: Sequence[Mark]
    facts: Sequence[Fact]
    estimate: Estimate | None
    counts: Mapping[str, int]
    actors: Sequence[Named]
    places: Sequence[Named]

    @property
    def heading(self) -> str:
        """The title, or the id of a document that shows none."""
        return self.entry.title or self.entry.doc

    @property
    def page(self) -> str:
        """The address of its page, from the site's root."""
        return f"documents/{self.entry.doc}.html"


def view(entry: Entry, knowledge: Knowledge) -> View:
    """Return the view of a document; without a markup it has its text alone."""
    spans = entry.markup.spans if entry.markup else ()
    marks = mark_all(spans, lambda span: span_words(span, knowledge))
    found = records(entry.markup) if entry.markup else ()
    paragraphs = read(entry.text, marks)
    first = "".join(piece.text for piece in paragraphs[0]) if paragraphs else ""
    return View(
        entry=entry,
        paragraphs=paragraphs,
        headed=entry.text is not None and first == entry.title,
        marks=marks,
        facts=facts(marks, found, knowledge),
        estimate=fatality_estimate(found),
        counts=Counter(span.label for span in spans),
        actors=_named((actor_value(span) for span in spans if span.label == "ACTOR"), knowledge.actors),
        places=_named((attribute_value(span, "place") for span in spans if span.label == "LOCATION"), knowledge.places),
    )


def _named(keys: Iterable[str | None], entries: Mapping[str, Actor] | Mapping[str, Place]) -> list[Named]:
    counts = Counter(key for key in keys if key in entries)
    found = [Named(key, entries[key].name, entries[key].kind, count) for key, count in counts.items() if key]
    return sorted(found, key=lambda named: (-named.mentions, named.name, named.key))
