"""Expectations that data like this could hardly break: they are counted, and settle nothing.

An expectation is weak that undertakes less than the gate asks of every sheet, or whose bounds lie
so far from what was measured that no fault of the kind reaches them: for numbers 100 times the
column's spread and ten times its greatest number beyond it, for distances in time 100 of its
steps, for the age of the newest instant ten years, for a place the whole earth.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from exchange.expectations import Expectation, Fresh, GrossRange, InPlace, InRange, NoGap, NoSpike
from exchange.profile import ColumnProfile, Profile, TimeCoverage

FLOOR: Final = Decimal("0.95")  # what the gate asks of a dimension of every sheet
SPREADS: Final = 100  # a column's spread, so many times beyond its ends
MAGNITUDES: Final = 10  # its greatest number: what hardly changes has next to no spread
STEPS: Final = 100
LAG_DAYS: Final = 3_660
_DAY: Final = 86_400
_ROUND: Final = 360  # degrees
_NOT_WEAK: Final = ""

Bounds = tuple[Decimal | None, Decimal | None]


def why_weak(  # noqa: PLR0911 - one answer for each sort of check
    expectation: Expectation, profile: Profile
) -> str:
    """Return why an expectation is weak, in words; empty where it is not known to be."""
    if expectation.at_least < FLOOR:
        return f"weak: it undertakes less than {FLOOR}"
    match expectation:
        case InRange(name, low, high):
            return of_ranges([((low, high), profile.column(name))])
        case GrossRange(name, fail_low, fail_high, low, high):
            bounds = (_nearer(low, fail_low), _nearer(high, fail_high))
            return of_ranges([(bounds, profile.column(name))])
        case NoSpike(name):
            return _of_jump(expectation.suspect, profile.column(name))
        case NoGap() | Fresh():
            return _of_time(expectation, profile.time)
        case InPlace():
            return _of_place(expectation)
        case _:
            return _NOT_WEAK


def _nearer(suspect: Decimal | None, fails: Decimal) -> Decimal:
    return fails if suspect is None else suspect


def _of_place(place: InPlace) -> str:
    if place.east - place.west < _ROUND or place.north - place.south < _ROUND / 2:
        return _NOT_WEAK
    return "weak: it is the whole earth"


def _of_jump(limit: Decimal, column: ColumnProfile | None) -> str:
    spread, _ = _extent(column)
    return _far(limit / spread) if spread and limit >= SPREADS * spread else _NOT_WEAK


def _of_time(expectation: NoGap | Fresh, time: TimeCoverage | None) -> str:
    if isinstance(expectation, Fresh):
        days = expectation.seconds // _DAY
        return f"weak: it allows {days:,} days" if days >= LAG_DAYS else _NOT_WEAK
    if time is None or time.column != expectation.column or not time.step_seconds:
        return _NOT_WEAK
    steps = (expectation.suspect_seconds or expectation.seconds) // time.step_seconds
    return f"weak: it allows {steps:,} steps" if steps >= STEPS else _NOT_WEAK


def of_ranges(ranges: Iterable[tuple[Bounds, ColumnProfile | None]]) -> str:
    """Return why none of some ranges could be broken by its column; empty if one could."""
    told = [_of_range(bounds, column) for bounds, column in ranges]
    return told[0] if told and all(told) else _NOT_WEAK


def _of_range(bounds: Bounds, column: ColumnProfile | None) -> str:
    """Tell a range from its nearer bound: zero under what is never negative means something."""
    spread, magnitude = _extent(column)
    if column is None or not magnitude:
        return _NOT_WEAK
    low, high = bounds
    beyond = [] if low is None else [Decimal(column.minimum or 0) - low]
    beyond += [] if high is None else [high - Decimal(column.maximum or 0)]
    nearer = min(beyond, default=Decimal(0))
    if nearer < MAGNITUDES * magnitude or nearer < SPREADS * spread:
        return _NOT_WEAK
    return _far(nearer / (spread or magnitude))


def _extent(column: ColumnProfile | None) -> tuple[Decimal, Decimal]:
    """Return a column's spread and its greatest number without a sign; 0 where it has none."""
    if column is None or not column.quartiles or not column.minimum or not column.maximum:
        return Decimal(0), Decimal(0)
    low, high = Decimal(column.minimum), Decimal(column.maximum)
    return high - low, max(abs(low), abs(high))


def _far(times: Decimal) -> str:
    return f"weak: bounds {int(times):,} times the spread"
