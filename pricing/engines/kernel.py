"""Comparables kernel: like trades count the more, the more alike they are.

Each settled trade weighs w = exp(−d²/2h²), d the distance between its features and the product's
(Nadaraya 1964, Watson 1964, with a Gaussian kernel), and the weighted trades move the belief that
the appraisal begins with, each to the power of its weight (Ibrahim and Chen, Power prior
distributions for regression models, Statistical Science 15, 2000).  For one constant this is in
closed form: s = 1/w + p, μ += p·e/s, p −= p²/s, a += w/2, b += e²/2s with e = y − μ.  Unlike a
line it never says what lies beyond the products that were traded: there the appraisal stands.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pricing.domain import require_within
from pricing.errors import BadInput
from pricing.estimate import (
    LEVELS,
    Estimate,
    Levels,
    MarketHistory,
    Predictive,
    SettledTrade,
    Use,
    ended,
    follow,
)
from pricing.money import decimal_text
from pricing.posterior import BELIEF, LEAST, Belief

_FAR: Final = 1e-12  # a trade that weighs less is of another market and moves nothing


@dataclass(frozen=True, slots=True)
class ComparablesKernel:
    """Learns a product's price from the trades of products like it.

    `bandwidth`, 10^-6 to 10^6, is the distance h at which a trade counts for 0.61 of
    one of the product itself: scale the features so that one number suits all.  Without
    features every trade counts in full.  A free licence moves nothing.
    """

    belief: Belief = BELIEF
    bandwidth: Decimal = Decimal(1)
    levels: Levels = LEVELS

    def __post_init__(self) -> None:
        require_within("bandwidth", self.bandwidth, LEAST, 10**6)

    def begin(self, history: MarketHistory) -> Neighbourhood:
        """Return what is believed before any trade, ready to observe some.

        Raises `BadInput` for a history that goes on from what another estimator held.
        """
        if history.held:
            raise BadInput("held: this estimator goes through all trades, and holds nothing")
        return Neighbourhood(self, history)

    def estimate(self, history: MarketHistory) -> Estimate:
        """Follow the price from the appraisal through the trades."""
        learning = self.begin(history)
        opening, path = follow(learning, history.trades, self.levels)
        return Estimate(ended(opening, path), learning.law(), opening, path, self._basis())

    def _basis(self) -> str:
        belief = self.belief
        return (
            f"comparables by a Gaussian kernel of bandwidth {decimal_text(self.bandwidth)}; the"
            f" appraisal's range holds the mean with probability {decimal_text(belief.coverage)},"
            f" single trades lie about it with {decimal_text(belief.noise)}"
        )


class Neighbourhood:
    """The running state: what is believed of the price of products like this one."""

    __slots__ = ("_currency", "_product", "_width", "location", "rate", "shape", "spread")

    def __init__(self, model: ComparablesKernel, history: MarketHistory) -> None:
        """Begin with the appraisal; the history's trades are not yet observed."""
        opening = model.belief.of(history.opening())
        self.location, self.spread = opening.location, opening.spread
        self.shape, self.rate = opening.shape, opening.rate
        self._product = tuple(map(float, history.product))
        self._width = float(model.bandwidth)
        self._currency = history.currency

    def weight(self, trade: SettledTrade) -> float:
        """Return how much the trade counts: 1 for one of the product itself."""
        pairs = zip(map(float, trade.features), self._product, strict=True)
        distance = math.fsum((one - other) ** 2 for one, other in pairs)
        return math.exp(-distance / (2 * self._width**2))

    def observe(self, trade: SettledTrade) -> Use:
        """Learn from a trade, in the history's currency and with its features."""
        if trade.price.minor == 0:
            return Use.FREE
        weight = self.weight(trade)
        if weight > _FAR:
            error = math.log(trade.price.minor) - self.location
            width = 1 / weight + self.spread
            self.location += self.spread * error / width
            self.spread -= self.spread**2 / width
            self.shape += weight / 2
            self.rate += error**2 / (2 * width)
        return Use.OBSERVED

    def law(self) -> Predictive:
        """Return the law of the product's next price."""
        scale = math.sqrt(self.rate / self.shape * (1 + self.spread))
        return Predictive(self.location, scale, 2 * self.shape, self._currency)
