"""Shares by lineage: the owners of a derived product and of all it was made from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from pricing.errors import BadInput
from pricing.lineage import Product, distribute
from pricing.money import Money
from pricing.sharing import Allocation, Owner, Share, SharingCase


@dataclass(frozen=True, slots=True)
class ByLineage:
    """Divides among all owners of product `sold` and its ancestors, as `pricing.lineage` has it.

    The case names exactly these owners.  One whose weight in a product is left open there has
    the weight that the case gives.
    """

    sold: str
    products: tuple[Product, ...]

    def allocate(self, case: SharingCase) -> Allocation:
        """Divide the amount, or raise `BadInput` or `BadShares` as `distribute` does.

        An owner of the case who is in no product, or the other way round, is a `BadInput`:
        money would go astray.
        """
        weights = {owner.id: owner.weight for owner in case.owners}
        products = tuple(
            replace(each, owners=tuple(_weighted(owner, weights) for owner in each.owners))
            for each in self.products
        )
        found = distribute(case.amount, self.sold, products).allocation
        given = {share.owner: share for share in found.shares}
        for name in case.names:
            if name not in given and not _named(name, self.products):
                raise BadInput(f"owners: {name} owns none of the products")
        strangers = given.keys() - set(case.names)
        if strangers:
            raise BadInput(f"owners: {min(strangers)} owns a product and is not in the case")
        nothing = Money(0, case.amount.currency)
        shares = tuple(given.get(name, Share(name, nothing, Fraction(0))) for name in case.names)
        return replace(found, shares=shares)


def _weighted(owner: Owner, weights: dict[str, int | None]) -> Owner:
    return owner if owner.weight is not None else replace(owner, weight=weights.get(owner.id))


def _named(name: str, products: tuple[Product, ...]) -> bool:
    return any(owner.id == name for product in products for owner in product.owners)
