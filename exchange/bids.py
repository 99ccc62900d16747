"""Bids in an auction: sealed, opened, and what becomes of each with its deposit."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Any, Final

from exchange.lifecycle import step
from exchange.openings import Opening
from ledger.auctions import bid_value
from pricing.money import Money


class BidState(enum.StrEnum):
    """Where a bid stands, and its deposit with it: set aside in the first four."""

    PLACED = "placed"
    OPENED = "opened"
    WON = "won"
    ORDERED = "ordered"
    CONCLUDED = "concluded"
    LOST = "lost"
    RETURNED = "returned"
    FORFEITED = "forfeited"


# Everything a bid may become; docs/lifecycles.md is drawn from it.
TRANSITIONS: dict[BidState, frozenset[BidState]] = {
    BidState.PLACED: frozenset({BidState.OPENED, BidState.RETURNED, BidState.FORFEITED}),
    BidState.OPENED: frozenset(
        {BidState.WON, BidState.LOST, BidState.RETURNED, BidState.FORFEITED}
    ),
    BidState.WON: frozenset({BidState.ORDERED, BidState.RETURNED, BidState.FORFEITED}),
    BidState.ORDERED: frozenset({BidState.CONCLUDED, BidState.RETURNED, BidState.FORFEITED}),
    BidState.CONCLUDED: frozenset(),
    BidState.LOST: frozenset(),
    BidState.RETURNED: frozenset(),
    BidState.FORFEITED: frozenset(),
}

HELD: Final = frozenset({BidState.PLACED, BidState.OPENED, BidState.WON, BidState.ORDERED})
KEPT: Final = frozenset({BidState.WON, BidState.ORDERED})  # won, with the deposit set aside


@dataclass(frozen=True, slots=True)
class Bid:
    """One bid; `leaf` names its entry, `amount` is known once it is opened."""

    leaf: str
    auction: str
    bidder: str
    scenario: str
    deposit: Money
    placed_at: str
    head: str
    state: BidState = BidState.PLACED
    amount: Money | None = None
    quote: str | None = None

    @property
    def transfer(self) -> str:
        """The id of the transfer that sets the deposit aside."""
        return f"bid/{self.leaf}"

    def moved(self, state: BidState, head: str) -> Bid:
        """Return the bid in another state, by the entry with that leaf hash."""
        wanted = step(TRANSITIONS, self.state, state, f"bid {self.leaf[:16]}…")
        return replace(self, state=wanted, head=head)

    def require(self, state: BidState) -> None:
        """Raise `IllegalTransition` unless it may become that."""
        step(TRANSITIONS, self.state, state, f"bid {self.leaf[:16]}…")


def seal_bid(auction: str, bidder: str, amount: Money, salt: bytes) -> Opening:
    """Return the opening of a sealed bid; whoever loses it cannot open the bid."""
    return Opening("bid", salt, bid_value(auction, bidder, amount.to_record()))


def opened_amount(opening: Opening) -> dict[str, Any]:
    """Return the amount that a bid's opening holds."""
    amount: dict[str, Any] = opening.value["amount"]
    return amount
