"""Amendments (合同变更): other terms for a contract, which both parties sign."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from exchange.lifecycle import step
from exchange.trading import Terms
from pricing.money import Money


class AmendmentState(enum.StrEnum):
    """Where a proposed amendment stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"


# Everything an amendment may become; docs/lifecycles.md is drawn from it.
TRANSITIONS: dict[AmendmentState, frozenset[AmendmentState]] = {
    AmendmentState.PROPOSED: frozenset({AmendmentState.ACCEPTED, AmendmentState.DECLINED}),
    AmendmentState.ACCEPTED: frozenset(),
    AmendmentState.DECLINED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class PartOffer:
    """One part of a delivery: its share of the price, how many bytes, due after how many days."""

    amount: Money
    bytes: int
    days: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What an amendment would change; None leaves a term as it is, and so does an empty tuple.

    Parts are runs of bytes of the registered data, which together are the whole of it.
    """

    amount: Money | None = None
    term_days: int | None = None
    acceptance_seconds: int | None = None
    parts: Sequence[PartOffer] = ()


@dataclass(frozen=True, slots=True)
class Amendment:
    """One proposal, under the leaf hash of its entry."""

    leaf: str
    trade: str
    by: str
    terms: Terms
    proposed_at: str
    state: AmendmentState = AmendmentState.PROPOSED

    def require(self, state: AmendmentState) -> None:
        """Raise `IllegalTransition` unless it may become that."""
        step(TRANSITIONS, self.state, state, f"the amendment {self.leaf[:16]}…")
