"""Sealed second price: the highest bids win and pay the highest bid that did not.

W. Vickrey, Counterspeculation, auctions, and competitive sealed tenders, Journal of Finance 16
(1961); for k copies the winners pay the (k + 1)-th bid.  What a winner pays does not depend on
its own bid, and it wins just where its bid is above what it would pay: so the truth is the best
bid whatever the others do.
"""

from __future__ import annotations

from dataclasses import dataclass

from pricing.domain import require_not_negative
from pricing.mechanisms import Auction, Award, Declared, Outcome, Payment, Property
from pricing.money import Money


@dataclass(frozen=True, slots=True)
class SecondPrice:
    """Sells the copies of one item to the highest bids at or above `reserve`.

    Each winner pays the highest losing bid or the reserve, whichever is more.
    """

    reserve: Money | None = None

    def __post_init__(self) -> None:
        if self.reserve is not None:
            require_not_negative("reserve", self.reserve)

    @property
    def properties(self) -> tuple[Declared, ...]:
        """What is promised; a reserve may leave a copy unsold, which is not efficient."""
        declared = (
            Declared(
                Property.TRUTHFUL, "the reserve was set before the bids; bidders do not collude"
            ),
            Declared(Property.INDIVIDUALLY_RATIONAL, "no losing bid is above a winning one"),
            Declared(Property.BUDGET_BALANCED, "no bid is negative"),
        )
        if self.reserve is None or self.reserve.minor == 0:
            return (*declared, Declared(Property.EFFICIENT, "no reserve; the bids are the truth"))
        return declared

    def clear(self, auction: Auction) -> Outcome:
        """Sell, or raise `BadInput` for several items, several bids of one bidder or currencies."""
        auction.require_one_item()
        auction.require_currency("reserve", self.reserve)
        ranked = auction.ranked()
        price, why = self.reserve or Money(0, auction.currency), "the reserve"
        won = [bid for bid in ranked[: auction.supply] if bid.amount >= price]
        lost = ranked[len(won) : len(won) + 1]
        if lost and lost[0].amount > price:
            price, why = lost[0].amount, "the highest bid that did not win"
        elif not price.minor:
            why = "no bid stood against it, and there is no reserve"
        return Outcome(
            tuple(Award(bid.bidder, auction.items) for bid in won),
            tuple(Payment.because(bid.bidder, price, why) for bid in won),
            auction.currency,
        )
