"""Coalition table: worths that were measured, such as the score of a model for every coalition.

For worths known as fractions, let the sharing case hold a `CoalitionTable` as its `value`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pricing.errors import BadInput
from pricing.games.keeping import Keeping

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Table(Keeping):
    """Is worth the score at the coalition's mask; 2^n `scores`, nobody's first."""

    scores: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.scores) < 2 or len(self.scores).bit_count() != 1:
            raise BadInput(f"scores: {len(self.scores)} are not 2^n of them")
        if not all(map(math.isfinite, self.scores)):
            raise BadInput("scores: one of them is no finite number")

    @property
    def players(self) -> int:
        """The binary logarithm of the number of scores."""
        return len(self.scores).bit_length() - 1

    def value(self, mask: int) -> float:
        """Return the score."""
        return self.scores[mask]

    def batch(self, masks: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Return the score of each coalition."""
        return self._array()[masks]

    def block(self, high: int, low_bits: int) -> NDArray[np.float64]:
        """Return the scores of all coalitions with these high bits."""
        return self._array()[high << low_bits : (high + 1) << low_bits]

    def _array(self) -> NDArray[np.float64]:
        return self.kept("array", lambda: np.array(self.scores))
