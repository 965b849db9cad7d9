"""Toll records and fatality estimates: from spans to facts, as the guidelines spell it out."""

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import msgspec
from edtf.parser.parser_classes import Interval

from rift.annotations.dates import parse_date
from rift.annotations.layer import Markup, Span, reading_order

TOLL = "TOLL"

GENERIC = "generic:"
"""What the value of a generic actor begins with; its kind follows. No id of the knowledge files holds a colon."""


MOST = 10**10
"""The greatest number of people that a toll may assert: more than live. A greater one says nothing."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A toll with its attributes and its links resolved; the stretch `[start, end)` in code points is where it stands.

    `low` and `high` are the range that the words assert, 0 to `MOST`: a `low` of None asserts no least number
    (`up to 50`), a `high` of None no greatest one (`at least 39`), both None no figure at all. `outcome`, `victims`,
    `scope` and `breakdown` are None where the span leaves them out; `approx` is then False. `victim`, `by` and `source`
    hold the values of actors (see `actor_value`), `where` place ids, `when` dates (see `date_value`), each once and
    sorted. `part_of` and `same_as` hold the positions of other records among the document's.
    """

    start: int
    end: int
    outcome: str | None = None
    low: int | None = None
    high: int | None = None
    approx: bool = False
    victims: str | None = None
    scope: str | None = None
    breakdown: str | None = None
    victim: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    part_of: tuple[int, ...] = ()
    same_as: tuple[int, ...] = ()


class Estimate(msgspec.Struct, frozen=True, order=True):
    """A fatality estimate in people, low <= best <= high, as UCDP GED gives them (Sundberg and Melander 2013)."""

    low: int
    best: int
    high: int


def records(markup: Markup) -> tuple[Record, ...]:
    """Return the toll records of a document in reading order; () for a document without tolls.

    Neither the order of spans nor the names of their ids matter. A link that leads to no span, to a span of another
    label than the scheme asks for, to one without a value (see `actor_value`), to the toll itself or to an id that
    several spans have adds nothing.
    """
    uses = Counter(span.id for span in markup.spans)
    by_id = {span.id: span for span in markup.spans if uses[span.id] == 1}

    def targets(toll: Span, link: str, label: str) -> Iterator[Span]:
        found = (by_id.get(name) for name in toll.links.get(link, ()))
        return (target for target in found if target and target.label == label and target is not toll)

    def actors(toll: Span, link: str) -> tuple[str, ...]:
        return _sorted(actor_value(target) for target in targets(toll, link, "ACTOR"))

    def resolve(toll: Span) -> Record:
        return Record(
            start=toll.start,
            end=toll.end,
            outcome=_word(toll, "outcome"),
            low=_count(toll, "low"),
            high=_count(toll, "high"),
            approx=toll.attributes.get("approx") is True,
            victims=_word(toll, "victims"),
            scope=_word(toll, "scope"),
            breakdown=_word(toll, "breakdown"),
            where=_sorted(_word(target, "place") for target in targets(toll, "where", "LOCATION")),
            when=_sorted(_date(target) for target in targets(toll, "when", "DATE")),
            victim=actors(toll, "victim"),
            by=actors(toll, "by"),
            source=actors(toll, "source"),
        )

    def key(item: tuple[Span, Record]) -> tuple[object, ...]:
        toll, record = item
        others = [
            sorted((target.start, target.end) for target in targets(toll, link, TOLL))
            for link in ("part_of", "same_as")
        ]
        return reading_order(toll), msgspec.json.encode(record), others

    found = sorted(((span, resolve(span)) for span in markup.spans if span.label == TOLL), key=key)
    place = {id(toll): position for position, (toll, _) in enumerate(found)}

    def positions(toll: Span, link: str) -> tuple[int, ...]:
        return tuple(sorted({place[id(target)] for target in targets(toll, link, TOLL)}))

    return tuple(
        msgspec.structs.replace(record, part_of=positions(toll, "part_of"), same_as=positions(toll, "same_as"))
        for toll, record in found
    )


def actor_value(actor: Span) -> str | None:
    """Return what an ACTOR refers to: a name's entity id, or `generic:<kind>`, so that any mention of the kind agrees.

    None where the span does not say: a name without entity, a generic without kind. What has no entity counts as
    generic unless its form says otherwise.
    """
    form, entity, kind = (_word(actor, name) for name in ("form", "entity", "kind"))
    if entity is not None and form != "generic":
        return entity
    return f"{GENERIC}{kind}" if kind is not None and form != "name" else None


_PLAIN = re.compile(r"(\d{4}(?:-\d\d){0,2})(?:/(?!\1$)\d{4}(?:-\d\d){0,2})?")
"""A date without signs, or an interval between two different ones: EDTF has it as it stands, and the parser is slow."""


@functools.lru_cache(maxsize=1 << 14)
def date_value(value: str) -> str:
    """Return an EDTF expression so that two notations of the same time are equal (ISO 8601-2:2019, levels 0 and 1).

    White space around it goes, and an interval from a date to itself is that date. Precision is kept: a month is not
    the interval of its days. What is no EDTF is returned as it is, and so agrees with nothing but itself.
    """
    if _PLAIN.fullmatch(value):
        return value
    parsed = parse_date(value)
    if parsed is None:
        return value
    if isinstance(parsed, Interval) and str(parsed.lower) == str(parsed.upper) not in {"", ".."}:
        return str(parsed.lower)
    return str(parsed)


def fatality_estimate(records: Sequence[Record]) -> Estimate | None:
    """Return how many people the records of one document, all of them, say were killed; None where none says a figure.

    The rule of the guidelines: only `killed` records count. Those that are `same_as` one another, be it by way of
    others, are a group; a group with a record that is `part_of` another killed one is left out. A group's low is the
    least `low` in it, its high the greatest of all its numbers, its best the greatest exact figure (`low` and `high`
    equal, not approximate), since news mostly revises upward, and where none is exact the greatest `low`; where a group
    asserts no `low` at all, its `high` stand in. Groups with a record of scope `incident` are added up; without any,
    the group with a `cumulative` record and the greatest best is taken. A group without figure or scope counts for
    nothing. A toll of 0 is an estimate of 0.
    """
    groups = [group for group in _groups(records) if not _is_part(group, records) and _numbers(group)]
    incidents = [_of_group(group) for group in groups if any(record.scope == "incident" for record in group)]
    if incidents:
        return Estimate(
            sum(found.low for found in incidents),
            sum(found.best for found in incidents),
            sum(found.high for found in incidents),
        )
    cumulative = (_of_group(group) for group in groups if any(record.scope == "cumulative" for record in group))
    return max(cumulative, key=lambda found: (found.best, found.high, found.low), default=None)


def _groups(records: Sequence[Record]) -> list[list[Record]]:
    """Return the `killed` records, those together that count the same people; a record of another outcome may join."""
    leader = list(range(len(records)))

    def find(position: int) -> int:
        while leader[position] != position:
            leader[position] = position = leader[leader[position]]
        return position

    for position, record in enumerate(records):
        for other in record.same_as:
            leader[find(position)] = find(other)
    groups: dict[int, list[Record]] = defaultdict(list)
    for position, record in enumerate(records):
        if record.outcome == "killed":
            groups[find(position)].append(record)
    return list(groups.values())


def _is_part(group: Sequence[Record], records: Sequence[Record]) -> bool:
    """The killed among a toll of killed and wounded are no part of what is counted, so they count themselves."""
    return any(records[whole].outcome == "killed" for record in group for whole in record.part_of)


def _of_group(group: Sequence[Record]) -> Estimate:
    numbers = _numbers(group)
    lows = [record.low for record in group if record.low is not None] or numbers
    exact = [
        record.low for record in group if record.low is not None and record.low == record.high and not record.approx
    ]
    best = max(exact, default=max(lows))
    return Estimate(min(lows), best, max(numbers))


def _numbers(group: Sequence[Record]) -> list[int]:
    return [number for record in group for number in (record.low, record.high) if number is not None]


def _word(span: Span, name: str) -> str | None:
    value = span.attributes.get(name)
    return value if isinstance(value, str) else None


def _count(span: Span, name: str) -> int | None:
    value = span.attributes.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST else None


def _date(span: Span) -> str | None:
    value = span.attributes.get("value")
    return None if value is None else date_value(str(value))


def _sorted(values: Iterator[str | None]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value is not None}))
