"""Weighted voting: a coalition is worth one where its weights reach the quota, else nothing.

The game of councils and shareholders (Shapley and Shubik 1954), and of data that is of use
only once there is enough of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pricing.domain import require_count
from pricing.errors import BadInput
from pricing.games.asking import in_coalition, subset_sums
from pricing.games.keeping import Keeping

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EXACT: Final = 2**53  # whole numbers below it add exactly as doubles

# Bits that counting by weight may hold: 16 MiB, and some seconds for the most players it fits.
_COUNTED_MAX: Final = 2**27


@dataclass(frozen=True, slots=True)
class WeightedVoting(Keeping):
    """Is worth 1 to whoever holds `quota` of the `weights`, whole numbers, and 0 to others."""

    quota: int
    weights: tuple[int, ...]

    def __post_init__(self) -> None:
        require_count("quota", self.quota)
        for weight in self.weights:
            require_count("weights", weight)
        if sum(self.weights) >= _EXACT or self.quota >= _EXACT:
            raise BadInput("weights: their sum, or the quota, is 2^53 or more")

    @property
    def players(self) -> int:
        """One for each weight."""
        return len(self.weights)

    def value(self, mask: int) -> int:
        """Return 1 where the coalition reaches the quota."""
        held = sum(weight for i, weight in enumerate(self.weights) if mask >> i & 1)
        return int(held >= self.quota)

    def batch(self, masks: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Return the worth of each coalition."""
        held = np.zeros(masks.shape, dtype=np.int64)
        for i, weight in enumerate(self.weights):
            held += weight * in_coalition(masks, i)
        return (held >= self.quota).astype(np.float64)

    def block(self, high: int, low_bits: int) -> NDArray[np.bool_]:
        """Say for every `low` of `low_bits` bits below `high` whether it reaches the quota."""
        sums = self.kept(low_bits, lambda: subset_sums(self.weights[:low_bits]))
        above = self.weights[low_bits:]
        missing = self.quota - sum(weight for i, weight in enumerate(above) if high >> i & 1)
        return sums >= missing

    def prefixes(self, orders: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the worth of every prefix of every order, nobody's first."""
        found = np.full((len(orders), self.players + 1), float(self.quota <= 0))
        held = np.cumsum(np.array(self.weights, dtype=np.int64)[orders], axis=1)
        np.greater_equal(held, self.quota, out=found[:, 1:], casting="unsafe")
        return found

    def added(self) -> tuple[tuple[int, ...], ...] | None:
        """Count the coalitions of each size that each player carries over the quota.

        Coalitions are counted by size and weight (Mann and Shapley 1962) for all players, and
        each player's taken out again: O(n² · quota) for equal weights, and so many times that
        as there are different weights.  None where the weights are too large to count by.
        """
        n, total = self.players, sum(self.weights)
        limb = n + 1  # bits: no count reaches 2^(n + 1)
        if (total + 1) * (n + 1) * limb > _COUNTED_MAX:
            return None
        # A polynomial in the weight, for each size, is one integer with `limb` bits a coefficient.
        counts = [1] + [0] * n
        for place, weight in enumerate(self.weights, start=1):
            for s in range(place, 0, -1):
                counts[s] += counts[s - 1] << (weight * limb)
        carried = {weight: self._carried(weight, counts, limb) for weight in set(self.weights)}
        return tuple(carried[weight] for weight in self.weights)

    def _carried(self, weight: int, counts: list[int], limb: int) -> tuple[int, ...]:
        without = [1]
        for s in range(1, self.players):
            without.append(counts[s] - (without[s - 1] << (weight * limb)))
        low = max(0, self.quota - weight)
        width = max(0, self.quota - low)
        window = (1 << (width * limb)) - 1
        # Coefficients add up to the remainder by 2^limb − 1, as digits do by nine.
        nines = (1 << limb) - 1
        return tuple((one >> (low * limb) & window) % nines for one in without)
