"""Hedonic estimator: the log-price is a line in the features, learnt trade by trade.

The appraisal is the prior and each settled trade an observation (`pricing.posterior` has the
formulas), so that the estimate is the appraisal's before any trade and the market's after many.
Features are counted from the product's own, so that the constant of the line is the log-price
of the product itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from pricing.domain import require_within
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
    moved,
)
from pricing.money import decimal_text
from pricing.posterior import BELIEF, LEAST, Belief, Opening, Posterior

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Hedonic:
    """Learns a line of log-prices, with the appraisal as the belief it begins with.

    `slope`, 10^-6 to 100, is how far one unit of any feature is thought to move a
    log-price (a standard deviation about none): scale the features so that one number suits
    all.  `memory`, 10^-6 to 1, is what the past counts for after each trade: below 1
    the market may drift, and bands stay open.  A free licence moves nothing.
    """

    belief: Belief = BELIEF
    slope: Decimal = Decimal("0.5")
    memory: Decimal = Decimal(1)
    levels: Levels = LEVELS

    def __post_init__(self) -> None:
        for field, most in (("slope", 100), ("memory", 1)):
            require_within(field, getattr(self, field), LEAST, most)

    def begin(self, history: MarketHistory) -> Learning:
        """Return what is believed before any trade, ready to observe some."""
        return Learning(self, history)

    def estimate(self, history: MarketHistory) -> Estimate:
        """Follow the price from the appraisal through the trades."""
        learning = self.begin(history)
        opening, path = follow(learning, history.trades, self.levels)
        before = history.held.trades if history.held else 0
        held = replace(learning.posterior.held(), trades=before + moved(path))
        end = ended(opening, path)
        return Estimate(end, learning.law(), opening, path, self._basis(), held)

    def _basis(self) -> str:
        belief = self.belief
        return (
            "hedonic log-price, normal-inverse-gamma; the appraisal's range holds the mean with"
            f" probability {decimal_text(belief.coverage)}, single trades lie about it with"
            f" {decimal_text(belief.noise)}, memory {decimal_text(self.memory)}"
        )


class Learning:
    """The running state: what is believed of the product's market at this moment."""

    __slots__ = ("_currency", "_here", "_product", "posterior")

    def __init__(self, model: Hedonic, history: MarketHistory) -> None:
        """Begin with the appraisal, or what is held; the history's trades are not observed."""
        count = len(history.names) + 1
        memory = float(model.memory)
        if history.held:
            # Without forgetting nothing of the beginning is asked for.
            first = None if memory == 1.0 else _first(model, _opening(model, history), count)
            self.posterior = Posterior.of(history.held, memory, first)
        else:
            opening = _opening(model, history)
            spread = _first(model, opening, count)
            mean = np.zeros(count)
            mean[0] = opening.location
            self.posterior = Posterior(mean, np.diag(spread), opening.shape, opening.rate, memory)
        self._product = np.array([0.0, *map(float, history.product)])
        self._here = np.zeros(count)
        self._here[0] = 1.0
        self._currency = history.currency

    def observe(self, trade: SettledTrade) -> Use:
        """Learn from a trade, in the history's currency and with its features."""
        if trade.price.minor == 0:
            return Use.FREE
        x = np.array((1.0, *map(float, trade.features)))
        x -= self._product
        self.posterior.observe(x, math.log(trade.price.minor))
        return Use.OBSERVED

    def law(self) -> Predictive:
        """Return the law of the product's next price."""
        return self.posterior.predict(self._here, self._currency)

    def predict(self, features: tuple[Decimal, ...]) -> Predictive:
        """Return the law of the next price of a product with those features."""
        x = np.array((1.0, *map(float, features))) - self._product
        return self.posterior.predict(x, self._currency)


def _opening(model: Hedonic, history: MarketHistory) -> Opening:
    return model.belief.of(history.opening())


def _first(model: Hedonic, opening: Opening, count: int) -> NDArray[np.float64]:
    """Return the variances before any trade: that of the constant, then of each feature."""
    spread = np.full(count, (float(model.slope) / float(model.belief.noise)) ** 2)
    spread[0] = opening.spread
    return spread
