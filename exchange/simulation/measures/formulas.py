"""The formulas that measures are made of, each with its source; docs/measures.md works them out.

They are exact where they can be: whole numbers and fractions, divided once at the end.  None says
that there was nothing to measure.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]


def gini(amounts: Iterable[int]) -> float | None:
    """Return the Gini coefficient of amounts, none of them below zero; None where all are zero.

    G = 2 Σ i·x₍ᵢ₎ / (n Σ x) − (n + 1) / n over x in rising order (Gini 1912; the form of Sen,
    On Economic Inequality, 1973): 0 where all have the same, (n − 1) / n where one has everything.
    """
    rising = sorted(amounts)
    count, whole = len(rising), sum(rising)
    if not whole:
        return None
    ranked = sum(place * amount for place, amount in enumerate(rising, 1))
    return (2 * ranked - (count + 1) * whole) / (count * whole)


def lorenz(amounts: Iterable[int], points: int = 20) -> tuple[float, ...]:
    """Return what part of the whole the poorest 0, 1/points, 2/points … 1 of all have together.

    The curve of Lorenz (1905), joined by straight lines between one and the next; empty where
    there is nothing to have.
    """
    rising = sorted(amounts)
    count, whole = len(rising), sum(rising)
    if not whole:
        return ()
    below = [0, *itertools.accumulate(rising)]
    rising.append(0)  # nobody comes after the richest
    places = [divmod(count * point, points) for point in range(points + 1)]
    return tuple(
        (below[spot] * points + rising[spot] * rest) / (points * whole) for spot, rest in places
    )


@dataclass(frozen=True, slots=True)
class Survival:
    """How long something lasts, by the product-limit estimator (Kaplan and Meier 1958).

    `curve` holds the times at which something ended with the share that lasts beyond each.
    """

    curve: tuple[tuple[int, float], ...]
    median: int | None  # the first time by which half has ended; None: fewer than half end


def survival(times: Sequence[int], ended: Sequence[bool]) -> Survival:
    """Return the survival of what was seen for so long, and then ended or was lost from sight.

    What is lost from sight at a time counts as at risk at that time, as the estimator has it.
    """
    ends: dict[int, int] = {}
    leaves: dict[int, int] = {}
    for time, end in zip(times, ended, strict=True):
        leaves[time] = leaves.get(time, 0) + 1
        ends[time] = ends.get(time, 0) + end
    at_risk, lasting = len(times), Fraction(1)
    curve: list[tuple[int, float]] = []
    median = None
    for time in sorted(leaves):
        if ends[time]:
            lasting *= Fraction(at_risk - ends[time], at_risk)
            curve.append((time, float(lasting)))
            if median is None and 2 * lasting <= 1:
                median = time
        at_risk -= leaves[time]
    return Survival(tuple(curve), median)


def price_levels(
    period: Whole, product: Whole, amount: Whole, periods: int
) -> tuple[float | None, ...]:
    """Return the price level of each period, 1 in the first one in which anything was sold.

    The matched-model index by the time-product dummy method (Summers 1973; Eurostat, Guide on
    Multilateral Methods in the HICP, 2022): ln p = product + period by least squares, a product's
    price in a period being the mean of what was paid for it, and its weight how often.  A product
    sold in one period alone moves nothing, and levels do not depend on a chain of links.  None
    stands for periods without sales, and for those that no product ties to the first.
    """
    if not len(period):
        return (None,) * periods
    cells, spot = np.unique(product * periods + period, return_inverse=True)
    count = np.bincount(spot).astype(np.float64)
    paid = np.zeros(len(cells), dtype=np.int64)
    np.add.at(paid, spot, amount)
    kept = paid > 0  # what was given away has no logarithm
    cells, count, paid = cells[kept], count[kept], paid[kept]
    if not len(cells):
        return (None,) * periods
    when = cells % periods
    what = np.unique(cells // periods, return_inverse=True)[1]
    logs = np.array([math.log(price) for price in (paid / count).tolist()])
    base = int(when.min())
    tied = _tied(when, what, periods)
    levels = _solved(when, what, logs, count, (base, np.flatnonzero(tied == tied[base])))
    return tuple(levels.get(each) for each in range(periods))


def _tied(when: Whole, what: Whole, periods: int) -> Whole:
    """Return a name for each period, the same for those that products tie together."""
    root = list(range(periods))

    def found(each: int) -> int:
        while root[each] != each:
            root[each] = root[root[each]]
            each = root[each]
        return each

    first: dict[int, int] = {}
    for period, product in zip(when.tolist(), what.tolist(), strict=True):
        root[found(period)] = found(first.setdefault(product, period))
    return np.array([found(each) for each in range(periods)])


def _solved(
    when: Whole, what: Whole, logs: Real, weight: Real, ties: tuple[int, Whole]
) -> dict[int, float]:
    """Return the level of every tied period, relative to the base."""
    base, tied = ties
    place = {int(period): spot for spot, period in enumerate(tied)}
    inside = np.isin(when, tied)
    rows = np.unique(what[inside], return_inverse=True)[1]
    columns = np.array([place[period] for period in when[inside].tolist()])
    shape = (int(rows.max()) + 1, len(tied))
    weights, values = np.zeros(shape), np.zeros(shape)
    weights[rows, columns] = weight[inside]
    values[rows, columns] = logs[inside]
    of_product = weights.sum(axis=1)
    mean = (weights * values).sum(axis=1) / of_product
    # The products are left out of the normal equations; einsum, unlike a product of matrices, adds
    # in the same order however many threads there are.
    normal = np.diag(weights.sum(axis=0)) - np.einsum(
        "it,iu->tu", weights / of_product[:, None], weights
    )
    right = (weights * (values - mean[:, None])).sum(axis=0)
    free = np.arange(len(tied)) != place[base]
    solution = np.zeros(len(tied))
    solution[free] = eliminated(normal[np.ix_(free, free)], right[free])
    return {int(period): math.exp(solution[place[int(period)]]) for period in tied}


def eliminated(matrix: Real, right: Real) -> Real:
    """Solve a symmetric positive definite system by Gauss's elimination, the same everywhere."""
    left, answer = matrix.copy(), right.copy()
    size = len(right)
    for step in range(size):
        factors = left[step + 1 :, step] / left[step, step]
        left[step + 1 :] -= factors[:, None] * left[step]
        answer[step + 1 :] -= factors * answer[step]
    for step in reversed(range(size)):
        done = (left[step, step + 1 :] * answer[step + 1 :]).sum()
        answer[step] = (answer[step] - done) / left[step, step]
    return answer
