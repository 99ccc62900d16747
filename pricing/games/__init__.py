"""Games: what each coalition of players is worth, and which questions a game answers cheaply.

A coalition is a whole number whose bit i stands for player i.  A utility must answer `value`;
it may answer more, and whoever divides by it asks the cheapest question that gives an exact
result: a closed form, then all coalitions at once, then orders at random with a stated error.
An error raised by a utility surfaces.  It never becomes a worth of zero.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from pricing.errors import BadInput

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DENSE_MAX: Final = 22  # all worths at once: 2^22 doubles are 32 MiB
PLAYERS_MAX: Final = 30  # block by block: 2^30 coalitions are seconds, and each player doubles it


class Utility(Protocol):
    """A plug-in of `pricing.utilities`: a frozen dataclass of its parameters."""

    @property
    def players(self) -> int:
        """How many players there are."""
        ...

    def value(self, mask: int) -> Fraction | int | float:
        """Return what the coalition is worth; the value of nobody may be other than zero."""
        ...


@runtime_checkable
class Batched(Protocol):
    """Answers many coalitions in one call."""

    def batch(self, masks: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Return the worth of each coalition."""
        ...


@runtime_checkable
class Blocked(Protocol):
    """Answers all coalitions that share their high bits, as whole-array arithmetic."""

    def block(self, high: int, low_bits: int) -> NDArray[np.float64] | NDArray[np.bool_]:
        """Return the worth of ``high << low_bits | low`` for every `low` of `low_bits` bits.

        A simple game, which is worth nothing or one, may answer in bools, and is added up the
        faster for it.
        """
        ...


@runtime_checkable
class Prefixed(Protocol):
    """Answers every prefix of an order as it grows by one player at a time."""

    def prefixes(self, orders: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return, for orders of shape (m, n), worths of shape (m, n + 1), nobody's first."""
        ...


@runtime_checkable
class Solved(Protocol):
    """Knows its Shapley values in closed form."""

    def shapley(self) -> tuple[Fraction, ...] | None:
        """Return the players' exact Shapley values in their order.

        None says that this very game is cheaper to ask about every coalition.
        """
        ...


@runtime_checkable
class Counted(Protocol):
    """Knows in closed form what each player adds, by the size of the coalition it joins."""

    def added(self) -> tuple[tuple[Fraction | int, ...], ...] | None:
        """Return, for player i and each s < n, what i adds to all coalitions of s others together.

        Every semivalue follows from these.  None says that this very game is cheaper to ask
        about every coalition.
        """
        ...


def worth(utility: Utility, mask: int) -> Fraction | float:
    """Ask what one coalition is worth; NaN, infinities and what is no number are a `BadInput`."""
    answer: object = utility.value(mask)
    if isinstance(answer, Fraction):
        return answer
    if isinstance(answer, int) and not isinstance(answer, bool):
        return Fraction(answer)
    # numpy's doubles are floats; its other scalars are not, and say nothing by mistake.
    if isinstance(answer, float) and math.isfinite(answer):
        return float(answer)
    raise BadInput(f"value: {answer!r} for coalition {mask} is no finite number")
