"""One-off (一口价): one amount for the whole, for good or for one term."""

from __future__ import annotations

from dataclasses import dataclass

from pricing.billing import Bill, ChargeLine, ChargeType, Statement
from pricing.billing.terms import Term, day_text
from pricing.domain import require_not_negative
from pricing.errors import BadInput
from pricing.money import Money


@dataclass(frozen=True, slots=True)
class OneOff:
    """Costs `amount` once, however much is used; with a `term`, use ends with its last day."""

    amount: Money
    term: Term | None = None

    def __post_init__(self) -> None:
        require_not_negative("amount", self.amount)

    def rate(self, statement: Statement) -> Bill:
        """Bill the amount, or raise `BadInput` for a use after the term."""
        last = self.term.last_day(statement.first_day) if self.term else None
        text = "for good" if last is None else f"until {day_text(last)} included"
        lines = [ChargeLine(ChargeType.FIXED, f"one licence, {text}", 1, self.amount)]
        units = 0
        for event in statement.used:
            if last is not None and statement.day(event.at_ms) > last:
                raise BadInput(f"events: {event.id} is after the licence's last day")
            units += event.quantity
        if units:
            nothing = Money(0, self.amount.currency)
            lines.append(ChargeLine(ChargeType.INCLUDED, "under the licence", units, nothing))
        return Bill.of(lines, self.amount)
