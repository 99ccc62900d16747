"""Airport game: a coalition costs what its most demanding member needs.

One runway serves all, and the largest aircraft needs all of it; the same with a survey at the
finest resolution that any buyer of the group asks for.  S. C. Littlechild and G. Owen, A simple
expression for the Shapley value in a special case, Management Science 20(3), 1973: each stretch
is paid by those who need it, in equal parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from pricing.errors import BadInput
from pricing.games.asking import in_coalition

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Airport:
    """Costs the largest of the members' `costs`, none of which is negative."""

    costs: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        if any(cost < 0 for cost in self.costs):
            raise BadInput("costs: what a player needs costs less than nothing")

    @property
    def players(self) -> int:
        """One for each cost."""
        return len(self.costs)

    def value(self, mask: int) -> Fraction:
        """Return the largest cost, exactly; nobody costs nothing."""
        members = (cost for i, cost in enumerate(self.costs) if mask >> i & 1)
        return max(members, default=Fraction(0))

    def batch(self, masks: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Return the largest cost in each coalition."""
        found = np.zeros(masks.shape)
        for i, cost in enumerate(self.costs):
            np.maximum(found, float(cost) * in_coalition(masks, i), out=found)
        return found

    def block(self, high: int, low_bits: int) -> NDArray[np.float64]:
        """Return the largest costs for every `low` of `low_bits` bits below `high`."""
        found = np.full(1, float(self.value(high << low_bits)))
        for cost in self.costs[:low_bits]:
            found = np.concatenate((found, np.maximum(found, float(cost))))
        return found

    def prefixes(self, orders: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the running maximum of each order."""
        found = np.zeros((len(orders), self.players + 1))
        needed = np.array([float(cost) for cost in self.costs])[orders]
        np.maximum.accumulate(needed, axis=1, out=found[:, 1:])
        return found

    def shapley(self) -> tuple[Fraction, ...]:
        """Divide each stretch among those who need it."""
        ascending = sorted(range(self.players), key=self.costs.__getitem__)
        values = [Fraction(0)] * self.players
        paid = reached = Fraction(0)
        for rank, i in enumerate(ascending):
            paid += (self.costs[i] - reached) / (self.players - rank)
            reached = self.costs[i]
            values[i] = paid
        return tuple(values)
