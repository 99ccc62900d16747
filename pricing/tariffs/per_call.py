"""Per call (按量计费): a ladder, hits alone if so agreed (查得计费), a daily limit (每日上限)."""

from __future__ import annotations

from dataclasses import dataclass

from pricing.billing import Bill, Billed, Statement, one_currency
from pricing.billing.ladder import Ladder
from pricing.billing.meter import Meter, Trial
from pricing.billing.terms import Term
from pricing.domain import require_count
from pricing.money import Money


@dataclass(frozen=True, slots=True)
class PerCall:
    """Charges calls by a ladder, which counts within a `period` or since the contract began.

    `day_calls` is how many calls of a billing day are charged at most, `day_max` how much; the
    calls after either cost nothing.
    """

    ladder: Ladder
    billed: Billed = Billed.EVERY
    period: Term | None = None
    day_calls: int | None = None
    day_max: Money | None = None
    trial: Trial | None = None

    def __post_init__(self) -> None:
        one_currency("day_max", Money(0, self.ladder.currency), self.day_max)
        if self.day_calls is not None:
            require_count("day_calls", self.day_calls, 1)

    def rate(self, statement: Statement) -> Bill:
        """Bill the calls of the statement."""
        meter = Meter(
            self.ladder,
            self.billed,
            self.trial,
            self.period,
            day_units=self.day_calls,
            day_max=self.day_max,
        )
        return Bill.of(meter.lines(statement), Money(0, self.ladder.currency))
