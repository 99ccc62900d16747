"""Nucleolus: the complaints of coalitions, from the loudest on, are as small as they can be.

It lies in the least core, it is in the core where there is one, and it never depends on which
program was solved in what order (`pricing.cores.nucleolus`).
"""

from __future__ import annotations

from dataclasses import dataclass

from pricing.cores.nucleolus import nucleolus
from pricing.sharing import Allocation, SharingCase


@dataclass(frozen=True, slots=True)
class Nucleolus:
    """Divides by the nucleolus of the game that the owners play."""

    def allocate(self, case: SharingCase) -> Allocation:
        """Divide the amount; the basis states the most that a coalition could gain by leaving.

        Up to 20 owners.  Raises `BadInput` without a game, `BadShares` where owners are worth
        more one by one than together, where one is worth less than nothing alone and gets it, or
        where nobody adds anything, and `MissingExtra` without scipy.
        """
        values, most = nucleolus(case.require_game("the nucleolus"))
        basis = f"nucleolus; greatest excess {float(most):.6g}"
        return case.split_by_values(values, what="nucleolus value", basis=basis)
