"""Estimates: an appraisal before any trade, and what every trade since has made of it.

The way of Qingdao: the value is appraised first, and the price is fixed in the trading.  An
estimator begins with the appraisal's range and learns from settled trades one after the other;
what it says is a law of the next price, from which an ask, a floor and a band of guidance are
read.  Each step cites the ledger's entry of the trade that moved it, so that whoever holds the
ledger can follow the price from its first estimate to the market.
"""

from __future__ import annotations

import enum
import itertools
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Protocol

from pricing.appraisal import Appraisal, Band
from pricing.domain import (
    require_count,
    require_not_negative,
    require_probability,
    require_text,
    require_within,
)
from pricing.errors import BadAmount, BadInput
from pricing.money import Currency, Money, exact
from pricing.student import quantile

FEATURES_MAX: Final = 64
FEATURE_MAX: Final = 2**53  # beyond it a float loses units, and its square soon all else
_ENTRY: Final = re.compile(r"[0-9a-f]{64}")
_LOG_MAX: Final = 64.0  # e^64 minor units are more than any entry holds, and no overflow yet


@dataclass(frozen=True, slots=True)
class SettledTrade:
    """A licence that was paid for: the price, the ledger's entry of it, and what was sold.

    `entry` is the hash of the settlement's leaf, 64 hexadecimal digits.  `features` are the
    numbers that the history names, in its order, none beyond 2^53.
    """

    price: Money
    entry: str
    features: tuple[Decimal, ...] = ()

    def __post_init__(self) -> None:
        require_not_negative("trades.price", self.price)
        if not _ENTRY.fullmatch(self.entry):
            raise BadInput(f"trades.entry: {self.entry!r} is no hash of a ledger's entry")
        for value in self.features:
            _require_feature("trades.features", value)


@dataclass(frozen=True, slots=True)
class Held:
    """What an estimator believed after some trades, so that it can go on without them.

    It is a normal-inverse-gamma law (`pricing.posterior`): the means of the constant and of each
    feature, their spread row by row, and the shape and rate of the noise, after so many `trades`
    that moved it.  A float keeps every bit in a record, so going on from it gives what going
    through all trades gives.
    """

    mean: tuple[float, ...]
    spread: tuple[tuple[float, ...], ...]
    shape: float
    rate: float
    trades: int = 0

    def __post_init__(self) -> None:
        require_count("held.trades", self.trades)
        rows = (self.mean, *self.spread)
        if len(self.spread) != len(self.mean) or len({len(row) for row in rows}) != 1:
            raise BadInput("held: the spread is not square, or not of the means")
        numbers = [*itertools.chain(*rows), self.shape, self.rate]
        if not all(map(math.isfinite, numbers)) or min(self.shape, self.rate) <= 0:
            raise BadInput("held: the numbers are no law of a price")
        if tuple(zip(*self.spread, strict=True)) != self.spread:
            raise BadInput("held: the spread is not symmetric")


@dataclass(frozen=True, slots=True)
class MarketHistory:
    """An appraised product, and the settled trades of it and of like ones, in their order.

    `licence_fraction`, above 0 and at most 1, is the share of the appraised whole that one
    licence stands for.  `names` are the features that move a price, such as the logarithm of
    the number of rows or the age in years; `product` has the product's own, and every trade
    those of what it sold.  Where only this product was sold, no feature is needed.  `held` is
    what was believed after trades that came before these: then they are not gone through again.
    """

    appraisal: Appraisal
    trades: tuple[SettledTrade, ...] = ()
    licence_fraction: Fraction = Fraction(1)
    names: tuple[str, ...] = ()
    product: tuple[Decimal, ...] = ()
    held: Held | None = None

    def __post_init__(self) -> None:
        require_within("licence_fraction", self.licence_fraction, 0, 1)
        if self.licence_fraction == 0:
            raise BadInput("licence_fraction: must be above zero")
        if len(self.names) > FEATURES_MAX or len(set(self.names)) < len(self.names):
            raise BadInput(f"names: more than {FEATURES_MAX} features, or one of them twice")
        for name in self.names:
            require_text("names", name)
        if len(self.product) != len(self.names):
            raise BadInput(f"product: {len(self.product)} features, and {len(self.names)} names")
        for value in self.product:
            _require_feature("product", value)
        if self.held and len(self.held.mean) != len(self.names) + 1:
            raise BadInput(f"held: {len(self.held.mean)} means for {len(self.names)} features")
        self._require_trades()

    def _require_trades(self) -> None:
        cited: set[str] = set()
        for trade in self.trades:
            if trade.price.currency is not self.currency:
                raise BadInput(f"trades: {trade.entry} is in {trade.price.currency}")
            if len(trade.features) != len(self.names):
                raise BadInput(f"trades: {trade.entry} has {len(trade.features)} features")
            if trade.entry in cited:
                raise BadInput(f"trades: {trade.entry} is cited twice")
            cited.add(trade.entry)

    @property
    def currency(self) -> Currency:
        """The currency of the appraisal and of every trade."""
        return self.appraisal.mid.currency

    def opening(self) -> Band:
        """Return what the appraisal says one licence is worth, before any trade.

        Raises `BadInput` where its low end is zero: a price of nothing has no logarithm.
        """
        band = self.appraisal.band(self.licence_fraction)
        if band.low.minor <= 0:
            raise BadInput(f"appraisal: a low end of {band.low} for one licence has no logarithm")
        return band


@dataclass(frozen=True, slots=True)
class Predictive:
    """The law of the next price: its logarithm, in minor units, is Student's t.

    `location` is the logarithm of the median, `scale` the spread about it, `freedom` the degrees
    of freedom.
    """

    location: float
    scale: float
    freedom: float
    currency: Currency

    def __post_init__(self) -> None:
        numbers = (self.location, self.scale, self.freedom)
        if not all(map(math.isfinite, numbers)) or self.scale < 0 or self.freedom <= 0:
            raise BadInput(f"predictive: {numbers} are no law of a price")

    def at(self, probability: Decimal | Fraction) -> Money:
        """Return the price that the next one stays below with that probability.

        Raises `BadInput` unless it lies between 0 and 1, and `BadAmount` for a price beyond
        what an amount can hold.
        """
        return self._price(quantile(float(exact(probability)), self.freedom))

    def _price(self, t: float) -> Money:
        log = self.location + self.scale * t
        if not log <= _LOG_MAX:  # nor is what is no number, where there is hardly any freedom
            raise BadAmount(f"predictive: a price of e^{log:.3g} minor units cannot be held")
        return Money(1, self.currency).scaled(Fraction(math.exp(log)))


@dataclass(frozen=True, slots=True)
class Levels:
    """Which probabilities the guidance is read at, each between 0 and 1.

    The next price lies below `ask` with that probability, and so on: an ask of 0.6 is what four
    in ten trades would still pay, a floor of 0.25 what three in four would.
    """

    low: Decimal = Decimal("0.1")
    floor: Decimal = Decimal("0.25")
    ask: Decimal = Decimal("0.6")
    high: Decimal = Decimal("0.9")

    def __post_init__(self) -> None:
        for field in ("low", "floor", "ask", "high"):
            require_probability(f"levels.{field}", getattr(self, field))
        if not self.low <= self.floor <= self.ask <= self.high:
            raise BadInput("levels: low, floor, ask and high are out of order")
        if not self.low < Decimal("0.5") < self.high:
            raise BadInput("levels: the band does not hold the median")


LEVELS: Final = Levels()


@dataclass(frozen=True, slots=True)
class Guidance:
    """What a seller and a buyer are told: a band with its median, an ask and a floor.

    `ask` is where a seller may open, `floor` what is hardly worth going below; the price itself
    is fixed between the two of them.
    """

    band: Band
    ask: Money
    floor: Money

    def __post_init__(self) -> None:
        if not self.band.low <= self.floor <= self.ask <= self.band.high:
            raise BadInput(f"guidance: {self.floor} and {self.ask} are out of order or the band")

    @classmethod
    def read(cls, law: Predictive, levels: Levels) -> Guidance:
        """Read the guidance off a law of the next price."""
        band = Band(law.at(levels.low), law.at(Decimal("0.5")), law.at(levels.high))
        return cls(band, law.at(levels.ask), law.at(levels.floor))


class Use(enum.StrEnum):
    """What a trade did to the estimate."""

    OBSERVED = "observed"
    FREE = "free: moves nothing"
    """A licence given away has no logarithm and says nothing of what others would pay."""


@dataclass(frozen=True, slots=True)
class Step:
    """One trade, the entry that proves it, and the guidance after it."""

    entry: str
    price: Money
    use: Use
    guidance: Guidance


@dataclass(frozen=True, slots=True)
class Estimate:
    """How the price moved from the appraisal to the market.

    `opening` is the guidance before the trades, `path` has a step for every trade in order,
    `guidance` is where it ended and `predictive` the law it was read from, so that a strategy
    can read it at another probability.  `basis` names the method and its parameters.  `held` is
    what to go on from when the next trade is settled, where the method can.
    """

    guidance: Guidance
    predictive: Predictive
    opening: Guidance
    path: tuple[Step, ...]
    basis: str
    held: Held | None = None

    def __post_init__(self) -> None:
        require_text("basis", self.basis)
        if self.guidance != ended(self.opening, self.path):
            raise BadInput("guidance: it is not where the path ends")
        if self.guidance.ask.currency is not self.predictive.currency:
            raise BadInput("predictive: in another currency than the guidance")

    @property
    def observed(self) -> int:
        """How many trades moved the estimate, those before the path's first included."""
        return self.held.trades if self.held else moved(self.path)


class Running(Protocol):
    """What an estimator believes at one moment, moved by one trade after the other."""

    def observe(self, trade: SettledTrade) -> Use:
        """Learn from a trade, in the history's currency and with its features."""
        ...

    def law(self) -> Predictive:
        """Return the law of the product's next price."""
        ...


def follow(
    running: Running, trades: tuple[SettledTrade, ...], levels: Levels
) -> tuple[Guidance, tuple[Step, ...]]:
    """Move what is believed by every trade; return the guidance before, and a step for each."""
    opening = guidance = Guidance.read(running.law(), levels)
    path = []
    for trade in trades:
        use = running.observe(trade)
        if use is Use.OBSERVED:
            guidance = Guidance.read(running.law(), levels)
        path.append(Step(trade.entry, trade.price, use, guidance))
    return opening, tuple(path)


def ended(opening: Guidance, path: tuple[Step, ...]) -> Guidance:
    """Return the guidance where a path ends."""
    return path[-1].guidance if path else opening


def moved(path: tuple[Step, ...]) -> int:
    """Count the steps that moved the estimate."""
    return sum(step.use is Use.OBSERVED for step in path)


class Estimator(Protocol):
    """A plug-in of `pricing.estimators`: a frozen dataclass of its parameters."""

    def estimate(self, history: MarketHistory) -> Estimate:
        """Follow the price from the appraisal through the trades, a step for each.

        Raises `BadInput` naming what the history lacks.
        """
        ...


def _require_feature(field: str, value: Decimal) -> None:
    """Raise `BadInput` for what is not exact, or beyond `FEATURE_MAX` either way."""
    require_within(field, value, -FEATURE_MAX, FEATURE_MAX)
