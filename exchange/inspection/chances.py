"""How much a number of hits says against chance: the arithmetic under every judgement.

A value that repeats is drawn once, so trials and hits are counted over different values for as
long as there is room to remember which were seen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from exchange.inspection.cells import Cells, Places, different
from exchange.inspection.identifiers import Codes
from exchange.inspection.identifiers import keys as keys_of

T = TypeVar("T")

CERTAIN: Final = 1e-4  # a column in ten thousand is accused wrongly
REPORTED: Final = 1e-2
MANY: Final = 100  # candidates from which on a column has to be as unlikely as a certain one
REMEMBERED: Final = 32_768  # different values; a column with more is hardly one value repeated

FEW_CELLS: Final = 64
LOOKED_AT: Final = 1_024
ONE_IN: Final = 256

Keys = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]


def chance(trials: int, hits: int, probability: float) -> float:
    """Return the probability that at least `hits` of `trials` pass by chance (1 if expected)."""
    if hits == 0 or hits <= trials * probability:
        return 1.0
    total = 0.0
    every, passes, fails = math.lgamma(trials + 1), math.log(probability), math.log1p(-probability)
    for passed in range(hits, min(trials, hits + 200) + 1):
        ways = every - math.lgamma(passed + 1) - math.lgamma(trials - passed + 1)
        before = total
        total += math.exp(ways + passed * passes + (trials - passed) * fails)
        if total == before:
            break  # more hits than expected are the less likely the more they are
    return min(total, 1.0)


def worth_reporting(by_chance: float, trials: int) -> bool:
    """Whether hits as unlikely as that are worth a word among so many candidates.

    A handful of candidates can be no more unlikely than one in a hundred, and somebody should
    look.  A column with many of them that is no more unlikely than that is a column of serial
    numbers: of a hundred such, one looks so.  Not for identity numbers: to pass over one costs more
    than to look at a hundred columns.
    """
    return by_chance < (CERTAIN if trials > MANY else REPORTED)


def spread(cells: Sequence[T], least: int = FEW_CELLS) -> list[T]:
    """Return some of many cells, so many at least, spread evenly over all of them."""
    return list(cells[:: max(1, len(cells) // least)])


def worth_a_look(cells: Sequence[str], alike: Callable[[str], int], share: float) -> bool:
    """Whether of some cells at least a share are alike, as far as few of them tell.

    Of cells a quarter of which are alike, some spread evenly over all of them are none in one
    case in a hundred million.
    """
    few = spread(cells)
    if len(few) < len(cells) and not any(map(alike, few)):
        return False
    return sum(map(alike, cells)) >= share * len(cells)


@dataclass(slots=True)
class Looks:
    """Cells that are looked at one by one: the first thousands, then one in so many."""

    at: int = 0
    beyond: int = 0  # not looked at, for which the others stand

    def choose(self, cells: Cells, some: Places, enough: Callable[[], bool]) -> Iterator[int]:
        """Yield which of some cells to look at: all, for as long as not `enough` is known."""
        first = max(0, LOOKED_AT - self.at)
        self.at += cells.stand_for(some[:first])
        yield from some[:first].tolist()
        rest = some[first:]
        chosen = rest[::ONE_IN] if enough() else rest
        self.at += cells.stand_for(chosen)
        self.beyond += cells.stand_for(rest) - cells.stand_for(chosen)
        yield from chosen.tolist()

    def stand_for(self, count: int) -> int:
        """Return of how many cells a count holds, if it holds of so many looked at."""
        return count + round(count * self.beyond / self.at) if self.at else count


@dataclass(slots=True)
class Trials:
    """Different candidates, those well shaped, and those that pass a check."""

    tried: int = 0
    shaped: int = 0
    passed: int = 0
    seen: Keys = field(default_factory=lambda: np.zeros(0, np.uint64))

    def add(self, codes: Codes, shaped: Mask, passed: Mask) -> None:
        """Count candidates, a row of `codes` each; one seen before does not count again."""
        if len(self.seen) >= REMEMBERED:
            self.tried += len(shaped)
            self.shaped += int(np.count_nonzero(shaped))
            self.passed += int(np.count_nonzero(passed))
            return
        # What was found of a candidate stands in the last bits of its key, so that sorting the
        # keys is all there is to do.
        keys = keys_of(codes) & ~np.uint64(3)
        keys |= shaped.view(np.uint8) << np.uint8(1) | passed.view(np.uint8)
        self.seen = different(self.seen, keys)
        self.tried = len(self.seen)
        self.shaped = int(np.count_nonzero(self.seen & np.uint64(2)))
        self.passed = int(np.count_nonzero(self.seen & np.uint64(1)))
