"""What happens to a product reaches what comes from it, in the transaction in which it happens.

No service asks for it: each act is noted as it is recorded (`acting.record`), and whoever opens a
unit of work has `reach_descendants` look before that commits, when the books say what the entries
say.  An act that reaches nobody costs nothing, and one that is refused reaches nobody.
"""

from __future__ import annotations

from exchange.listing import ListingState
from exchange.ports import Floor, UnitOfWork
from exchange.services.lapse_listings import why_off_board
from exchange.services.suspend_listing import suspend_for_house
from exchange.services.trace_lineage import derived_from


def reach_descendants(*, work: UnitOfWork, floor: Floor) -> None:
    """Suspend what comes from the products that a unit of work has reached and stands no longer."""
    for number in sorted(work.reached):
        for each in derived_from(work.products.get(number), work):
            product = work.products.get(each.number)  # as it stands after those before it
            if product.listing is ListingState.LISTED:
                reason = why_off_board(product, work=work, floor=floor)
                if reason:
                    suspend_for_house(product, reason, work=work, floor=floor)
