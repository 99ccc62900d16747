"""Exp3: draw prices by weights that grow with what was earned, whoever the buyers are.

P. Auer, N. Cesa-Bianchi, Y. Freund, R. Schapire, The nonstochastic multiarmed bandit problem,
SIAM Journal on Computing 32 (2002), section 3: whatever the buyers do, the expected regret
against the best of K prices after n offers is at most (e − 1) γ G + (K ln K) / γ, where γ is the
share of offers that explore and G, at most n, what the best price earns; with γ tuned to n that is
at most 2.63 √(n K ln K).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from pricing.chance import Lots
from pricing.domain import require_count
from pricing.learning import Answer, Grid, History, Proposal, Shelf, Trial, folded, require_rate
from pricing.money import Money

# A path of its own: whatever else is given the same seed draws other numbers.
_STREAM: Final = 11
_WEIGHT_MAX: Final = 1e200  # a step multiplies a weight by e at most


@dataclass(frozen=True, slots=True)
class Exp3:
    """Exp3 on the prices of a grid; `exploration` γ, above 0 and at most 1."""

    grid: Grid
    exploration: float
    seed: int

    def __post_init__(self) -> None:
        require_rate("exploration", self.exploration, 1.0)

    @classmethod
    def tuned(cls, grid: Grid, rounds: int, seed: int) -> Exp3:
        """Return it with the exploration that suits so many offers: √(K ln K / ((e − 1) n))."""
        require_count("rounds", rounds, 1)
        prices = grid.steps
        best = math.sqrt(prices * math.log(prices) / ((math.e - 1) * rounds)) if prices > 1 else 1.0
        return cls(grid, min(1.0, best), seed)

    @property
    def prices(self) -> tuple[Money, ...]:
        """The prices of the grid."""
        return self.grid.prices

    def start(self) -> Exp3State:
        """Return the state before any trial."""
        return Exp3State(self.grid.prices, self.exploration, self.seed)

    def propose(self, history: History) -> Proposal:
        """Return the price after these trials, or raise `BadInput` for one off the grid."""
        return folded(self, history, "drawn by what was earned (Exp3)")


class Exp3State:
    """A weight for each price; a step takes O(prices)."""

    __slots__ = ("_explores", "_lot", "_lots", "_shelf", "_total", "_weights")

    def __init__(self, prices: tuple[Money, ...], exploration: float, seed: int) -> None:
        self._shelf = Shelf(prices)
        self._explores = exploration
        self._weights = [1.0] * len(prices)
        self._total = float(len(prices))
        self._lots = Lots(seed, _STREAM)
        self._lot = self._lots.draw()

    def propose(self) -> Money:
        """Return the price drawn: each by (1 − γ) · its part of the weights + γ / K."""
        prices = self._shelf.prices
        if self._lot < self._explores:
            return prices[int(self._lot / self._explores * len(prices))]
        part = (self._lot - self._explores) / (1.0 - self._explores)
        place = bisect_right(list(accumulate(self._weights)), part * self._total)
        return prices[min(place, len(prices) - 1)]

    def update(self, trial: Trial) -> None:
        """Learn from a trial, or raise `BadInput` for a price that is not on the grid."""
        place = self._shelf.place_of(trial.price)
        self._lot = self._lots.draw()
        if trial.answer is Answer.BOUGHT:
            count = len(self._weights)
            even = self._explores / count
            chance = (1.0 - self._explores) * self._weights[place] / self._total + even
            self._weights[place] *= math.exp(even * self._shelf.shares[place] / chance)
            if self._weights[place] > _WEIGHT_MAX:
                self._weights = [weight / self._weights[place] for weight in self._weights]
            self._total = sum(self._weights)
