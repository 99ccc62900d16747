"""Columns in other units: a map y = factor · x + offset, told from rows that two files share.

A copy may tell metres as centimetres, °C as K, knots as m/s, or have a constant added, each
rounded anew.  Such a column lies on a line to within the rounding of the coarser of the two, and
two instruments at one place do not: what they differ by is far more than the last digit.  Columns
of few values, and those whose rounding is coarse beside what they vary by, are told nothing of.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median
from typing import Final

ROWS_LEAST: Final = 10  # of which a map is told
FITTING: Final = 0.9  # of them must lie on the line; cells of a copy may have been changed
DISTINCT_LEAST: Final = 8  # values of either column: two or three lie on a line by chance
FINENESS: Final = 40  # how many times its rounding a column varies by, at least
ROUNDING: Final = 0.6  # of a step: half of one, and what the line itself is out by
AS_NEAR: Final = 1.25  # times as far from the rows may a map be that has fewer digits
SINGLE: Final = 2e-7  # of a number: what single precision, in which files hold many, leaves open
DIGITS_MOST: Final = 9  # behind the point; finer ones are noise
LOOKED_AT: Final = 12  # rows by which most pairs of columns are told apart before any fitting
TURNS_MOST: Final = 0.3  # of the steps between them that may lead the other way


@dataclass(frozen=True, slots=True)
class Conversion:
    """A map from one column to another, and how far a cell may be from it (`slack`)."""

    factor: float
    offset: float
    slack: float

    def fits(self, x: float, y: float) -> bool:
        """Whether y is x so converted, but for rounding."""
        return abs(y - self.factor * x - self.offset) <= self.slack

    def distance(self, pairs: Sequence[tuple[float, float]]) -> float:
        """Return how far y is from x so converted, on average."""
        return fmean(abs(y - self.factor * x - self.offset) for x, y in pairs)

    @property
    def words(self) -> str:
        """The map as a formula in x."""
        sign = "+" if self.offset >= 0 else "-"
        return f"{self.factor:.9g} × x {sign} {abs(self.offset):.9g}"


def conversion_of(pairs: Sequence[tuple[float, float]]) -> Conversion | None:
    """Return the map that takes each first number to the second, or None where there is none.

    Pairs with what is no number count for nothing.  Of maps that are as near, the one with the
    fewest digits is given.
    """
    ordered = sorted(pair for pair in pairs if math.isfinite(pair[0]) and math.isfinite(pair[1]))
    if len(ordered) < ROWS_LEAST or not _one_way(ordered):
        return None
    left, right = [x for x, _ in ordered], [y for _, y in ordered]
    if min(len(set(left)), len(set(right))) < DISTINCT_LEAST:
        return None
    factor = _slope(ordered)
    if not factor:
        return None
    steps = max(_step(right), abs(factor) * _step(left))
    floor = _floor(right) + abs(factor) * _floor(left)
    if FINENESS * (ROUNDING * steps + floor) > spread_of(right):
        return None
    rough = Conversion(factor, median(y - factor * x for x, y in ordered), 2 * steps + floor)
    factor, offset = _fitted([pair for pair in ordered if rough.fits(*pair)] or ordered)
    found = Conversion(factor, offset, ROUNDING * steps + floor)
    fitting = [pair for pair in ordered if found.fits(*pair)]
    return _plainest(found, fitting) if len(fitting) >= FITTING * len(ordered) else None


def _one_way(ordered: Sequence[tuple[float, float]]) -> bool:
    """Whether the second numbers rise with the first, or fall, in a few rows that stand for all."""
    last = len(ordered) - 1
    shown = [ordered[i * last // (LOOKED_AT - 1)][1] for i in range(LOOKED_AT)]
    rises = sum(1 for a, b in pairwise(shown) if b > a)
    falls = sum(1 for a, b in pairwise(shown) if b < a)
    return min(rises, falls) <= TURNS_MOST * (rises + falls)


def _slope(ordered: Sequence[tuple[float, float]]) -> float:
    """Return the median of slopes between rows half the file apart, which few changes can move."""
    half = len(ordered) // 2
    slopes = [
        (there[1] - here[1]) / (there[0] - here[0])
        for here, there in zip(ordered, ordered[half:], strict=False)
        if there[0] > here[0]
    ]
    return median(slopes) if slopes else 0.0


def _fitted(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the line of least squares."""
    across, up = fmean(x for x, _ in pairs), fmean(y for _, y in pairs)
    square = sum((x - across) ** 2 for x, _ in pairs)
    factor = sum((x - across) * (y - up) for x, y in pairs) / square if square else 0.0
    return factor, up - factor * across


def _plainest(found: Conversion, fitting: Sequence[tuple[float, float]]) -> Conversion:
    """Return the map of fewest digits that all these rows fit, hardly worse than they do now."""
    most = AS_NEAR * found.distance(fitting) + found.slack / 50

    def serves(plain: Conversion) -> bool:
        return all(plain.fits(*pair) for pair in fitting) and plain.distance(fitting) <= most

    factors = list(_ever_finer(found.factor))
    offsets = {each: fmean(y - each * x for x, y in fitting) for each in factors}
    plain = [Conversion(each, 0.0, found.slack) for each in factors]
    plain += [
        Conversion(each, offset, found.slack)
        for each in factors
        for offset in _ever_finer(offsets[each])
    ]
    return next((each for each in plain if serves(each)), found)


def _ever_finer(number: float) -> Iterator[float]:
    for digits in range(1, DIGITS_MOST + 1):
        yield float(f"{number:.{digits}g}")


def _step(values: Sequence[float]) -> float:
    """Return the step that numbers are rounded to, a power of ten; odd ones are passed over."""
    digits = sorted(_digits(value) for value in values)
    return 10.0 ** -digits[int(FITTING * (len(digits) - 1))]


def _digits(value: float) -> int:
    for digits in range(DIGITS_MOST):
        if abs(value - round(value, digits)) <= SINGLE / 2 * abs(value):
            return digits
    return DIGITS_MOST


def _floor(values: Sequence[float]) -> float:
    """Return what single precision leaves open: of whole numbers in what they differ by alone."""
    whole = _step(values) == 1
    least = min(values) if whole else 0
    return SINGLE * max(abs(value - least) for value in values)


def spread_of(values: Sequence[float]) -> float:
    """Return how far apart the tenth and the ninetieth of a hundred values are."""
    ordered = sorted(values)
    tenth = len(ordered) // 10
    return ordered[-1 - tenth] - ordered[tenth]
