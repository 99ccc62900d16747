"""Shares by rows: every row sold counts alike, whoever contributed it.

Right where rows are interchangeable.  It pays for volume, not for worth: an owner who splits
or repeats rows gains by it, so count rows after duplicates are removed.
"""

from __future__ import annotations

from dataclasses import dataclass

from pricing.errors import BadInput
from pricing.sharing import Allocation, SharingCase


@dataclass(frozen=True, slots=True)
class ByRows:
    """Divides by the number of `rows` each owner contributed."""

    def allocate(self, case: SharingCase) -> Allocation:
        """Divide the amount, or raise `BadInput` for an owner whose rows nobody counted."""
        rows = []
        for owner in case.owners:
            if owner.rows is None:
                raise BadInput(f"rows: the rows contributed by {owner.id} are not known")
            rows.append(owner.rows)
        return case.split(rows, basis="rows contributed")
