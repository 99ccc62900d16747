"""Multiplicative weights: where every price's revenue is known afterwards, reward them all.

S. Arora, E. Hazan, S. Kale, The multiplicative weights update method, Theory of Computing 8
(2012), theorem 2.5 and its form for gains: whatever the buyers do, the expected regret against the
best of K prices after n offers is at most η n + (ln K) / η for a rate η up to 1/2; with
η = √(ln K / n) that is 2 √(n ln K).  Hedge (Freund and Schapire 1997) differs by exp(η g)
in place of 1 + η g.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from pricing.chance import Lots
from pricing.domain import require_count
from pricing.errors import BadInput
from pricing.learning import Grid, History, Proposal, Shelf, Trial, folded, require_rate
from pricing.money import Money

# A path of its own: whatever else is given the same seed draws other numbers.
_STREAM: Final = 12
_WEIGHT_MAX: Final = 1e200  # a step multiplies a weight by 3/2 at most


@dataclass(frozen=True, slots=True)
class Hedge:
    """Multiplicative weights on the prices of a grid; `rate` η, above 0 and at most 1/2.

    It learns from trials whose `worth` is known: then what every price would have earned is.
    """

    grid: Grid
    rate: float
    seed: int

    def __post_init__(self) -> None:
        require_rate("rate", self.rate, 0.5)

    @classmethod
    def tuned(cls, grid: Grid, rounds: int, seed: int) -> Hedge:
        """Return it with the rate that suits so many offers: √(ln K / n), 1/2 at most."""
        require_count("rounds", rounds, 1)
        best = math.sqrt(math.log(grid.steps) / rounds) if grid.steps > 1 else 0.5
        return cls(grid, min(0.5, best), seed)

    @property
    def prices(self) -> tuple[Money, ...]:
        """The prices of the grid."""
        return self.grid.prices

    def start(self) -> HedgeState:
        """Return the state before any trial."""
        return HedgeState(self.grid.prices, self.rate, self.seed)

    def propose(self, history: History) -> Proposal:
        """Return the price after these trials, or raise `BadInput` for one without `worth`."""
        return folded(self, history, "drawn by what each price would have earned (Hedge)")


class HedgeState:
    """A weight for each price; a step takes O(prices)."""

    __slots__ = ("_lot", "_lots", "_rate", "_shelf", "_weights")

    def __init__(self, prices: tuple[Money, ...], rate: float, seed: int) -> None:
        self._shelf = Shelf(prices)
        self._rate = rate
        self._weights = [1.0] * len(prices)
        self._lots = Lots(seed, _STREAM)
        self._lot = self._lots.draw()

    @property
    def weights(self) -> tuple[float, ...]:
        """The chance of each price to be drawn next."""
        total = sum(self._weights)
        return tuple(weight / total for weight in self._weights)

    def propose(self) -> Money:
        """Return the price drawn, each by its part of the weights."""
        reached = list(accumulate(self._weights))
        place = bisect_right(reached, self._lot * reached[-1])
        return self._shelf.prices[min(place, len(reached) - 1)]

    def update(self, trial: Trial) -> None:
        """Learn from a trial, or raise `BadInput` for one off the grid or without a worth."""
        self._shelf.place_of(trial.price)
        if trial.worth is None:
            raise BadInput("trials.worth: this learner must be told what the product was worth")
        worth = trial.worth.minor
        self.learn(
            [
                share if price.minor <= worth else 0.0
                for price, share in zip(self._shelf.prices, self._shelf.shares, strict=True)
            ]
        )

    def learn(self, gains: Sequence[float]) -> None:
        """Reward each price by its gain, 0 to 1."""
        rate = self._rate
        self._weights = [
            weight * (1.0 + rate * gain) for weight, gain in zip(self._weights, gains, strict=True)
        ]
        if max(self._weights) > _WEIGHT_MAX:
            top = max(self._weights)
            self._weights = [weight / top for weight in self._weights]
        self._lot = self._lots.draw()
