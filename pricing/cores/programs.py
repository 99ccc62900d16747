"""The program of one stage: the allocation whose greatest excess is the smallest.

    min e   such that   x(S) + e ≥ v(S) for the coalitions in question,
                        x(F) = b_F for the coalitions whose excess is settled

Of 2^n coalitions a few bind.  The program starts with few, all others are looked through for
what its answer leaves above e, and the worst of them join it, until none is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pricing.cores import TOLERANCE, Excesses, rows_of, worst_of
from pricing.errors import BadShares
from pricing.extras import extra

if TYPE_CHECKING:
    from numpy.typing import NDArray

_JOINING: Final = 64  # rows that join at once: fewer programs are worth larger ones


@dataclass(frozen=True, slots=True)
class Stage:
    """A solved stage.

    Coalitions in `binding` have the excess `least`, and players in `grounded` what they are
    worth alone, in every solution, since their prices in the program are above zero.
    """

    least: float
    allocation: NDArray[np.float64]
    binding: tuple[int, ...]
    prices: tuple[float, ...]
    grounded: tuple[int, ...]


def least_excess(
    excesses: Excesses,
    settled: Sequence[tuple[int, float]],
    open_to: NDArray[np.bool_],
    *,
    asked: list[int],
    floors: NDArray[np.float64] | None = None,
) -> Stage:
    """Solve a stage over the coalitions that are `open_to` it.

    `settled` are coalitions with what they get, `floors` what each player gets at least.  The
    rows of `asked` start the program, and those that join it are added to the list.  Raises
    `MissingExtra` without scipy, and `BadShares` where no allocation meets the floors.
    """
    linprog = extra("scipy.optimize", "solvers").linprog
    n = excesses.players
    fixed = rows_of([mask for mask, _ in settled], n)
    bounds = [(None if floors is None else floors[i], None) for i in range(n)] + [(None, None)]
    slack = TOLERANCE * excesses.scale
    asked[:] = [mask for mask in asked if open_to[mask]]
    while True:
        found = linprog(
            np.append(np.zeros(n), 1.0),
            A_ub=-np.column_stack((rows_of(asked, n), np.ones(len(asked)))),
            b_ub=-excesses.worths[asked],
            A_eq=np.column_stack((fixed, np.zeros(len(fixed)))),
            b_eq=[given for _, given in settled],
            bounds=bounds,
            method="highs-ds",
            options={"presolve": False},
        )
        if found.status:
            raise BadShares(f"no allocation was found for this game: {found.message}")
        allocation, least = found.x[:n], float(found.x[n])
        excess = np.where(open_to, excesses.at(allocation), -np.inf)
        here = set(asked)
        joining = [m for m in worst_of(excess, least + slack, _JOINING) if m not in here]
        if not joining:
            break
        asked += joining
    prices = [(mask, -one) for mask, one in zip(asked, found.ineqlin.marginals, strict=True)]
    above = [(mask, float(price)) for mask, price in prices if price > TOLERANCE]
    return Stage(
        least,
        allocation,
        tuple(mask for mask, _ in above),
        tuple(price for _, price in above),
        tuple(i for i, price in enumerate(found.lower.marginals[:n]) if price > TOLERANCE),
    )
