"""What each check asks of one row, as expressions that every engine reads.

A criterion is True for a row that keeps it and False for one that does not; whether there was
anything to judge is a question of its own.  No criterion depends on an engine skipping a branch:
texts are replaced by one that fits before digits are taken out of them, since Spark stops at the
first cell that is no number.

Whole numbers are compared and added as such, however large.  Decimals are as people write them:
a double is off by some 2^-53 of a number that was written in decimals, and so is each sum, so
much is allowed for wherever numbers are added or held to a tolerance (`allowance`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from functools import reduce
from operator import add, and_, or_
from typing import Final

import narwhals as nw

from exchange.expectations import (
    Compares,
    Comparison,
    GrossRange,
    HasLength,
    InPlace,
    InRange,
    OfType,
    Scheme,
    SumsTo,
)
from exchange.patterns import whole
from exchange.profile import ColumnType

NUMBERS: Final = frozenset({ColumnType.INTEGER, ColumnType.DECIMAL})
WORDS: Final = frozenset({ColumnType.TEXT, ColumnType.INTEGER})  # what is spelt one way alone

_INT_MAX: Final = 2**63 - 1
_FEW: Final = 8  # values of a code table

_ROUNDING: Final = 2.0**-53  # of a number, by which the nearest double may be off
_HALF: Final = 2**32  # of a whole number of 64 bits
_HALVES_APART: Final = 2**30  # upper halves; what is further apart is beyond every tolerance

_LEAP_YEAR: Final = (
    "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"  # the Gregorian rule
)
# A day that the calendar has, month and day of one digit or two.
_DAY: Final = "|".join(
    f"[0-9]{{4}}{by}(0?[13578]|1[02]){by}(0?[1-9]|[12][0-9]|3[01])"
    f"|[0-9]{{4}}{by}(0?[469]|11){by}(0?[1-9]|[12][0-9]|30)"
    f"|[0-9]{{4}}{by}0?2{by}(0?[1-9]|1[0-9]|2[0-8])|{_LEAP_YEAR}{by}0?2{by}29"
    for by in "-/"
)
# A day ends at 24:00, and no minute has a second 60.
_CLOCK: Final = (
    r"((0?[0-9]|1[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?|24:00(:00(\.0{1,9})?)?)"
)

# How a text spells a value of another type.
_SPELT: Final = {
    ColumnType.INTEGER: "[+-]?(0|[1-9][0-9]{0,17})",
    ColumnType.DECIMAL: r"[+-]?(0|[1-9][0-9]{0,17})(\.[0-9]{0,30})?([eE][+-]?[0-9]{1,3})?",
    ColumnType.TIMESTAMP: f"({_DAY})([T ]{_CLOCK}(Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])?)?",
    ColumnType.BOOLEAN: "true|false|True|False|TRUE|FALSE",
}

_CREDIT_CODE: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SHAPES: Final = {
    Scheme.CREDIT_CODE: "[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}",
    Scheme.LUHN: "[0-9]{12,19}",
    Scheme.IMO: "[1-9][0-9]{6}",
    # Ship, group, coast station, aircraft, handheld, beacons, aids to navigation, craft.
    Scheme.MMSI: "[2-7][0-9]{8}|0[2-7][0-9]{7}|00[2-7][0-9]{6}|111[2-7][0-9]{5}|8[2-7][0-9]{7}"
    "|97[024][0-9]{6}|9[89][2-7][0-9]{6}",
    Scheme.DATE: "[0-9]{4}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
    "|[0-9]{4}-(0[469]|11)-(0[1-9]|[12][0-9]|30)|[0-9]{4}-02-(0[1-9]|1[0-9]|2[0-8])"
    f"|{_LEAP_YEAR}-02-29",
}
_LUHN_WIDTH: Final = 19


def text_of(cell: nw.Expr, kind: ColumnType) -> nw.Expr:
    """Return a cell as the text that spells it; for text and whole numbers."""
    return cell if kind is ColumnType.TEXT else cell.cast(nw.String)


def of_type(cell: nw.Expr, kind: ColumnType, check: OfType) -> nw.Expr | None:
    """Whether a cell reads as a value of the type; None where its own type rules that out.

    An instant is one that the calendar and the clock have, a decimal one that a double holds.
    """
    wanted = check.type
    if kind is wanted or wanted is ColumnType.TEXT:
        return ~cell.is_null()
    if (kind, wanted) == (ColumnType.INTEGER, ColumnType.DECIMAL):
        return ~cell.is_null()
    if (kind, wanted) == (ColumnType.DECIMAL, ColumnType.INTEGER):
        # Beyond 2^53 every float is whole, and engines differ in what remains of a tiny one.
        small = nw.when(cell.abs() < 2.0**53).then(cell).otherwise(nw.lit(0.0))
        return ~cell.is_null() & (small.cast(nw.Int64).cast(nw.Float64) == small)
    if kind is not ColumnType.TEXT:
        return None
    spelt = matches(cell, _SPELT[wanted])
    if wanted is not ColumnType.DECIMAL:
        return spelt
    return spelt & nw.when(spelt).then(cell).otherwise(nw.lit("0")).cast(nw.Float64).is_finite()


def matches(text: nw.Expr, pattern: str) -> nw.Expr:
    """Whether a text is all of a pattern."""
    return text.str.contains(whole(pattern))


def among(cell: nw.Expr, kind: ColumnType, values: Sequence[str]) -> nw.Expr:
    """Whether a cell is one of the values, spelt as texts."""
    if kind is ColumnType.TEXT:
        return _one_of(cell, values)
    if kind is ColumnType.INTEGER:
        return _one_of(cell, [n for value in values if (n := _whole(value)) is not None])
    numbers = [float(each) for value in values if (each := _number(value)) is not None]
    return _one_of(cell, numbers)


def _one_of(cell: nw.Expr, values: Sequence[str | float]) -> nw.Expr:
    """Whether a cell is one of the values; of few, engines are quicker to compare each."""
    if not values:
        return _never(cell)
    if len(values) > _FEW:
        return cell.is_in(list(values))
    return reduce(or_, [cell == value for value in values])


def has_length(text: nw.Expr, check: HasLength) -> nw.Expr:
    """Whether a text has so many characters (code points)."""
    length = text.str.len_chars()
    return (length >= check.minimum) & (length <= check.maximum)


def in_range(cell: nw.Expr, kind: ColumnType, check: InRange) -> nw.Expr:
    """Whether a number lies within the bounds."""
    return within(cell, kind, check.minimum, check.maximum)


def within(cell: nw.Expr, kind: ColumnType, low: Decimal | None, high: Decimal | None) -> nw.Expr:
    """Whether a number lies from `low` to `high`; whole numbers are compared as such."""
    is_whole = kind is ColumnType.INTEGER
    kept = []
    if low is not None:
        kept.append(cell >= (_rounded(low, ROUND_CEILING) if is_whole else float(low)))
    if high is not None:
        kept.append(cell <= (_rounded(high, ROUND_FLOOR) if is_whole else float(high)))
    return reduce(and_, kept)


def passes(text: nw.Expr, scheme: Scheme) -> nw.Expr:
    """Whether a text is whole by the rule of its scheme."""
    shaped = matches(text, _SHAPES[scheme])
    if scheme not in _CHECK_DIGITS:
        return shaped
    rule, stand_in = _CHECK_DIGITS[scheme]
    return shaped & rule(nw.when(shaped).then(text).otherwise(nw.lit(stand_in)))


def _credit_code(text: nw.Expr) -> nw.Expr:
    # A character's value, bit by bit: which characters of the alphabet have this bit.
    weighted = []
    for place in range(18):
        character = text.str.slice(place, 1)
        weight = pow(3, place, 31) if place < 17 else 1
        for bit in range(5):
            having = [each for value, each in enumerate(_CREDIT_CODE) if value >> bit & 1]
            weighted.append(character.is_in(having).cast(nw.Int64) * (weight << bit))
    return _sum(weighted) % 31 == 0


def _luhn(text: nw.Expr) -> nw.Expr:
    padded = nw.concat_str([nw.lit("0" * _LUHN_WIDTH), text]).str.slice(-_LUHN_WIDTH)
    digits = _digits(padded, _LUHN_WIDTH)
    for place in range(_LUHN_WIDTH - 2, -1, -2):
        twice = digits[place] * 2
        digits[place] = twice - (digits[place] >= 5).cast(nw.Int64) * 9
    return _sum(digits) % 10 == 0


def _imo(text: nw.Expr) -> nw.Expr:
    digits = _digits(text, 7)
    weighted = [digit * (7 - place) for place, digit in enumerate(digits[:6])]
    return _sum(weighted) % 10 == digits[6]


_CHECK_DIGITS: Final[dict[Scheme, tuple[Callable[[nw.Expr], nw.Expr], str]]] = {
    Scheme.CREDIT_CODE: (_credit_code, "0" * 18),
    Scheme.LUHN: (_luhn, "0" * 12),
    Scheme.IMO: (_imo, "0" * 7),
}


def _digits(text: nw.Expr, count: int) -> list[nw.Expr]:
    return [text.str.slice(place, 1).cast(nw.Int64) for place in range(count)]


def compares(left: nw.Expr, right: nw.Expr, check: Compares, *, exact: bool) -> nw.Expr:
    """Whether left stands to right as the operator says; `exact` for whole numbers and texts.

    With no tolerance numbers are equal that are written alike, since that is one double.
    """
    if check.tolerance == 0:
        if not exact:
            left, right = left.cast(nw.Float64), right.cast(nw.Float64)
        return _plainly(left, right, check.operator)
    if exact:
        equal = _near((left,), right, check.tolerance)
    else:
        left, right = left.cast(nw.Float64), right.cast(nw.Float64)
        equal = no_further((left - right).abs(), float(check.tolerance), (left, right))
    match check.operator:
        case Comparison.EQUAL:
            return equal
        case Comparison.OTHER:
            return ~equal
        case Comparison.AT_MOST:
            return (left < right) | equal
        case Comparison.AT_LEAST:
            return (left > right) | equal
        case _:
            return _plainly(left, right, check.operator) & ~equal


def _plainly(left: nw.Expr, right: nw.Expr, operator: Comparison) -> nw.Expr:
    told = {
        Comparison.LESS: left < right,
        Comparison.AT_MOST: left <= right,
        Comparison.EQUAL: left == right,
        Comparison.AT_LEAST: left >= right,
        Comparison.GREATER: left > right,
        Comparison.OTHER: left != right,
    }
    return told[operator]


def sums(parts: Sequence[nw.Expr], total: nw.Expr, check: SumsTo, *, exact: bool) -> nw.Expr:
    """Whether the parts make the total; `exact` where all of them are whole numbers.

    Others are added as doubles, in the order in which they are named.
    """
    if exact:
        return _near(parts, total, check.tolerance)
    numbers = [each.cast(nw.Float64) for each in (*parts, total)]
    return no_further(
        (_sum(numbers[:-1]) - numbers[-1]).abs(), float(check.tolerance), tuple(numbers)
    )


def no_further(distance: nw.Expr, limit: float, among: Sequence[nw.Expr]) -> nw.Expr:
    """Whether a distance worked out from some doubles is within a limit, as people write both."""
    return distance <= limit + allowance((*among, nw.lit(limit)))


def allowance(numbers: Sequence[nw.Expr]) -> nw.Expr:
    """Return by how much what is worked out from these doubles may be off.

    That is 2^-53 of all their magnitudes together, once for each of them.
    """
    # Each is made small by itself, since the sum of two of the greatest doubles is none.
    return _sum([each.abs() * (len(numbers) * _ROUNDING) for each in numbers])


def _near(parts: Sequence[nw.Expr], total: nw.Expr, tolerance: Decimal) -> nw.Expr:
    """Whether whole numbers of 64 bits make a total, give or take a tolerance, to the last digit.

    They are added by halves, since fifty of them make more than 64 bits hold.
    """
    halves = [_halves(each) for each in (*parts, total)]
    high = _sum([each for each, _ in halves[:-1]]) - halves[-1][0]
    low = _sum([each for _, each in halves[:-1]]) - halves[-1][1]
    comparable = high.abs() <= _HALVES_APART
    apart = nw.when(comparable).then(high).otherwise(nw.lit(0)) * _HALF + low
    return comparable & (apart.abs() <= _rounded(tolerance, ROUND_FLOOR))


def _halves(number: nw.Expr) -> tuple[nw.Expr, nw.Expr]:
    """Return the upper and the lower half of a whole number; of what sign the lower is, is one."""
    low = number % _HALF
    return (number - low) // _HALF, low


def gross_range(cell: nw.Expr, kind: ColumnType, check: GrossRange) -> tuple[nw.Expr, nw.Expr]:
    """Return when a value fails and when it is no more than suspect."""
    fails = ~within(cell, kind, check.fail_minimum, check.fail_maximum)
    low = check.fail_minimum if check.suspect_minimum is None else check.suspect_minimum
    high = check.fail_maximum if check.suspect_maximum is None else check.suspect_maximum
    return fails, ~fails & ~within(cell, kind, low, high)


def in_place(
    position: tuple[nw.Expr, nw.Expr], kinds: tuple[ColumnType, ColumnType], check: InPlace
) -> tuple[nw.Expr, nw.Expr]:
    """Return when a position fails and when it is no more than suspect."""
    (longitude, latitude), (east, north) = position, kinds
    on_earth = within(longitude, east, Decimal(-180), Decimal(360)) & within(
        latitude, north, Decimal(-90), Decimal(90)
    )
    in_box = within(longitude, east, check.west, check.east) & within(
        latitude, north, check.south, check.north
    )
    return ~on_earth, on_earth & ~in_box


def all_there(cells: Sequence[nw.Expr]) -> nw.Expr:
    """Whether every one of these cells holds a value."""
    return reduce(and_, [~cell.is_null() for cell in cells])


def _never(cell: nw.Expr) -> nw.Expr:
    return cell.is_null() & ~cell.is_null()  # an expression of rows, where a literal is none


def _sum(terms: Sequence[nw.Expr]) -> nw.Expr:
    return reduce(add, terms)


def _rounded(bound: Decimal, how: str) -> int:
    return int(bound.to_integral_value(how))


def _whole(text: str) -> int | None:
    number = _number(text)
    if number is None or number % 1 or abs(number) > _INT_MAX:
        return None
    return int(number)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and math.isfinite(float(number)) else None
