"""Auctions (竞价): sealed bids for licences of a product, cleared by a mechanism.

Bids are commitments until bidding closes; then the bidders open them, and then the exchange
clears.  The phases follow from the two times of the auction, so nobody signs that one has begun.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from exchange.lifecycle import step
from ledger.auctions import BIDS_MAX
from ledger.canonical import encode
from ledger.entries import Entry
from pricing.money import Currency, Money

__all__ = ["BIDS_MAX", "TRANSITIONS", "Auction", "AuctionState", "Lots", "Phase", "drawn_seed"]

ITEM: Final = "licence"


class AuctionState(enum.StrEnum):
    """What has become of an auction."""

    OPENED = "opened"
    CLEARED = "cleared"
    CANCELLED = "cancelled"


# Everything an auction may become; docs/lifecycles.md is drawn from it.
TRANSITIONS: dict[AuctionState, frozenset[AuctionState]] = {
    AuctionState.OPENED: frozenset({AuctionState.CLEARED, AuctionState.CANCELLED}),
    AuctionState.CLEARED: frozenset(),
    AuctionState.CANCELLED: frozenset(),
}


class Phase(enum.StrEnum):
    """What may be done in an auction that is neither cleared nor cancelled."""

    BIDDING = "bidding"
    OPENING = "opening"
    CLEARING = "clearing"


@dataclass(frozen=True, slots=True)
class Lots:
    """What a supplier puts up: how many licences, under which mechanism, for which deposit.

    `parameters` are the mechanism's in the form of records.  A hidden `reserve` is committed to,
    and so is the `seed` that a mechanism with chance needs; both are opened after the bids.
    """

    product: str
    mechanism: str
    supply: int
    deposit: Money
    bids_until: str
    open_until: str
    parameters: Mapping[str, Any]
    exclusive: bool = False

    @property
    def rules(self) -> bytes:
        """The canonical record of mechanism and parameters, which the act names by digest."""
        return encode({"mechanism": self.mechanism, "parameters": dict(self.parameters)})

    def facts(self) -> dict[str, Any]:
        """Return the facts of the act, without commitments."""
        return {
            "product": self.product,
            "mechanism": self.mechanism,
            "rules": hashlib.sha256(self.rules).hexdigest(),
            "supply": self.supply,
            "exclusive": self.exclusive,
            "currency": str(self.deposit.currency),
            "deposit": self.deposit.to_record(),
            "bids_until": self.bids_until,
            "open_until": self.open_until,
        }


@dataclass(frozen=True, slots=True)
class Auction:
    """One auction; `rules` is the digest of mechanism and parameters, `pricing` of the outcome."""

    id: str
    product: str
    supplier: str
    mechanism: str
    rules: str
    supply: int
    exclusive: bool
    deposit: Money
    bids_until: str
    open_until: str
    opened_at: str
    head: str
    state: AuctionState = AuctionState.OPENED
    bids: int = 0
    pricing: str | None = None

    @property
    def currency(self) -> Currency:
        """The currency of deposits, bids and payments."""
        return self.deposit.currency

    def phase(self, now: str) -> Phase:
        """Return what may be done at a time; the last second of each phase counts."""
        if now <= self.bids_until:
            return Phase.BIDDING
        return Phase.OPENING if now <= self.open_until else Phase.CLEARING

    def moved(self, state: AuctionState, entry: Entry) -> Auction:
        """Return the auction in another state, or raise `IllegalTransition`."""
        wanted = step(TRANSITIONS, self.state, state, f"auction {self.id}")
        return replace(self, state=wanted, head=entry.leaf.hex())

    def at(self, entry: Entry) -> Auction:
        """Return the auction as of its newest entry."""
        return replace(self, head=entry.leaf.hex())

    def require(self, state: AuctionState) -> None:
        """Raise `IllegalTransition` unless it may become that."""
        step(TRANSITIONS, self.state, state, f"auction {self.id}")


def drawn_seed(committed: int, bids: Sequence[str]) -> int:
    """Return the seed of a mechanism: of the supplier's committed number and the bids placed.

    `bids` are the leaf hashes of all bids in their order.  The supplier's number is fixed before
    there are any, and no bidder knows it while it bids.
    """
    mixed = hashlib.sha256(encode({"seed": committed, "bids": list(bids)})).hexdigest()
    return int(mixed[:13], 16)  # 52 bits: a record holds integers below 2^53
