"""Laws of values: how what a product is worth is spread over those who might buy it.

A law is declared before the bids are read.  Its virtual value φ(v) = v − (1 − F(v)) / f(v) is
what a seller earns at the margin by selling to a value v (R. Myerson, Optimal auction design,
Mathematics of Operations Research 6, 1981); an auction that sells where φ is highest, and
nowhere below zero, earns the most.  All of it is exact, in minor units.
"""

from __future__ import annotations

import enum
import functools
import itertools
import math
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from pricing.domain import require_not_negative
from pricing.errors import BadInput
from pricing.money import Currency, Money

SAMPLE_MAX = 10_000


class Shape(enum.StrEnum):
    """Which family a law is of."""

    UNIFORM = "uniform"
    EXPONENTIAL = "exponential"
    EMPIRICAL = "empirical"


@dataclass(frozen=True, slots=True)
class Law:
    """A law of values by its shape and points.

    `uniform` has two points, the lowest and the highest value; `exponential` one, the mean;
    `empirical` a sample of values, such as earlier bids, up to 10,000, none of them from the
    bidders whom the law is used on.
    """

    shape: Shape
    points: tuple[Money, ...]

    def __post_init__(self) -> None:
        for point in self.points:
            require_not_negative("law.points", point)
        if len({point.currency for point in self.points}) > 1:
            raise BadInput("law.points: they are in more than one currency")
        match self.shape:
            case Shape.UNIFORM if len(self.points) != 2 or self.points[0] >= self.points[1]:
                raise BadInput("law.points: a uniform law has two, the lower before the higher")
            case Shape.EXPONENTIAL if len(self.points) != 1 or not self.points[0].minor:
                raise BadInput("law.points: an exponential law has one, its mean above zero")
            case Shape.EMPIRICAL if not 1 <= len(self.points) <= SAMPLE_MAX:
                raise BadInput(f"law.points: a sample has 1 to {SAMPLE_MAX} values")

    @property
    def currency(self) -> Currency:
        """The currency of the values."""
        return self.points[0].currency

    @property
    def reserve(self) -> Money:
        """The least whole amount whose virtual value is not below zero.

        Half the highest value for a uniform law from zero, the mean for an exponential one, the
        best single price of the sample for an empirical one.
        """
        least = self.least(Fraction(0), above=False)
        if least is None:  # the highest point of any law has a virtual value of zero or more
            raise AssertionError(self)
        return Money(least, self.currency)

    def virtual(self, minor: int) -> Fraction | None:
        """Return the virtual value of an amount, ironed for a sample; None below all values."""
        low = self.points[0].minor
        match self.shape:
            case Shape.UNIFORM:
                return None if minor < low else Fraction(2 * minor - self.points[1].minor)
            case Shape.EXPONENTIAL:
                return Fraction(minor - low)
            case Shape.EMPIRICAL:
                values, levels = _ironed(tuple(point.minor for point in self.points))
                place = bisect_right(values, minor)
                return levels[place - 1] if place else None

    def least(self, level: Fraction, *, above: bool) -> int | None:
        """Return the least amount whose virtual value reaches `level`, None if none does.

        With `above` it is the end below which no amount lies above the level; where φ rises
        without a step that is the same.  Rounded up to a whole minor unit.
        """
        low = self.points[0].minor
        match self.shape:
            case Shape.UNIFORM:
                return max(low, math.ceil((level + self.points[1].minor) / 2))
            case Shape.EXPONENTIAL:
                return max(0, math.ceil(level + low))
            case Shape.EMPIRICAL:
                values, levels = _ironed(tuple(point.minor for point in self.points))
                pairs = zip(values, levels, strict=True)
                reached = (v for v, held in pairs if held > level or (held == level and not above))
                return next(reached, None)

    def value_at(self, quantile: float) -> Money:
        """Return the value that a part `quantile`, 0 to below 1, of all values is not above."""
        if not 0 <= quantile < 1:
            raise BadInput(f"quantile: {quantile} is not within 0 and below 1")
        low = self.points[0].minor
        match self.shape:
            case Shape.UNIFORM:
                minor = low + round(Fraction(quantile) * (self.points[1].minor - low))
            case Shape.EXPONENTIAL:
                minor = round(Fraction(-math.log1p(-quantile)) * low)
            case Shape.EMPIRICAL:
                ranked = sorted(point.minor for point in self.points)
                minor = ranked[int(quantile * len(ranked))]
        return Money(minor, self.currency)


@functools.lru_cache(maxsize=64)
def _ironed(sample: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[Fraction, ...]]:
    """Return the sample's values, rising, and the ironed virtual value of each.

    The revenue of a price is the price times how many of the sample reach it.  Its least concave
    majorant over that number has the ironed virtual values as its slopes (Myerson 1981, section
    6; for a finite support E. Elkind, SODA 2007).
    """
    counted = Counter(sample)
    values = sorted(counted, reverse=True)
    reach = list(itertools.accumulate(counted[value] for value in values))
    corners = [(0, 0)]
    for sold, value in zip(reach, values, strict=True):
        corner = (sold, sold * value)
        while len(corners) > 1 and _bends_up(corners[-2], corners[-1], corner):
            corners.pop()
        corners.append(corner)
    slopes: dict[int, Fraction] = {}
    for (left, earned), (right, earns) in itertools.pairwise(corners):
        slopes |= {
            value: Fraction(earns - earned, right - left)
            for sold, value in zip(reach, values, strict=True)
            if left < sold <= right
        }
    rising = values[::-1]
    return tuple(rising), tuple(slopes[value] for value in rising)


def _bends_up(first: tuple[int, int], middle: tuple[int, int], last: tuple[int, int]) -> bool:
    """Say whether the middle corner lies on or below the line between the other two."""
    (x0, y0), (x1, y1), (x2, y2) = first, middle, last
    return (y1 - y0) * (x2 - x0) <= (y2 - y0) * (x1 - x0)
