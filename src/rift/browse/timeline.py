"""The timeline: tolls by date, sized and raised by their figure, as places on a plane."""

import contextlib
import dataclasses
import datetime as dt
import functools
import itertools
import math
from collections.abc import Sequence
from typing import Any

from rift.annotations.dates import parse_date
from rift.annotations.records import Record
from rift.eval.errors import figure
from rift.eval.palette import short_number

WIDTH, HEIGHT = 1000, 400
"""The size of the plane, in units of its own."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 16, 16, 30  # margins, for the axes
_SMALLEST, _LARGEST = 3.5, 13.0  # radius of a mark
_KEPT = 0.98  # share of the dated tolls that the axis must hold; the others would press them together

Period = tuple[dt.date, dt.date]
"""The first and the last day of a time."""


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    """A toll on the plane: the number of it among those given, its centre, its radius, and the ends of its period."""

    toll: int
    x: float
    y: float
    radius: float
    first: float
    last: float


@dataclasses.dataclass(frozen=True, slots=True)
class Timeline:
    """Points, the largest first so that none is hidden, and the axes: places with what stands there.

    `undated` tolls have no date or no figure, `outside` ones a date that the axis does not reach: they have no point.
    """

    points: Sequence[Point]
    dates: Sequence[tuple[float, str]]
    figures: Sequence[tuple[float, str]]
    undated: int
    outside: int


def timeline(records: Sequence[Record]) -> Timeline:
    """Place tolls by the middle of their period; the axis spans whole years that hold nearly all of them.

    No records, or none with a date, give an empty plane.
    """
    known = [
        (number, when, size)
        for number, record in enumerate(records)
        if (when := period(record.when)) and (size := figure((record.low, record.high))) is not None
    ]
    if not known:
        return Timeline((), (), (), len(records), 0)
    years = _years([_middle(when) for _, when, _ in known])
    inside = [item for item in known if years[0] <= _middle(item[1]) < years[-1]]
    top = math.log1p(max(10.0, *(size for _, _, size in inside)))

    def across(day: float) -> float:
        share = (day - years[0]) / (years[-1] - years[0])
        return round(_LEFT + min(1.0, max(0.0, share)) * (WIDTH - _LEFT - _RIGHT), 1)

    def up(size: float) -> float:
        return round(HEIGHT - _BOTTOM - math.log1p(size) / top * (HEIGHT - _TOP - _BOTTOM), 1)

    points = [
        Point(
            number,
            across(_middle(when)),
            up(size),
            round(_SMALLEST + (_LARGEST - _SMALLEST) * math.log1p(size) / top, 1),
            across(when[0].toordinal()),
            across(when[1].toordinal() + 1),
        )
        for number, when, size in inside
    ]
    steps = [0, *itertools.takewhile(lambda step: math.log1p(step) <= top, (10**power for power in range(12)))]
    return Timeline(
        sorted(points, key=lambda point: (-point.radius, point.toll)),
        [(across(day), str(dt.date.fromordinal(day).year)) for day in years[:-1]],
        [(up(step), short_number(step)) for step in steps],
        len(records) - len(known),
        len(known) - len(inside),
    )


def period(values: Sequence[str]) -> Period | None:
    """Return the days from the first to the last of the EDTF dates `values`; None for none that has an end.

    A date with one open end is its other end; what is no EDTF, and what no calendar holds, is passed over.
    """
    found = [known for value in values if (known := _bounds(value))]
    return (min(first for first, _ in found), max(last for _, last in found)) if found else None


@functools.cache
def _bounds(value: str) -> Period | None:
    with contextlib.suppress(ValueError):  # most are plain days, and the parser is slow
        day = dt.date.fromisoformat(value)
        return day, day
    parsed = parse_date(value)
    if parsed is None:
        return None
    try:
        ends = [_day(parsed.lower_strict()), _day(parsed.upper_strict())]
    except (ValueError, TypeError):  # a year that Python's calendar lacks
        return None
    known = [end for end in ends if end is not None]
    return (min(known), max(known)) if known else None


def _day(moment: Any) -> dt.date | None:  # noqa: ANN401  (the package has no types)
    """Return the day of a moment as `edtf` gives it; None for one without end."""
    return None if isinstance(moment, float) else dt.date(*moment[:3])


def _middle(when: Period) -> float:
    return (when[0].toordinal() + when[1].toordinal() + 1) / 2


def _years(middles: Sequence[float]) -> list[int]:
    """Return the first days of the fewest years that hold the central `_KEPT` of the dates, and of the year after."""
    ordered = sorted(middles)
    cut = int(len(ordered) * (1 - _KEPT) / 2)
    first, last = (dt.date.fromordinal(int(ordered[index])).year for index in (cut, -1 - cut))
    return [dt.date(year, 1, 1).toordinal() for year in range(first, last + 2)]
