"""Least core: the allocations of the smallest greatest excess, and the most equal one of them.

    e* = min e   such that   x(S) + e ≥ v(S) for every S but nobody and everybody,  x(N) = v(N)

M. Maschler, B. Peleg and L. S. Shapley, Mathematics of Operations Research 4(4), 1979; for data
T. Yan and A. D. Procaccia, AAAI 2021.  Where e* is above zero it is the subsidy that would keep
every coalition; where it is below, every coalition is better off by −e* than alone.  The set has
many members, of which the one nearest to equal parts is taken (the egalitarian least core, as
pyDVL has it): there is one, and it treats equal players equally.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from pricing.cores import TOLERANCE, Excesses, rows_of, worst_of
from pricing.cores.programs import Stage, least_excess
from pricing.cores.solving import solved
from pricing.errors import BadShares
from pricing.extras import extra
from pricing.games import Utility

if TYPE_CHECKING:
    from numpy.typing import NDArray

_JOINING: Final = 32
_AGREED: Final = 1e-6  # of a worth, between what was solved in doubles and the fractions


def least_core(
    utility: Utility,
) -> tuple[tuple[Fraction, ...] | tuple[float, ...], Fraction]:
    """Return the most equal allocation of the least core and e*, exact but for rounding in worths.

    Of a single player there is no coalition to please, and e* is zero.  Needs scipy
    (`MissingExtra`).
    """
    excesses = Excesses(utility)
    n, everybody = excesses.players, excesses.everybody
    if n == 1:
        return excesses.told((excesses.exact(1),)), Fraction(0)
    open_to = np.ones(1 << n, dtype=np.bool_)
    open_to[[0, everybody]] = False
    asked = sorted({one for i in range(n) for one in (1 << i, everybody ^ 1 << i)})
    stage = least_excess(excesses, [(everybody, excesses.whole)], open_to, asked=asked)
    least = _exact_least(excesses, stage)
    active, nearest = _nearest(excesses, float(least), open_to, asked)
    found = _on_the_faces(excesses, least, _independent([*stage.binding, *active], n))
    if found is None or not _holds(excesses, found, float(least), nearest, open_to):
        raise BadShares("the least core was not found: worths differ by less than a program tells")
    return excesses.told(found), least


def _exact_least(excesses: Excesses, stage: Stage) -> Fraction:
    """Weigh the binding coalitions as their prices do: the weights balance, and give e*."""
    n, binding = excesses.players, stage.binding
    rows = [[mask >> i & 1 for mask in binding] + [-1] for i in range(n)]
    rows.append([1] * len(binding) + [0])
    weights = solved(rows, [0] * n + [1])
    if weights is None:
        raise BadShares("the least core was not found: its program has no vertex")
    gains = (weight * excesses.exact(mask) for weight, mask in zip(weights, binding, strict=False))
    return sum(gains, Fraction(0)) - weights[-1] * excesses.exact(excesses.everybody)


def _nearest(
    excesses: Excesses, least: float, open_to: NDArray[np.bool_], asked: list[int]
) -> tuple[list[int], NDArray[np.float64]]:
    """Return what keeps the allocation from equal parts, and the allocation.

    The least distance of a polyhedron is a problem of least squares with weights not below zero
    (Lawson and Hanson, Solving Least Squares Problems, 1974, chapter 23).
    """
    nnls = extra("scipy.optimize", "solvers").nnls
    n, scale = excesses.players, excesses.scale or 1.0
    equal = excesses.whole / n
    slack = TOLERANCE * scale
    while True:
        rows = rows_of(asked, n)
        # Without the direction in which the sum of all would change.
        turned = rows - rows.mean(axis=1, keepdims=True)
        missing = (excesses.worths[asked] - least - slack - equal * rows.sum(axis=1)) / scale
        weights, _ = nnls(np.vstack((turned.T, missing)), np.append(np.zeros(n), 1.0), maxiter=9999)
        left = np.append(turned.T @ weights, missing @ weights - 1.0)
        nearest = equal - scale * left[:n] / left[n]
        excess = np.where(open_to, excesses.at(nearest), -np.inf)
        here = set(asked)
        joining = worst_of(excess, least + 3 * slack, _JOINING)
        joining = [mask for mask in joining if mask not in here]
        if not joining:
            return [m for m, weight in zip(asked, weights, strict=True) if weight > 0], nearest
        asked += joining


def _independent(masks: list[int], n: int) -> list[int]:
    kept = [(1 << n) - 1]
    for mask in masks:
        if np.linalg.matrix_rank(rows_of([*kept, mask], n)) > len(kept):
            kept.append(mask)
    return kept[1:]


def _on_the_faces(
    excesses: Excesses, least: Fraction, faces: list[int]
) -> tuple[Fraction, ...] | None:
    """Return the point nearest to equal parts where the excess of each face is e*, exactly."""
    n, masks = excesses.players, [*faces, excesses.everybody]
    # It is a sum of the faces and of everybody, each with a weight to be found.
    rows = [[(one & other).bit_count() for other in masks] for one in masks]
    right = [excesses.exact(mask) - least for mask in faces]
    weights = solved(rows, [*right, excesses.exact(excesses.everybody)])
    if weights is None:
        return None
    pairs = list(zip(masks, weights, strict=True))
    return tuple(
        sum((weight for mask, weight in pairs if mask >> i & 1), Fraction(0)) for i in range(n)
    )


def _holds(
    excesses: Excesses,
    found: tuple[Fraction, ...],
    least: float,
    nearest: NDArray[np.float64],
    open_to: NDArray[np.bool_],
) -> bool:
    exact = np.array([float(one) for one in found])
    excess = float(excesses.at(exact)[open_to].max())
    agreed = float(np.abs(exact - nearest).max())
    return max(excess - least, agreed) <= _AGREED * excesses.scale
