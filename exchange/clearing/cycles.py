"""Settlement cycles (清算周期): obligations due by a day, and what each party's net came to.

A cycle is closed and settled in one transaction, and is final the moment that commits: an
obligation is netted by one cycle at most.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Any, Final

from exchange.lifecycle import step
from pricing.money import Money

GUARANTEE: Final = "guarantee/"


def guarantee(participant: str) -> str:
    """Name the account of a participant's part of the guarantee fund."""
    return f"{GUARANTEE}{participant}"


def pot(day: str) -> str:
    """Name the account through which the money of one cycle passes; it ends empty."""
    return f"cycle/{day}"


class ObligationState(enum.StrEnum):
    """Whether an obligation is still to be netted."""

    OPEN = "open"
    NETTED = "netted"
    RELEASED = "released"


# Everything an obligation may become; docs/lifecycles.md is drawn from it.
TRANSITIONS: dict[ObligationState, frozenset[ObligationState]] = {
    ObligationState.OPEN: frozenset({ObligationState.NETTED, ObligationState.RELEASED}),
    ObligationState.NETTED: frozenset(),
    ObligationState.RELEASED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Obligation:
    """What one party owes another on a day, out of `source`, such as ``deal/DL-…``.

    `cycle` is the day of the cycle that netted it, empty before.
    """

    source: str
    payer: str
    payee: str
    amount: Money
    due: str
    head: str
    state: ObligationState = ObligationState.OPEN
    cycle: str = ""

    def released(self, leaf: str) -> Obligation:
        """Return it as owed no more, or raise `IllegalTransition` where it was netted."""
        moved = step(
            TRANSITIONS,
            self.state,
            ObligationState.RELEASED,
            f"the obligation of {self.source}",
        )
        return replace(self, state=moved, head=leaf)


@dataclass(frozen=True, slots=True)
class NetPosition:
    """What one party's net in one currency of a cycle came to, all in minor units of it.

    `net` is above zero where the party is owed, and holds what was `brought` forward from the
    cycle before.  `moved` is what it paid or received.  `contribution`, `fund` and `left` are the
    layers that bore what a debtor lacked.  `used` was taken of its part of the guarantee fund, and
    `carried` is what it brings to the next cycle: above zero a claim, below zero a debt.
    """

    cycle: str
    party: str
    currency: str
    net: int
    brought: int = 0
    moved: int = 0
    contribution: int = 0
    fund: int = 0
    left: int = 0
    used: int = 0
    carried: int = 0

    @property
    def lacked(self) -> int:
        """What a debtor could not pay; zero for who paid, or is owed."""
        return self.contribution + self.fund + self.left


@dataclass(frozen=True, slots=True)
class CycleTotal:
    """One currency of a cycle: `gross` is what was owed, `net` what parties had to pay in all."""

    gross: Money
    net: Money
    paid: Money
    used: Money
    received: Money
    carried: Money

    def to_record(self) -> dict[str, Any]:
        """Return the form that is stored and sent."""
        return {name: getattr(self, name).to_record() for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class Cycle:
    """One settlement cycle, under its day; `head` is the leaf hash of its settlement."""

    day: str
    closed_at: str
    obligations: int
    parties: int
    defaults: int
    totals: tuple[CycleTotal, ...]
    head: str
