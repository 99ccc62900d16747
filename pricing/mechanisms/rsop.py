"""Random sampling optimal price: each half of the bidders is offered the other half's best price.

A. Goldberg, J. Hartline, A. Wright, Competitive auctions and digital goods, SODA 2001.  For
goods that can be copied without end: a bidder's price is made of other bids alone, so the truth
is the best bid under every split.  On the average over the splits it earns at least a
fixed part of F(2), the most that a single price earns from two buyers or more: 1/15 (Feige,
Flaxman, Hartline, Kleinberg, WINE 2005), 1/4.68 (Alaei, Malekian, Srinivasan, EC 2009).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pricing.chance import Stream
from pricing.errors import BadInput
from pricing.mechanisms import Auction, Award, Declared, Outcome, Payment, Property
from pricing.money import Money

# A path of its own: whatever else is given the same seed draws other numbers.
_STREAM: Final = 13


@dataclass(frozen=True, slots=True)
class RandomSampling:
    """Splits the bidders by a fair coin each, drawn from `seed` in the order of the bids.

    A half without bidders has no best price, and the other half is then sold nothing.
    """

    seed: int

    @property
    def properties(self) -> tuple[Declared, ...]:
        """What is promised."""
        return (
            Declared(Property.TRUTHFUL, "copies cost nothing; the split is drawn without the bids"),
            Declared(Property.INDIVIDUALLY_RATIONAL, "nobody is sold at more than the bid"),
            Declared(Property.BUDGET_BALANCED, "no bid is negative"),
        )

    def clear(self, auction: Auction) -> Outcome:
        """Sell, or raise `BadInput` where there are fewer copies than bidders."""
        auction.require_one_item()
        if auction.supply < len(auction.bids):
            raise BadInput(
                f"supply: {auction.supply} copies are fewer than {len(auction.bids)} bidders,"
                " and random sampling sells to whoever takes the price"
            )
        heads = Stream(self.seed, _STREAM).uniforms(len(auction.bids)) < 0.5
        halves: dict[bool, list[int]] = {True: [], False: []}
        for bid, side in zip(auction.bids, heads.tolist(), strict=True):
            halves[side].append(bid.amount.minor)
        offered = {side: best_price(halves[not side]) for side in halves}
        won: list[tuple[str, Money]] = []
        for bid, side in zip(auction.bids, heads.tolist(), strict=True):
            price = offered[side]
            if price is not None and bid.amount.minor >= price:
                won.append((bid.bidder, Money(price, auction.currency)))
        return Outcome(
            tuple(Award(bidder, auction.items) for bidder, _ in won),
            tuple(
                Payment.because(bidder, price, "the best single price of the other half")
                for bidder, price in won
            ),
            auction.currency,
        )


def best_price(amounts: Iterable[int]) -> int | None:
    """Return the price that earns the most from these values, None from nobody.

    Of prices that earn the same the lowest, which serves the most.
    """
    ranked = sorted(amounts, reverse=True)
    earned = {price: price * sold for sold, price in enumerate(ranked, start=1)}
    return max(earned, key=lambda price: (earned[price], -price), default=None)
