"""Terms in days, months and years, and the billing day that every boundary lies at.

A moment is a whole number of milliseconds since 1970 in UTC; a billing day is a day at a fixed
offset from UTC, +08:00 in China, which knows no summer time.  Terms run as the Civil Code
says (民法典 arts. 201 to 203): the day on which a term begins is not counted, so the term
includes it; the term's last day is the corresponding day, or the last of the month where there
is none; and it ends at 24:00 of that day.  A year from 5 March, any hour, lasts through the
next 5 March.  A last day that is a holiday is not moved (art. 203 moves it, art. 204 lets the
parties agree otherwise): services run on holidays.
"""

from __future__ import annotations

import calendar
import datetime as dt
import enum
from dataclasses import dataclass
from typing import Final

from pricing.domain import require_count
from pricing.errors import BadInput

DAY_MS: Final = 86_400_000
MOMENT_MAX: Final = 253_370_764_800_000  # the first moment of the year 9999
CHINA_MINUTES: Final = 8 * 60

_DAYS_MAX: Final = MOMENT_MAX // DAY_MS
_EPOCH: Final = dt.date(1970, 1, 1)
_OFFSET_MAX: Final = 14 * 60  # Kiribati is the furthest from UTC


class TermUnit(enum.StrEnum):
    """What a term is counted in."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Term:
    """So many days, calendar months or years."""

    count: int
    unit: TermUnit

    def __post_init__(self) -> None:
        require_count("term.count", self.count, 1)
        if self.count > 36_500:
            raise BadInput(f"term.count: {self.count} {self.unit}s are more than a century of days")

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'s' if self.count > 1 else ''}"

    def last_day(self, first: int, times: int = 1) -> int:
        """Return the last day of the term that begins on day `first`, or of so many in a row."""
        if self.unit is TermUnit.DAY:
            last = first + times * self.count
        else:
            months = times * self.count * (12 if self.unit is TermUnit.YEAR else 1)
            last = _corresponding(_date(first), months)
        if last >= _DAYS_MAX:
            raise BadInput(f"term: {times} × {self} end after the year 9998")
        return last

    def index(self, first: int, day: int) -> int:
        """Return which of the terms that follow one another from `first` the day lies in."""
        if self.unit is TermUnit.DAY:
            return max(0, (day - first - 1) // self.count)
        began, at = _date(first), _date(day)
        months = 12 * (at.year - began.year) + at.month - began.month
        length = self.count * (12 if self.unit is TermUnit.YEAR else 1)
        index = max(0, months // length - 1)
        while self.last_day(first, index + 1) < day:
            index += 1
        return index

    def first_day(self, first: int, index: int) -> int:
        """Return the day on which term `index` of those that follow from `first` begins."""
        return first if index == 0 else self.last_day(first, index) + 1


MONTH: Final = Term(1, TermUnit.MONTH)  # the usual period of a bill


def require_moment(field: str, at_ms: int) -> None:
    """Raise `BadInput` unless it is whole milliseconds from 1970 and before the year 9999."""
    require_count(field, at_ms)
    if at_ms >= MOMENT_MAX:
        raise BadInput(f"{field}: {at_ms} ms is after the year 9998")


def require_offset(field: str, minutes: object) -> None:
    """Raise `BadInput` unless it is an offset from UTC that some place on Earth has."""
    if isinstance(minutes, bool) or not isinstance(minutes, int) or abs(minutes) > _OFFSET_MAX:
        raise BadInput(f"{field}: {minutes!r} is no offset from UTC in minutes")


def billing_day(at_ms: int, offset_minutes: int) -> int:
    """Return the day of a moment, counted from 1970-01-01, at an offset from UTC."""
    return (at_ms + offset_minutes * 60_000) // DAY_MS


def day_text(day: int) -> str:
    """Return the date of a billing day, ``2026-01-31``."""
    return _date(day).isoformat()


def _date(day: int) -> dt.date:
    return _EPOCH + dt.timedelta(days=day)


def _corresponding(date: dt.date, months: int) -> int:
    year, month = divmod(12 * date.year + date.month - 1 + months, 12)
    if year > 9_998:
        return _DAYS_MAX
    last = calendar.monthrange(year, month + 1)[1]
    return (dt.date(year, month + 1, min(date.day, last)) - _EPOCH).days
