"""What a kernel asks of an exchange.

The kernel decides who wants what; a depth carries it out and answers what came of it.  Both depths
get the same wishes in the same order and must leave the same log behind: the same entries with the
same salts and signatures, and so the same root.  To that end every wish has a number, and all
chance within it is drawn from the stream of that number (`exchange.simulation.chance`).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from exchange.simulation.market import Market, Way


class Ending(enum.StrEnum):
    """What came of a wish."""

    EXECUTED = "executed"
    DECLINED = "declined"  # the price was above the limit; the quote stands without an order
    REFUSED = "refused"  # a rule said no; `rule` says which
    SHORT = "short"  # the money did not suffice
    LAPSED = "lapsed"  # ordered, never contracted
    CANCELLED = "cancelled"  # contracted, never delivered; the money went back
    FILED = "filed"  # a deal, to be netted


@dataclass(frozen=True, slots=True)
class Wish:
    """One buyer would buy one product, for `limit` minor units at most.

    `number` counts wishes from 0 over the whole run.  `offer` is what the supplier offers (a
    negotiated price, a deal), `fails` the planted fault of its way ("delivery", "payment"), if any.
    `buyer` and `product` are positions in the populations that the kernel laid out.
    """

    number: int
    day: int
    second: int  # of the day
    buyer: int
    product: int
    way: Way
    limit: int
    offer: int = 0
    broker: int = -1
    fails: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one wish; amounts in minor units, 0 where nothing was paid."""

    number: int
    ending: Ending
    trade: str = ""
    amount: int = 0
    fee: int = 0
    to_supplier: int = 0
    to_contributors: int = 0
    rule: str = ""
    first_entry: int = -1  # the places of its entries in the log, both included
    last_entry: int = -1


@dataclass(frozen=True, slots=True)
class Offering:
    """One product that a supplier brings to the gate."""

    number: int
    supplier: int
    kind: str
    price: int
    quality: float
    cost: int
    day: int
    defect: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """What the gate made of an offering: its registered number, or the rules that refused it."""

    number: int
    product: str
    refused_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Closing:
    """What a run left behind; the balances are of participants, in minor units."""

    size: int
    root: str
    balances: Mapping[str, int]
    fees: int


class Depth(Protocol):
    """One exchange that a market is played on; `folder` holds it."""

    folder: Path

    def open(self, market: Market, seed: int) -> None:
        """Open the exchange with its house and assessors."""

    def admit(self, day: int, agents: Sequence[tuple[int, str, str, int]]) -> None:
        """Admit merchants: position, handle, role, and the money each deposits."""

    def place(self, offerings: Sequence[Offering]) -> Sequence[Placed]:
        """Bring products to the gate, through registration, notice, attestations and vetting."""

    def carry_out(self, wishes: Sequence[Wish]) -> Sequence[Outcome]:
        """Carry out wishes in their order; what one leaves behind the next one finds."""

    def end_day(self, day: int) -> None:
        """Let the day pass: what lapses lapses, what is due is netted."""

    def strike(self, day: int, blow: str, target: Sequence[int], amount: int) -> None:
        """Carry out a shock: the fee that holds from now on, or the suppliers that go."""

    def close(self) -> Closing:
        """Sign the last checkpoint and say what is left."""
