"""Profiles of bids that a kit makes up: auctions like an example, and ways to bid otherwise.

Amounts run from zero to the dearest bid of the example and come from grids of several widths,
so that equal bids, bids one unit apart and bids of zero are common: that is where rules break.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate
from typing import Any, Final

from pricing.chance import Lots
from pricing.gains import GainCurve, Knot
from pricing.mechanisms import Auction, Bid, Mechanism, Outcome
from pricing.money import Money

BIDDERS_MAX: Final = 5


@dataclass(frozen=True, slots=True)
class Deviation:
    """One bidder's truth and what it bid instead, and what each of them yielded."""

    truth: Auction
    bidder: str
    instead: Auction
    honest: Fraction
    gained: Fraction

    @property
    def profit(self) -> Fraction:
        """How many minor units the lie earned beyond the truth."""
        return self.gained - self.honest

    def __str__(self) -> str:
        """Tell the whole profile, so that the lie can be told again."""
        bids = "; ".join(map(_told, self.truth.bids))
        lie = "; ".join(map(_told, self.instead.bids_of(self.bidder))) or "nothing"
        return (
            f"{self.bidder} gains {self.profit} minor units by bidding {lie}"
            f" where the truth is {bids}, supply {self.truth.supply}"
        )


def like(example: Auction, lots: Lots, *, bidders: int | None = None) -> Auction:
    """Make up an auction of the example's shape: items, supply, bids for bundles, gain curves."""
    count = lots.below(BIDDERS_MAX + 1) if bidders is None else bidders
    top = max((bid.amount.minor for bid in example.bids), default=100)
    grid = (1, max(1, top // 4), max(1, top // 30))[lots.below(3)]
    curved = any(bid.gain is not None for bid in example.bids)
    several = len(example.items) > 1
    bids = [
        Bid(
            f"bidder {i}",
            Money(grid * lots.below(top // grid + 1), example.currency),
            bundle(example, lots) if several else (),
            curve(lots) if curved else None,
        )
        for i in range(count)
        for _ in range(1 + (lots.below(3) if several else 0))
    ]
    return replace(example, bids=tuple(bids))


def bundle(example: Auction, lots: Lots) -> tuple[str, ...]:
    """Choose some of the items; none of them stands for all."""
    return tuple(item for item in example.items if lots.below(2))


def curve(lots: Lots) -> GainCurve:
    """Make up a gain curve: falling, with flat and steep stretches."""
    knots = 1 + lots.below(4)
    noises = accumulate(Fraction(1 + lots.below(6), 4) for _ in range(knots - 1))
    gains = sorted((Fraction(lots.below(9), 8) for _ in range(knots)), reverse=True)
    return GainCurve(tuple(map(Knot, (Fraction(0), *noises), gains)))


def otherwise(truth: Auction, bidder: str, lots: Lots) -> Auction:
    """Return the auction with that bidder's bids changed: other amounts, bundles or fewer bids."""
    top = max(bid.amount.minor for bid in truth.bids)
    step = lots.below(3) - 1
    near = truth.bids[lots.below(len(truth.bids))].amount.minor + step
    own = [
        replace(bid, amount=Money(_lie(bid.amount.minor, near, top, lots), truth.currency))
        for bid in truth.bids_of(bidder)
    ]
    if len(truth.items) > 1:
        own = [
            replace(bid, items=bundle(truth, lots)) if not lots.below(3) else bid
            for bid in own
            if lots.below(6)
        ]
    told = iter(own)
    changed = (next(told, None) if bid.bidder == bidder else bid for bid in truth.bids)
    return replace(truth, bids=tuple(bid for bid in changed if bid is not None))


def _lie(amount: int, near: int, top: int, lots: Lots) -> int:
    lies = (0, amount // 2, amount - 1, amount + 1, 2 * amount, near, near, top)
    choice = lots.below(len(lies) + 2)
    lie = lies[choice] if choice < len(lies) else lots.below(top + 1)
    return min(max(lie, 0), top)


def deviations(
    mechanism: Mechanism, example: Auction, count: int, *, seed: int = 0
) -> Iterator[Deviation]:
    """Yield so many lies, each beside the truth under the same lots.

    A mechanism with a `seed` draws other lots for every profile.
    """
    lots, told, profile = Lots(seed), 0, 0
    while told < count:
        truth = like(example, lots, bidders=1 + lots.below(BIDDERS_MAX))
        drawn = reseeded(mechanism, profile)
        honest = drawn.clear(truth)
        for bidder in truth.bidders:
            for _ in range(4):
                instead = otherwise(truth, bidder, lots)
                lied = drawn.clear(instead)
                yield Deviation(truth, bidder, instead, *_both(honest, lied, bidder, truth))
                told += 1
                if told == count:
                    return
        profile += 1


def reseeded(mechanism: Any, seed: int) -> Any:  # noqa: ANN401 - the same mechanism
    """Return the mechanism with other lots, or itself where it draws none."""
    return replace(mechanism, seed=seed) if hasattr(mechanism, "seed") else mechanism


def _both(honest: Outcome, lied: Outcome, bidder: str, truth: Auction) -> tuple[Fraction, Fraction]:
    return honest.utility(bidder, truth), lied.utility(bidder, truth)


def _told(bid: Bid) -> str:
    items = f" for {' + '.join(bid.items)}" if bid.items else ""
    knots = bid.gain.knots if bid.gain else ()
    gains = "".join(f" {knot.gain} at noise {knot.noise}," for knot in knots)
    return f"{bid.bidder} {bid.amount.minor}{items}{' with gain' + gains[:-1] if gains else ''}"
