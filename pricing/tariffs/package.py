"""Packages (次数套餐): packs of units bought in advance, used within their validity (有效期)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from pricing.billing import (
    Bill,
    Billed,
    ChargeLine,
    ChargeType,
    Order,
    Statement,
    UsageEvent,
    one_currency,
)
from pricing.billing.ladder import Rate
from pricing.billing.meter import sift
from pricing.billing.terms import Term
from pricing.domain import require_count, require_not_negative
from pricing.errors import BadInput
from pricing.money import Money


@dataclass(frozen=True, slots=True)
class Pack:
    """So many units for so much."""

    units: int
    price: Money

    def __post_init__(self) -> None:
        require_count("packs.units", self.units, 1)
        require_not_negative("packs.price", self.price)


@dataclass(frozen=True, slots=True)
class Package:
    """Charges the packs ordered; units are drawn from them, those that lapse first first.

    A pack is good from the moment of its order through the last day of its `validity`, for ever
    (长期) where there is none.  A pack ordered at the very moment of a use serves it.  Units that
    no pack serves cost `overage`; without one there is no price for them.
    """

    packs: tuple[Pack, ...]
    validity: Term | None = None
    billed: Billed = Billed.HITS
    overage: Rate | None = None

    def __post_init__(self) -> None:
        if not self.packs:
            raise BadInput("packs: a menu without a pack sells nothing")
        if len({pack.units for pack in self.packs}) < len(self.packs):
            raise BadInput("packs: two packs of one size")
        overage = self.overage.amount if self.overage else None
        one_currency("packs", *(pack.price for pack in self.packs), overage)

    def rate(self, statement: Statement) -> Bill:
        """Bill the packs ordered.

        Raises `BadInput` for an order of a pack that is not on the menu, and for a use that no
        pack serves where there is no `overage`.
        """
        lines = (*self._ordered(statement), *self._drawn(statement))
        return Bill.of(lines, self.packs[0].price)

    def _ordered(self, statement: Statement) -> Iterator[ChargeLine]:
        prices = {pack.units: pack.price for pack in self.packs}
        counts: Counter[int] = Counter()
        for order in statement.ordered:
            if order.units not in prices:
                raise BadInput(f"orders: {order.id}: no pack of {order.units:,} units is sold")
            counts[order.units] += order.count
        for units, count in sorted(counts.items()):
            price = prices[units]
            text = f"pack of {units:,} units at {price}"
            amount = Money(price.minor * count, price.currency)
            yield ChargeLine(ChargeType.FIXED, text, count, amount)

    def _drawn(self, statement: Statement) -> Iterator[ChargeLine]:
        nothing = Money(0, self.packs[0].price.currency)
        sifted = sift(statement, self.billed)
        yield from sifted.lines(nothing)
        shelf = _Shelf(statement, statement.ordered, self.validity)
        drawn = over = 0
        for event, units in sifted.rest:
            served = shelf.draw(event, units)
            if served < units and self.overage is None:
                raise BadInput(f"events: {units - served} units of {event.id}: no pack has them")
            drawn += served
            over += units - served
        if drawn:
            yield ChargeLine(ChargeType.INCLUDED, "drawn from packs", drawn, nothing)
        if over and self.overage:
            amount = Money(1, nothing.currency).scaled(over * self.overage.minor)
            yield ChargeLine(ChargeType.VARIABLE, f"beyond packs, at {self.overage}", over, amount)


@dataclass(slots=True)
class _Shelf:
    """The packs that a buyer holds, taken up as time goes by."""

    statement: Statement
    orders: tuple[Order, ...]
    validity: Term | None
    held: list[tuple[int, int]] = field(default_factory=list)  # last day, units left
    taken: int = 0

    def draw(self, event: UsageEvent, units: int) -> int:
        """Take up to so many units from the packs good at the event, and say how many."""
        for order in self.orders[self.taken :]:
            if order.at_ms > event.at_ms:
                break
            first = self.statement.day(order.at_ms)
            last = self.validity.last_day(first) if self.validity else 2**53
            self.held.append((last, order.units * order.count))
            self.taken += 1
        today, wanted = self.statement.day(event.at_ms), units
        # One validity for all packs: what was ordered first lapses first.
        self.held = [pack for pack in self.held if pack[0] >= today and pack[1]]
        for i, (last, left) in enumerate(self.held):
            used = min(left, wanted)
            self.held[i] = last, left - used
            wanted -= used
        return units - wanted
