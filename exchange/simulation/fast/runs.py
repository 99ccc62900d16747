"""Runs of plain wishes on their way through the clerks into the store, and what came of each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from exchange.simulation.depth import Ending, Outcome, Wish
from exchange.simulation.fast.pen import Order, Use, Written
from exchange.simulation.fast.stock import Stock


@dataclass(slots=True)
class Run:
    """Plain wishes that wait to be written or stored, with what was decided on each."""

    wishes: list[Wish] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    stocks: list[Stock] = field(default_factory=list)
    filed: set[tuple[int, int]] = field(default_factory=set)  # pairs that get a scenario
    handed: int = 0  # how many of the orders are with the clerks
    done: int = 0  # and how many are on their way to the store
    written: Written = field(default_factory=Written)  # what is not on its way yet

    def begin(self) -> None:
        """Begin anew, all being done."""
        self.wishes, self.orders, self.stocks = [], [], []
        self.filed.clear()
        self.handed = self.done = 0


def outcome_of(order: Order, stock: Stock, trade: str, place: int, size: int) -> Outcome:
    """Return what came of an order whose entries, so many, begin at a place of the log."""
    done = order.ending is Ending.EXECUTED
    outcome = Outcome(
        order.number,
        order.ending,
        trade,
        offered=stock.amount,
        first_entry=place,
        last_entry=place + size - 1,
        rule="insufficient_funds" if order.ending is Ending.SHORT else "",
    )
    if not done:
        return outcome
    others = stock.amount - stock.fee - stock.own
    return replace(
        outcome,
        amount=stock.amount,
        fee=stock.fee,
        to_supplier=stock.own,
        to_contributors=others,
    )


def packed(use: Use) -> bytes:
    """Return a running scenario as few bytes: a market holds one for every pair that trades."""
    words = f"{use.id} {use.commitment}".encode()
    return bytes.fromhex(use.filing) + bytes.fromhex(use.approval) + words


def unpacked(data: bytes) -> Use:
    """Return what `packed` has packed."""
    identity, _, commitment = data[64:].decode().partition(" ")
    return Use(identity, data[:32].hex(), data[32:64].hex(), commitment)
