"""Negotiations (磋商): a buyer asks for a price, and buyer and supplier offer in turn.

One offer stands at a time and ends by itself.  The other party accepts it, and the exchange then
quotes its amount to the buyer; or a party ends the negotiation; or time does.  A buyer who asks
several suppliers opens one negotiation with each.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from exchange.lifecycle import step
from ledger.bargaining import ROUNDS_MAX
from ledger.entries import Entry
from pricing.money import Currency, Money

__all__ = ["ROUNDS_MAX", "TRANSITIONS", "Negotiation", "NegotiationState", "StandingOffer"]


class NegotiationState(enum.StrEnum):
    """Where a negotiation stands."""

    OPENED = "opened"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    ENDED = "ended"
    LAPSED = "lapsed"


# Everything a negotiation may become; docs/lifecycles.md is drawn from it.
TRANSITIONS: dict[NegotiationState, frozenset[NegotiationState]] = {
    NegotiationState.OPENED: frozenset(
        {NegotiationState.OFFERED, NegotiationState.ENDED, NegotiationState.LAPSED}
    ),
    NegotiationState.OFFERED: frozenset(
        {
            NegotiationState.OFFERED,
            NegotiationState.ACCEPTED,
            NegotiationState.ENDED,
            NegotiationState.LAPSED,
        }
    ),
    NegotiationState.ACCEPTED: frozenset(),
    NegotiationState.ENDED: frozenset(),
    NegotiationState.LAPSED: frozenset(),
}
OPEN = frozenset({NegotiationState.OPENED, NegotiationState.OFFERED})


@dataclass(frozen=True, slots=True)
class StandingOffer:
    """The newest offer: its entry, by whom (a participant id), how much, until when."""

    leaf: str
    by: str
    amount: Money
    until: str


@dataclass(frozen=True, slots=True)
class Negotiation:
    """One negotiation over one scenario; `quote` is what an agreement made.

    `buyer` and `supplier` are participant ids.  `rounds` counts the offers.
    """

    id: str
    product: str
    scenario: str
    buyer: str
    supplier: str
    currency: Currency
    exclusive: bool
    until: str
    opened_at: str
    head: str
    state: NegotiationState = NegotiationState.OPENED
    rounds: int = 0
    offer: StandingOffer | None = None
    quote: str | None = None

    def as_of(self, now: str) -> Negotiation:
        """Return it as it stands at a time: nobody signs that time has passed."""
        if self.state in OPEN and now > self.until:
            return replace(self, state=NegotiationState.LAPSED)
        return self

    def moved(self, state: NegotiationState, entry: Entry) -> Negotiation:
        """Return it in another state, or raise `IllegalTransition`."""
        wanted = step(TRANSITIONS, self.state, state, f"negotiation {self.id}")
        return replace(self, state=wanted, head=entry.leaf.hex())

    def require(self, state: NegotiationState) -> None:
        """Raise `IllegalTransition` unless it may become that."""
        step(TRANSITIONS, self.state, state, f"negotiation {self.id}")

    def next_from(self, now: str) -> frozenset[str]:
        """Return who may offer: either at first and after an offer has ended, else the other."""
        parties = frozenset({self.buyer, self.supplier})
        if self.offer is None or now > self.offer.until:
            return parties
        return parties - {self.offer.by}
