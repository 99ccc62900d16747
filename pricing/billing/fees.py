"""Fees of periods: due in advance, on the first day of each."""

from __future__ import annotations

from collections.abc import Iterator

from pricing.billing import ChargeLine, ChargeType, Statement
from pricing.billing.meter import span_text
from pricing.billing.terms import Term
from pricing.money import Money


def fee_lines(statement: Statement, fee: Money, period: Term) -> Iterator[ChargeLine]:
    """Yield the fee of every period that began before the statement's end.

    The first begins with the contract, each further one at 0:00 of its first billing day: a
    statement that ends at that very moment does not have it.
    """
    for index in range(period.index(statement.first_day, statement.last_day) + 1):
        span = span_text(statement, period, index)
        yield ChargeLine(ChargeType.FIXED, f"{span}: fee", 1, fee)
