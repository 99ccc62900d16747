"""Games for the tests, and what the slowest way says of any of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Plain:
    """Any function of a mask, asked one coalition at a time."""

    players: int
    ask: Callable[[int], Fraction | int | float]

    def value(self, mask: int) -> Fraction | int | float:
        return self.ask(mask)


@dataclass(frozen=True)
class Runway:
    """Littlechild and Owen 1973: a coalition is worth the longest runway that it needs."""

    needs: tuple[int, ...]

    @property
    def players(self) -> int:
        return len(self.needs)

    def value(self, mask: int) -> int:
        return max((need for i, need in enumerate(self.needs) if mask >> i & 1), default=0)

    def prefixes(self, orders: NDArray[np.intp]) -> NDArray[np.float64]:
        longest = np.maximum.accumulate(np.array(self.needs, dtype=np.float64)[orders], axis=1)
        return np.concatenate((np.zeros((len(orders), 1)), longest), axis=1)

    def shapley(self) -> tuple[Fraction, ...]:
        """Each stretch is paid by those who need it, equally."""
        lengths = sorted(set(self.needs))
        stretches = zip([0, *lengths], lengths, strict=False)
        paid = {
            upto: Fraction(upto - start, sum(need >= upto for need in self.needs))
            for start, upto in stretches
        }
        return tuple(
            sum((paid[upto] for upto in paid if upto <= need), Fraction(0)) for need in self.needs
        )


def enumerated(players: int, value: Callable[[int], Fraction | int]) -> tuple[Fraction, ...]:
    """Return Shapley values by the definition: what a player adds to each coalition, weighted."""
    worths = [value(mask) for mask in range(2**players)]
    found = []
    for i in range(players):
        by_size = [Fraction(0)] * players
        for mask in range(2**players):
            if not mask >> i & 1:
                by_size[mask.bit_count()] += worths[mask | 1 << i] - worths[mask]
        ways = [math.comb(players - 1, size) for size in range(players)]
        found.append(
            sum((a / w for a, w in zip(by_size, ways, strict=True)), Fraction(0)) / players
        )
    return tuple(found)
