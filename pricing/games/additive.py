"""Additive game: a coalition is worth the sum of what its members are worth alone.

Whatever semivalue divides by it gives each what it is worth.  It is the game to compare with
where contributions do not meet, and the one whose answer is known beforehand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from pricing.games.asking import in_coalition, subset_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Additive:
    """Is worth the sum of the members' `worths`."""

    worths: tuple[Fraction, ...]

    @property
    def players(self) -> int:
        """One for each worth."""
        return len(self.worths)

    def value(self, mask: int) -> Fraction:
        """Return the sum, exactly."""
        return sum((one for i, one in enumerate(self.worths) if mask >> i & 1), Fraction(0))

    def batch(self, masks: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Return the sum for each coalition."""
        found = np.zeros(masks.shape)
        for i, one in enumerate(self.worths):
            found += float(one) * in_coalition(masks, i)
        return found

    def block(self, high: int, low_bits: int) -> NDArray[np.float64]:
        """Return the sums for every `low` of `low_bits` bits below `high`."""
        sums = subset_sums([float(one) for one in self.worths[:low_bits]])
        return sums + float(self.value(high << low_bits))

    def prefixes(self, orders: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the running sums of each order."""
        found = np.zeros((len(orders), self.players + 1))
        np.cumsum(np.array([float(one) for one in self.worths])[orders], axis=1, out=found[:, 1:])
        return found

    def shapley(self) -> tuple[Fraction, ...]:
        """Return the worths."""
        return self.worths

    def added(self) -> tuple[tuple[Fraction, ...], ...]:
        """Return each worth as often as there are coalitions of the size."""
        n = self.players
        return tuple(tuple(one * math.comb(n - 1, s) for s in range(n)) for one in self.worths)
