"""Two-part tariff (两部制): a fee for each period, and usage beside it."""

from __future__ import annotations

from dataclasses import dataclass

from pricing.billing import Bill, Billed, Statement, one_currency
from pricing.billing.fees import fee_lines
from pricing.billing.ladder import Ladder
from pricing.billing.meter import Meter, Trial
from pricing.billing.terms import MONTH, Term
from pricing.domain import require_count
from pricing.errors import BadInput
from pricing.money import Money


@dataclass(frozen=True, slots=True)
class TwoPart:
    """Charges `fee` for every period begun and units beyond `free_units` by a ladder.

    `period_max` is the most that fee and usage of a period come to together.
    """

    fee: Money
    ladder: Ladder
    free_units: int = 0
    period_max: Money | None = None
    period: Term = MONTH
    billed: Billed = Billed.EVERY
    trial: Trial | None = None

    def __post_init__(self) -> None:
        one_currency("fee", Money(0, self.ladder.currency), self.fee, self.period_max)
        require_count("free_units", self.free_units)
        if self.period_max is not None and self.period_max < self.fee:
            raise BadInput(f"period_max: {self.period_max} is below the fee of {self.fee}")

    def rate(self, statement: Statement) -> Bill:
        """Bill the fees and the usage of the statement."""
        meter = Meter(
            self.ladder,
            self.billed,
            self.trial,
            self.period,
            self.free_units,
            period_max=None if self.period_max is None else self.period_max - self.fee,
        )
        lines = [*fee_lines(statement, self.fee, self.period), *meter.lines(statement)]
        return Bill.of(lines, self.fee)
