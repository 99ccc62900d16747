"""Games: what each coalition of players is worth, and which questions a game answers cheaply.

A coalition is a whole number whose bit i stands for player i.  A utility must answer `value`;
it may answer more, and whoever divides by it asks the cheapest question that gives an exact
result: a closed form, then all coalitions at once, then orders at random with a stated error.
An error raised by a utility surfaces.  It never becomes a worth of zero.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


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

    def block(self, high: int, low_bits: int) -> NDArray[np.float64]:
        """Return the worth of ``high << low_bits | low`` for every `low` of `low_bits` bits."""
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

    def shapley(self) -> tuple[Fraction, ...]:
        """Return the players' exact Shapley values, in their order."""
        ...
