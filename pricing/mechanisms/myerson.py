"""Myerson's auction: sell where the virtual value is highest, and nowhere below zero.

R. Myerson, Optimal auction design, Mathematics of Operations Research 6 (1981).  With one law
for all bidders and no ironing this is a second price with the law's reserve; with several laws
a weaker bidder is favoured, and with a sample whose revenue curve bends up, values of one ironed
stretch are served alike.  Each winner pays its critical bid, the least that would have won.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pricing.errors import BadInput
from pricing.laws import Law
from pricing.mechanisms import Auction, Award, Bid, Declared, Outcome, Payment, Property
from pricing.money import Money


@dataclass(frozen=True, slots=True)
class BidderLaw:
    """The law of one bidder's value, where it is not that of all."""

    bidder: str
    law: Law


@dataclass(frozen=True, slots=True)
class MyersonAuction:
    """Sells the copies of one item to the highest virtual values that are not below zero.

    `law` holds for every bidder that `laws` does not name.  Equal virtual values are served in
    the order of the bids.  A payment is the least bid that would have won, rounded up to a whole
    minor unit, so the rule is exact for whole bids.
    """

    law: Law
    laws: tuple[BidderLaw, ...] = ()

    def __post_init__(self) -> None:
        if len({one.bidder for one in self.laws}) < len(self.laws):
            raise BadInput("laws: a bidder is named twice")
        if any(one.law.currency is not self.law.currency for one in self.laws):
            raise BadInput("laws: they are in more than one currency")

    @property
    def properties(self) -> tuple[Declared, ...]:
        """What is promised."""
        law = "the law was declared before the bids and not made of them"
        return (
            Declared(Property.TRUTHFUL, law),
            Declared(Property.INDIVIDUALLY_RATIONAL, "the critical bid is not above the bid"),
            Declared(Property.BUDGET_BALANCED, "no critical bid is negative"),
            Declared(
                Property.REVENUE_OPTIMAL, "values are independent and follow the declared law"
            ),
        )

    def clear(self, auction: Auction) -> Outcome:
        """Sell, or raise `BadInput` for several items, several bids of one bidder or currencies."""
        auction.require_one_item()
        auction.require_currency("law.points", self.law.points[0])
        own = {one.bidder: one.law for one in self.laws}
        standing = [
            (level, place, bid, law)
            for place, bid in enumerate(auction.bids)
            for law in [own.get(bid.bidder, self.law)]
            for level in [law.virtual(bid.amount.minor)]
            if level is not None and level >= 0
        ]
        standing.sort(key=lambda one: (-one[0], one[1]))
        won, lost = standing[: auction.supply], standing[auction.supply :]
        awards, payments = [], []
        for _, place, bid, law in won:
            # Against an equal virtual value an earlier bid wins and a later one must be above.
            level, later = (lost[0][0], place > lost[0][1]) if lost else (Fraction(0), False)
            awards.append(Award(bid.bidder, auction.items))
            payments.append(_critical(bid, law, level, above=later))
        return Outcome(tuple(awards), tuple(payments), auction.currency)


def _critical(bid: Bid, law: Law, level: Fraction, *, above: bool) -> Payment:
    least = law.least(level, above=above)
    if least is None:  # the bid itself has won, so something does
        raise AssertionError(bid)
    price = Money(least, law.currency)
    why = "the reserve of the declared law" if price == law.reserve else "the least bid that wins"
    return Payment.because(bid.bidder, price, why)
