"""Subscriptions (包期订阅): periods that follow one another at frozen terms, each paid in advance.

The first period is the trade: ordered, contracted, delivered, received and settled as any other.
The buyer then lets the exchange charge further ones, so many in all, by an act of its own.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from exchange.lifecycle import step
from ledger.acts import format_time, parse_time
from ledger.entries import Entry
from ledger.subscriptions import EARLY
from pricing.money import Money


class SubscriptionState(enum.StrEnum):
    """Whether further periods are charged."""

    RUNNING = "running"
    OVERDUE = "overdue"
    ENDED = "ended"


# Everything a subscription may become; docs/lifecycles.md is drawn from it.
TRANSITIONS: dict[SubscriptionState, frozenset[SubscriptionState]] = {
    SubscriptionState.RUNNING: frozenset(SubscriptionState),
    SubscriptionState.OVERDUE: frozenset(
        {SubscriptionState.RUNNING, SubscriptionState.OVERDUE, SubscriptionState.ENDED}
    ),
    SubscriptionState.ENDED: frozenset(),
}


def held_for(trade: str) -> str:
    """Name what the escrow of a trade's further periods is held for, apart from the first's."""
    return f"{trade}.renewals"


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription, under the number of its trade.

    `periods` is how many the buyer authorised in all; `period` was charged last and runs from
    `since` to `until`; those up to `settled` have left escrow.  `anchor` is when period
    `anchored` began, from which ends of periods are counted: the contract, unless a renewal came
    late.  An overdue period may be charged until `grace`; `reason` says why it was not, or why
    all ended.
    """

    trade: str
    product: str
    buyer: str
    supplier: str
    amount: Money
    terms: str
    periods: int
    since: str
    until: str
    anchor: str
    head: str
    state: SubscriptionState = SubscriptionState.RUNNING
    period: int = 1
    anchored: int = 1
    settled: int = 1
    grace: str | None = None
    reason: str | None = None

    @property
    def held(self) -> Money:
        """What stands in escrow for periods after the first."""
        return Money((self.period - self.settled) * self.amount.minor, self.amount.currency)

    @property
    def due_at(self) -> str:
        """From when on the next period may be charged."""
        return format_time(parse_time(self.until, "until") - EARLY)

    @property
    def is_last(self) -> bool:
        """Whether the buyer authorised no further period."""
        return self.period >= self.periods

    def moved(self, state: SubscriptionState, entry: Entry) -> Subscription:
        """Return the subscription in another state, or raise `IllegalTransition`."""
        moved = step(TRANSITIONS, self.state, state, f"the subscription of {self.trade}")
        return replace(self, state=moved, head=entry.leaf.hex())

    def require(self, state: SubscriptionState) -> None:
        """Raise `IllegalTransition` unless it may become that."""
        step(TRANSITIONS, self.state, state, f"the subscription of {self.trade}")
