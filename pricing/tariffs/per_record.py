"""Per record (按条): a data set by the number of records taken."""

from __future__ import annotations

from dataclasses import dataclass

from pricing.billing import Bill, Statement
from pricing.billing.ladder import Ladder
from pricing.billing.meter import Meter, Trial
from pricing.money import Money


@dataclass(frozen=True, slots=True)
class PerRecord:
    """Charges each record by a ladder over all that was taken since the contract began."""

    ladder: Ladder
    trial: Trial | None = None

    def rate(self, statement: Statement) -> Bill:
        """Bill the records of the statement."""
        meter = Meter(self.ladder, trial=self.trial)
        return Bill.of(meter.lines(statement), Money(0, self.ladder.currency))
