"""Weighted voting: a coalition is worth one where its weights reach the quota, else nothing.

The game of councils and shareholders (Shapley and Shubik 1954), and of data that is of use
only once there is enough of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pricing.domain import require_count
from pricing.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EXACT = 2**53  # whole numbers below it add exactly as doubles


@dataclass(frozen=True, slots=True)
class WeightedVoting:
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
            held += weight * (masks >> np.uint64(i) & np.uint64(1)).astype(np.int64)
        return (held >= self.quota).astype(np.float64)

    def block(self, high: int, low_bits: int) -> NDArray[np.float64]:
        """Return the worth of ``high << low_bits | low`` for every `low` of `low_bits` bits."""
        missing = self.quota - sum(
            weight for i, weight in enumerate(self.weights[low_bits:]) if high >> i & 1
        )
        return (_sums(self.weights[:low_bits]) >= missing).astype(np.float64)


def _sums(weights: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the sum of every subset, in the order of masks."""
    sums = np.zeros(1)
    for weight in weights:
        sums = np.concatenate((sums, sums + weight))
    return sums
