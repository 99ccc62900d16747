"""What happens to a product reaches what comes from it, in the transaction in which it happens.

No service asks for it: each act is noted as it is recorded (`acting.record`), and whoever opens a
unit of work has `reach_descendants` look before that commits, when the books say what the entries
say.  An act that reaches nobody costs nothing, and one that is refused reaches nobody.
"""

from __future__ import annotations

from typing import Final

from exchange.listing import ListingState
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.services.find_similar import told_alike
from exchange.services.lapse_listings import end_sooner, why_off_board
from exchange.services.suspend_listing import suspend_for_house
from exchange.services.trace_lineage import derived_from

# What may raise the grade that descendants inherit, and with them data that largely is theirs.
GRADING: Final = frozenset({"grade.set", "sheet.submitted", "registration.changed"})


def reach_descendants(*, work: UnitOfWork, floor: Floor) -> None:
    """Suspend what comes from the products that a unit of work has reached and stands no longer.

    So it does with what is held to the grade of what comes from them, being largely the same data.
    What stands ends no later than it now may.
    """
    for number, kinds in sorted(work.reached.items()):
        kin = derived_from(work.products.get(number), work)
        alike = _alike(kin, work) if GRADING & kinds else []
        for each in (*kin, *alike):
            product = work.products.get(each.number)  # as it stands after those before it
            if product.listing is ListingState.LISTED:
                reason = why_off_board(product, work=work, floor=floor)
                if reason:
                    suspend_for_house(product, reason, work=work, floor=floor)
                else:
                    end_sooner(product, work=work, floor=floor)


def _alike(kin: list[Product], work: UnitOfWork) -> list[Product]:
    """Return what was told to be largely the data of these, each with what comes from it."""
    alike = [like for each in kin for like in told_alike(each, work)]
    return [found for like in alike for found in (like, *derived_from(like, work))]
