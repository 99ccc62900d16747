"""Streamed marginals: every coalition is asked once, in blocks that fit in a cache, as doubles.

O(2^n) additions, and memory that grows with n and not with 2^n.  Two running sums hold all that
is needed: the blocks added up by the size of their high bits, which tells the low players
apart, and each block's sums by size, which tell the high players apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from pricing import executors
from pricing.errors import BadInput
from pricing.games import Batched, Blocked, Utility, block_worths, worth
from pricing.marginals import Marginals
from pricing.marginals.folding import by_size, three_bits, with_each_player

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TOGETHER: Final = 16  # blocks whose half-folded sums are folded to the end in one go


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the bits of a mask are dealt with, from the top: a chunk, a block of it, its inside.

    It follows from the game alone and never from the executor, so that the order of additions,
    and with it the last bit of every sum, does too.
    """

    low: int
    middle: int
    top: int

    @classmethod
    def for_game(cls, utility: Utility) -> _Plan:
        n = utility.players
        if isinstance(utility, Blocked):
            # 2^16 doubles are half a megabyte, a cache's worth; 2^26 coalitions some tenths of a
            # second, about what handing a chunk to another process is worth.
            low, inside = min(n, 14 if n <= 20 else 16), 26
        elif isinstance(utility, Batched):
            low, inside = min(n, 12), 16
        else:
            # One call a coalition is slow: sixteen chunks, that workers have something to take.
            low = inside = max(0, n - 4)
            low = min(low, 12)
        top = max(0, n - inside)
        return cls(low, n - top - low, top)


def streamed(utility: Utility) -> Marginals:
    """Return the marginals in doubles; chunks go through the current executor.

    Every worth of the whole numbers below 2^53 in magnitude, sums included, is summed without
    rounding.  `BadInput` if a worth, or the sum of worths of one size, is no finite number.
    """
    plan = _Plan.for_game(utility)
    task = partial(_chunk, utility, plan, float(worth(utility, 0)))
    chunks = range(1 << plan.top)
    found = executors.current().map(task, chunks) if plan.top else [task(0)]
    if not all(np.isfinite(sums).all() for chunk in found for sums in chunk):
        raise BadInput("value: a coalition's worth, or a sum of them, is no finite number")
    return _joined(plan, found, f"over all 2^{utility.players} coalitions, in 64-bit floats")


def _chunk(
    utility: Utility, plan: _Plan, of_nobody: float, chunk: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return, for the bits below the chunk's, the sums by size and those with each player."""
    with np.errstate(over="ignore", invalid="ignore"):  # told once, at the end, as `BadInput`
        blocks = 1 << plan.middle
        by_high_size = np.zeros((plan.middle + 1, 1 << plan.low))
        sums = np.empty((blocks, plan.low + 1))
        together = min(_TOGETHER, blocks)
        folds = 2 * (plan.low >= 6)
        half_folded = np.empty((together, 3 * folds + 1, 1 << (plan.low - 3 * folds)))
        for start in range(0, blocks, together):
            for j in range(together):
                high = start + j
                block = block_worths(utility, chunk << plan.middle | high, plan.low)
                if of_nobody:  # it would drown what each adds; the game's array stays as it is
                    block = block - of_nobody
                held = by_high_size[high.bit_count()]
                np.add(held, block, out=held)
                if folds:
                    three_bits(three_bits(block.reshape(1, -1)), out=half_folded[j])
                else:
                    half_folded[j, 0] = block
            sums[start : start + together] = by_size(half_folded)
        of_size, with_low = with_each_player(by_high_size)
        _, with_high = with_each_player(np.ascontiguousarray(sums.T))
        return of_size, np.concatenate((with_low, with_high))


def _joined(
    plan: _Plan, found: list[tuple[NDArray[np.float64], NDArray[np.float64]]], how: str
) -> Marginals:
    """Add the chunks up without rounding: doubles are whole numbers over a power of two."""
    inside = plan.low + plan.middle
    n = inside + plan.top
    denominator = max(
        part.as_integer_ratio()[1] for chunk in found for sums in chunk for part in sums.flat
    )
    of_size = [0] * (n + 1)
    with_player = [[0] * (n + 1) for _ in range(n)]
    for chunk, (sums, with_each) in enumerate(found):
        moved = chunk.bit_count()
        whole = _whole(sums, denominator)
        rows = [(i, _whole(row, denominator)) for i, row in enumerate(with_each)]
        rows += [(inside + bit, whole) for bit in range(plan.top) if chunk >> bit & 1]
        for s, one in enumerate(whole):
            of_size[moved + s] += one
        for i, row in rows:
            for s, one in enumerate(row):
                with_player[i][moved + s] += one
    return Marginals.of_sums(of_size, with_player, denominator, exact=False, how=how)


def _whole(sums: NDArray[np.float64], denominator: int) -> list[int]:
    shift = denominator.bit_length() - 1
    parts = (part.as_integer_ratio() for part in sums.tolist())
    return [above << (shift - below.bit_length() + 1) for above, below in parts]
