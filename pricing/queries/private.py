"""Private data: a noisy answer costs the more the more precise it is, and its owners are paid.

    π(q, v) = f(q)² / v,   f(q)² = Σ rate_i · q_i²

C. Li, D. Y. Li, G. Miklau, D. Suciu, A theory of pricing private data, ICDT 2013 (CACM 60(12)):
π is free of arbitrage where f is a semi-norm, as a weighted Euclidean norm is, and 1/v is as
fast as a price may fall: two answers of variance 2v, averaged, are one of variance v.  An owner
gets the part rate_i · q_i²/v, itself of that form: nothing for a query that leaves the owner out,
and never more together than the price (balanced).  With Laplace noise the owner's loss of
privacy per unit of their datum's range is ε_i = |q_i| · √(2/v), so the part is rate_i · ε_i²/2:
the payment grows with the square of the loss, not in proportion to it.

Prices are rounded up to the minor unit, so that answers too cheap to charge for do not add up
to a precise one for nothing.  The same answer delivered again, by its query's `id`, is free;
another answer to the same question tells more and is paid for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from pricing.billing import one_currency
from pricing.domain import require_text, require_within
from pricing.errors import BadInput
from pricing.money import Currency, Money
from pricing.queries import Payment, PriceLine, QueryCase, QueryPrice


@dataclass(frozen=True, slots=True)
class OwnerRate:
    """What an answer that weighs this owner's datum by 1 costs at the variance 1."""

    owner: str
    rate: Money

    def __post_init__(self) -> None:
        require_text("rates.owner", self.owner)


@dataclass(frozen=True, slots=True)
class Private:
    """Prices noisy linear queries; owners get `share` of every price, all of it by default."""

    rates: tuple[OwnerRate, ...]
    share: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        one_currency("rates", *(one.rate for one in self.rates))
        require_within("share", self.share, 0, 1)
        if not self.rates or len({one.owner for one in self.rates}) < len(self.rates):
            raise BadInput("rates: there must be owners, and none named twice")

    def price(self, case: QueryCase) -> QueryPrice:
        """Price the query, or raise `BadInput` where it is no linear one over these owners."""
        linear = case.query.linear
        if linear is None:
            raise BadInput(f"linear: {case.query.id} is not stated as a noisy linear query")
        currency: Currency = self.rates[0].rate.currency
        if case.query in case.history:
            return QueryPrice(Money(0, currency))
        if any(query.id == case.query.id for query in case.history):
            raise BadInput(f"history: {case.query.id} stands for another query there")
        rates = {one.owner: one.rate.minor for one in self.rates}
        parts = {}
        for one in linear.weights:
            if one.owner not in rates:
                raise BadInput(f"linear.weights: {one.owner} is not an owner here")
            parts[one.owner] = rates[one.owner] * one.weight**2 / linear.variance
        amount = Money(math.ceil(sum(parts.values())), currency)
        if not amount.minor:
            return QueryPrice(amount)
        line = PriceLine(f"an answer of variance {linear.variance}", 1, amount)
        return QueryPrice(amount, (line,), self._payments(amount, parts))

    def _payments(self, amount: Money, parts: dict[str, Fraction]) -> tuple[Payment, ...]:
        pot = Money(math.floor(amount.minor * self.share), amount.currency)
        scale = math.lcm(*(part.denominator for part in parts.values()))
        split = pot.split([int(part * scale) for part in parts.values()])
        return tuple(Payment(*one) for one in zip(parts, split, strict=True))
