"""Folding: arrays of worths by mask become sums by the size of the coalition.

Splitting off one bit of the mask leaves two halves, without that player and with it; the second
is moved up by one size and added to the first.  Doing so bit by bit adds each worth once, where
sums for each player would add it n times.  All of it is whole-array addition in a fixed order,
so the bytes are the same on every machine.

An array here is of shape (…, sizes, 2^bits): the sum over the coalitions of each size so far,
for each mask of the bits that are left.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_APART: Final = 6  # bits: what is left of them fits in a table of 256 masks, and in one addition


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
    Six players at a time are told apart, once all other bits are folded.
    """
    sizes, width = worths.shape
    bits = width.bit_length() - 1
    with_player = np.zeros((bits, sizes + bits), dtype=worths.dtype)
    while bits > _APART:
        rest = bits - _APART
        # (64, sizes, 2^rest), of which the rest is folded
        apart = worths.reshape(-1, 1 << _APART, 1 << rest).swapaxes(0, 1)
        _, with_player[rest:bits] = _told_apart(by_size(apart))
        worths = three_bits(three_bits(worths))
        bits = rest
    of_size, with_player[:bits] = _told_apart(worths.T)
    return of_size, with_player


def _told_apart(worths: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Do as `with_each_player` for a few bits, given (2^bits, sizes)."""
    width, sizes = worths.shape
    bits = width.bit_length() - 1
    order, starts = _coalitions(bits)
    groups = np.add.reduceat(worths[order], starts, axis=0)
    of_size = np.zeros(sizes + bits, dtype=worths.dtype)
    with_player = np.zeros((bits, sizes + bits), dtype=worths.dtype)
    players = groups[bits + 1 :].reshape(bits, bits, sizes)
    for joined in range(bits + 1):
        of_size[joined : joined + sizes] += groups[joined]
        if joined:
            with_player[:, joined : joined + sizes] += players[:, joined - 1]
    return of_size, with_player


@functools.cache
def _coalitions(bits: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """List the masks of each size, then for each player those of each size that it is in.

    Returns all of them in a row, and where each group begins; no group is empty.
    """
    masks = range(1 << bits)
    groups = [[mask for mask in masks if mask.bit_count() == size] for size in range(bits + 1)]
    groups += [
        [mask for mask in groups[size] if mask >> player & 1]
        for player in range(bits)
        for size in range(1, bits + 1)
    ]
    starts = np.cumsum([0, *map(len, groups[:-1])])
    return np.array([mask for group in groups for mask in group], dtype=np.intp), starts


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
