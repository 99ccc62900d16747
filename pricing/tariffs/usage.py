"""Usage: free units each period, a ladder beyond them, and a maximum for the period."""

from __future__ import annotations

from dataclasses import dataclass

from pricing.billing import Bill, Billed, Statement, one_currency
from pricing.billing.ladder import Ladder
from pricing.billing.meter import Meter, Trial
from pricing.billing.terms import MONTH, Term
from pricing.domain import require_count
from pricing.money import Money


@dataclass(frozen=True, slots=True)
class Usage:
    """Charges units beyond `free_units` a period, never more than `period_max` for it."""

    ladder: Ladder
    free_units: int = 0
    period_max: Money | None = None
    period: Term = MONTH
    billed: Billed = Billed.EVERY
    trial: Trial | None = None

    def __post_init__(self) -> None:
        one_currency("period_max", Money(0, self.ladder.currency), self.period_max)
        require_count("free_units", self.free_units)

    def rate(self, statement: Statement) -> Bill:
        """Bill the usage of the statement."""
        meter = Meter(
            self.ladder,
            self.billed,
            self.trial,
            self.period,
            self.free_units,
            period_max=self.period_max,
        )
        return Bill.of(meter.lines(statement), Money(0, self.ladder.currency))
