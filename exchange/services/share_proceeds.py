"""Revenue sharing: the proceeds of a sale divided among the contributors that the sheet names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from exchange.errors import BadField
from exchange.ports import Floor
from exchange.specsheet import Sharing
from pricing.errors import PricingError
from pricing.money import Money
from pricing.plugins import load
from pricing.record import PricingRecord, recorded
from pricing.sharing import Allocation, Owner, SharingCase


def share(
    proceeds: Money,
    sharing: Sharing,
    data: Path,
    name: str,
    *,
    documents: Mapping[str, str],
    floor: Floor,
) -> tuple[Allocation, PricingRecord]:
    """Divide `proceeds` as the sheet says, or raise `BadField` naming why it cannot be done.

    Where the sheet names a column, the rows of each contributor are counted in the file `data`;
    rows that no contributor is named for are refused, since their proceeds would go astray.
    """
    rows: Mapping[str, int] = {}
    if sharing.column:
        rows = floor.tally(data, name, sharing.column)
        named = {contributor.value for contributor in sharing.contributors}
        unnamed = sorted(set(rows) - named)
        if unnamed:
            raise BadField(
                "sharing.contributors",
                f"{len(unnamed)} values of column {sharing.column} belong to no contributor",
            )
    owners = tuple(
        Owner(
            id=contributor.participant,
            weight=contributor.share or None,
            rows=rows.get(contributor.value, 0) if sharing.column else None,
        )
        for contributor in sharing.contributors
    )
    try:
        allocator = load("allocators", sharing.allocator)()
        return recorded(allocator, SharingCase(proceeds, owners), documents=documents)
    except PricingError as error:
        raise BadField("sharing", str(error)) from error
