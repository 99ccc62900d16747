"""The price of n units of a metered plan within one period, and where it invites arbitrage.

    f(n) = min(maximum, fee + ladder(n − free)),    f(0) = 0

Between its kinks f is a straight line on the whole numbers.  Whether f(a + b) ≤ f(a) + f(b) for
all a and b is therefore a question about few of them: on each cell of the plane that the lines
a = kink, b = kink and a + b = kink cut out, the difference is linear, so it is greatest at a
corner, where two of the three are kinks.  Beyond the last kink it no longer changes.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from pricing.billing import Tariff
from pricing.billing.ladder import Ladder
from pricing.money import Money
from pricing.tariffs.per_call import PerCall
from pricing.tariffs.per_record import PerRecord
from pricing.tariffs.two_part import TwoPart
from pricing.tariffs.usage import Usage


@dataclass(frozen=True, slots=True)
class Curve:
    """What n units of a period cost; amounts are minor units of the ladder's currency."""

    ladder: Ladder
    fee: int = 0
    free: int = 0
    maximum: int | None = None

    def at(self, units: int) -> Fraction:
        """Return f(n), exactly."""
        if units == 0:
            return Fraction(0)
        cost = self.fee + self.ladder.cost(max(0, units - self.free))
        return cost if self.maximum is None else min(cost, Fraction(self.maximum))

    def money(self, units: int) -> Money:
        """Return f(n), rounded as a bill is."""
        return Money(1, self.ladder.currency).scaled(self.at(units))

    def kinks(self) -> list[int]:
        """Return the numbers of units from which on f may go on otherwise than before."""
        starts = [self.free + tier.above for tier in self.ladder.tiers]
        ends = {1, *starts, *(start + 1 for start in starts)}
        if self.maximum is not None:
            ends |= set(self._reached(starts))
        return sorted(ends - {0})

    def _reached(self, starts: list[int]) -> Iterator[int]:
        """Yield the numbers of units around the maximum, in each tier that crosses it."""
        bare = Curve(self.ladder, self.fee, self.free)
        for tier, start in zip(self.ladder.tiers, starts, strict=True):
            first = bare.at(start + 1)
            if tier.rate.minor and self.maximum is not None and first < self.maximum:
                more = math.ceil((self.maximum - first) / tier.rate.minor)
                yield from (start + more, start + 1 + more)

    def falls(self) -> Iterator[tuple[int, int]]:
        """Yield (n, m), m more than n and cheaper, for each end of a tier where there is such."""
        kinks = self.kinks()
        for tier in self.ladder.tiers[1:]:
            units = self.free + tier.above
            more = min((one for one in kinks if one > units), key=self.at)
            if self.money(more) < self.money(units):
                yield units, more

    def split(self) -> tuple[int, int] | None:
        """Return the (a, b) whose f(a) + f(b) is furthest below f(a + b), None where none is."""
        kinks = self.kinks()
        pairs = {(a, b) for a in kinks for b in kinks}
        pairs |= {(a, whole - a) for a in kinks for whole in kinks if whole > a}
        price = functools.cache(self.at)

        def saved(a: int, b: int) -> Fraction:
            return price(a + b) - price(a) - price(b)

        def billed(pair: tuple[int, int]) -> bool:
            # A saving that is rounded away is none, and another pair may keep a smaller one.
            return self.money(pair[0]) + self.money(pair[1]) < self.money(sum(pair))

        cheaper = sorted(
            (pair for pair in pairs if saved(*pair) > 0),
            key=lambda pair: (saved(*pair), -sum(pair), pair),
            reverse=True,
        )
        return next(filter(billed, cheaper), None)


def curve(plan: Tariff) -> Curve | None:
    """Return the curve of a metered plan, None for a plan of another kind."""
    match plan:
        case PerCall() | PerRecord():
            return Curve(plan.ladder)
        case Usage():
            return Curve(plan.ladder, 0, plan.free_units, _minor(plan.period_max))
        case TwoPart():
            return Curve(plan.ladder, plan.fee.minor, plan.free_units, _minor(plan.period_max))
    return None


def _minor(amount: Money | None) -> int | None:
    return None if amount is None else amount.minor
