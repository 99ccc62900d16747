"""Sealed first price: the highest bids win and pay what they bid.

The usual tender (招标, 竞价).  Simple, and not truthful: whoever bids the truth gains nothing by
winning, so everybody bids below it (Vickrey 1961: of n bidders with uniform values, (n − 1)/n
of the value), and by how much depends on guesses about the others.
"""

from __future__ import annotations

from dataclasses import dataclass

from pricing.domain import require_not_negative
from pricing.mechanisms import Auction, Award, Declared, Outcome, Payment, Property
from pricing.money import Money


@dataclass(frozen=True, slots=True)
class FirstPrice:
    """Sells the copies of one item to the highest bids at or above `reserve`, each at its bid."""

    reserve: Money | None = None

    def __post_init__(self) -> None:
        if self.reserve is not None:
            require_not_negative("reserve", self.reserve)

    @property
    def properties(self) -> tuple[Declared, ...]:
        """What is promised: not that the truth is the best bid."""
        return (
            Declared(Property.INDIVIDUALLY_RATIONAL, "nobody pays more than the bid"),
            Declared(Property.BUDGET_BALANCED, "no bid is negative"),
        )

    def clear(self, auction: Auction) -> Outcome:
        """Sell, or raise `BadInput` for several items, several bids of one bidder or currencies."""
        auction.require_one_item()
        auction.require_currency("reserve", self.reserve)
        floor = self.reserve or Money(0, auction.currency)
        won = [bid for bid in auction.ranked()[: auction.supply] if bid.amount >= floor]
        return Outcome(
            tuple(Award(bid.bidder, auction.items) for bid in won),
            tuple(Payment.because(bid.bidder, bid.amount, "the bidder's own bid") for bid in won),
            auction.currency,
        )
