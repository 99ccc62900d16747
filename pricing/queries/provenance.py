"""Tuple pricing: a query costs the tuples that its answer comes from, each of them once.

R. Tang, H. Wu, Z. Bao, S. Bressan, P. Valduriez, The price is right: models and algorithms for
pricing data, DEXA 2013, where the price rests on the provenance of each tuple of the answer.
The reading implemented charges every contributing tuple once, whatever number of answers it
is part of; that sum is monotone and subadditive in the set of tuples.
"""

from __future__ import annotations

from dataclasses import dataclass

from pricing.billing import one_currency
from pricing.errors import BadInput
from pricing.money import Money
from pricing.queries import Query, QueryCase, QueryPrice, lines_by_price


@dataclass(frozen=True, slots=True)
class TuplePrice:
    """The price of one tuple."""

    tuple: str
    price: Money


@dataclass(frozen=True, slots=True)
class Provenance:
    """Charges each tuple its own price, `base` where it has none."""

    base: Money
    listed: tuple[TuplePrice, ...] = ()

    def __post_init__(self) -> None:
        one_currency("listed", self.base, *(one.price for one in self.listed))
        if len({one.tuple for one in self.listed}) < len(self.listed):
            raise BadInput("listed: a tuple is named twice")

    def price(self, case: QueryCase) -> QueryPrice:
        """Price the query, or raise `BadInput` where a query does not say what it comes from."""
        prices = {one.tuple: one.price for one in self.listed}
        known = {name for query in case.history for name in _told(query)}
        fresh = sorted(set(_told(case.query)) - known)
        paid = [prices.get(name, self.base) for name in fresh]
        return lines_by_price("tuples", paid, self.base)


def _told(query: Query) -> tuple[str, ...]:
    if query.tuples is None:
        raise BadInput(f"tuples: those that {query.id} comes from are not known")
    return query.tuples
