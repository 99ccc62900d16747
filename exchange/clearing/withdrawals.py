"""Withdrawals: money that a participant asks for, until its bank has it or says that it has not."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from exchange.lifecycle import step
from ledger.entries import Entry
from pricing.money import Money


class WithdrawalState(enum.StrEnum):
    """Whether the bank has spoken, and what it said."""

    REQUESTED = "requested"
    PAID = "paid"
    FAILED = "failed"


# Everything a withdrawal may become; docs/lifecycles.md is drawn from it.
TRANSITIONS: dict[WithdrawalState, frozenset[WithdrawalState]] = {
    WithdrawalState.REQUESTED: frozenset({WithdrawalState.PAID, WithdrawalState.FAILED}),
    WithdrawalState.PAID: frozenset(),
    WithdrawalState.FAILED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One withdrawal; to whom it is paid stands in the confidential part of its first entry.

    `asked` is the leaf hash of that entry, `head` of the newest.  `reason` is the bank's, where
    it paid nothing.
    """

    id: str
    owner: str
    amount: Money
    asked_at: str
    asked: str
    head: str
    state: WithdrawalState = WithdrawalState.REQUESTED
    reason: str | None = None

    def moved(self, state: WithdrawalState, entry: Entry, reason: str | None = None) -> Withdrawal:
        """Return the withdrawal ended by an entry, or raise `IllegalTransition`."""
        wanted = step(TRANSITIONS, self.state, state, f"the withdrawal {self.id}")
        return replace(self, state=wanted, head=entry.leaf.hex(), reason=reason)
