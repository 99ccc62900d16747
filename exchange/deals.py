"""Deals made off the exchange (场外交易): filed by one party, confirmed by the other.

A filed deal stands on the same chain as trades do.  What is only filed moves no money here; a
cleared deal is an obligation that the settlement cycle of its day nets.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Any

from exchange.lifecycle import step
from ledger.entries import Entry
from pricing.money import Money


class DealState(enum.StrEnum):
    """Where a deal stands."""

    FILED = "filed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    ENDED = "ended"


# Everything a deal may become; docs/lifecycles.md is drawn from it.
TRANSITIONS: dict[DealState, frozenset[DealState]] = {
    DealState.FILED: frozenset({DealState.CONFIRMED, DealState.DECLINED}),
    DealState.CONFIRMED: frozenset({DealState.ENDED}),
    DealState.DECLINED: frozenset(),
    DealState.ENDED: frozenset(),
}


class Side(enum.StrEnum):
    """On which side of a deal its filer stands."""

    SUPPLIER = "supplier"
    BUYER = "buyer"

    @property
    def other(self) -> Side:
        """The counterparty's side."""
        return Side.BUYER if self is Side.SUPPLIER else Side.SUPPLIER


@dataclass(frozen=True, slots=True)
class DealTerms:
    """What is filed in the open; the description and the contract are committed to beside it.

    `due` is the day of payment, `until` the time by which the other party confirms.
    """

    side: Side
    amount: Money
    due: str
    until: str
    purpose: str
    cleared: bool = True
    product: str = ""
    scenario: str = ""

    def facts(self, to: str) -> dict[str, Any]:
        """Return the facts of the act, without the commitments."""
        return {
            "side": str(self.side),
            "to": to,
            "products": [self.product] if self.product else [],
            "scenarios": [self.scenario] if self.scenario else [],
            "purpose": self.purpose,
            "amount": self.amount.to_record(),
            "due": self.due,
            "cleared": self.cleared,
            "until": self.until,
        }


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal; `filing` is the leaf hash that the counterparty signs to confirm it.

    `product` and `scenario` are empty where the deal names none.
    """

    id: str
    filer: str
    to: str
    side: Side
    product: str
    scenario: str
    purpose: str
    amount: Money
    due: str
    until: str
    cleared: bool
    filed_at: str
    filing: str
    head: str
    state: DealState = DealState.FILED
    reason: str = ""

    @property
    def payer(self) -> str:
        """Who pays: the buyer."""
        return self.filer if self.side is Side.BUYER else self.to

    @property
    def payee(self) -> str:
        """Who is paid: the supplier."""
        return self.filer if self.side is Side.SUPPLIER else self.to

    @property
    def parties(self) -> tuple[str, str]:
        """Both who filed it and whom it names."""
        return self.filer, self.to

    def moved(self, state: DealState, entry: Entry, reason: str = "") -> Deal:
        """Return the deal in another state, or raise `IllegalTransition`."""
        moved = step(TRANSITIONS, self.state, state, f"deal {self.id}")
        return replace(self, state=moved, head=entry.leaf.hex(), reason=reason)

    def require(self, state: DealState) -> None:
        """Raise `IllegalTransition` unless it may become that."""
        step(TRANSITIONS, self.state, state, f"deal {self.id}")
