"""Least core: no coalition of owners could do better alone by more than can be avoided.

Shapley values are fair on average; some coalition may still earn more by selling its part of
the product without the others.  The least core makes the most that any coalition could gain so
as small as it can be made, and of the ways to do so takes the most equal (`pricing.cores.least`).
"""

from __future__ import annotations

from dataclasses import dataclass

from pricing.cores.least import least_core
from pricing.sharing import Allocation, SharingCase


@dataclass(frozen=True, slots=True)
class LeastCore:
    """Divides by the most equal allocation of the least core of the game that the owners play."""

    def allocate(self, case: SharingCase) -> Allocation:
        """Divide the amount; the basis states e*, the most that a coalition could gain by leaving.

        Up to 20 owners.  Raises `BadInput` without a game, `BadShares` where an owner's value
        lies below zero or nobody adds anything, and `MissingExtra` without scipy.
        """
        values, most = least_core(case.require_game("the least core"))
        basis = f"least core, nearest to equal parts; greatest excess {float(most):.6g}"
        return case.split_by_values(values, what="least-core value", basis=basis)
