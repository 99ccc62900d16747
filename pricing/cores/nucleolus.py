"""Nucleolus: the allocation whose excesses, from the greatest on, are the smallest.

D. Schmeidler, The nucleolus of a characteristic function game, SIAM J. Applied Mathematics
17(6), 1969.  Over the allocations that give everyone at least what they are worth alone there
is one nucleolus; it lies in the core where there is a core.

Programs are solved one after the other (Kopelowitz 1967): each finds the smallest greatest
excess e of the coalitions that are still open.  A coalition whose price in the program is above
zero has the excess e in every solution, so it is settled, and so is whatever follows from what
is settled; after at most n − 1 programs everything is.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from pricing.cores import Excesses, rows_of
from pricing.cores.programs import least_excess
from pricing.cores.solving import solved
from pricing.errors import BadShares
from pricing.games import Utility
from pricing.games.asking import subset_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Roots of different primes have no rational relation, so what a rational projection leaves of
# them sums to zero over a coalition only if it leaves nothing of that coalition.
_PRIMES: Final = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71)

_AGREED: Final = 1e-6  # of a worth, between the program's answer and the fractions


def nucleolus(
    utility: Utility,
) -> tuple[tuple[Fraction, ...] | tuple[float, ...], Fraction]:
    """Return the nucleolus and its greatest excess, exact but for rounding in the worths.

    `BadShares` where what players are worth alone is more than there is to divide: then no
    allocation leaves everyone at least that.  Needs scipy (`MissingExtra`).
    """
    excesses = Excesses(utility)
    n, everybody = excesses.players, excesses.everybody
    alone = excesses.worths[1 << np.arange(n)]
    if sum(excesses.exact(1 << i) for i in range(n)) > excesses.exact(everybody):
        raise BadShares("the owners are worth more one by one than together: there is no nucleolus")
    settled = [(everybody, excesses.whole)]
    # Unknown are the allocation and the excess of each stage; these are the equations that hold.
    equations: list[tuple[int, int | None]] = [(everybody, None)]
    asked = sorted({one for i in range(n) for one in (1 << i, everybody ^ 1 << i)})
    allocation = np.full(n, excesses.whole / n)
    stages = 0
    while len(settled) < n:
        stage = least_excess(excesses, settled, _open(settled, n), asked=asked, floors=alone)
        allocation = stage.allocation
        equations += [(mask, stages) for mask in stage.binding]
        equations += [(1 << i, None) for i in stage.grounded]
        news = [(mask, excesses.worths[mask] - stage.least) for mask in stage.binding]
        news += [(1 << i, alone[i]) for i in stage.grounded]
        before = len(settled)
        settled = _independent([*settled, *news], n)
        stages += 1
        if len(settled) == before:
            raise BadShares("the linear programs of this game settle nothing more")
    values, greatest = _exactly(excesses, equations, stages, allocation)
    return excesses.told(values), greatest


def _open(settled: list[tuple[int, float]], n: int) -> NDArray[np.bool_]:
    """Say which coalitions' payments do not follow from those that are settled."""
    rows = rows_of([mask for mask, _ in settled], n)
    basis = np.linalg.qr(rows.T)[0]
    roots = np.sqrt(np.array(_PRIMES[:n], dtype=np.float64))
    left = roots - basis @ (basis.T @ roots)
    return np.abs(subset_sums(left.tolist())) > 1e-9


def _independent(settled: list[tuple[int, float]], n: int) -> list[tuple[int, float]]:
    kept: list[tuple[int, float]] = []
    for one in settled:
        rows = rows_of([mask for mask, _ in (*kept, one)], n)
        if np.linalg.matrix_rank(rows) > len(kept):
            kept.append(one)
    return kept


def _exactly(
    excesses: Excesses,
    equations: list[tuple[int, int | None]],
    stages: int,
    allocation: NDArray[np.float64],
) -> tuple[tuple[Fraction, ...], Fraction]:
    """Solve what was found to hold in fractions: x(S) = v(S), or x(S) + e of its stage = v(S)."""
    n = excesses.players
    rows = [
        [mask >> i & 1 for i in range(n)] + [int(stage == one) for one in range(stages)]
        for mask, stage in equations
    ]
    found = solved(rows, [excesses.exact(mask) for mask, _ in equations])
    if found is None or not _agree(found[:n], allocation, excesses.scale):
        raise BadShares(
            "the nucleolus was not found: the worths differ by less than a program tells"
        )
    return found[:n], found[n] if stages else Fraction(0)


def _agree(exact: tuple[Fraction, ...], allocation: NDArray[np.float64], scale: float) -> bool:
    found = np.array([float(one) for one in exact])
    return bool(np.abs(found - allocation).max() <= _AGREED * scale)
