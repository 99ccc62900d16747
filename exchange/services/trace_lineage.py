"""What came of a product: those that stand derived from it, directly or through others.

The log says what a product comes from, the store what may have come of one: the one is asked of
the other, so that an act on a product reads its own descendants and nobody else's.
"""

from __future__ import annotations

from exchange.ports import UnitOfWork
from exchange.registration import Product
from ledger.registry import lineage_of


def derived_from(product: Product, work: UnitOfWork) -> list[Product]:
    """Return every product that stands derived from one, oldest first; itself is not among them.

    They are as they stand: whoever moves one of them reads the next anew.
    """
    view, subject = work.chain.store, f"product/{product.number}"
    return [
        each
        for each in work.products.derived(product.number)
        if each.number != product.number  # as in a circle that an older store may hold
        and subject in lineage_of(view, f"product/{each.number}")
    ]
