"""Upper confidence bounds: offer the price whose revenue may still be the highest.

P. Auer, N. Cesa-Bianchi, P. Fischer, Finite-time analysis of the multiarmed bandit problem,
Machine Learning 47 (2002), theorem 1: where buyers are alike and independent, the expected
regret after n offers is at most 8 Σ (ln n)/Δ_i + (1 + π²/3) Σ Δ_i, the sums over the prices
that fall short of the best by Δ_i.

R. Kleinberg, T. Leighton, The value of knowing a demand curve, FOCS 2003, section 3: on K =
⌈(n / ln n)^(1/4)⌉ evenly spaced prices this has regret O(√(n log n)) against the best price of
all, not of the grid alone, if revenue has one maximum and bends there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from pricing.domain import require_count
from pricing.errors import BadInput
from pricing.learning import Answer, Grid, History, Proposal, Shelf, Trial, folded
from pricing.money import Money


@dataclass(frozen=True, slots=True)
class UpperConfidence:
    """UCB1 on the prices of a grid; of equal bounds the lower price."""

    grid: Grid

    @property
    def prices(self) -> tuple[Money, ...]:
        """The prices of the grid."""
        return self.grid.prices

    def start(self) -> UpperConfidenceState:
        """Return the state before any trial."""
        return UpperConfidenceState(self.grid.prices)

    def propose(self, history: History) -> Proposal:
        """Return the price after these trials, or raise `BadInput` for one off the grid."""
        return folded(self, history, "highest upper confidence bound (UCB1)")


@dataclass(frozen=True, slots=True)
class KleinbergLeighton:
    """UCB1 on ⌈(rounds / ln rounds)^(1/4)⌉ prices, evenly spaced up to `ceiling`.

    `rounds` is how many offers are expected, 2 or more: from 100 offers on there are three
    prices, from 10,000 on six.
    """

    ceiling: Money
    rounds: int

    def __post_init__(self) -> None:
        require_count("rounds", self.rounds, 2)
        if self.ceiling.minor < self.steps:
            raise BadInput(f"ceiling: {self.ceiling} is not divided into {self.steps} prices")

    @property
    def steps(self) -> int:
        """How many prices there are."""
        return math.ceil(math.sqrt(math.sqrt(self.rounds / math.log(self.rounds))))

    @property
    def prices(self) -> tuple[Money, ...]:
        """The multiples of ceiling / steps, rounded to whole minor units."""
        floor = self.ceiling.scaled(Fraction(1, self.steps))
        return Grid(floor, self.ceiling, self.steps).prices

    def start(self) -> UpperConfidenceState:
        """Return the state before any trial."""
        return UpperConfidenceState(self.prices)

    def propose(self, history: History) -> Proposal:
        """Return the price after these trials, or raise `BadInput` for one off the grid."""
        return folded(self, history, f"UCB1 on {self.steps} prices (Kleinberg and Leighton)")


class UpperConfidenceState:
    """Of each price how often it was offered and what it earned; a step takes O(prices)."""

    __slots__ = ("_counts", "_earned", "_means", "_offers", "_shelf", "_untried")

    def __init__(self, prices: tuple[Money, ...]) -> None:
        self._shelf = Shelf(prices)
        self._counts = [0] * len(prices)
        self._earned = [0.0] * len(prices)
        self._means = [0.0] * len(prices)
        self._untried = list(range(len(prices)))[::-1]
        self._offers = 0

    def propose(self) -> Money:
        """Return an untried price, the lowest first, or the one of the highest bound."""
        if self._untried:
            return self._shelf.prices[self._untried[-1]]
        sure, root = 2.0 * math.log(self._offers), math.sqrt
        bounds = [
            mean + root(sure / count) for mean, count in zip(self._means, self._counts, strict=True)
        ]
        return self._shelf.prices[bounds.index(max(bounds))]

    def update(self, trial: Trial) -> None:
        """Learn from a trial, or raise `BadInput` for a price that is not on the grid."""
        place = self._shelf.place_of(trial.price)
        earned = self._shelf.shares[place] if trial.answer is Answer.BOUGHT else 0.0
        if not self._counts[place]:
            self._untried.remove(place)
        self._counts[place] = count = self._counts[place] + 1
        self._earned[place] += earned
        self._means[place] = self._earned[place] / count
        self._offers += 1
