"""Shares by points: each seller has the sum of what its points are worth, each its own player.

The value of the game in which points join one by one and not sellers.  It is exact in O(N log N)
a test point however many points and sellers there are (`pricing.games.nearest`), and sums to
the same whole as the sellers' own game, which is another division of it: a seller of many points
joins piece by piece among the others' instead of all at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pricing.errors import BadInput
from pricing.games.knn import Knn
from pricing.sharing import Allocation, SharingCase


@dataclass(frozen=True, slots=True)
class KnnPoints:
    """Divides by the Shapley values of the points of the utility `knn`, summed by seller."""

    def allocate(self, case: SharingCase) -> Allocation:
        """Divide the amount.

        Raises `BadInput` where the case's game is no `knn`, and `BadShares` where a seller's
        points are worth less than nothing together.
        """
        game = case.game
        if not isinstance(game, Knn):
            raise BadInput("game: shares by points need the game `knn`")
        sums = np.bincount(game.sellers, game.by_point(), game.players)
        return case.split_by_values(
            sums.tolist(),
            what="sum of Shapley values of points",
            basis=f"Shapley values of {len(game.points)} points, summed by seller",
        )
