"""Glove game: a coalition is worth the pairs it can make of left and right hands.

L. S. Shapley and M. Shubik, Pure competition, coalitional power, and fair division, 1969.  Data
that is of use only when joined, such as positions and cargoes of the same ships, is of this
kind: the scarcer side takes more.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Hand(enum.StrEnum):
    """Which half of a pair a player holds."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Glove:
    """Is worth the number of pairs among the members' `hands`."""

    hands: tuple[Hand, ...]

    @property
    def players(self) -> int:
        """One for each hand."""
        return len(self.hands)

    def value(self, mask: int) -> int:
        """Return the number of pairs."""
        left = (mask & self._left()).bit_count()
        return min(left, mask.bit_count() - left)

    def batch(self, masks: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Return the number of pairs in each coalition."""
        left = np.bitwise_count(masks & np.uint64(self._left()))
        pairs: NDArray[np.float64] = np.minimum(left, np.bitwise_count(masks) - left).astype(float)
        return pairs

    def prefixes(self, orders: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the number of pairs in every prefix of every order."""
        hands = np.array([hand is Hand.LEFT for hand in self.hands])
        left = np.cumsum(hands[orders], axis=1)
        found = np.zeros((len(orders), self.players + 1))
        np.minimum(left, np.arange(1, self.players + 1) - left, out=found[:, 1:], casting="unsafe")
        return found

    def added(self) -> tuple[tuple[int, ...], ...]:
        """Count the coalitions that lack the player's hand: a pair more each."""
        n, left = self.players, sum(hand is Hand.LEFT for hand in self.hands)
        of_hand = {
            Hand.LEFT: _lacking(left - 1, n - left),
            Hand.RIGHT: _lacking(n - left - 1, left),
        }
        return tuple(of_hand[hand] for hand in self.hands)

    def _left(self) -> int:
        return sum(1 << i for i, hand in enumerate(self.hands) if hand is Hand.LEFT)


def _lacking(own: int, other: int) -> tuple[int, ...]:
    """Count the coalitions of each size among `own` and `other` with fewer of the first kind."""
    if own < 0:
        return ()
    return tuple(
        sum(math.comb(own, a) * math.comb(other, s - a) for a in range((s + 1) // 2))
        for s in range(own + other + 1)
    )
