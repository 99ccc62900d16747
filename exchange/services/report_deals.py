"""What deals off the exchange come to: counts and amounts for everybody, and no party."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from exchange.deals import Deal, DealState
from exchange.ports import UnitOfWork
from pricing.money import Currency, Money

_MADE = frozenset({DealState.CONFIRMED, DealState.ENDED})


@dataclass(frozen=True, slots=True)
class Told:
    """Deals that both parties signed, of one currency: how many, of what amount, and cleared."""

    deals: int
    amount: Money
    cleared: int


def deals_told(work: UnitOfWork, product: str = "") -> list[Told]:
    """Return what the confirmed deals come to, by currency; those over one product if named."""
    found = work.deals.over(product) if product else work.deals.all()
    return told_of([deal for deal in found if deal.state in _MADE])


def told_of(deals: list[Deal]) -> list[Told]:
    """Return what deals come to, by currency."""
    count: Counter[Currency] = Counter()
    cleared: Counter[Currency] = Counter()
    minor: Counter[Currency] = Counter()
    for deal in deals:
        currency = deal.amount.currency
        count[currency] += 1
        cleared[currency] += deal.cleared
        minor[currency] += deal.amount.minor
    return [Told(count[of], Money(minor[of], of), cleared[of]) for of in sorted(count)]
