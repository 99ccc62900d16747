"""Mechanisms: who gets what for which payment, decided by a rule from everybody's bids.

A mechanism declares what it promises and what the promise rests on; the contract kit
(`pricing.conformance`) tests what is declared.  Two rules hold for all of them.  Equal bids
are served in the order in which they stand in the auction, the earlier first, which nobody can
move by an amount.  And a payment is whole minor units that its lines sum to, so that whoever
pays can see why.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Protocol

from pricing.domain import require_count, require_not_negative, require_text, require_within
from pricing.errors import BadAmount, BadInput
from pricing.gains import GainCurve
from pricing.money import MINOR_MAX, Currency, Money, total
from pricing.quote import QuoteLine

UNLIMITED: Final = MINOR_MAX  # copies of data cost nothing: a supply that no auction exhausts
LICENCE: Final = "licence"


@dataclass(frozen=True, slots=True)
class Bid:
    """What a bundle is worth to a bidder, as the bidder says.

    No items means all that is on sale.  A bidder with several bids gets one of them at most.
    `gain` says what the data does for the bidder's task; `amount` is then what a whole gain is
    worth.  The gain is measured by the market and no part of what the bidder reports.
    """

    bidder: str
    amount: Money
    items: tuple[str, ...] = ()
    gain: GainCurve | None = None

    def __post_init__(self) -> None:
        require_text("bids.bidder", self.bidder)
        require_not_negative(f"bids: amount of {self.bidder}", self.amount)
        if len(set(self.items)) < len(self.items):
            raise BadInput(f"bids: {self.bidder} names an item twice")


@dataclass(frozen=True, slots=True)
class Auction:
    """The bids in the order in which they came in, and what is on sale.

    There are `supply` copies of each item: 1 for an exclusive licence, `UNLIMITED` where data
    is copied for whoever pays.
    """

    bids: tuple[Bid, ...]
    items: tuple[str, ...] = (LICENCE,)
    supply: int = 1
    currency: Currency = Currency.CNY

    def __post_init__(self) -> None:
        if not self.items or len(set(self.items)) < len(self.items):
            raise BadInput(f"items: {self.items} names none, or one twice")
        for item in self.items:
            require_text("items", item)
        require_count("supply", self.supply, 1)
        if self.supply > UNLIMITED:
            raise BadInput(f"supply: more than {UNLIMITED} copies")
        for bid in self.bids:
            if bid.amount.currency is not self.currency:
                raise BadInput(
                    f"bids: that of {bid.bidder} is in {bid.amount.currency},"
                    f" the auction in {self.currency}"
                )
            if not set(bid.items) <= set(self.items):
                unknown = min(set(bid.items) - set(self.items))
                raise BadInput(f"bids: {bid.bidder} bids for {unknown}, which is not on sale")

    @property
    def bidders(self) -> tuple[str, ...]:
        """Who bids, in the order of their first bids."""
        return tuple(dict.fromkeys(bid.bidder for bid in self.bids))

    def bids_of(self, bidder: str) -> tuple[Bid, ...]:
        """Return the bids of one bidder, in their order."""
        return tuple(bid for bid in self.bids if bid.bidder == bidder)

    def bundle(self, bid: Bid) -> tuple[str, ...]:
        """Return the items that a bid asks for."""
        return bid.items or self.items

    def require_one_item(self) -> None:
        """Raise `BadInput` unless one item is on sale and nobody bids for it twice."""
        if len(self.items) > 1:
            raise BadInput(f"items: {len(self.items)} are on sale, this mechanism sells one")
        self.require_one_bid_each()

    def require_one_bid_each(self) -> None:
        """Raise `BadInput` if anybody bids twice."""
        if len(self.bidders) < len(self.bids):
            names = [bid.bidder for bid in self.bids]
            twice = next(name for name in self.bidders if names.count(name) > 1)
            raise BadInput(f"bids: {twice} bids more than once")

    def require_currency(self, field: str, amount: Money | None) -> None:
        """Raise `BadInput` if a parameter is in another currency than the bids."""
        if amount is not None and amount.currency is not self.currency:
            raise BadInput(f"{field}: in {amount.currency}, the auction in {self.currency}")

    def ranked(self) -> tuple[Bid, ...]:
        """Return the bids, the highest first; of equal bids the earlier first."""
        return tuple(sorted(self.bids, key=lambda bid: -bid.amount.minor))


@dataclass(frozen=True, slots=True)
class Award:
    """What a bidder gets: these items and, of their worth, `gain`: 1 where nothing is degraded."""

    bidder: str
    items: tuple[str, ...]
    gain: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        require_text("allocations.bidder", self.bidder)
        require_within("allocations.gain", self.gain, 0, 1)


@dataclass(frozen=True, slots=True)
class Payment:
    """What a bidder pays, in lines that sum to it."""

    bidder: str
    amount: Money
    lines: tuple[QuoteLine, ...]

    def __post_init__(self) -> None:
        require_text("payments.bidder", self.bidder)
        explained = total((line.amount for line in self.lines), self.amount.currency)
        if not self.lines or explained != self.amount:
            raise BadInput(f"payments: the lines explain {explained} of {self.amount}")

    @classmethod
    def because(cls, bidder: str, amount: Money, text: str) -> Payment:
        """Return a payment that one line explains."""
        return cls(bidder, amount, (QuoteLine(text, amount),))


@dataclass(frozen=True, slots=True)
class Outcome:
    """Who gets what, and who pays what; whoever is in neither list gets and pays nothing."""

    allocations: tuple[Award, ...]
    payments: tuple[Payment, ...]
    currency: Currency = Currency.CNY
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field in ("allocations", "payments"):
            names = [one.bidder for one in getattr(self, field)]
            if len(set(names)) < len(names):
                raise BadInput(f"{field}: a bidder stands there twice")
        for payment in self.payments:
            if payment.amount.currency is not self.currency:
                raise BadInput(f"payments: {payment.bidder} pays in {payment.amount.currency}")
        try:
            total(payment.amount for payment in self.payments)
        except BadAmount as error:
            raise BadInput(f"payments: together {error}") from error

    @property
    def revenue(self) -> Money:
        """What all pay together."""
        return total((payment.amount for payment in self.payments), self.currency)

    def award_of(self, bidder: str) -> Award | None:
        """Return what the bidder gets, or None."""
        return next((award for award in self.allocations if award.bidder == bidder), None)

    def paid_by(self, bidder: str) -> Money:
        """Return what the bidder pays, zero where nothing is said."""
        paid = (payment.amount for payment in self.payments if payment.bidder == bidder)
        return next(paid, Money(0, self.currency))

    def utility(self, bidder: str, truth: Auction) -> Fraction:
        """Return, in minor units, what the bidder gains: the award's worth less the payment.

        `truth` is the auction as it would be if the bidder bid what things are worth to it; of
        several bids the dearest that the award covers counts.
        """
        award, paid = self.award_of(bidder), self.paid_by(bidder).minor
        if award is None:
            return Fraction(-paid)
        held = set(award.items)
        worths = (
            bid.amount.minor for bid in truth.bids_of(bidder) if held.issuperset(truth.bundle(bid))
        )
        return max(worths, default=0) * award.gain - paid


class Property(enum.StrEnum):
    """What a mechanism may promise."""

    TRUTHFUL = "truthful"
    """Whatever the others bid and however the lots fall, no bid yields more than the truth."""
    TRUTHFUL_ON_AVERAGE = "truthful on average"
    """No bid yields more than the truth on the average over the lots."""
    INDIVIDUALLY_RATIONAL = "individually rational"
    """Who bids the truth never pays more than the award is worth."""
    BUDGET_BALANCED = "budget balanced"
    """The payments together are never below zero, so that the venue adds no money."""
    EFFICIENT = "efficient"
    """The items go to where the bids together are worth the most."""
    REVENUE_OPTIMAL = "revenue optimal"
    """No truthful mechanism earns more on the average."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A promise, what it rests on, and how many minor units rounding may take from it."""

    promise: Property
    rests_on: str
    within: int = 0

    def __post_init__(self) -> None:
        require_text("properties.rests_on", self.rests_on)
        require_count("properties.within", self.within)


class Mechanism(Protocol):
    """A plug-in of `pricing.mechanisms`: a frozen dataclass of its parameters."""

    @property
    def properties(self) -> tuple[Declared, ...]:
        """What is promised with these parameters."""
        ...

    def clear(self, auction: Auction) -> Outcome:
        """Award and charge, or raise `BadInput` naming the field that the rule cannot take."""
        ...


def declares(mechanism: Mechanism, promise: Property) -> bool:
    """Say whether the mechanism promises it."""
    return any(declared.promise is promise for declared in mechanism.properties)
