"""Subscription (包年包月): a fee for each period, and use within it, up to a number of units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pricing.billing import Bill, Billed, ChargeLine, ChargeType, Statement
from pricing.billing.fees import fee_lines
from pricing.billing.meter import by_period, sift
from pricing.billing.terms import Term
from pricing.domain import require_count, require_not_negative
from pricing.money import Money


@dataclass(frozen=True, slots=True)
class Subscription:
    """Charges `fee` for every period begun; it renews until the statement ends.

    `period_units` and `day_units` are how much the fee pays for; a service that lets more
    through gives it away, and the bill says how much that was.
    """

    fee: Money
    period: Term
    period_units: int | None = None
    day_units: int | None = None
    billed: Billed = Billed.EVERY

    def __post_init__(self) -> None:
        require_not_negative("fee", self.fee)
        for field in ("period_units", "day_units"):
            if getattr(self, field) is not None:
                require_count(field, getattr(self, field), 1)

    def rate(self, statement: Statement) -> Bill:
        """Bill the fees of the statement and say how much they paid for."""
        return Bill.of(
            (*fee_lines(statement, self.fee, self.period), *self._use(statement)), self.fee
        )

    def _use(self, statement: Statement) -> Iterator[ChargeLine]:
        nothing = Money(0, self.fee.currency)
        sifted = sift(statement, self.billed)
        yield from sifted.lines(nothing)
        included = beyond = 0
        for usage in by_period(statement, self.period, sifted).values():
            left = self.period_units
            for _, units in sorted(usage.items()):
                within = min(limit for limit in (units, left, self.day_units) if limit is not None)
                left = None if left is None else left - within
                included += within
                beyond += units - within
        if included:
            yield ChargeLine(ChargeType.INCLUDED, "under the subscription", included, nothing)
        if beyond:
            text = "beyond what the subscription pays for"
            yield ChargeLine(ChargeType.MAX_REACHED, text, beyond, nothing)
