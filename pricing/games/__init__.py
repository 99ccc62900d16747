"""Games: what each coalition of players is worth, and which questions a game answers cheaply.

A coalition is a whole number whose bit i stands for player i.  A utility must answer `value`;
it may answer more, and whoever divides by it asks the cheapest question that gives an exact
result: a closed form, then all coalitions at once, then orders at random with a stated error.
An error raised by a utility surfaces.  It never becomes a worth of zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

import numpy as np

from pricing.errors import BadInput

if TYPE_CHECKING:
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


def worths(utility: Utility, masks: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Ask what many coalitions are worth, in one call where the utility takes many."""
    if isinstance(utility, Batched):
        return _finite(utility.batch(masks), masks.shape)
    found = (float(worth(utility, int(mask))) for mask in masks.flat)
    return np.fromiter(found, np.float64, masks.size).reshape(masks.shape)


def asking_blocks(
    utility: Utility, low_bits: int
) -> Callable[[int], NDArray[np.float64] | NDArray[np.bool_]]:
    """Return the cheapest question about all coalitions with the same high bits.

    Its answers are of shape (2^low_bits,), in bools of a simple game that answers so.  Only that
    is checked here where the utility is `Blocked`: whoever sums many blocks checks the sums,
    which NaN and infinities reach.
    """
    shape = (1 << low_bits,)

    def in_blocks(high: int) -> NDArray[np.float64] | NDArray[np.bool_]:
        found = utility.block(high, low_bits)  # type: ignore[attr-defined]
        if found.dtype != np.bool_ or found.shape != shape:
            found = _shaped(found, shape)
        answer: NDArray[np.float64] | NDArray[np.bool_] = found
        return answer

    def one_by_one(high: int) -> NDArray[np.float64]:
        lows = np.arange(1 << low_bits, dtype=np.uint64)
        return worths(utility, lows | np.uint64(high << low_bits))

    return in_blocks if isinstance(utility, Blocked) else one_by_one


def block_worths(utility: Utility, high: int, low_bits: int) -> NDArray[np.float64]:
    """Ask about one block, in doubles whatever the game."""
    return asking_blocks(utility, low_bits)(high).astype(np.float64, copy=False)


def prefix_worths(utility: Utility, orders: NDArray[np.intp]) -> NDArray[np.float64]:
    """Ask what every prefix of each order is worth: (m, n) in, (m, n + 1) out, nobody's first."""
    m, n = orders.shape
    if isinstance(utility, Prefixed):
        return _finite(utility.prefixes(orders), (m, n + 1))
    if n > 64:
        raise BadInput(f"players: {n} do not fit in a mask of 64 bits; this game needs `prefixes`")
    masks = np.zeros((m, n + 1), dtype=np.uint64)
    np.bitwise_or.accumulate(np.uint64(1) << orders.astype(np.uint64), axis=1, out=masks[:, 1:])
    return worths(utility, masks)


def in_coalition(masks: NDArray[np.uint64], player: int) -> NDArray[np.bool_]:
    """Say for each coalition whether the player is in it."""
    return (masks >> np.uint64(player) & np.uint64(1)).astype(np.bool_)


def subset_sums(weights: Sequence[float]) -> NDArray[np.float64]:
    """Return the sum of every subset in the order of masks: what most blocks are made of."""
    sums = np.zeros(1)
    for weight in weights:
        sums = np.concatenate((sums, sums + weight))
    return sums


def _finite(answer: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.float64]:
    if not np.isfinite(_shaped(answer, shape)).all():
        raise BadInput("value: a coalition's worth is no finite number")
    return answer


def _shaped(answer: NDArray[Any], shape: tuple[int, ...]) -> NDArray[np.float64]:
    if answer.shape != shape or answer.dtype != np.float64:
        raise BadInput(f"value: {answer.dtype} of {answer.shape}, not doubles of shape {shape}")
    return answer
