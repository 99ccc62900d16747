"""Fixed shares: what the owners agreed among themselves, as whole-number weights."""

from __future__ import annotations

from dataclasses import dataclass

from pricing.errors import BadInput
from pricing.sharing import Allocation, SharingCase


@dataclass(frozen=True, slots=True)
class FixedShares:
    """Divides by each owner's `weight`: 7 and 3 are seventy and thirty percent."""

    def allocate(self, case: SharingCase) -> Allocation:
        """Divide the amount, or raise `BadInput` for an owner without a weight."""
        weights = []
        for owner in case.owners:
            if owner.weight is None:
                raise BadInput(f"weight: fixed shares need the agreed weight of {owner.id}")
            weights.append(owner.weight)
        return case.split(weights, basis="weights agreed by the owners")
