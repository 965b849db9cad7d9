"""Dates as news writes them: where they stand in a text, and the calendar time that they mean."""

import calendar
import datetime as dt
import re
from collections.abc import Callable
from typing import NamedTuple

from rift.baselines import periods
from rift.baselines.numbers import number_of
from rift.baselines.periods import Period

_MONTHS = list(calendar.month_name)[1:]
_WEEKDAYS = list(calendar.day_name)
_SEASONS = "|".join(periods.SEASONS)

_MONTH = rf"(?P<month>{'|'.join(_MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_WEEKDAY = rf"(?P<weekday>{'|'.join(_WEEKDAYS)})"
_PART = r"(?: (?:morning|afternoon|evening|night|noon|dawn))"
_UNIT = r"(?P<unit>day|week|month|year)s?"
_COUNT = (
    r"(?P<count>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|(?:a )?few|(?:a )?couple of|several)"
)


class Anchors(NamedTuple):
    """What relative dates count from: the day of publication and the day last told of; None where not known."""

    published: dt.date | None
    told: dt.date | None = None


class DateMention(NamedTuple):
    """A date expression at `[start, end)` of a text, and the time it means, or None where nothing anchors it."""

    start: int
    end: int
    period: Period | None


_Reader = Callable[[re.Match[str], Anchors], Period | None]


def _on_day(match: re.Match[str], anchors: Anchors) -> Period | None:
    year, month, day = match["year"], _month(match), int(match["day"])
    if year:
        return periods.on(int(year), month, day)
    if anchors.published is None:
        return None
    dates = (periods.on(anchors.published.year - back, month, day) for back in range(5))
    return next((found for found in dates if found and found.first <= anchors.published), None)


def _in_month(match: re.Match[str], anchors: Anchors) -> Period | None:
    number, year = _month(match), match["year"]
    if year:
        return periods.month(int(year), number)
    if anchors.published is None:
        return None
    return periods.month(anchors.published.year - (number > anchors.published.month), number)


def _days_of_month(match: re.Match[str], anchors: Anchors) -> Period | None:
    year = f" {match['year']}" if match["year"] else ""
    first, last = (resolve(f"{match[end]} {match['month']}{year}", anchors) for end in ("first", "last"))
    return periods.between(first, last) if first and last and first.first <= last.first else None


def _week_of_month(match: re.Match[str], anchors: Anchors) -> Period | None:
    month = _in_month(match, anchors)
    if month is None:
        return None
    which = ["first", "second", "third"]
    place = which.index(match["which"]) if match["which"] in which else None
    start = month.first.replace(day=7 * place + 1) if place is not None else month.last - dt.timedelta(days=6)
    return periods.between(periods.day(start), periods.day(start + dt.timedelta(days=6)))


def _iso(match: re.Match[str], anchors: Anchors) -> Period | None:
    del anchors
    return periods.on(int(match["year"]), int(match["number"]), int(match["day"]))


def _in_year(match: re.Match[str], anchors: Anchors) -> Period:
    del anchors
    return periods.year(int(match["year"]))


def _years(match: re.Match[str], anchors: Anchors) -> Period:
    del anchors
    first, last = match["first"], match["last"]
    return periods.between(periods.year(int(first)), periods.year(int(first[: 4 - len(last)] + last)))


def _in_season(match: re.Match[str], anchors: Anchors) -> Period:
    del anchors
    return periods.season(match["season"].lower(), int(match["year"]))


def _on_weekday(match: re.Match[str], anchors: Anchors) -> Period | None:
    if anchors.published is None:
        return None
    back = (anchors.published.weekday() - _WEEKDAYS.index(match["weekday"])) % 7
    if match["which"] == "next":
        return periods.day(anchors.published + dt.timedelta(days=7 - back))
    if match["which"] == "last" and not back:
        back = 7
    return periods.day(anchors.published - dt.timedelta(days=back))


def _near_publication(days: int) -> _Reader:
    def read(match: re.Match[str], anchors: Anchors) -> Period | None:
        del match
        return periods.day(anchors.published + dt.timedelta(days)) if anchors.published else None

    return read


def _near_story(days: int) -> _Reader:
    def read(match: re.Match[str], anchors: Anchors) -> Period | None:
        del match
        told = anchors.told or anchors.published
        return periods.day(told + dt.timedelta(days)) if told else None

    return read


def _neighbour(match: re.Match[str], anchors: Anchors) -> Period | None:
    if anchors.published is None:
        return None
    which, unit = match["which"].lower(), match["unit"].lower()
    if which == "past" and unit in ("week", "month", "year"):
        return periods.up_to(periods.ago(1, unit, anchors.published), anchors.published)
    return periods.neighbour({"this": 0, "next": 1}.get(which, -1), unit, anchors.published)


def _past_units(match: re.Match[str], anchors: Anchors) -> Period | None:
    if anchors.published is None:
        return None
    return periods.up_to(periods.ago(_count(match), match["unit"], anchors.published), anchors.published)


def _units_ago(match: re.Match[str], anchors: Anchors) -> Period | None:
    if anchors.published is None:
        return None
    unit = match["unit"].lower()
    date = periods.ago(_count(match), unit, anchors.published)
    if unit in ("month", "year"):
        return periods.month(date.year, date.month) if unit == "month" else periods.year(date.year)
    return periods.day(date)._replace(edtf=date.isoformat() + ("" if unit == "day" else "~"))


def _part_of(match: re.Match[str], anchors: Anchors) -> Period | None:
    whole = resolve(match["whole"], anchors)
    return periods.about(whole) if whole else None


def _nameless(pattern: str) -> str:
    """Return a pattern that can stand in another more than once."""
    return re.sub(r"\?P<\w+>", "?:", pattern)


_RULES: list[tuple[str, _Reader]] = [
    (rf"{_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)", _iso),
    (rf"(?P<first>\d\d?) ?(?:-|\u2013|to|until) ?(?P<last>\d\d?) {_MONTH}(?:,? {_YEAR})?", _days_of_month),
    (rf"{_MONTH} (?P<first>\d\d?) ?(?:-|\u2013|to|until) ?(?P<last>\d\d?)(?:,? {_YEAR})?", _days_of_month),
    (rf"(?:{_WEEKDAY},? )?{_MONTH} {_DAY}(?:,? {_YEAR})?{_PART}?", _on_day),
    (rf"(?:{_WEEKDAY},? )?{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?{_PART}?", _on_day),
    (rf"(?P<which>first|second|third|last) week of {_MONTH}(?:,? {_YEAR})?", _week_of_month),
    (rf"{_MONTH}(?:,?(?: of)? {_YEAR})?", _in_month),
    (r"(?P<first>(?:19|20)\d\d)[-\u2013](?P<last>(?:19|20)?\d\d)", _years),
    (rf"(?P<season>{_SEASONS})(?: of)? {_YEAR}", _in_season),
    (_YEAR, _in_year),
    (rf"(?:(?P<which>last|this|next) )?{_WEEKDAY}{_PART}?", _on_weekday),
    (r"(?ai:today|tonight|this (?:morning|afternoon|evening)|earlier today)", _near_publication(0)),
    (rf"(?ai:yesterday{_PART}?|last night|overnight)", _near_publication(-1)),
    (rf"(?ai:tomorrow{_PART}?)", _near_publication(1)),
    (r"(?ai:(?:earlier|later) (?:in|on) the day|(?:earlier|later) that day|same day|that day)", _near_story(0)),
    (r"(?:previous|preceding) (?:day|night|evening)|(?:day|night) before|day earlier", _near_story(-1)),
    (r"(?:following|next) (?:day|morning)|day after|day later", _near_story(1)),
    (rf"(?P<which>(?ai:last|this|next|past|previous)) (?P<unit>weekend|week|month|year|{_SEASONS})", _neighbour),
    (rf"(?:past|last|previous) (?!few){_COUNT} {_UNIT}", _past_units),
    (rf"(?ai:{_COUNT} {_UNIT} ago)", _units_ago),
]
_ATOM = "(?:" + "|".join(_nameless(pattern) for pattern, _ in _RULES) + r")(?!\w)"
_EDGE = r"(?ai:early|late|mid|(?:the )?(?:end|start|beginning|middle) of)[ -](?:on |in )?"
_RULES.append((rf"{_EDGE}(?P<whole>{_ATOM})", _part_of))
_PAIR = rf"(?P<first>\d\d?) and (?P<last>\d\d?) {_MONTH}(?:,? {_YEAR})?"
_RULES.append((_PAIR, _days_of_month))
_COMPILED = [(re.compile(pattern), reader) for pattern, reader in _RULES]
_TERM = rf"(?:{_EDGE})?{_ATOM}"
_RANGE = re.compile(rf"(?P<left>{_TERM})(?: to | until | till | through | and | ?[-\u2013] ?)(?P<right>{_TERM})")
_MENTION = re.compile(
    rf"(?<![\w-])(?:(?<=\b[Bb]etween )(?:{_nameless(_PAIR)}|{_TERM} and {_TERM})"
    rf"|{_TERM}(?: to | until | till | through | ?[-\u2013] ?){_TERM}|{_TERM})(?!-\d)"
)
# A year alone may be any number, and `May` a verb: they are dates where one of these words stands before them.
_WEAK = re.compile(rf"May|{_nameless(_YEAR)}")
_CUE = re.compile(
    r"\b(?:in|since|until|till|during|of|from|early|late|mid|throughout|before|after|this|last|next)[ -]$",
    re.IGNORECASE,
)


def find_dates(text: str, published: dt.date | None) -> list[DateMention]:
    """Find the date expressions in `text`, in order and apart from one another; an empty text gives [].

    Relative ones are resolved against `published`, or the day last told of (`the next day`); a weekday or a day without
    a year is the most recent one on or before publication. Clock times, durations and frequencies are not found.
    """
    found: list[DateMention] = []
    told: dt.date | None = None
    for match in _MENTION.finditer(text):
        words = match[0].removesuffix(".")  # no span ends with the full stop of an abbreviation
        if _WEAK.fullmatch(words) and not _CUE.search(text[max(0, match.start() - 12) : match.start()]):
            continue
        period = resolve(words, Anchors(published, told))
        if period is None and published is not None:
            continue
        if period and period.days == 1:
            told = period.first
        found.append(DateMention(match.start(), match.start() + len(words), period))
    return found


def resolve(surface: str, anchors: Anchors) -> Period | None:
    """Return the time that a whole date expression means, or None where it is none, or nothing anchors it."""
    for pattern, reader in _COMPILED:
        if match := pattern.fullmatch(surface):
            return reader(match, anchors)
    match = _RANGE.fullmatch(surface)
    return _between(match["left"], match["right"], anchors) if match else None


def _between(left: str, right: str, anchors: Anchors) -> Period | None:
    """Resolve a range; a left end without a year takes the right end's (`March to May 2013`)."""
    end = resolve(right, anchors)
    stated = re.search(r"(?:19|20)\d\d", right)
    if end is None:
        return None
    years = [f" {int(stated[0]) - back}" for back in (0, 1)] if stated and not re.search(r"\d{4}", left) else []
    starts = (resolve(left + year, anchors) for year in [*years, ""])
    start = next((found for found in starts if found and found.first <= end.last), None)
    return periods.between(start, end) if start else None


def _month(match: re.Match[str]) -> int:
    return [name[:3] for name in _MONTHS].index(match["month"][:3]) + 1


def _count(match: re.Match[str]) -> int:
    words = match["count"].lower()
    vague = {"few": 3, "several": 3, "couple of": 2}
    return vague.get(words.removeprefix("a ")) or number_of(words)
