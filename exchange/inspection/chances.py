"""How much a number of hits says against chance: the arithmetic under every judgement.

A value that repeats is drawn once, so trials and hits are counted over different values for as
long as there is room to remember which were seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from exchange.inspection.identifiers import Codes
from exchange.inspection.identifiers import keys as keys_of

CERTAIN: Final = 1e-4  # a column in ten thousand is accused wrongly
REPORTED: Final = 1e-2
MANY: Final = 100  # candidates from which on a column has to be as unlikely as a certain one
REMEMBERED: Final = 65_536  # different values; a column with more is hardly one value repeated

Keys = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]


def chance(trials: int, hits: int, probability: float) -> float:
    """Return the probability that at least `hits` of `trials` pass by chance (1 if expected)."""
    if hits == 0 or hits <= trials * probability:
        return 1.0
    total = 0.0
    for passed in range(hits, min(trials, hits + 200) + 1):
        ways = math.lgamma(trials + 1) - math.lgamma(passed + 1) - math.lgamma(trials - passed + 1)
        rest = (trials - passed) * math.log1p(-probability)
        total += math.exp(ways + passed * math.log(probability) + rest)
    return min(total, 1.0)


def worth_reporting(by_chance: float, trials: int) -> bool:
    """Whether hits as unlikely as that are worth a word among so many candidates.

    A handful of candidates can be no more unlikely than one in a hundred, and somebody should
    look.  A column with many of them that is no more unlikely than that is a column of serial
    numbers: of a hundred such, one looks so.  Not for identity numbers: to pass over one costs more
    than to look at a hundred columns.
    """
    return by_chance < (CERTAIN if trials > MANY else REPORTED)


@dataclass(slots=True)
class Trials:
    """Different candidates, those well shaped, and those that pass a check."""

    tried: int = 0
    shaped: int = 0
    passed: int = 0
    seen: Keys = field(default_factory=lambda: np.zeros(0, np.uint64))

    def add(self, codes: Codes, shaped: Mask, passed: Mask) -> None:
        """Count candidates, a row of `codes` each; one seen before does not count again."""
        if len(self.seen) < REMEMBERED:
            keys, first = np.unique(keys_of(codes), return_index=True)
            fresh = first[~np.isin(keys, self.seen, assume_unique=True)]
            self.seen = np.union1d(self.seen, keys)[: 2 * REMEMBERED]
            shaped, passed = shaped[fresh], passed[fresh]
        self.tried += len(shaped)
        self.shaped += int(np.count_nonzero(shaped))
        self.passed += int(np.count_nonzero(passed))
