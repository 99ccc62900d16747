"""Cores: allocations that no coalition could better by leaving, or by as little as can be.

The excess of a coalition at an allocation x is v(S) − x(S), what it could gain by leaving.  A
core holds allocations of no excess above zero; where there are none, the least core asks for
the smallest greatest excess (Maschler, Peleg and Shapley 1979) and the nucleolus for the
smallest excesses in order (Schmeidler 1969).

Worths are counted from the worth of nobody, so that x sums to v(all) − v(nobody).  Linear
programs are solved in doubles by HiGHS and only tell which coalitions bind; what binds is then
solved in fractions, so that a game of exact worths has an exact answer and equal players are
equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from pricing.errors import BadInput
from pricing.games import Utility, worth
from pricing.games.asking import block_worths, subset_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

PLAYERS_MAX: Final = 20  # 2^20 excesses in some ten milliseconds, and a program asks for dozens

TOLERANCE: Final = 1e-9  # of a worth: what HiGHS may leave, so that nothing below it counts


class Excesses:
    """The excesses of one game: all of them in doubles, and a coalition's worth exactly."""

    def __init__(self, utility: Utility) -> None:
        self.utility = utility
        self.players = utility.players
        if self.players > PLAYERS_MAX:
            raise BadInput(
                f"players: {self.players} are more than the {PLAYERS_MAX} of a core; divide by"
                " a semivalue, or by sampled orders, instead"
            )
        self.everybody = (1 << self.players) - 1
        worths = block_worths(utility, 0, self.players)
        if not np.isfinite(worths).all():
            raise BadInput("value: a coalition's worth is no finite number")
        self.worths: NDArray[np.float64] = worths - worths[0]
        self.scale = float(np.abs(self.worths).max())
        self.rounded = False
        """Whether a worth that `exact` was asked for came as a double."""
        self._nobody = Fraction(0)
        self._nobody = self.exact(0)

    def exact(self, mask: int) -> Fraction:
        """Return what the coalition is worth above nobody; a double as the fraction it is."""
        found = worth(self.utility, mask)
        self.rounded = self.rounded or isinstance(found, float)
        return Fraction(found) - self._nobody

    def told(self, values: tuple[Fraction, ...]) -> tuple[Fraction, ...] | tuple[float, ...]:
        """Return values as fractions, or as doubles where the worths were doubles."""
        return tuple(map(float, values)) if self.rounded else values

    @property
    def whole(self) -> float:
        """What all of them divide."""
        return float(self.worths[self.everybody])

    def at(self, allocation: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the excess of every coalition."""
        return self.worths - subset_sums(list(allocation))


def rows_of(masks: Sequence[int], players: int) -> NDArray[np.float64]:
    """Return coalitions as rows of ones and zeros."""
    column = np.array(masks, dtype=np.int64)[:, np.newaxis]
    rows: NDArray[np.float64] = (column >> np.arange(players) & 1).astype(np.float64)
    return rows


def worst_of(excess: NDArray[np.float64], beyond: float, how_many: int) -> list[int]:
    """Return the coalitions of the largest excesses beyond a bound, in the order of masks."""
    if how_many < len(excess):
        found = np.argpartition(-excess, how_many)[:how_many]
    else:
        found = np.arange(len(excess))
    return sorted(int(mask) for mask in found if excess[mask] > beyond)
