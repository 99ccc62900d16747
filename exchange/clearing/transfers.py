"""Transfers that wait: an amount set aside on one account until it is posted or voided.

A pending transfer moves nothing and binds its amount: the source cannot spend it twice.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from exchange.clearing.accounts import Journal, Posting
from exchange.errors import BadField
from exchange.lifecycle import step
from pricing.money import Money


class TransferState(enum.StrEnum):
    """Whether a transfer still binds its amount, has moved it, or has let it go."""

    PENDING = "pending"
    POSTED = "posted"
    VOIDED = "voided"


# Everything a transfer may become; docs/lifecycles.md is drawn from it.
TRANSITIONS: dict[TransferState, frozenset[TransferState]] = {
    TransferState.PENDING: frozenset({TransferState.POSTED, TransferState.VOIDED}),
    TransferState.POSTED: frozenset(),
    TransferState.VOIDED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer, under the id of what it is for: a withdrawal, a bid.

    `entry` is the leaf hash of the entry that set the amount aside, `resolved` of the one that
    posted or voided it.
    """

    id: str
    what: str
    source: str
    target: str
    amount: Money
    entry: str
    state: TransferState = TransferState.PENDING
    resolved: str | None = None

    def __post_init__(self) -> None:
        if self.amount.minor <= 0:
            raise BadField("amount", f"the transfer {self.id} is of an amount above zero")

    def posted(self, entry: str, amount: Money | None = None) -> tuple[Transfer, Journal]:
        """Return the transfer posted, with the journal that moves `amount`, or all of it.

        Raises `IllegalTransition` unless it is pending, and `BadField` for more than was set
        aside; what is not moved is let go.
        """
        moved = self._to(TransferState.POSTED, entry)
        paid = self.amount if amount is None else amount
        if paid.currency is not self.amount.currency or not 0 < paid.minor <= self.amount.minor:
            raise BadField("amount", f"the transfer {self.id} set {self.amount} aside, not {paid}")
        postings = (Posting(self.source, -paid), Posting(self.target, paid))
        return moved, Journal(self.what, entry, postings)

    def voided(self, entry: str) -> Transfer:
        """Return the transfer voided, or raise `IllegalTransition`."""
        return self._to(TransferState.VOIDED, entry)

    def _to(self, state: TransferState, entry: str) -> Transfer:
        wanted = step(TRANSITIONS, self.state, state, f"the transfer {self.id}")
        return replace(self, state=wanted, resolved=entry)
