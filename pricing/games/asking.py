"""Asking a game about many coalitions at once, by the cheapest question that it answers.

Whatever the answer, it is checked: doubles of the right shape, none of them NaN or infinite.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pricing.errors import BadInput
from pricing.games import Batched, Blocked, Prefixed, Utility, worth


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
