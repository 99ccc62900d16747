"""Columns told less exactly: rounded, cut short, or moved by next to nothing, from shared rows.

A copy may be rounded to a coarser step, or have each number moved by its last digit or by a sliver
of what the column varies by.  Nearly every row must then lie within the step, and two instruments
at one place do not: in some rows they differ by more, unless they agree fifty times as well as the
coarser of them is told.  One column may meet so by chance or by good instruments; who asks wants
several (`exchange.likeness`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from exchange.conversion import SINGLE, spread_of

ROWS_LEAST: Final = 32  # fewer say too little of how two instruments differ
FITTING: Final = 0.99  # of the rows: of two instruments one in thirty would be out
DISTINCT_LEAST: Final = 8  # values of either column
COARSE: Final = 4.0  # steps that a rounded column varies by, at least
FINE: Final = 24.0  # and one whose last digit was moved: else instruments say the same
SLIVER: Final = 4_096  # parts of what a column varies by; instruments differ by more than one
LOOKED_AT: Final = 12  # rows that tell most pairs of columns apart
STEPS: Final = tuple(
    float(f"{digit}e{power}") for power in range(9, -10, -1) for digit in ("5", "2.5", "2", "1")
)


@dataclass(frozen=True, slots=True)
class Closeness:
    """What the numbers of two columns differ by at most."""

    within: float

    def fits(self, x: float, y: float) -> bool:
        """Whether y is as near to x."""
        return abs(y - x) <= self.within


def closeness_of(pairs: Sequence[tuple[float, float]]) -> Closeness | None:
    """Return how near the second numbers are to the first, or None where they are not."""
    kept = [pair for pair in pairs if math.isfinite(pair[0]) and math.isfinite(pair[1])]
    if len(kept) < ROWS_LEAST:
        return None
    first = kept[:LOOKED_AT]
    wide = min(max(each) - min(each) for each in zip(*first, strict=True))
    if sum(1 for x, y in first if abs(y - x) > wide / COARSE) > 1:
        return None
    left, right = [x for x, _ in kept], [y for _, y in kept]
    if min(len(set(left)), len(set(right))) < DISTINCT_LEAST:
        return None
    spread = min(spread_of(left), spread_of(right))
    # Kept is how far they are above the least, in single precision.
    floor = SINGLE * max(max(left) - min(left), max(right) - min(right))
    wanted = math.ceil(FITTING * len(kept) - 1)
    for middle, within in _ways(
        _step(left, spread, floor), _step(right, spread, floor), spread, floor
    ):
        apart = [abs(y - x) for x, y in kept if abs(y - x - middle) <= within]
        if len(apart) >= wanted:
            return Closeness(max(apart))
    return None


def _ways(ours: float, theirs: float, spread: float, floor: float) -> Iterator[tuple[float, float]]:
    """Yield about what the differences of columns of such steps may lie, and how near to that."""
    yield 0.0, spread / SLIVER + floor
    coarse = max(ours, theirs)
    if ours == theirs:
        if FINE * coarse <= spread:
            yield 0.0, coarse * 1.05 + floor
    elif COARSE * coarse <= spread:
        for middle in (0.0, -coarse / 2, coarse / 2):
            yield middle, coarse * 0.501 + floor


def _step(values: Sequence[float], spread: float, floor: float) -> float:
    """Return the coarsest step that nearly all numbers are multiples of; 0 where none is seen."""
    allowed = len(values) - math.ceil(FITTING * len(values) - 1)
    for step in STEPS:
        if step > spread or step < 8 * floor:  # of which single precision tells nothing
            continue
        slack, out = floor / step + 1e-6, 0
        for value in values:
            out += abs(value / step - round(value / step)) > slack
            if out > allowed:
                break
        else:
            return step
    return 0.0
