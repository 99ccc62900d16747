"""Versions of one product, priced together so that no combination undercuts one of them.

A version is known by its quality: for versions that noise sets apart, the precision 1/δ of an
answer with the noise variance δ.  Independent answers averaged have the sum of their precisions,
so a menu is free of arbitrage where its price is monotone and subadditive in quality (Chen,
Koutris, Kumar, SIGMOD 2019, theorem on arbitrage-freeness).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Protocol

from pricing.domain import require_count, require_not_negative, require_text
from pricing.errors import BadInput
from pricing.money import Currency, Money

POINTS_MAX: Final = 1_000  # a million sums: some seconds


@dataclass(frozen=True, slots=True)
class DemandPoint:
    """So many `buyers` who want this quality and pay at most `value` for it."""

    quality: Fraction
    value: Money
    buyers: int = 1

    def __post_init__(self) -> None:
        _above_zero("points.quality", self.quality)
        require_count(f"points: buyers of quality {self.quality}", self.buyers, 1)
        if self.value.minor <= 0:
            raise BadInput(f"points: value of quality {self.quality}: {self.value} is not above 0")


@dataclass(frozen=True, slots=True)
class LineDemand:
    """Use that falls in a straight line with the price of a unit: q(p) = units · (1 − p/choke).

    `units` is what each of the `buyers` uses for nothing, `choke` the price of a unit at which
    they use none, `cost` what a unit costs the seller.
    """

    units: Fraction
    choke: Money
    cost: Money
    buyers: int = 1

    def __post_init__(self) -> None:
        _above_zero("line.units", self.units)
        require_count("line.buyers", self.buyers, 1)
        require_not_negative("line.cost", self.cost)
        if not self.cost < self.choke:
            raise BadInput(f"line.choke: {self.choke}, and a unit costs {self.cost}: nothing sells")


@dataclass(frozen=True, slots=True)
class Demand:
    """What is known of the buyers: points by rising quality, or a line of use; or both."""

    points: tuple[DemandPoint, ...] = ()
    line: LineDemand | None = None

    def __post_init__(self) -> None:
        if len(self.points) > POINTS_MAX:
            raise BadInput(f"points: {len(self.points)} are more than the {POINTS_MAX} taken")
        for one, other in itertools.pairwise(self.points):
            if one.quality >= other.quality:
                raise BadInput(f"points: quality {other.quality} does not rise")
            if one.value.currency is not other.value.currency:
                raise BadInput("points: their values are of more than one currency")


@dataclass(frozen=True, slots=True)
class Version:
    """A quality at its price."""

    quality: Fraction
    price: Money

    def __post_init__(self) -> None:
        require_not_negative("versions.price", self.price)


@dataclass(frozen=True, slots=True)
class TwoPartPrice:
    """A fee for each buyer, and a price for each unit."""

    fee: Money
    unit: Money


@dataclass(frozen=True, slots=True)
class Menu:
    """Versions by rising quality, or a two-part price, and what the demand brings in with it.

    `revenue` is what is left of it after the cost of units, where these have a cost.
    """

    revenue: Money
    basis: str
    versions: tuple[Version, ...] = ()
    two_part: TwoPartPrice | None = None

    def __post_init__(self) -> None:
        require_text("basis", self.basis)
        require_not_negative("revenue", self.revenue)
        if bool(self.versions) == bool(self.two_part):
            raise BadInput("versions: a menu has versions, or else a two-part price")


class Versioner(Protocol):
    """A plug-in of `pricing.versioners`: a frozen dataclass of its parameters."""

    def menu(self, demand: Demand) -> Menu:
        """Price the versions, or raise `BadInput` naming what the demand lacks."""
        ...


def revenue(demand: Demand, prices: tuple[Money, ...]) -> Money:
    """Return what buyers pay who find the version they want at no more than their value."""
    currency = demand.points[0].value.currency if demand.points else Currency.CNY
    sold = zip(demand.points, prices, strict=True)
    minor = sum(p.buyers * price.minor for p, price in sold if price <= p.value)
    return Money(minor, currency)


def _above_zero(field: str, value: object) -> None:
    if not isinstance(value, Fraction) or value <= 0:
        raise BadInput(f"{field}: {value!r} is no fraction above zero")
