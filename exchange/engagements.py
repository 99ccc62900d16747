"""Engagements (委托): what merchants do for one another, for a fixed fee held in escrow.

An assessor is paid by the supplier whose product it judges, and so the engagement is shown beside
its word; the fee is fixed before the work and owed for a refusal as for a pass.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Any

from exchange.lifecycle import step
from exchange.participants import Role
from ledger.entries import Entry
from pricing.money import Money


class EngagementState(enum.StrEnum):
    """Where an engagement stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    PAID = "paid"
    DECLINED = "declined"
    CANCELLED = "cancelled"


# Everything an engagement may become; docs/lifecycles.md is drawn from it.
TRANSITIONS: dict[EngagementState, frozenset[EngagementState]] = {
    EngagementState.PROPOSED: frozenset({EngagementState.ACCEPTED, EngagementState.DECLINED}),
    EngagementState.ACCEPTED: frozenset({EngagementState.DELIVERED, EngagementState.CANCELLED}),
    EngagementState.DELIVERED: frozenset({EngagementState.PAID, EngagementState.CANCELLED}),
    EngagementState.PAID: frozenset(),
    EngagementState.DECLINED: frozenset(),
    EngagementState.CANCELLED: frozenset(),
}

HOLDING = frozenset({EngagementState.ACCEPTED, EngagementState.DELIVERED})


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody is engaged for: as what, over which products, for what fee, until when."""

    role: Role
    products: tuple[str, ...]
    work: str
    fee: Money
    due: str
    contingent: bool = False

    def facts(self, to: str) -> dict[str, Any]:
        """Return the facts of the act, without the commitment to the terms."""
        return {
            "to": to,
            "role": str(self.role),
            "products": list(self.products),
            "work": self.work,
            "amount": self.fee.to_record(),
            "contingent": self.contingent,
            "due": self.due,
        }


@dataclass(frozen=True, slots=True)
class Engagement:
    """One engagement: who engaged whom, as what, over which products, for what fee.

    `report` is the digest of what was handed in; `contingent` fees may stay unpaid where the
    outcome did not come, which nobody may agree on with whose word others rely on.
    """

    id: str
    by: str
    to: str
    role: Role
    products: tuple[str, ...]
    work: str
    fee: Money
    contingent: bool
    due: str
    proposed_at: str
    head: str
    state: EngagementState = EngagementState.PROPOSED
    report: str | None = None

    @property
    def holds(self) -> bool:
        """Whether its fee stands in escrow."""
        return self.state in HOLDING

    def moved(self, state: EngagementState, entry: Entry) -> Engagement:
        """Return the engagement in another state, or raise `IllegalTransition`."""
        moved = step(TRANSITIONS, self.state, state, f"engagement {self.id}")
        return replace(self, state=moved, head=entry.leaf.hex())

    def require(self, state: EngagementState) -> None:
        """Raise `IllegalTransition` unless it may become that."""
        step(TRANSITIONS, self.state, state, f"engagement {self.id}")


@dataclass(frozen=True, slots=True)
class Step:
    """One act about an engagement: the state that it led to, and the entry that holds it."""

    state: EngagementState
    entry: Entry

    @classmethod
    def of(cls, entry: Entry) -> Step:
        """Read it from the entry: a kind is named after the state it leads to."""
        return cls(EngagementState(entry.kind.removeprefix("engagement.")), entry)

    def to_record(self) -> dict[str, Any]:
        """Return it as a JSON object; `place` is null until the entry has one in the log."""
        return {
            "state": str(self.state),
            "actor": self.entry.actor,
            "time": self.entry.time,
            "entry": self.entry.leaf.hex(),
            "place": self.entry.place,
        }
