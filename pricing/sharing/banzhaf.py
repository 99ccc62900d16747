"""Banzhaf value: what each owner adds to a coalition of the others, all of them as likely.

    β_i = 2^(1 − n) Σ_{S ∌ i} (v(S ∪ {i}) − v(S))

J. F. Banzhaf, Weighted voting doesn't work, 1965.  The values do not sum to the worth of all, so
the amount is divided in their proportion (the normalised index).  In exchange the order of
values is the least shaken by noise in the worths (Wang and Jia, AISTATS 2023, theorem 4.5).
"""

from __future__ import annotations

from dataclasses import dataclass

from pricing.marginals import banzhaf_weight, route
from pricing.sharing import Allocation, SharingCase


@dataclass(frozen=True, slots=True)
class Banzhaf:
    """Divides in the proportion of the Banzhaf values of the game that the owners play."""

    def allocate(self, case: SharingCase) -> Allocation:
        """Divide the amount, or refuse as `shapley` does: `BadInput` or `BadShares`."""
        marginals = route.marginals_of(case.require_game("the Banzhaf value"))
        return case.split_by_values(
            marginals.semivalue(banzhaf_weight),
            what="Banzhaf value",
            basis=f"normalised Banzhaf value, {marginals.how}",
        )
