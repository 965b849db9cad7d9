"""Stretches of calendar time, and how EDTF writes them."""

import calendar
import datetime as dt
from typing import NamedTuple

_DAY = dt.timedelta(days=1)

SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
"""Seasons by the numbers that EDTF gives them in place of a month."""


class Period(NamedTuple):
    """The days from `first` to `last`, both included, and their EDTF (ISO 8601-2) level 1 expression."""

    first: dt.date
    last: dt.date
    edtf: str

    @property
    def days(self) -> int:
        """Length in days, from 1."""
        return (self.last - self.first).days + 1


def day(date: dt.date) -> Period:
    """Return one day."""
    return Period(date, date, date.isoformat())


def week_of(date: dt.date) -> Period:
    """Return the week, Monday to Sunday, that holds `date`."""
    monday = date - date.weekday() * _DAY
    return between(day(monday), day(monday + 6 * _DAY))


def month(year: int, number: int) -> Period:
    """Return a month, `number` from 1 to 12; other numbers count on into the years beside."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    last = calendar.monthrange(year, number)[1]
    first = dt.date(year, number, 1)
    return Period(first, first.replace(day=last), f"{year:04}-{number:02}")


def year(number: int) -> Period:
    """Return a calendar year."""
    return Period(dt.date(number, 1, 1), dt.date(number, 12, 31), f"{number:04}")


def season(name: str, number: int) -> Period:
    """Return a season of the northern year; winter runs from December of the year named into the next."""
    code = SEASONS[name]
    start = 3 * (code - 21) + 3
    first, last = month(number, start).first, month(number, start + 2).last
    return Period(first, last, f"{number:04}-{code}")


def between(left: Period, right: Period) -> Period:
    """Return the time from the start of `left` to the end of `right`; an interval's or a season's end becomes a day."""
    start = _end(left, left.first)
    end = _end(right, right.last)
    return Period(left.first, right.last, start if start == end else f"{start}/{end}")


def about(period: Period) -> Period:
    """Return `period` as EDTF's approximate date, for a part of it; days, seasons and intervals stay as they are."""
    plain = "/" not in period.edtf and period.edtf[5:7] < "21" and period.days > 1
    return period._replace(edtf=f"{period.edtf.rstrip('~')}~") if plain else period


def on(year: int, month: int, day_of_month: int) -> Period | None:
    """Return the day of a date, or None where the calendar has no such day."""
    try:
        return day(dt.date(year, month, day_of_month))
    except ValueError:
        return None


def ago(count: int, unit: str, now: dt.date) -> dt.date:
    """Return the day `count` units (day, week, month, year) before `now`, or the month's last where it has no such day.

    Raises OverflowError or ValueError for a day before the year 1.
    """
    if unit in ("day", "week"):
        return now - count * (7 if unit == "week" else 1) * _DAY
    then = month(now.year, now.month - count * (12 if unit == "year" else 1))
    return min(then.first + (now.day - 1) * _DAY, then.last)


def up_to(first: dt.date, last: dt.date) -> Period:
    """Return the days from `first` to `last`."""
    return between(day(first), day(last))


def neighbour(step: int, unit: str, now: dt.date) -> Period:
    """Return the week, weekend, month, year or season `step` (-1, 0 or 1) units from the one that holds `now`.

    The last season is the most recent one that is over.
    """
    if unit in ("week", "weekend"):
        week = week_of(now + 7 * step * _DAY)
        return week if unit == "week" else up_to(week.last - _DAY, week.last)
    if unit == "month":
        return month(now.year, now.month + step)
    if unit == "year":
        return year(now.year + step)
    found = season(unit, now.year)
    return season(unit, now.year - (found.last >= now)) if step < 0 else season(unit, now.year + step)


def _end(period: Period, date: dt.date) -> str:
    simple = "/" not in period.edtf and period.edtf[5:7] < "21"
    return period.edtf if simple else date.isoformat()
