"""What a kernel asks of an exchange.

The kernel decides who wants what; a depth carries it out and answers what came of it.  Both depths
get the same wishes in the same order and must leave the same log behind: the same entries with the
same salts and signatures, and so the same root.  To that end every wish has a number, and the
chance of each act within it is a stream of its own (`exchange.simulation.chance`): an act that is
done again after a crash, or ahead in a batch, is the same act.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

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


BOUGHT: Final = (Ending.EXECUTED, Ending.FILED)  # the endings in which a buyer got its right


@dataclass(frozen=True, slots=True)
class Wish:
    """One buyer would buy one product, for `limit` minor units at most.

    `number` counts wishes from 0 over the whole run.  `offer` is what the supplier offers (a
    negotiated price, a deal), `fails` the planted fault of its way ("delivery", "payment"), if any.
    `buyer` is a position in the population that the kernel laid out, `product` the number of an
    offering.  Wishes of the way of auctions that follow one another over one product are the bids
    of one auction, each bidding its limit: at the second of the first it is opened and takes bids,
    two seconds later the bids are opened, and three seconds later it is cleared.
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
    due_days: int = 0  # of a deal


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one wish; amounts in minor units, 0 where nothing was paid."""

    number: int
    ending: Ending
    trade: str = ""
    offered: int = 0  # the price that the buyer was told, taken or not
    amount: int = 0
    fee: int = 0
    to_supplier: int = 0
    to_contributors: int = 0
    rule: str = ""
    first_entry: int = -1  # the places of its entries in the log, both included
    last_entry: int = -1


@dataclass(frozen=True, slots=True)
class Offering:
    """One product that a supplier brings to the gate.

    `parents` are the numbers of the offerings that it derives from; their suppliers grant its
    supplier the right to process them.
    """

    number: int
    supplier: int
    kind: str
    price: int
    quality: float
    cost: int
    day: int
    defect: str = ""
    parents: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of an offering: its registered number, and the rules that refused it, if any.

    Between registration and listing, while the notice runs, it has a number and no rules.
    """

    number: int
    product: str
    refused_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Closing:
    """What a run left behind; the balances are of participants by their ids, in minor units.

    `shares` are those who share in what products bring: the product, the contributor's id, its
    declared part in ppm, and what it got.
    """

    size: int
    root: str
    balances: Mapping[str, int]
    fees: int
    shares: Sequence[tuple[int, str, int, int]] = ()


class Depth(Protocol):
    """One exchange that a market is played on; `folder` holds it."""

    @property
    def folder(self) -> Path:
        """The folder that holds the exchange."""

    def open(self, market: Market, seed: int) -> None:
        """Open the exchange with its house and assessors."""

    def admit(self, day: int, agents: Sequence[tuple[int, str, str, int]]) -> Sequence[str]:
        """Admit merchants and return their ids.

        Each is told by its position, handle, role and the money it deposits.  A handle is the name
        of the population, a hyphen and the count within it.
        """

    def place(self, offerings: Sequence[Offering]) -> Sequence[Placed]:
        """Register products and have them assessed; their notice runs from then on."""

    def list_due(self, day: int) -> Sequence[Placed]:
        """Ask for the listing of whatever's notice has run, and say what the gate made of it."""

    def carry_out(self, wishes: Sequence[Wish]) -> Sequence[Outcome]:
        """Carry out wishes in their order; what one leaves behind the next one finds."""

    def end_day(self, day: int) -> None:
        """Let the day pass: what lapses lapses, what is due is netted."""

    def strike(self, day: int, blow: str, target: Sequence[int], amount: int) -> None:
        """Carry out a shock: the fee that holds from that day on, or the suppliers that go.

        A fee is published seven days ahead, so it is struck at least so early.
        """

    def close(self) -> Closing:
        """Sign the last checkpoint and say what is left."""

    def leave(self) -> None:
        """Leave the exchange closed, as others find one that they can open."""

    def save(self, folder: Path) -> None:
        """Keep the state between two days in an empty folder."""

    def resume(self, market: Market, seed: int, folder: Path) -> None:
        """Go on from a state that was kept, instead of opening."""

    def audit(self) -> Sequence[str]:
        """Audit the log offline and count the money; return what is wrong, in words."""
