"""The data market of Agarwal, Dahleh and Sarkar: who bids less than the price gets noisier data.

A. Agarwal, M. Dahleh, T. Sarkar, A marketplace for data: an algorithmic solution, EC 2019
(arXiv 1805.08125), section 4.  Buyers come one after another with a task and bid b for a whole
gain.  Before each the market draws a price p; the features get noise in proportion to
max(0, p − b), and the buyer pays Myerson's

    RF = b · G(b) − ∫₀ᵇ G(z) dz,

where G(z) is the gain that a bid of z would have had: truthful just where more noise never gains
more (theorem 5.1).  Afterwards multiplicative weights reward every price by what it would have
earned from this buyer (algorithm 1), so that with δ = √(ln K / n) the average regret against the
best of K prices is O(√(ln K / n)) of the ceiling.  The paper's K prices lie 1/(L √n) apart, where
revenue changes by L at most with a unit of price, and the bound then holds against every price
(theorem 5.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from pricing.domain import require_within
from pricing.errors import BadInput
from pricing.gains import GainCurve
from pricing.learning import Grid
from pricing.learning.hedge import Hedge
from pricing.mechanisms import Auction, Award, Bid, Declared, Outcome, Payment, Property
from pricing.money import Money
from pricing.quote import QuoteLine

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class DataMarket:
    """Serves the bids in their order, each at a price drawn from `grid` by what was earned before.

    The grid stands for the paper's ε-net, its ceiling for B_max, which no bid may exceed, and
    `rate` for δ.  `noise` is the standard deviation that data get where the bid falls short by
    the whole ceiling: at a price p and a bid b it is noise · max(0, p − b) / ceiling, the
    paper's σ times the ceiling.  A buyer's gain at any noise is its `GainCurve`, such as
    `pricing.gains.measured` finds by Gaussian noise on the features; so the integral is exact.
    The payment is rounded once, half to even, and that is all that a lie can gain.
    """

    grid: Grid
    rate: float
    noise: Fraction
    seed: int

    def __post_init__(self) -> None:
        Hedge(self.grid, self.rate, self.seed)  # refuses a rate out of range
        require_within("noise", self.noise, 0, 2**53)
        if self.noise == 0:
            raise BadInput("noise: without any, every bid gets all and pays nothing")

    @classmethod
    def tuned(cls, grid: Grid, noise: Fraction, rounds: int, seed: int) -> DataMarket:
        """Return it with the paper's rate for so many buyers, δ = √(ln K / n)."""
        return cls(grid, Hedge.tuned(grid, rounds, seed).rate, noise, seed)

    @property
    def properties(self) -> tuple[Declared, ...]:
        """What is promised."""
        single = "a buyer comes once; its gain never rises with noise and is measured, not reported"
        return (
            Declared(Property.TRUTHFUL, f"{single}; but for the rounding of two payments", 1),
            Declared(Property.INDIVIDUALLY_RATIONAL, "but for the rounding of the payment", 1),
            Declared(Property.BUDGET_BALANCED, "the gain does not fall as the bid rises"),
        )

    def clear(self, auction: Auction) -> Outcome:
        """Serve everybody; raise `BadInput` for a bid above the ceiling or without a gain curve."""
        auction.require_one_bid_each()
        auction.require_currency("grid", self.grid.ceiling)
        if auction.supply < len(auction.bids):
            raise BadInput(f"supply: {auction.supply} copies, and {len(auction.bids)} buyers")
        weights = Hedge(self.grid, self.rate, self.seed).start()
        prices = np.array([price.minor for price in self.grid.prices], dtype=np.float64)
        awards, payments, remarks = [], [], []
        for bid in auction.bids:
            curve = self._curve_of(bid)
            price = weights.propose()
            gain, payment = self._served(bid, curve, price)
            if gain:
                awards.append(Award(bid.bidder, auction.bundle(bid), gain))
                payments.append(payment)
            remarks.append(f"{bid.bidder} met the price {price}")
            earned = self.revenues(curve, bid.amount.minor, prices)
            weights.learn((earned / self.grid.ceiling.minor).tolist())
        return Outcome(tuple(awards), tuple(payments), auction.currency, tuple(remarks))

    def owed(self, curve: GainCurve, bid: int, price: int) -> tuple[Fraction, Fraction]:
        """Return the gain at that bid and price and what it costs, exactly, in minor units."""
        per_unit = self.noise / self.grid.ceiling.minor
        fell_short, of_nothing = per_unit * max(0, price - bid), per_unit * price
        gain = curve.at(fell_short)
        below = (curve.area(of_nothing) - curve.area(fell_short)) / per_unit
        return gain, bid * gain - below - max(0, bid - price) * curve.at(Fraction(0))

    def revenues(
        self, curve: GainCurve, bid: int, prices: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return what each price would have earned from a bid, in minor units, as figures."""
        knots = np.array([(float(one.noise), float(one.gain)) for one in curve.knots])
        noises, gains = knots[:, 0], knots[:, 1]
        areas = np.concatenate(([0.0], np.cumsum(np.diff(noises) * (gains[:-1] + gains[1:]) / 2.0)))
        per_unit = float(self.noise) / self.grid.ceiling.minor

        def area(noise: NDArray[np.float64]) -> NDArray[np.float64]:
            place = np.searchsorted(noises, noise, side="right") - 1
            part = noise - noises[place]
            mean = (gains[place] + np.interp(noise, noises, gains)) / 2.0
            return np.asarray(areas[place] + part * mean, dtype=np.float64)

        short = per_unit * np.maximum(0.0, prices - bid)
        below = (area(per_unit * prices) - area(short)) / per_unit
        owed = bid * np.interp(short, noises, gains) - below
        owed -= np.maximum(0.0, bid - prices) * gains[0]
        return np.asarray(np.maximum(owed, 0.0), dtype=np.float64)

    def _curve_of(self, bid: Bid) -> GainCurve:
        if bid.gain is None:
            raise BadInput(f"bids: {bid.bidder} has no gain curve")
        if bid.amount > self.grid.ceiling:
            raise BadInput(f"bids: {bid.amount} of {bid.bidder} is above {self.grid.ceiling}")
        return bid.gain

    def _served(self, bid: Bid, curve: GainCurve, price: Money) -> tuple[Fraction, Payment]:
        gain, owed = self.owed(curve, bid.amount.minor, price.minor)
        amount, worth = Money(1, price.currency).scaled(owed), bid.amount.scaled(gain)
        lines = (
            QuoteLine(f"the bid times the gain of {float(gain):.4f}", worth),
            QuoteLine("less the gains of all lower bids", amount - worth),
        )
        return gain, Payment(bid.bidder, amount, lines)
