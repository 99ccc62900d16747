"""Folding: arrays of worths by mask become sums by the size of the coalition.

Splitting off one bit of the mask leaves two halves, without that player and with it; the second
is moved up by one size and added to the first.  Doing so bit by bit adds each worth once, where
sums for each player would add it n times.  All of it is whole-array addition in a fixed order,
so the bytes are the same on every machine.

An array here is of shape (…, sizes, 2^bits): the sum over the coalitions of each size so far,
for each mask of the bits that are left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def by_size(worths: NDArray[Any]) -> NDArray[Any]:
    """Fold all bits: (…, sizes, 2^bits) in, (…, sizes + bits) out."""
    while worths.shape[-1] >= 8:
        worths = three_bits(worths)
    while worths.shape[-1] > 1:
        worths = one_bit(worths)
    return worths[..., 0]


def with_each_player(worths: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Fold (sizes, 2^bits) into the sums by size, and those of the coalitions with each player.

    Returns shapes (sizes + bits,) and (bits, sizes + bits), players in the order of the bits.
    """
    bits = worths.shape[-1].bit_length() - 1
    with_player = np.zeros((bits, worths.shape[0] + bits), dtype=worths.dtype)
    for bit in reversed(range(bits)):
        present = by_size(worths[:, worths.shape[1] // 2 :])
        with_player[bit, 1 : 1 + len(present)] = present
        worths = one_bit(worths)
    return worths[:, 0], with_player


def one_bit(worths: NDArray[Any]) -> NDArray[Any]:
    """Fold the highest bit."""
    *lead, sizes, width = worths.shape
    half = width // 2
    folded = np.empty((*lead, sizes + 1, half), dtype=worths.dtype)
    folded[..., :sizes, :] = worths[..., :half]
    folded[..., sizes, :] = 0
    folded[..., 1:, :] += worths[..., half:]
    return folded


def three_bits(worths: NDArray[Any], out: NDArray[Any] | None = None) -> NDArray[Any]:
    """Fold the three highest bits in one pass over memory, which is what folding waits for."""
    *lead, sizes, width = worths.shape
    eighth = width // 8
    part = [worths[..., i * eighth : (i + 1) * eighth] for i in range(8)]
    one = part[1] + part[2]
    one += part[4]
    two = part[3] + part[5]
    two += part[6]
    folded = out
    if folded is None:
        folded = np.empty((*lead, sizes + 3, eighth), dtype=worths.dtype)
    folded[..., :sizes, :] = part[0]
    if sizes == 1:  # nothing overlaps: the pass that clears and the one that adds are spared
        folded[..., 1:2, :] = one
        folded[..., 2:3, :] = two
        folded[..., 3:4, :] = part[7]
        return folded
    folded[..., sizes:, :] = 0
    folded[..., 1 : sizes + 1, :] += one
    folded[..., 2 : sizes + 2, :] += two
    folded[..., 3:, :] += part[7]
    return folded
