"""Streamed marginals: every coalition is asked once, in blocks that fit in a cache, as doubles.

O(2^n) additions, and memory that grows with n and not with 2^n.  Two running sums hold all that
is needed: the blocks added up by the size of their high bits, which tells the low players
apart, and each block's sums by size, which tell the high players apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pricing import executors
from pricing.errors import BadInput
from pricing.games import Batched, Blocked, Utility, worth
from pricing.games.asking import asking_blocks
from pricing.marginals import Marginals
from pricing.marginals.folding import by_size, three_bits, with_each_player

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COUNTED_BITS: Final = 18  # no size has more than C(18, 9) coalitions, which 16 bits count
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
            # What is fastest: blocks about as large as a cache, and chunks of 2^26 coalitions, some
            # tenths of a second, about what handing one to another process is worth.
            low, inside = n if n <= 16 else 15 if n <= 20 else 17, 26
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
        together = min(_TOGETHER, blocks)
        folds = 2 * (plan.low >= 6)
        half_folded: list[NDArray[Any]] = []
        sums = np.empty((blocks, plan.low + 1))
        ask = asking_blocks(utility, plan.low)
        first = ask(chunk << plan.middle)
        # 16 bits count all sums of a simple game, at most C(17, 8) in a block and of blocks.
        counted = np.uint16 if first.dtype == np.bool_ else np.float64
        by_high_size = np.zeros((plan.middle + 1, 1 << plan.low), dtype=counted)
        for high in range(blocks):
            answer = ask(chunk << plan.middle | high) if high else first
            block: NDArray[Any] = answer.astype(counted, casting="safe", copy=False)
            if of_nobody and counted is np.float64:
                block = block - of_nobody  # it would drown what each adds; the game keeps its array
            held = by_high_size[high.bit_count()]
            np.add(held, block, out=held)
            if not plan.middle:
                continue
            row = block.reshape(1, -1)
            half_folded.append(three_bits(three_bits(row)) if folds else row)
            if len(half_folded) == together:
                sums[high + 1 - together : high + 1] = by_size(np.stack(half_folded))
                half_folded.clear()
        if plan.low + plan.middle > _COUNTED_BITS:
            by_high_size = by_high_size.astype(np.float64, copy=False)
        of_size, with_low = with_each_player(by_high_size)
        _, with_high = with_each_player(np.ascontiguousarray(sums.T))
        return of_size.astype(np.float64), np.concatenate((with_low, with_high), dtype=np.float64)


def _joined(
    plan: _Plan, found: list[tuple[NDArray[np.float64], NDArray[np.float64]]], how: str
) -> Marginals:
    """Add the chunks up without rounding: doubles are whole numbers over a power of two."""
    inside = plan.low + plan.middle
    n = inside + plan.top
    everything = np.concatenate([sums.ravel() for chunk in found for sums in chunk])
    shift = _places(everything)
    of_size = np.zeros(n + 1, dtype=object)
    with_player = np.zeros((n, n + 1), dtype=object)
    for chunk, (sums, with_each) in enumerate(found):
        here = slice(chunk.bit_count(), chunk.bit_count() + inside + 1)
        whole = _whole(sums, shift)
        of_size[here] += whole
        with_player[:inside, here] += _whole(with_each, shift)
        for bit in range(plan.top):
            if chunk >> bit & 1:
                with_player[inside + bit, here] += whole
    return Marginals.of_sums(
        of_size.tolist(), with_player.tolist(), 1 << shift, exact=False, how=how
    )


def _places(sums: NDArray[np.float64]) -> int:
    """Return how many binary places hold all of these doubles."""
    if (sums == np.floor(sums)).all():
        return 0
    return max(0, 53 - int(np.frexp(sums)[1].min(initial=0, where=sums != 0)))


def _whole(sums: NDArray[np.float64], places: int) -> NDArray[Any]:
    """Return doubles as whole numbers over 2^places, exactly."""
    found = np.empty(sums.size, dtype=object)
    if not places:
        found[:] = list(map(int, sums.ravel().tolist()))
        return found.reshape(sums.shape)
    parts, powers = np.frexp(sums)
    moved = (powers + (places - 53)).ravel().tolist()
    whole = np.ldexp(parts, 53).astype(np.int64).ravel().tolist()
    found[:] = [one << power if one else 0 for one, power in zip(whole, moved, strict=True)]
    return found.reshape(sums.shape)
