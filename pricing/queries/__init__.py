"""Prices of queries: an answer costs what it tells, and what was bought is not paid for again.

A price has arbitrage where a query can be answered from others that cost less together.  The
four pricers have none, each by a different reading of what an answer tells: which neighbours of
the database it rules out, which tuples it comes from, which views on sale determine it, how
precise it is.  A case states the query in the form that its pricer reads, and the queries that
the same buyer has bought before.  Where the form holds data, as a chain does, so does the
record of the price: keep it as the data are kept.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from pricing.domain import require_count, require_not_negative, require_text
from pricing.errors import BadInput
from pricing.money import Money, total


@dataclass(frozen=True, slots=True)
class Chain:
    """A full chain join R1(x0, x1), R2(x1, x2), …, with the values that each x may have.

    `relations` are their names, no name twice; `rows` the pairs that each of them holds.
    """

    relations: tuple[str, ...]
    domains: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]

    def __post_init__(self) -> None:
        if not self.relations or len(set(self.relations)) < len(self.relations):
            raise BadInput("chain.relations: there must be some, and none twice")
        if len(self.rows) != len(self.relations) or len(self.domains) != len(self.relations) + 1:
            raise BadInput("chain: rows for each relation, and a domain for each end of one")
        for name, held, ends in zip(
            self.relations, self.rows, itertools.pairwise(self.domains), strict=True
        ):
            left, right = map(set, ends)
            for one, other in held:
                if one not in left or other not in right:
                    raise BadInput(f"chain.rows: ({one}, {other}) of {name} is outside its domains")


@dataclass(frozen=True, slots=True)
class OwnerWeight:
    """The weight of one owner's datum in a linear query."""

    owner: str
    weight: Fraction


@dataclass(frozen=True, slots=True)
class NoisyLinear:
    """Σ weight · datum over owners, answered with noise of this variance."""

    weights: tuple[OwnerWeight, ...]
    variance: Fraction

    def __post_init__(self) -> None:
        if not self.variance > 0:
            raise BadInput(f"linear.variance: {self.variance} is not above zero")
        if len({one.owner for one in self.weights}) < len(self.weights):
            raise BadInput("linear.weights: an owner is named twice")


@dataclass(frozen=True, slots=True)
class Query:
    """What a query tells, in the form that a pricer reads; the others are left out.

    `neighbours` are those of the support whose answer differs (`support.conflicts`), by number;
    `tuples` those that the answer comes from, by name.
    """

    id: str
    neighbours: tuple[int, ...] | None = None
    tuples: tuple[str, ...] | None = None
    chain: Chain | None = None
    linear: NoisyLinear | None = None

    def __post_init__(self) -> None:
        require_text("query.id", self.id)
        for number in self.neighbours or ():
            require_count("query.neighbours", number)


@dataclass(frozen=True, slots=True)
class QueryCase:
    """A query, and what its buyer has bought before, in the order of buying."""

    query: Query
    history: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True)
class PriceLine:
    """So many things that are paid for, and what they cost together."""

    text: str
    count: int
    amount: Money

    def __post_init__(self) -> None:
        require_text("lines.text", self.text)
        require_count("lines.count", self.count, 1)
        require_not_negative("lines.amount", self.amount)


@dataclass(frozen=True, slots=True)
class Payment:
    """What an owner gets out of a price."""

    owner: str
    amount: Money

    def __post_init__(self) -> None:
        require_not_negative("payments.amount", self.amount)


@dataclass(frozen=True, slots=True)
class QueryPrice:
    """An amount, the lines that sum to it, and what owners get of it, never more than all."""

    amount: Money
    lines: tuple[PriceLine, ...] = ()
    payments: tuple[Payment, ...] = ()

    def __post_init__(self) -> None:
        explained = total((line.amount for line in self.lines), self.amount.currency)
        if explained != self.amount:
            raise BadInput(f"lines: they explain {explained} of {self.amount}")
        paid = total((payment.amount for payment in self.payments), self.amount.currency)
        if paid > self.amount:
            raise BadInput(f"payments: owners get {paid} of {self.amount}")


class QueryPricer(Protocol):
    """A plug-in of `pricing.query_pricers`: a frozen dataclass of its parameters."""

    def price(self, case: QueryCase) -> QueryPrice:
        """Price the query, or raise `BadInput` naming the form that the case lacks."""
        ...


def lines_by_price(text: str, prices: list[Money], currency_of: Money) -> QueryPrice:
    """Sum the prices of things alike, a line for each price that there is."""
    counts: dict[int, int] = {}
    for price in prices:
        counts[price.minor] = counts.get(price.minor, 0) + 1
    currency = currency_of.currency
    lines = tuple(
        PriceLine(f"{text} at {Money(minor, currency)}", count, Money(minor * count, currency))
        for minor, count in sorted(counts.items())
    )
    return QueryPrice(total((line.amount for line in lines), currency), lines)
