"""Expectations to begin with, read off a profile: suggestions, never undertakings by themselves.

Whatever is suggested, the very data that was profiled keeps; ranges have a margin, so that the
next delivery of the same kind keeps them as well.  Whoever signs the sheet strikes what is only
so by chance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from exchange.expectations import (
    Expectation,
    GrossRange,
    InPlace,
    InRange,
    InUnit,
    NoGap,
    NotMissing,
    OfType,
    Readable,
    Unique,
)
from exchange.profile import ColumnProfile, ColumnType, Profile

MARGIN: Final = Decimal("0.05")  # of a column's span, on either side
FENCE: Final = 3  # quartile distances beyond the quartiles: Tukey's outer fences
PLACE_MARGIN: Final = Decimal("0.1")  # degrees, about 11 km
_NUMBERS: Final = frozenset({ColumnType.INTEGER, ColumnType.DECIMAL})
_KEYS: Final = frozenset({ColumnType.INTEGER, ColumnType.TEXT, ColumnType.TIMESTAMP})
_FIGURE_MAX: Final = Decimal("1e17")
_COLUMNS_MAX: Final = 30  # more make a sheet that nobody reads


def suggest(profile: Profile) -> tuple[Expectation, ...]:
    """Return what the profiled data keeps, column by column, then of the table."""
    suggested: list[Expectation] = []
    columns = profile.columns[:_COLUMNS_MAX]
    for column in columns:
        suggested.extend(_of_column(column))
    suggested.extend(_of_table(profile))
    filled = tuple(column.name for column in columns if column.missing < column.rows)
    if filled:
        suggested.append(Readable(filled))
    return tuple(suggested)


def _of_column(column: ColumnProfile) -> Iterator[Expectation]:
    if column.type in _NUMBERS | {ColumnType.TIMESTAMP}:
        yield OfType(column.name, column.type)
    if column.missing == 0:
        yield NotMissing(column.name)
    if column.unit:
        yield InUnit(column.name, column.unit)
    if column.type in _KEYS and column.missing == 0 and column.distinct == column.rows > 1:
        yield Unique((column.name,))
    if column.type in _NUMBERS and column.minimum and column.maximum and column.quartiles:
        yield from _spread(column)


def _spread(column: ColumnProfile) -> Iterator[Expectation]:
    """Suggest a range; where values lie far out, also which of them to look at."""
    low, high = Decimal(column.minimum or 0), Decimal(column.maximum or 0)
    if max(abs(low), abs(high)) > _FIGURE_MAX:
        return
    lower, upper = _with_margin(low, high)
    first, _, third = (Decimal(each) for each in column.quartiles)
    reach = FENCE * (third - first)
    inner = (max(lower, first - reach), min(upper, third + reach))
    inside = _share_inside(column, low, high, inner)
    if reach == 0 or (inner[0] <= low and high <= inner[1]) or inside is None:
        yield InRange(column.name, lower, upper)
    else:
        yield GrossRange(column.name, lower, upper, *inner, at_least=inside)


def _with_margin(low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    margin = (high - low) * MARGIN
    lower, upper = _short(low - margin, ROUND_FLOOR), _short(high + margin, ROUND_CEILING)
    if low >= 0:  # what was never negative is seldom meant to be
        lower = max(lower, Decimal(0))
    return min(lower, low), max(upper, high)


def _short(value: Decimal, rounding: str) -> Decimal:
    """Round outwards to three digits, since a suggestion with twelve looks like a measurement."""
    if value == 0:
        return Decimal(0)
    step = Decimal(1).scaleb(math.floor(math.log10(abs(value))) - 2)
    return Decimal(f"{(value / step).to_integral_value(rounding) * step:f}")


def _share_inside(
    column: ColumnProfile, low: Decimal, high: Decimal, inner: tuple[Decimal, Decimal]
) -> Decimal | None:
    """Return a share that surely lies inside: that of whole bins, to two places; None if none."""
    total, bins = sum(column.histogram), len(column.histogram)
    if not total:
        return None
    width = (high - low) / bins
    kept = sum(
        count
        for i, count in enumerate(column.histogram)
        if inner[0] <= low + i * width and low + (i + 1) * width <= inner[1]
    )
    share = (Decimal(kept) / total).quantize(Decimal("0.01"), ROUND_FLOOR)
    return share or None


def _of_table(profile: Profile) -> Iterator[Expectation]:
    time, space = profile.time, profile.space
    known = {column.name for column in profile.columns}
    if time and time.column in known and time.step_seconds > 0 and time.gaps == 0:
        # A gap is more than two steps; the step is rounded to a whole second.
        yield NoGap(time.column, 2 * time.step_seconds + 1)
    if space:
        west, south, east, north = (
            Decimal(each) for each in (space.west, space.south, space.east, space.north)
        )
        yield InPlace(
            *space.columns,
            west=max(west - PLACE_MARGIN, Decimal(-180)),
            south=max(south - PLACE_MARGIN, Decimal(-90)),
            east=min(east + PLACE_MARGIN, Decimal(360)),
            north=min(north + PLACE_MARGIN, Decimal(90)),
        )
