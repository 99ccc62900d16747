"""Posted price: whoever bids it or more gets a copy for it, first come first served."""

from __future__ import annotations

from dataclasses import dataclass

from pricing.domain import require_not_negative
from pricing.mechanisms import Auction, Award, Declared, Outcome, Payment, Property
from pricing.money import Money


@dataclass(frozen=True, slots=True)
class PostedPrice:
    """Sells one item at `price` until the copies are gone, in the order of the bids.

    A bid moves neither the price nor the order, so it can do no better than say whether the
    item is worth its price.
    """

    price: Money

    def __post_init__(self) -> None:
        require_not_negative("price", self.price)

    @property
    def properties(self) -> tuple[Declared, ...]:
        """What is promised."""
        rests = (
            "the price was posted before the bids, and their order is not the bidders' to choose"
        )
        return (
            Declared(Property.TRUTHFUL, rests),
            Declared(Property.INDIVIDUALLY_RATIONAL, "nobody is sold at more than the bid"),
            Declared(Property.BUDGET_BALANCED, "the price is not negative"),
        )

    def clear(self, auction: Auction) -> Outcome:
        """Sell, or raise `BadInput` for several items, several bids of one bidder or currencies."""
        auction.require_one_item()
        auction.require_currency("price", self.price)
        buying = [bid for bid in auction.bids if bid.amount >= self.price][: auction.supply]
        return Outcome(
            tuple(Award(bid.bidder, auction.items) for bid in buying),
            tuple(Payment.because(bid.bidder, self.price, "the posted price") for bid in buying),
            auction.currency,
        )
