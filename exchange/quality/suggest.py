"""Expectations to begin with, read off a profile: suggestions, never undertakings by themselves.

Whatever is suggested, the very data that was profiled keeps; ranges are those of what was
measured and a margin of that, so that the next delivery of the same kind keeps them as well and
one of another kind does not.  What lies far out is no measure of the rest: it is suspect, and the
share of the rest is counted.  Whoever signs the sheet strikes what is only so by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
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
from exchange.quality.measured import Measurement

MARGIN: Final = Decimal("0.05")  # of a column's span, on either side
FENCE: Final = 3  # quartile distances beyond the quartiles: Tukey's outer fences
PLACE_MARGIN: Final = Decimal("0.1")  # degrees, about 11 km
_NUMBERS: Final = frozenset({ColumnType.INTEGER, ColumnType.DECIMAL})
_KEYS: Final = frozenset({ColumnType.INTEGER, ColumnType.TEXT, ColumnType.TIMESTAMP})
_FIGURE_MAX: Final = Decimal("1e17")
_COLUMNS_MAX: Final = 30  # more make a sheet that nobody reads
# By unit, in small letters: what a number that is not negative does not exceed.
_CEILINGS: Final = {
    **dict.fromkeys(("%", "percent"), Decimal(100)),
    **dict.fromkeys(("deg", "degree", "degrees", "°", "degrees true"), Decimal(360)),
}

_SHARE: Final = Decimal("0.001")  # shares that are undertaken have so many places

Limits = tuple[Decimal, Decimal]
Counter = Callable[[Sequence[Expectation]], Sequence[Measurement]]


def suggest(profile: Profile, count: Counter | None = None) -> tuple[Expectation, ...]:
    """Return what the profiled data keeps, column by column, then of the table.

    `count` takes counts over the rows that were profiled; it is asked where values lie far out.
    Without it no more is undertaken of such a column than its quartiles and histogram prove.
    """
    suggested: list[Expectation] = []
    columns, places = profile.columns[:_COLUMNS_MAX], _places(profile)
    for column in columns:
        suggested.extend(_of_column(column, places.get(column.name)))
    suggested.extend(_of_table(profile))
    filled = tuple(column.name for column in columns if column.missing < column.rows)
    if filled:
        suggested.append(Readable(filled))
    spread = [each for each in suggested if isinstance(each, GrossRange)]
    if count is None or not spread:
        return tuple(suggested)
    shares = {
        each.column: _floored(found.numerator, found.denominator)
        for each, found in zip(spread, count(spread), strict=True)
    }
    return tuple(
        replace(each, at_least=shares[each.column]) if isinstance(each, GrossRange) else each
        for each in suggested
    )


def _of_column(column: ColumnProfile, limits: Limits | None) -> Iterator[Expectation]:
    if column.type in _NUMBERS | {ColumnType.TIMESTAMP}:
        yield OfType(column.name, column.type)
    if column.missing == 0:
        yield NotMissing(column.name)
    if column.unit:
        yield InUnit(column.name, column.unit)
    if column.type in _KEYS and column.missing == 0 and column.distinct == column.rows > 1:
        yield Unique((column.name,))
    if column.type in _NUMBERS and column.minimum and column.maximum and column.quartiles:
        yield from _spread(column, limits)


def _spread(column: ColumnProfile, limits: Limits | None) -> Iterator[Expectation]:
    """Suggest a range; where values lie far out, also which of them to look at.

    A whole number that never changes is a code or a count of one thing: no spread was measured
    from which a range could follow, so none is suggested.
    """
    low, high = Decimal(column.minimum or 0), Decimal(column.maximum or 0)
    if max(abs(low), abs(high)) > _FIGURE_MAX:
        return
    if low == high and column.type is ColumnType.INTEGER and limits is None:
        return
    first, _, third = (Decimal(each) for each in column.quartiles)
    body = _body(first, third, whole=column.type is ColumnType.INTEGER)
    if low == high or not body or (body[0] <= low and high <= body[1]):
        yield InRange(column.name, *_around(column, (low, high), limits))
        return
    near = max(low, body[0]), min(high, body[1])
    ends = _around(column, near, limits)
    wide = _around(column, (low, high), limits)
    # Where nothing lies far out, the range ends where that of the rest does.
    lower = ends[0] if low >= body[0] else wide[0]
    upper = ends[1] if high <= body[1] else wide[1]
    inner = max(lower, body[0]), min(upper, body[1])
    inside = _share_inside(column, low, high, inner)
    yield GrossRange(column.name, lower, upper, *inner, at_least=inside)


def _body(first: Decimal, third: Decimal, *, whole: bool) -> Limits | None:
    """Return the fences between which values are near, rounded to the quartiles' own distance.

    None where the quartiles are one value, and so tell nothing of how far is far.
    """
    distance = third - first
    if not distance:
        return None
    step = Decimal(1).scaleb(distance.adjusted())
    if whole:
        step = max(step, Decimal(1))
    return (
        _rounded(first - FENCE * distance, step, ROUND_FLOOR),
        _rounded(third + FENCE * distance, step, ROUND_CEILING),
    )


def _around(column: ColumnProfile, ends: Limits, limits: Limits | None) -> Limits:
    """Return a range with its margin, within what is possible."""
    low, high = ends
    least, most = limits or _limits(column, low, high)
    margin = (high - low) * MARGIN
    if low == high:
        margin = step = _last_digit(low, limits)
    elif column.type is ColumnType.INTEGER and margin < 1:  # no whole number lies within it
        margin, step = Decimal(0), Decimal(1)
    else:
        step = Decimal(1).scaleb(margin.adjusted())
    return (
        min(max(_rounded(low - margin, step, ROUND_FLOOR), least), low),
        max(min(_rounded(high + margin, step, ROUND_CEILING), most), high),
    )


def _last_digit(value: Decimal, limits: Limits | None) -> Decimal:
    """Return by how much the value of what stands still may come out another time.

    That is one in its last digit, but of a degree no more than a tenth: 120 may be 120.0, as a
    profile has no zeros at the end.
    """
    exponent = value.as_tuple().exponent
    step = Decimal(1).scaleb(min(exponent if isinstance(exponent, int) else 0, 0))
    return min(step, PLACE_MARGIN) if limits else step


def _rounded(value: Decimal, step: Decimal, rounding: str) -> Decimal:
    """Round to the first digit of the margin: a bound of twelve looks like a measurement."""
    whole = (value / step).to_integral_value(rounding) * step
    return Decimal(f"{whole.normalize():f}") if whole else Decimal(0)


def _limits(column: ColumnProfile, low: Decimal, high: Decimal) -> Limits:
    """Return between which bounds a column's range stays, by its unit and by its sign."""
    if low < 0:  # what was never negative is seldom meant to be
        return -_FIGURE_MAX * 10, _FIGURE_MAX * 10
    most = _CEILINGS.get((column.unit or "").casefold())
    return Decimal(0), most if most is not None and high <= most else _FIGURE_MAX * 10


def _places(profile: Profile) -> dict[str, Limits]:
    """Return which columns hold a place on this earth, and between which degrees."""
    if profile.space is None:
        return {}
    longitude, latitude = profile.space.columns
    east = Decimal(180) if Decimal(profile.space.east) <= 180 else Decimal(360)
    return {longitude: (Decimal(-180), east), latitude: (Decimal(-90), Decimal(90))}


def _share_inside(
    column: ColumnProfile, low: Decimal, high: Decimal, inner: tuple[Decimal, Decimal]
) -> Decimal:
    """Return a share that surely lies inside, by whole bins or by what the quartiles enclose."""
    total, bins = sum(column.histogram), len(column.histogram)
    if not total:
        return Decimal(0)
    width = (high - low) / bins
    kept = sum(
        count
        for i, count in enumerate(column.histogram)
        if inner[0] <= low + i * width and low + (i + 1) * width <= inner[1]
    )
    # A quartile lies between two neighbours: of four values the first and the last are outside.
    enclosed = 3 * (total - 1) // 4 - -(-(total - 1) // 4) + 1
    return _floored(max(kept, enclosed), total)


def _floored(kept: int, total: int) -> Decimal:
    share = (Decimal(kept) / (total or 1)).quantize(_SHARE, ROUND_FLOOR)
    return Decimal(f"{share.normalize():f}")


def _of_table(profile: Profile) -> Iterator[Expectation]:
    time, space = profile.time, profile.space
    known = {column.name for column in profile.columns}
    if time and time.column in known and time.step_seconds > 0 and time.gaps == 0:
        # A gap is more than two steps; the step is rounded to a whole second.
        yield NoGap(time.column, 2 * time.step_seconds + 1)
    if space and known.issuperset(space.columns):  # a header's position is in no row
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
