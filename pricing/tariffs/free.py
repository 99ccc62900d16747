"""Free (免费): any use costs nothing."""

from __future__ import annotations

from dataclasses import dataclass

from pricing.billing import Bill, ChargeLine, ChargeType, Statement
from pricing.money import Currency, Money


@dataclass(frozen=True, slots=True)
class Free:
    """Charges nothing, and says how much was used."""

    currency: Currency = Currency.CNY

    def rate(self, statement: Statement) -> Bill:
        """Return a bill of zero."""
        nothing = Money(0, self.currency)
        units = sum(event.quantity for event in statement.used)
        lines = [ChargeLine(ChargeType.INCLUDED, "free of charge", units, nothing)] if units else []
        return Bill.of(lines, nothing)
