"""Disputes (纠纷) over a contract's performance, and what an arbiter awards."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from pricing.money import Money


class DisputeState(enum.StrEnum):
    """Whether the performance of a trade is disputed."""

    NONE = "none"
    OPEN = "open"
    WITHDRAWN = "withdrawn"
    DECIDED = "decided"


# Everything a dispute may become; docs/lifecycles.md is drawn from it.
TRANSITIONS: dict[DisputeState, frozenset[DisputeState]] = {
    DisputeState.NONE: frozenset({DisputeState.OPEN}),
    DisputeState.OPEN: frozenset({DisputeState.WITHDRAWN, DisputeState.DECIDED}),
    DisputeState.WITHDRAWN: frozenset({DisputeState.OPEN}),
    DisputeState.DECIDED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Award:
    """What an arbiter decides: `back` of what is held goes to the buyer, the rest to the supplier.

    `reversal` is what the buyer gets back of what was paid out already.
    """

    back: Money
    reversal: Money
