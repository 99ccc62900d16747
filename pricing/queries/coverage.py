"""Weighted coverage (Qirana): a query costs the weight of the neighbours that it rules out.

    p(Q) = Σ { w_i : Q(D_i) ≠ Q(D) },   D_i the support, databases that differ a little from D

S. Deep, P. Koutris, QIRANA: a framework for scalable query pricing, SIGMOD 2017.  Coverage is
monotone and subadditive in what a query tells, so there is no arbitrage, whatever the query:
joins and aggregates as well.  A neighbour that an earlier query has ruled out is not paid for
again.
"""

from __future__ import annotations

from dataclasses import dataclass

from pricing.domain import require_not_negative
from pricing.errors import BadInput
from pricing.money import Money
from pricing.queries import Query, QueryCase, QueryPrice, lines_by_price


@dataclass(frozen=True, slots=True)
class Coverage:
    """Divides `whole`, the price of everything, among the neighbours by weight, to the unit.

    Weights are whole numbers, one for each neighbour of the support; equal ones make all data
    alike, greater ones make the cells that those neighbours change dearer.
    """

    whole: Money
    weights: tuple[int, ...]

    def __post_init__(self) -> None:
        require_not_negative("whole", self.whole)
        if not any(self.weights) or min(self.weights) < 0:
            raise BadInput("weights: none may be negative, and one must be above zero")

    def price(self, case: QueryCase) -> QueryPrice:
        """Price the query, or raise `BadInput` where a query does not say what it rules out."""
        shares = self.whole.split(self.weights)
        known = {number for query in case.history for number in self._told(query)}
        fresh = sorted(self._told(case.query) - known)
        paid = [shares[number] for number in fresh if shares[number].minor]
        return lines_by_price("neighbours ruled out", paid, self.whole)

    def _told(self, query: Query) -> set[int]:
        if query.neighbours is None:
            raise BadInput(f"neighbours: those that {query.id} rules out are not known")
        beyond = max(query.neighbours, default=0)
        if beyond >= len(self.weights):
            raise BadInput(f"neighbours: {query.id} names {beyond} of {len(self.weights)}")
        return set(query.neighbours)
