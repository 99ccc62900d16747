"""The cheapest combination of packs that has enough units, found exactly.

    h(n) = min { Σ c_i · p_i : Σ c_i · u_i ≥ n, c_i whole and not negative }

The unbounded knapsack of covering, in integers.  Counts are built up in binary, a whole array a
step, so that it takes O(n · packs · log) and no loop over units.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pricing.errors import BadInput
from pricing.money import MINOR_MAX

CELLS_MAX: Final = 4_000_000  # 32 MB a table, and a second or two
OUT_OF_REACH: Final = 2**61  # more than any amount; twice as much is still a 64-bit integer

Priced = tuple[int, int]  # units, price in minor units


def cheapest(packs: Sequence[Priced], units: int, below: int) -> Counter[Priced] | None:
    """Return the cheapest combination with at least so many units, if it costs less than `below`.

    Prices are whole and not negative.  Raises `BadInput` where the units, divided by what they
    have in common, are more than `CELLS_MAX`.
    """
    # A pack as dear as the limit is in no combination below it.
    useful = sorted((pack for pack in packs if pack[1] < below), reverse=True)
    if not useful:
        return None
    step = math.gcd(*(pack[0] for pack in useful))
    steps = {pack: pack[0] // step for pack in useful}
    table = covering([(steps[pack], pack[1]) for pack in useful], -(-units // step), below)
    left, cost = len(table) - 1, int(table[-1])
    if cost >= below:
        return None
    chosen: Counter[Priced] = Counter()
    while left > 0:
        pack = next(
            pack
            for pack in useful
            if int(table[max(0, left - steps[pack])]) + pack[1] == int(table[left])
        )
        chosen[pack] += 1
        left -= steps[pack]
    return chosen


def covering(packs: Sequence[Priced], units: int, below: int) -> NDArray[np.int64]:
    """Return h(0) … h(units); what costs `below` or more may be anything from `below` upwards."""
    if units >= CELLS_MAX:
        raise BadInput(f"packs: {units:,} steps are more than the {CELLS_MAX:,} compared exactly")
    below = min(below, MINOR_MAX + 1)
    table = np.full(units + 1, OUT_OF_REACH, dtype=np.int64)
    table[0] = 0
    for size, price in packs:
        count = 1
        while count * price < below:
            shift = min(count * size, units + 1)
            with_pack = np.empty_like(table)
            with_pack[:shift] = table[0] + count * price
            with_pack[shift:] = table[: units + 1 - shift] + count * price
            np.minimum(table, with_pack, out=table)
            if count * size > units:
                break
            count *= 2
        np.minimum(table, OUT_OF_REACH, out=table)
    return table
