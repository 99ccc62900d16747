"""Exact marginals: every coalition is asked once, and every step is in whole numbers.

The worths of a block are brought to one denominator, which grows as worths come in; sums of
Python's integers do not overflow.  About a microsecond a coalition beside the game's own time.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pricing.games import Utility, worth
from pricing.marginals import Marginals
from pricing.marginals.folding import by_size, with_each_player

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LOW_MAX: Final = 12


def exactly(utility: Utility) -> Marginals | None:
    """Return the marginals as exact numbers, or None at the first worth that is a float."""
    n = utility.players
    low = min(n, _LOW_MAX)
    blocks = 1 << (n - low)
    by_high_size = np.zeros((n - low + 1, 1 << low), dtype=object)
    sums = np.zeros((blocks, low + 1), dtype=object)
    denominator = 1
    for high in range(blocks):
        worths = [
            one
            for inside in range(1 << low)
            if isinstance(one := worth(utility, high << low | inside), Fraction)
        ]
        if len(worths) < 1 << low:
            return None
        grown = math.lcm(denominator, *{one.denominator for one in worths})
        by_high_size *= grown // denominator
        sums *= grown // denominator
        denominator = grown
        block = _whole(worths, denominator)
        by_high_size[high.bit_count()] += block
        sums[high] = by_size(block.reshape(1, -1))
    of_size, with_low = with_each_player(by_high_size)
    _, with_high = with_each_player(sums.T)
    how = f"over all {1 << n} coalitions, in fractions"
    with_player = [row.tolist() for row in (*with_low, *with_high)]
    return Marginals.of_sums(of_size.tolist(), with_player, denominator, exact=True, how=how)


def _whole(worths: list[Fraction], denominator: int) -> NDArray[Any]:
    block = np.empty(len(worths), dtype=object)
    block[:] = [one.numerator * (denominator // one.denominator) for one in worths]
    return block
