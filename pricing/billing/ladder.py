"""Ladders: what a unit costs by how many were used before it.

A tier begins above a number of units: with tiers above 0 and above 1,000, the thousandth unit
is of the first tier and the next one of the second.  Two meanings of a ladder are in use and
billing systems know both by these names, so a ladder says which one it has.
"""

from __future__ import annotations

import enum
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from pricing.domain import require_count, require_not_negative
from pricing.errors import BadInput
from pricing.money import Currency, Money


class LadderMode(enum.StrEnum):
    """What reaching a tier changes."""

    GRADUATED = "graduated"
    """Each unit costs what its own tier says; a unit more never makes the others cheaper."""
    VOLUME = "volume"
    """Every unit of the period costs what the tier of their number says."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit costs: an amount for every `per` units, so that it may be below a cent."""

    amount: Money
    per: int = 1

    def __post_init__(self) -> None:
        require_not_negative("rate.amount", self.amount)
        require_count("rate.per", self.per, 1)

    def __str__(self) -> str:
        return f"{self.amount} a {f'{self.per:,} units' if self.per > 1 else 'unit'}"

    @property
    def minor(self) -> Fraction:
        """What one unit costs in minor units, exactly."""
        return Fraction(self.amount.minor, self.per)


@dataclass(frozen=True, slots=True)
class Tier:
    """The rate of the units beyond the first `above`."""

    above: int
    rate: Rate

    def __post_init__(self) -> None:
        require_count("tiers.above", self.above)


@dataclass(frozen=True, slots=True)
class Ladder:
    """Tiers from 0 upwards, of one currency."""

    tiers: tuple[Tier, ...]
    mode: LadderMode = LadderMode.GRADUATED

    def __post_init__(self) -> None:
        starts = [tier.above for tier in self.tiers]
        if not starts or starts[0] != 0:
            raise BadInput("tiers: the first tier begins above 0 units")
        if any(one >= other for one, other in itertools.pairwise(starts)):
            raise BadInput(f"tiers: they begin above {starts}, which does not rise")
        if len({tier.rate.amount.currency for tier in self.tiers}) > 1:
            raise BadInput("tiers: their rates are of more than one currency")

    @classmethod
    def flat(cls, amount: Money, per: int = 1) -> Ladder:
        """Return a ladder of one tier: every unit costs the same."""
        return cls((Tier(0, Rate(amount, per)),))

    @property
    def currency(self) -> Currency:
        """The currency of all rates."""
        return self.tiers[0].rate.amount.currency

    def steps(self, before: int, count: int, whole: int) -> Iterator[tuple[Tier, int]]:
        """Split `count` units that follow `before` others by tier.

        `whole` is the number of units of the period, which alone decides where all of them cost
        what the tier of their number says.
        """
        if self.mode is LadderMode.VOLUME:
            yield next(tier for tier in self.tiers[::-1] if tier.above < max(whole, 1)), count
            return
        ends = [*(tier.above for tier in self.tiers[1:]), before + count]
        for tier, end in zip(self.tiers, ends, strict=True):
            first, last = max(before, tier.above), min(before + count, end)
            if last > first:
                yield tier, last - first

    def cost(self, count: int) -> Fraction:
        """Return what the first `count` units of a period cost, in minor units, exactly."""
        return sum((n * tier.rate.minor for tier, n in self.steps(0, count, count)), Fraction(0))
